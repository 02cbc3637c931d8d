"""JSON answers as list dialects need them: bounded, and without surprises in their types."""

from __future__ import annotations

import json
from collections.abc import Iterable
from typing import Any

from spiders.list_page import ListPage


def read_json(page: ListPage) -> tuple[Any, str]:
    """The page's JSON value, or None with the flag that says why not.

    JSONP (``callback({...});``) is read too.
    """
    text = page.text.strip().lstrip("\ufeff")
    if text[:1] not in ("{", "["):
        start, end = text.find("(", 0, 200), text.rfind(")")
        is_call = 0 < start < end and text[:start].strip().replace(".", "_").isidentifier()
        text = text[start + 1 : end] if is_call else ""
    if not text:
        return None, "not-json"
    try:
        return json.loads(text), ""
    except (ValueError, RecursionError):
        return None, "not-json"


def dig(value: Any, path: str) -> Any:
    """The value at a dotted path, such as ``data.results``; None where it breaks off."""
    for key in path.split(".") if path else ():
        if not isinstance(value, dict):
            return None
        value = value.get(key)
    return value


def records(value: Any, path: str = "") -> list[dict[str, Any]]:
    """The objects of the list at a path."""
    found = dig(value, path)
    return [row for row in found if isinstance(row, dict)] if isinstance(found, list) else []


def text_of(record: dict[str, Any], names: Iterable[str]) -> str:
    """The first of some keys that holds text or a number; "" when none does."""
    for name in names:
        value = dig(record, name)
        if isinstance(value, str | int | float) and not isinstance(value, bool) and str(value):
            return str(value)
    return ""


def number_of(value: Any, *paths: str) -> int | None:
    """The first of some paths that holds a whole number, also one in quotes."""
    for path in paths:
        found = str(dig(value, path))
        if found.isdecimal() and len(found) <= 9:
            return int(found)
    return None
