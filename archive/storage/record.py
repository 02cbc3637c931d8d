"""WARC records (WARC 1.1, clauses 4 and 5): as values, and as octets."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime

from archive.notice import Place, aware_utc
from archive.storage.digest import digest

VERSION = "WARC/1.1"
HTTP_RESPONSE = "application/http;msgtype=response"
HTTP_REQUEST = "application/http;msgtype=request"
WARC_FIELDS = "application/warc-fields"
IDENTICAL = "http://netpreserve.org/warc/1.1/revisit/identical-payload-digest"
NOT_MODIFIED = "http://netpreserve.org/warc/1.1/revisit/server-not-modified"

Fields = Sequence[tuple[str, str]]


class RecordFields:
    """A record's named fields; blanks around names and values are let go."""

    __slots__ = ("_again", "first")

    first: dict[str, str]  #: the first value of each name, by the name in lower case

    def __init__(self, lines: Sequence[Sequence[str]]) -> None:
        """Each line's name and value, in their order."""
        self.first = {name.strip().lower(): value.strip() for name, value in reversed(lines)}
        self._again = lines if len(self.first) < len(lines) else ()

    def all(self, name: str) -> tuple[str, ...]:
        """Every value of a name in lower case."""
        if name not in self.first:
            return ()
        if not self._again:
            return (self.first[name],)
        return tuple(value.strip() for key, value in self._again if key.strip().lower() == name)


@dataclass(frozen=True, kw_only=True)
class WarcRecord:
    """One record as it stands in a file."""

    version: str
    fields: RecordFields
    block: bytes  #: empty when `is_oversize`
    place: Place
    is_alone: bool = True  #: it fills its gzip member, or the file is not compressed
    is_oversize: bool = False  #: the block was longer than the reader keeps, and was passed over
    block_holds: bool | None = None  #: of an oversize record: whether its block digest is right

    def field(self, name: str) -> str | None:
        """The first value of a named field, by its name in any case."""
        return self.fields.first.get(name.lower())

    def all(self, name: str) -> tuple[str, ...]:
        """Every value of a field that may be repeated."""
        return self.fields.all(name.lower())

    def bare(self) -> WarcRecord:
        """The record without its block, to remember."""
        return replace(self, block=b"")

    @property
    def type(self) -> str:
        """WARC-Type, lower case; "" when absent."""
        return self.fields.first.get("warc-type", "").lower()

    @property
    def id(self) -> str:
        """WARC-Record-ID without its angle brackets."""
        return bare_uri(self.fields.first.get("warc-record-id"))

    @property
    def target(self) -> str:
        """WARC-Target-URI; WARC/1.0 put angle brackets around it."""
        return bare_uri(self.fields.first.get("warc-target-uri"))

    @property
    def content_type(self) -> str:
        """The block's media type, lower case, without parameters."""
        return (self.field("Content-Type") or "").partition(";")[0].strip().lower()


def bare_uri(text: str | None) -> str:
    """A URI without the angle brackets that some fields and versions put around it."""
    return (text or "").strip().removeprefix("<").removesuffix(">")


def new_record_id() -> str:
    """An id that no other record has."""
    return uuid.uuid4().urn


def warc_date(moment: datetime) -> str:
    """WARC-Date in whole seconds.

    Replay tools tell captures of a URL apart by 14 digits; finer dates would promise an order
    that they cannot show.
    """
    return aware_utc(moment).strftime("%Y-%m-%dT%H:%M:%SZ")


def parse_warc_date(text: str) -> datetime:
    """Read a WARC-Date of either version.

    Raises:
        ValueError: It is none, or names no zone: local dates cannot be trusted.
    """
    moment = datetime.fromisoformat(text.strip())
    if moment.tzinfo is None:
        raise ValueError(f"{text} names no time zone")
    return moment.astimezone(UTC)


def render_record(fields: Fields, block: bytes, content_type: str) -> bytes:
    """Write a record, with its block digest."""
    lines = "".join(f"{name}: {value}\r\n" for name, value in fields)
    if lines.count("\n") != len(fields):
        raise ValueError("a field of a WARC record holds a line break")
    head = (
        f"{VERSION}\r\n{lines}WARC-Block-Digest: {digest(block)}\r\n"
        f"Content-Type: {content_type}\r\nContent-Length: {len(block)}\r\n\r\n"
    )
    return b"".join((head.encode(), block, b"\r\n\r\n"))
