"""Column types that SQLite and PostgreSQL keep alike."""

from __future__ import annotations

import json
from datetime import datetime
from typing import Any

from sqlalchemy import DateTime, Dialect, String, Text
from sqlalchemy.types import TypeDecorator, TypeEngine

from archive.notice import aware_utc


def storable(text: str) -> str:
    """The text without NUL, which PostgreSQL refuses, and without lone surrogates.

    Hostile and damaged pages have both; neither is a character of any notice.
    """
    if "\x00" in text:
        text = text.replace("\x00", "")
    if text.isascii():
        return text
    try:
        text.encode()
    except UnicodeEncodeError:
        return text.encode(errors="ignore").decode()
    return text


def _storable(value: Any) -> Any:
    return storable(value) if isinstance(value, str) else value


class Moment(TypeDecorator[datetime]):
    """An aware datetime in UTC; a naive one does not get in.

    SQLite has no such type: there it is text of one width, ``2024-04-01T01:12:33.000000+00:00``,
    so that it sorts as it should and a person can read it.
    """

    impl = DateTime(timezone=True)
    cache_ok = True

    def load_dialect_impl(self, dialect: Dialect) -> TypeEngine[Any]:
        """The type the database itself uses."""
        if dialect.name == "sqlite":
            return dialect.type_descriptor(String(32))
        return dialect.type_descriptor(DateTime(timezone=True))

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> Any:
        """Write a moment; `NaiveDatetime` when it has no zone."""
        if value is None:
            return None
        moment = aware_utc(value)
        return moment.isoformat(timespec="microseconds") if dialect.name == "sqlite" else moment

    def process_result_value(self, value: Any, dialect: Dialect) -> datetime | None:
        """Read a moment."""
        if value is None:
            return None
        return aware_utc(datetime.fromisoformat(value) if dialect.name == "sqlite" else value)


class Words(TypeDecorator[str]):
    """Text from the web, without what a database cannot keep (see `storable`)."""

    impl = Text
    cache_ok = True

    def process_bind_param(self, value: str | None, dialect: Dialect) -> str | None:
        """Write the text."""
        return None if value is None else storable(value)


class Strings(TypeDecorator[tuple[str, ...]]):
    """A tuple of strings, as a JSON array in text: a list that is only ever read as a whole."""

    impl = Text
    cache_ok = True

    def process_bind_param(self, value: tuple[str, ...] | None, dialect: Dialect) -> str | None:
        """Write the strings."""
        if value is None:
            return None
        return json.dumps([storable(one) for one in value], ensure_ascii=False) if value else "[]"

    def process_result_value(self, value: str | None, dialect: Dialect) -> tuple[str, ...] | None:
        """Read the strings."""
        if value is None:
            return None
        return tuple(json.loads(value)) if value != "[]" else ()


class Rows(TypeDecorator[list[dict[str, Any]]]):
    """A list of small objects, as JSON in text."""

    impl = Text
    cache_ok = True

    def process_bind_param(self, value: list[dict[str, Any]] | None, dialect: Dialect) -> str:
        """Write the rows."""
        rows = [{name: _storable(one) for name, one in row.items()} for row in value or ()]
        return json.dumps(rows, ensure_ascii=False)

    def process_result_value(self, value: str | None, dialect: Dialect) -> list[dict[str, Any]]:
        """Read the rows."""
        return list(json.loads(value)) if value else []
