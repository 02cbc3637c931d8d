"""HTTP messages as they stand in WARC records: strict about framing, tolerant of real servers."""

from __future__ import annotations

import re
from dataclasses import dataclass

from archive.storage.chunked import dechunk

#: Heads longer than this are not searched for their end: browsers stop at 256 KiB.
HEAD_LIMIT = 1 << 20
HEADER_LINES_LIMIT = 1000
INTERIM_LIMIT = 32

_STATUS_LINE = re.compile(rb"HTTP/(\d)(?:\.(\d))? {1,8}(\d{3})(?:[ \t](.*))?\Z", re.DOTALL)
_FINAL_LINE = re.compile(rb"http/\d\.\d [2-5]\d\d[ \r]")
_HEAD_END = re.compile(rb"\r?\n\r?\n")
_NO_BODY = frozenset((204, 304))


@dataclass(frozen=True, kw_only=True)
class ResponseMessage:
    """One HTTP response taken apart; nothing in it was changed."""

    interim: bytes  #: 1xx responses that came before it, whole
    head: bytes  #: status line and headers with the blank line
    status: int
    reason: bytes  #: as received; may be GBK
    headers: tuple[tuple[str, str], ...]  #: latin-1, in order, repeats kept, folds joined
    framed: bytes  #: everything after the head, as framed on the wire
    payload: bytes  #: after transfer coding, before content coding: what WARC 1.1, 5.9 digests
    entity: bytes  #: as `payload`, without octets beyond the Content-Length that was said
    flags: tuple[str, ...] = ()

    def values(self, name: str) -> tuple[str, ...]:
        """Every value of a header, by its lower-case name."""
        return tuple(value for key, value in self.headers if key.lower() == name)

    @property
    def is_chunked(self) -> bool:
        """Whether the chunked transfer coding is on the body."""
        return "chunked" in _tokens(self.values("transfer-encoding"))

    @property
    def codings(self) -> tuple[str, ...]:
        """Codings still on the payload, in the order in which they were put on."""
        content = _tokens(self.values("content-encoding"))
        transfer = _tokens(self.values("transfer-encoding"))
        return (*content, *(coding for coding in transfer if coding != "chunked"))


@dataclass(frozen=True, kw_only=True)
class _Head:
    status: int
    reason: bytes
    headers: tuple[tuple[str, str], ...]
    flags: tuple[str, ...]


def parse_response(raw: bytes, *, method: str = "GET") -> ResponseMessage | None:
    """Take a response apart; None when it holds no final status line.

    Args:
        raw: The octets from the first one received for this request.
        method: Of the request; the answer to HEAD has no body whatever its headers say.
    """
    start = 0
    for _ in range(INTERIM_LIMIT):
        end = _end_of_head(raw, start)
        head = _parse_head(raw[start:end], is_whole=end < len(raw) or _is_ended(raw[start:end]))
        if head is None:
            return None
        if not 100 <= head.status < 200 or head.status == 101:
            return _with_body(raw, start, end, head, method.upper())
        start = end
    return None


def find_payload(raw: bytes) -> memoryview | bytes | None:
    """The payload of a response, as `parse_response` finds it but without taking the rest apart.

    None when there is no final status line.
    """
    end = raw.find(b"\n\r\n", 0, HEAD_LIMIT) + 3
    head = raw[:end].lower()
    if _FINAL_LINE.match(head) and b"\n\n" not in head and b"transfer-encoding" not in head:
        return memoryview(raw)[end:]
    message = parse_response(raw)
    return None if message is None else message.payload


def _end_of_head(raw: bytes, start: int) -> int:
    found = _HEAD_END.search(raw, start, start + HEAD_LIMIT)
    return found.end() if found else len(raw)


def _is_ended(head: bytes) -> bool:
    return head.endswith((b"\n\r\n", b"\n\n"))


def _parse_head(head: bytes, *, is_whole: bool) -> _Head | None:
    """Status line and headers; None when the first line is no status line."""
    lines = [line.removesuffix(b"\r") for line in head.split(b"\n", HEADER_LINES_LIMIT + 1)]
    found = _STATUS_LINE.match(lines[0])
    if found is None:
        return None
    flags = [] if is_whole else ["head-cut"]
    if len(lines) > HEADER_LINES_LIMIT + 1:
        flags.append("headers-limit")
    if not is_whole and len(lines) > 1:
        lines.pop()  # it broke off within this line
    headers, has_invalid = header_fields(lines[1 : HEADER_LINES_LIMIT + 1])
    if has_invalid:
        flags.append("header-invalid")
    return _Head(status=int(found[3]), reason=found[4] or b"", headers=headers, flags=tuple(flags))


def header_fields(lines: list[bytes]) -> tuple[tuple[tuple[str, str], ...], bool]:
    """Header fields, and whether a line was none."""
    fields: list[tuple[str, str]] = []
    has_invalid = False
    for line in lines:
        if line[:1] in (b" ", b"\t") and fields:
            name, value = fields[-1]  # obs-fold, RFC 9112 5.2
            fields[-1] = name, f"{value} {line.decode('latin-1').strip()}".strip()
            continue
        name_octets, colon, value_octets = line.partition(b":")
        if colon and name_octets.strip():
            name = name_octets.decode("latin-1").strip()
            fields.append((name, value_octets.decode("latin-1").strip(" \t")))
        elif line.strip():
            has_invalid = True
    return tuple(fields), has_invalid


def _with_body(raw: bytes, start: int, end: int, head: _Head, method: str) -> ResponseMessage:
    framed = raw[end:]
    payload, entity, flags = _unframe(framed, head, method)
    return ResponseMessage(
        interim=raw[:start],
        head=raw[start:end],
        status=head.status,
        reason=head.reason,
        headers=head.headers,
        framed=framed,
        payload=payload,
        entity=entity,
        flags=(*head.flags, *flags),
    )


def _unframe(framed: bytes, head: _Head, method: str) -> tuple[bytes, bytes, tuple[str, ...]]:
    """Payload, entity and flags by RFC 9112, 6.3."""
    if method == "HEAD" or head.status in _NO_BODY:
        return framed, b"", ("body-long",) if framed else ()
    if "chunked" in _tokens(_values(head, "transfer-encoding")):
        entity, flags = dechunk(framed)
        return entity, entity, flags
    length, flags = _said_length(_values(head, "content-length"))
    if length is None or len(framed) == length:
        return framed, framed, flags
    if len(framed) < length:
        return framed, framed, (*flags, "body-short")
    return framed, framed[:length], (*flags, "body-long")


def _said_length(values: tuple[str, ...]) -> tuple[int | None, tuple[str, ...]]:
    """The Content-Length; the first when several are said, as Chromium reads them."""
    said = _tokens(values)
    if not said:
        return None, ()
    flags = ("length-conflict",) if len(set(said)) > 1 else ()
    first = said[0]
    if not (first.isascii() and first.isdigit() and len(first) <= 18):
        return None, (*flags, "header-invalid")
    return int(first), flags


def _values(head: _Head, name: str) -> tuple[str, ...]:
    return tuple(value for key, value in head.headers if key.lower() == name)


def _tokens(values: tuple[str, ...]) -> tuple[str, ...]:
    """The members of a comma-separated field, lower case, empty ones left out."""
    parts = (part.strip().lower() for value in values for part in value.split(","))
    return tuple(part for part in parts if part)
