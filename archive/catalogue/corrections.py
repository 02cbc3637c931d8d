"""Fields that a person has corrected, put in the place of what a page says."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from typing import Any

from archive.errors import UsageError
from archive.notice import DocumentNumber, Reading

_DATES = ("written_on", "published_on", "effective_on")
_LISTS = ("issuing_bodies", "topics")
_TEXTS = ("title", "index_number", "jurisdiction", "kind", "addressees", "validity")
FIELDS = ("document_number", *_TEXTS, *_DATES, *_LISTS)


def corrected(reading: Reading, values: Mapping[str, str]) -> Reading:
    """The reading with these fields as the person has written them; "" takes a field away."""
    return replace(reading, **{name: parsed(name, value) for name, value in values.items()})


def parsed(name: str, value: str) -> Any:
    """A corrected value as the field holds it.

    Raises:
        UsageError: There is no such field, or the value cannot stand in it.
    """
    value = value.strip()
    if name in _LISTS:
        return tuple(part for part in (one.strip() for one in value.split("、")) if part)
    if name not in FIELDS:
        raise UsageError(
            f"There is no field {name!r} to correct.", next_step=f"One of: {', '.join(FIELDS)}."
        )
    if not value:
        return None
    if name in _DATES:
        return _date(name, value)
    if name == "document_number":
        return _number(value)
    return value[:2000]


def _date(name: str, value: str) -> date:
    try:
        return date.fromisoformat(value)
    except ValueError as error:
        raise UsageError(
            f"{value!r} is no date for {name}.", next_step="Write it as 2024-03-26."
        ) from error


def _number(value: str) -> str:
    number = DocumentNumber.parse(value, labelled=True)
    if number is None:
        raise UsageError(
            f"{value!r} is no document number.", next_step="Write it as 国办发〔2023〕15号."
        )
    return str(number)
