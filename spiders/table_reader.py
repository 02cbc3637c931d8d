"""Taking a TOML table apart key by key: each key is asked for once, what remains is unknown."""

from __future__ import annotations

import difflib
import re
from collections.abc import Callable, Iterable, Mapping
from datetime import timedelta
from pathlib import Path
from typing import Any, TypeVar
from urllib.parse import urlsplit

from archive.errors import BadSourceFile

T = TypeVar("T")
#: A key without a default has to be there.
_REQUIRED: Any = object()
_HOST = re.compile(r"(?=.{1,253}$)[a-z0-9](?:[a-z0-9-]{0,62}\.)+[a-z0-9-]{2,63}")
_IDENTIFIER = re.compile(r"[A-Za-z0-9][A-Za-z0-9_-]{0,60}")


class TableReader:
    """A table of a source.toml being read.

    Every error names the file, the key and what was expected. `close` raises for keys that
    nobody asked for, with the known key that was probably meant.
    """

    def __init__(self, file: Path, where: str, table: Mapping[str, object]) -> None:
        self._file = file
        self._where = where
        self._left = dict(table)
        self._known: list[str] = []

    def error(self, key: str, what: str) -> BadSourceFile:
        """An error at a key of this table."""
        place = ".".join(part for part in (self._where, key) if part)
        said = f"{self._file}: `{place}` {what}" if place else f"{self._file}: {what}"
        said += "" if said.endswith("?") else "."
        return BadSourceFile(said, file=self._file, key=place)

    def close(self) -> None:
        """Raise for keys that are left over."""
        for key in self._left:
            near = difflib.get_close_matches(key, self._known, n=1, cutoff=0.6)
            known = ", ".join(self._known) or "none"
            hint = f"did you mean `{near[0]}`?" if near else f"known here: {known}"
            raise self.error(key, f"is no key of a source.toml; {hint}")

    def text(self, key: str, *, default: str = _REQUIRED) -> str:
        """Text, not blank unless that is the default."""
        value = self._take(key, str, "text", default)
        if not value.strip() and default is _REQUIRED:
            raise self.error(key, "is empty; it should be text")
        return str(value)

    def identifier(self, key: str) -> str:
        """A name of ASCII letters, digits, - and _."""
        value = self.text(key)
        if not _IDENTIFIER.fullmatch(value):
            raise self.error(key, f"= {value!r} is no id: letters, digits, - and _ only")
        return value

    def choice(self, key: str, allowed: Iterable[str], *, default: str = _REQUIRED) -> str:
        """One of some words."""
        names = list(allowed)
        value = self.text(key, default=default)
        if value not in names:
            near = difflib.get_close_matches(value, names, n=1)
            hint = f"did you mean `{near[0]}`? " if near else ""
            raise self.error(key, f"= {value!r} is unknown; {hint}allowed: {', '.join(names)}")
        return value

    def texts(self, key: str) -> tuple[str, ...]:
        """A list of texts; empty when the key is absent."""
        values = self._take(key, list, "a list of texts", [])
        for value in values:
            if not isinstance(value, str) or not value.strip():
                raise self.error(key, f"holds {value!r}; it should be a list of texts")
        return tuple(values)

    def hosts(self, key: str) -> tuple[str, ...]:
        """A list of at least one host name."""
        hosts = self.texts(key)
        for host in hosts:
            if not _HOST.fullmatch(host):
                raise self.error(key, f"holds {host!r}, which is no host such as www.gov.cn")
        if not hosts:
            raise self.error(key, "is missing: a source has at least one host")
        return hosts

    def selectors(self, key: str) -> tuple[str, ...]:
        """A list of CSS selectors."""
        return tuple(self._selector(key, value) for value in self.texts(key))

    def url(self, key: str) -> str:
        """An absolute http or https URL without a fragment."""
        value = self.text(key)
        try:
            parts = urlsplit(value)
            is_whole = parts.scheme in ("http", "https") and bool(parts.hostname)
        except ValueError:
            is_whole = False
        if not is_whole or "#" in value or re.search(r"\s", value):
            raise self.error(key, f"= {value!r} is no absolute http(s) URL without a fragment")
        return value

    def jurisdiction(self, key: str) -> str | None:
        """A GB/T 2260 code: six digits."""
        value = self._take(key, str, "six digits in quotes (GB/T 2260)", "")
        if value and not (len(value) == 6 and value.isascii() and value.isdigit()):
            raise self.error(key, f"= {value!r}; it should be six digits (GB/T 2260)")
        return value or None

    def truth(self, key: str, *, default: bool) -> bool:
        """True or false."""
        return bool(self._take(key, bool, "true or false", default))

    def number(self, key: str, *, default: float, least: float, most: float) -> float:
        """A number within bounds."""
        value = float(self._take(key, (int, float), "a number", default))
        if not least <= value <= most:
            raise self.error(key, f"= {value:g}; it should lie from {least:g} to {most:g}")
        return value

    def whole(self, key: str, *, default: int, least: int) -> int:
        """A whole number."""
        value = int(self._take(key, int, "a whole number", default))
        if value < least:
            raise self.error(key, f"= {value}; it should be {least} or more")
        return value

    def parsed(self, key: str, parse: Callable[[str], T], *, default: T | None) -> T | None:
        """Text that a function reads; absent is the default."""
        text = self._take(key, str, "text in quotes", None)
        if text is None:
            return default
        try:
            return parse(text)
        except ValueError as error:
            raise self.error(key, f"= {error}") from error

    def span(
        self, key: str, parse: Callable[[str], timedelta], *, default: timedelta, least: timedelta
    ) -> timedelta:
        """A span of time, at least so long."""
        value = self.parsed(key, parse, default=default) or timedelta()
        if value < least:
            raise self.error(key, f"= {value}; it should be {least} or more")
        return value

    def options(self, types: Mapping[str, type]) -> dict[str, Any]:
        """A dialect's own options, each of its type; the text ones that select are checked."""
        taken: dict[str, Any] = {}
        self._known += [key for key in types if key not in self._known]
        for key in [key for key in types if key in self._left]:
            value = self._take(key, types[key], types[key].__name__, None)
            is_selector = key in ("rows", "link", "title", "date", "number", "next")
            if is_selector and "rows" in types:
                self._selector(key, value)
            if key == "pages" and "{n}" not in value:
                raise self.error(key, f"= {value!r} lacks {{n}}, the page's number")
            taken[key] = value
        return taken

    def table(self, key: str) -> TableReader:
        """A table within; empty when absent."""
        value = self._take(key, dict, f"a table [{key}]", {})
        return TableReader(self._file, f"{self._where}.{key}".strip("."), value)

    def tables(self, key: str) -> list[TableReader]:
        """An array of tables; each is named by its id in errors."""
        values = self._take(key, list, f"an array of tables [[{key}]]", [])
        readers = []
        for place, value in enumerate(values):
            if not isinstance(value, dict):
                raise self.error(key, f"should be an array of tables [[{key}]]")
            name = value.get("id") if isinstance(value.get("id"), str) else place + 1
            readers.append(TableReader(self._file, f"{key}.{name}", value))
        return readers

    def _take(self, key: str, kind: Any, expected: str, default: Any) -> Any:
        self._known.append(key)
        if key not in self._left:
            if default is _REQUIRED:
                near = difflib.get_close_matches(key, self._left, n=1)
                hint = f"; did you mean it by `{near[0]}`?" if near else ""
                raise self.error(key, f"is missing; it should be {expected}{hint}")
            return default
        value = self._left.pop(key)
        is_number = isinstance(value, bool) and kind is not bool
        if not isinstance(value, kind) or is_number:
            raise self.error(key, f"= {value!r}; it should be {expected}")
        return value

    def _selector(self, key: str, selector: str) -> str:
        from selectolax.lexbor import LexborHTMLParser, SelectolaxError

        try:
            LexborHTMLParser("").css(selector)
        except SelectolaxError as error:
            raise self.error(
                key, f"= {selector!r} is no CSS selector that is understood"
            ) from error
        return selector
