"""One saved answer of a host, and the strict reading of a host's routes.toml."""

from __future__ import annotations

import difflib
import tomllib
from dataclasses import dataclass, fields
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from archive.errors import BadSourceFile

HTML = "text/html; charset=utf-8"
#: Last-Modified of a page that names none; each stage is a day later, so that a client
#: which compares dates alone sees the change too.
FIRST_PUBLISHED = datetime(2024, 4, 1, tzinfo=UTC)
NEXT_STEP = "See docs/replica-web.md."
#: The ways a path can misbehave; besides these, any status from 400 to 599.
MISBEHAVIOURS = (
    "timeout",
    "reset",
    "cut",
    "slow",
    "wrong-length",
    "bomb",
    "loop",
    "challenge",
    "empty-list",
)


@dataclass(frozen=True, kw_only=True)
class Route:
    """What a host answers for one path from one stage on."""

    path: str  #: with a query string if it is to match exactly; of a POST, see `Request.address`
    body: bytes = b""
    type: str = HTML  #: Content-Type as sent; "" sends no such header
    stage: int = 1
    status: int = 200
    reason: str = ""  #: reason phrase; "" takes the standard one
    headers: tuple[tuple[str, str], ...] = ()
    coding: str = ""  #: gzip or deflate, for clients that accept it
    framing: str = "length"  #: length, chunked, or close (neither; the end is the hang-up)
    validators: bool = True
    last_modified: datetime | None = None
    misbehave: str = ""

    @property
    def modified_at(self) -> datetime:
        """When the page says it was changed last."""
        return self.last_modified or FIRST_PUBLISHED + timedelta(days=self.stage - 1)


_TYPES: dict[str, type | tuple[type, ...]] = {
    "path": str,
    "file": str,
    "text": str,
    "type": str,
    "stage": int,
    "status": int,
    "reason": str,
    "headers": list,
    "coding": str,
    "framing": str,
    "validators": bool,
    "last_modified": (str, datetime),
    "template": bool,
    "misbehave": str,
}
_CHOICES = {"coding": ("", "gzip", "deflate"), "framing": ("length", "chunked", "close")}


def is_misbehaviour(how: str) -> bool:
    """Whether the server knows to misbehave that way."""
    return how in MISBEHAVIOURS or (how.isdecimal() and 400 <= int(how) <= 599)


def read_routes(file: Path) -> tuple[Route, ...]:
    """Read a host's routes.toml and the files it names.

    Raises:
        BadSourceFile: A key, type or value is not allowed, or a named file is missing.
    """
    try:
        written = tomllib.loads(file.read_text(encoding="utf-8"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise BadSourceFile(f"{file}: {error}.", next_step=NEXT_STEP) from error
    unknown = set(written) - {"route"}
    if unknown or not isinstance(written.get("route", []), list):
        raise _bad(file, ", ".join(sorted(unknown)) or "route", "only [[route]] tables stand here")
    routes = tuple(_read_route(file, table) for table in written.get("route", []))
    seen: set[tuple[str, int]] = set()
    for route in routes:
        if (route.path, route.stage) in seen:
            raise _bad(file, route.path, f"stage {route.stage} has two routes of that path")
        seen.add((route.path, route.stage))
    return routes


def _read_route(file: Path, table: dict[str, Any]) -> Route:
    where = str(table.get("path", "a route"))
    for key, value in table.items():
        _check(file, where, key, value)
    if not where.startswith("/"):
        raise _bad(file, where, "`path` begins with /")
    known = {field.name for field in fields(Route)}
    values = {key: value for key, value in table.items() if key in known}
    values["body"] = _read_body(file, where, table)
    values["headers"] = _read_headers(file, where, table.get("headers", []))
    if "last_modified" in table:
        values["last_modified"] = _read_moment(file, where, table["last_modified"])
    return Route(**values)


def _check(file: Path, where: str, key: str, value: object) -> None:
    wanted = _TYPES.get(key)
    if wanted is None:
        near = difflib.get_close_matches(key, _TYPES, n=1)
        hint = f"; did you mean `{near[0]}`?" if near else f"; known are {', '.join(_TYPES)}"
        raise _bad(file, where, f"unknown key `{key}`{hint}")
    if not isinstance(value, wanted) or (wanted is int and isinstance(value, bool)):
        raise _bad(file, where, f"`{key}` = {value!r} has the wrong type")
    if key in _CHOICES and value not in _CHOICES[key]:
        raise _bad(file, where, f"`{key}` = {value!r}; allowed are {', '.join(_CHOICES[key])}")
    if key == "misbehave" and value and not is_misbehaviour(str(value)):
        raise _bad(file, where, f"`misbehave` = {value!r} is none it knows")


def _read_body(file: Path, where: str, table: dict[str, Any]) -> bytes:
    if "text" in table:
        return str(table["text"]).encode()
    if "file" not in table:
        return b""
    page = (file.parent / str(table["file"])).resolve()
    if not page.is_relative_to(file.parent.resolve()):
        raise _bad(file, where, f"`file` = {table['file']!r} leaves the host's folder")
    if not page.is_file():
        raise _bad(file, where, f"`file` = {table['file']!r} does not exist")
    return page.read_bytes()


def _read_headers(file: Path, where: str, rows: list[Any]) -> tuple[tuple[str, str], ...]:
    for row in rows:
        if not (isinstance(row, list) and len(row) == 2 and all(isinstance(v, str) for v in row)):
            raise _bad(file, where, f"`headers` holds [name, value] pairs, not {row!r}")
    return tuple((name, value) for name, value in rows)


def _read_moment(file: Path, where: str, value: str | datetime) -> datetime:
    try:
        moment = datetime.fromisoformat(value) if isinstance(value, str) else value
    except ValueError as error:
        raise _bad(file, where, f"`last_modified` = {value!r} is no ISO 8601 moment") from error
    if moment.tzinfo is None:
        raise _bad(file, where, f"`last_modified` = {value!r} names no time zone")
    return moment


def _bad(file: Path, where: str, what: str) -> BadSourceFile:
    return BadSourceFile(f"{file}: {where}: {what}.", next_step=NEXT_STEP, file=file)
