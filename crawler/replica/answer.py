"""From a saved route and a request to the bytes that go out."""

from __future__ import annotations

import gzip
import hashlib
import zlib
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import format_datetime, parsedate_to_datetime
from http import HTTPStatus

from crawler.replica.request import Request
from crawler.replica.route import Route

#: Octets a chunk of a chunked body carries; small, so that every page has several.
CHUNK = 4096


@dataclass(frozen=True, kw_only=True)
class Answer:
    """The bytes of one response, head and framed body apart."""

    head: bytes
    body: bytes
    keeps_alive: bool = True


def make_answer(route: Route, request: Request) -> Answer:
    """Answer a request with a route: conditional, coded and framed as it says."""
    body, coding = _code(route, request)
    validators = _validators(route, coding) if route.validators and route.status == 200 else ()
    headers = [("Date", _http_date(datetime.now(UTC))), *route.headers]
    if _is_unchanged(request, dict(validators)):
        head = make_head(304, [*headers, *validators], "")
        return Answer(head=head, body=b"", keeps_alive=request.is_kept_alive)
    headers += [("Content-Type", route.type)] if route.type else []
    headers += [*validators]
    headers += [("Content-Encoding", coding), ("Vary", "Accept-Encoding")] if coding else []
    framing, framed = _frame(route.framing, body)
    keeps_alive = request.is_kept_alive and route.framing != "close"
    headers += [*framing, ("Connection", "keep-alive" if keeps_alive else "close")]
    return Answer(
        head=make_head(route.status, headers, route.reason),
        body=b"" if request.method == "HEAD" or route.status in (204, 304) else framed,
        keeps_alive=keeps_alive,
    )


def plain_answer(status: int, text: str, request: Request | None = None) -> Answer:
    """A short answer of the server's own, such as a 404."""
    body = text.encode()
    headers = [
        ("Date", _http_date(datetime.now(UTC))),
        ("Content-Type", "text/plain; charset=utf-8"),
        ("Content-Length", str(len(body))),
        ("Connection", "keep-alive" if request else "close"),
    ]
    is_head = request is not None and request.method == "HEAD"
    return Answer(
        head=make_head(status, headers, ""),
        body=b"" if is_head else body,
        keeps_alive=request is not None and request.is_kept_alive,
    )


def make_head(status: int, headers: list[tuple[str, str]], reason: str) -> bytes:
    """Status line and headers, in the order given, repeats kept."""
    try:
        phrase = reason or HTTPStatus(status).phrase
    except ValueError:
        phrase = "Unknown"
    lines = [f"HTTP/1.1 {status} {phrase}", *(f"{name}: {value}" for name, value in headers)]
    return ("\r\n".join(lines) + "\r\n\r\n").encode("utf-8")


def _code(route: Route, request: Request) -> tuple[bytes, str]:
    if not route.coding or route.coding not in request.header("accept-encoding").lower():
        return route.body, ""
    if route.coding == "gzip":
        return gzip.compress(route.body, mtime=0), "gzip"
    return zlib.compress(route.body), "deflate"


def _validators(route: Route, coding: str) -> tuple[tuple[str, str], ...]:
    digest = hashlib.sha256(route.body).hexdigest()[:16]
    # A coded answer gets a weak tag, as nginx does: its octets are not the entity's.
    tag = f'W/"{digest}"' if coding else f'"{digest}"'
    return ("Last-Modified", _http_date(route.modified_at)), ("ETag", tag)


def _is_unchanged(request: Request, validators: dict[str, str]) -> bool:
    """RFC 9110, 13.1: If-None-Match decides alone where it is given."""
    if not validators or request.method not in ("GET", "HEAD"):
        return False
    asked = request.header("if-none-match")
    if asked:
        tags = {tag.strip().removeprefix("W/") for tag in asked.split(",")}
        return "*" in tags or validators["ETag"].removeprefix("W/") in tags
    since = request.header("if-modified-since")
    if not since:
        return False
    try:
        asked_at = parsedate_to_datetime(since)
    except ValueError:  # an unreadable date is as if it were not there (RFC 9110, 13.1.3)
        return False
    return parsedate_to_datetime(validators["Last-Modified"]) <= asked_at


def _frame(framing: str, body: bytes) -> tuple[list[tuple[str, str]], bytes]:
    if framing == "chunked":
        pieces = [body[start : start + CHUNK] for start in range(0, len(body), CHUNK)]
        framed = b"".join(b"%x\r\n%b\r\n" % (len(piece), piece) for piece in pieces)
        return [("Transfer-Encoding", "chunked")], framed + b"0\r\n\r\n"
    if framing == "close":
        return [], body
    return [("Content-Length", str(len(body)))], body


def _http_date(moment: datetime) -> str:
    return format_datetime(moment.astimezone(UTC), usegmt=True)
