"""The strict reading of a source.toml: what is not understood is not ignored."""

from __future__ import annotations

import json
import re
import tomllib
from datetime import timedelta
from pathlib import Path

from archive.errors import BadSourceFile
from archive.notice import (
    Column,
    PageHints,
    Posting,
    Rhythm,
    Source,
    Trust,
    posting_address,
    split_address,
)
from archive.notice.posting import BODY_LIMIT, FORM, MARK
from spiders.dialects import dialect_names, dialect_options
from spiders.durations import parse_quiet, parse_span
from spiders.table_reader import TableReader

LEVELS = ("national", "province", "city", "county", "aggregator")
FILE_NAME = "source.toml"
#: What a list may be asked for with.
POST_TYPES = (FORM, "application/json")
_FORM_TEXT = re.compile(r"[!-\"$-~]*")
#: Octets; a source file is written by hand.
SIZE_LIMIT = 1_000_000


def read_source(file: Path) -> Source:
    """Read one source.toml; its id is its folder's name, its level that of the folder above.

    Raises:
        BadSourceFile: Something in it is not allowed; says the file, the key, what was
            expected, and what was probably meant.
    """
    table = TableReader(file, "", _load(file))
    level = file.parent.parent.name
    if level not in LEVELS:
        raise table.error("", f"stands below `{level}`; a level is one of {', '.join(LEVELS)}")
    if not file.parent.name.replace("-", "").isalnum() or not file.parent.name.isascii():
        raise table.error("", f"`{file.parent.name}` is no id: letters, digits and - only")
    delay = table.number("delay_seconds", default=1.0, least=0.0, most=3600.0)
    source = Source(
        id=file.parent.name,
        name=table.text("name"),
        hosts=table.hosts("hosts"),
        level=level,
        trust=Trust[table.choice("trust", [trust.name.lower() for trust in Trust]).upper()],
        jurisdiction=table.jurisdiction("jurisdiction"),
        issuing_bodies=table.texts("issuing_bodies"),
        delay=timedelta(seconds=delay),
        enabled=table.truth("enabled", default=True),
        notes=table.text("notes", default="").strip(),
        page=_read_page(table.table("page")),
        columns=tuple(_read_column(column) for column in table.tables("columns")),
        folder=file.parent,
    )
    table.close()
    _check_columns(table, source)
    return source


def _load(file: Path) -> dict[str, object]:
    try:
        octets = file.read_bytes()
    except OSError as error:
        raise BadSourceFile(f"{file}: cannot be read: {error.strerror}.", file=file) from error
    if len(octets) > SIZE_LIMIT:
        raise BadSourceFile(f"{file}: larger than {SIZE_LIMIT} octets.", file=file)
    try:
        return tomllib.loads(octets.decode("utf-8"))
    except UnicodeDecodeError as error:
        raise BadSourceFile(f"{file}: is not UTF-8 (octet {error.start}).", file=file) from error
    except (tomllib.TOMLDecodeError, RecursionError) as error:
        raise BadSourceFile(f"{file}: is no TOML: {error}.", file=file) from error


def _read_page(table: TableReader) -> PageHints:
    hints = PageHints(
        body=table.selectors("body"),
        title=table.selectors("title"),
        remove=table.selectors("remove"),
    )
    table.close()
    return hints


def _read_column(table: TableReader) -> Column:
    dialect = table.choice("dialect", dialect_names())
    options = table.table("options")
    column = Column(
        id=table.identifier("id"),
        name=table.text("name"),
        url=table.url("url"),
        dialect=dialect,
        options=options.options(dialect_options(dialect)),
        rhythm=_read_rhythm(table),
        topic=table.text("topic", default=Column.topic),
        at_least=table.whole("at_least", default=Column.at_least, least=0),
        watched=table.truth("watched", default=Column.watched),
        max_pages=table.whole("max_pages", default=Column.max_pages, least=1),
        posting=_read_posting(table),
    )
    options.close()
    table.close()
    return column


def _read_posting(table: TableReader) -> Posting | None:
    """The body of the request for a first page, exactly as it is to be sent."""
    body = table.text("post", default="")
    kind = table.choice("post_type", POST_TYPES, default=FORM)
    if not body:
        return None
    posting = Posting(body=body.encode(), media_type=kind)
    if kind == FORM and not _FORM_TEXT.fullmatch(body):
        raise table.error("post", "is a form: ASCII only, other characters as %E5%8C%BB")
    if kind != FORM:
        try:
            json.loads(body)
        except (ValueError, RecursionError) as error:
            raise table.error("post", f"is no JSON: {error}") from error
    if MARK in body or split_address(posting_address("http://a/", posting))[1] != posting:
        raise table.error("post", f"is longer than {BODY_LIMIT} octets, or holds {MARK}")
    return posting


def _read_rhythm(table: TableReader) -> Rhythm:
    usual = Rhythm()
    quiet = table.parsed("quiet", parse_quiet, default=None)
    return Rhythm(
        every=table.span("every", parse_span, default=usual.every, least=timedelta(minutes=1)),
        jitter=table.span("jitter", parse_span, default=usual.jitter, least=timedelta()),
        recheck=table.span("recheck", parse_span, default=usual.recheck, least=timedelta(hours=1)),
        quiet_from=quiet[0] if quiet else None,
        quiet_until=quiet[1] if quiet else None,
    )


def _check_columns(table: TableReader, source: Source) -> None:
    """What holds between a source's columns, and between them and its hosts."""
    if not source.columns:
        raise table.error("columns", "is missing: a source watches at least one [[columns]]")
    seen: set[str] = set()
    for column in source.columns:
        if column.id in seen:
            raise table.error("columns", f"has two columns `{column.id}`; an id is unique")
        seen.add(column.id)
        host = column.url.split("/")[2].split(":")[0].lower()
        if host not in source.hosts:
            raise table.error(f"columns.{column.id}.url", f"is on {host}, which `hosts` lacks")
