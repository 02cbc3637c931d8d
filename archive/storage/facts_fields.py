"""`CaptureFacts` as the fields of a ``metadata`` record (WARC 1.1, 6.6)."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import fields
from datetime import date
from typing import Any

from archive.notice import CaptureFacts, Purpose

#: Fields that the standard names itself, so that other tools understand them.
_STANDARD = {"via": "via", "hops": "hopsFromSeed"}
_DATES = frozenset(("lead_published_on",))


def facts_fields(facts: CaptureFacts) -> list[tuple[str, str]]:
    """What is known of a capture, in the words of a metadata record; unknown facts are left out.

    A fact added to `CaptureFacts` later is written and read without a change here.
    """
    named = ((_field_name(fact.name), getattr(facts, fact.name)) for fact in fields(facts))
    return [(name, _text(value)) for name, value in named if value is not None]


def read_facts(warc_fields: Iterable[tuple[str, str]]) -> CaptureFacts:
    """Read what `facts_fields` wrote; of other tools' records, ``via`` and ``hopsFromSeed``."""
    said = {name.lower(): value for name, value in warc_fields}
    facts: dict[str, Any] = {}
    for fact in fields(CaptureFacts):
        text = said.get(_field_name(fact.name).lower())
        value = None if text is None else _value(fact.name, text)
        if value is not None:
            facts[fact.name] = value
    return CaptureFacts(**facts)


def _field_name(fact: str) -> str:
    return _STANDARD.get(fact) or f"hongtou-{fact.replace('_', '-')}"


def _text(value: object) -> str:
    return value.isoformat() if isinstance(value, date) else str(value)


def _value(fact: str, text: str) -> object:
    """A fact from its text; None for one that a newer or damaged record says in other words."""
    try:
        if fact == "purpose":
            return Purpose(text)
        return date.fromisoformat(text) if fact in _DATES else text
    except ValueError:
        return None
