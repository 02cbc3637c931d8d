"""One HTTP/1.1 request, read from a stream and no further than a server must."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from urllib.parse import urlsplit

#: Octets; nginx takes 32 kB of headers, and no crawler has reason to send more.
HEAD_LIMIT = 64 * 1024
BODY_LIMIT = 1024 * 1024


class BadRequest(Exception):
    """The bytes that came are no request this server answers."""


@dataclass(frozen=True, kw_only=True)
class Request:
    """A request with its exact bytes."""

    method: str
    target: str  #: as in the request line
    host: str  #: lower case, without a port; "" when none was named
    headers: tuple[tuple[str, str], ...]
    raw: bytes

    def header(self, name: str) -> str:
        """The first value of a header by its name in any case; "" when absent."""
        wanted = name.lower()
        return next((value for key, value in self.headers if key.lower() == wanted), "")

    @property
    def path(self) -> str:
        """Path and query, also of a target in absolute form (as a proxy gets it)."""
        if self.target.startswith("/"):
            return self.target
        parts = urlsplit(self.target)
        return (parts.path or "/") + (f"?{parts.query}" if parts.query else "")

    @property
    def address(self) -> str:
        """The path and, of a POST, what was posted to it, as replay tools name such a page."""
        if self.method != "POST":
            return self.path
        body = self.raw.partition(b"\r\n\r\n")[2].decode("utf-8", "replace")
        return f"{self.path}{'&' if '?' in self.path else '?'}__wb_method=POST&{body}"

    @property
    def is_kept_alive(self) -> bool:
        """Whether the client wants another exchange on this connection."""
        return "close" not in self.header("connection").lower()


async def read_request(reader: asyncio.StreamReader) -> Request | None:
    """Read the next request; None when the client hung up between two.

    Raises:
        BadRequest: What came is no HTTP/1.x request, or is larger than the limits.
    """
    try:
        head = await reader.readuntil(b"\r\n\r\n")
    except asyncio.IncompleteReadError as error:
        if error.partial:
            raise BadRequest("The request breaks off in its head.") from error
        return None
    except asyncio.LimitOverrunError as error:
        raise BadRequest("The request's head is too large.") from error
    first, *lines = head[:-4].decode("latin-1").split("\r\n")
    method, _, rest = first.partition(" ")
    target, _, version = rest.rpartition(" ")
    if not version.startswith("HTTP/1.") or not target:
        raise BadRequest(f"No HTTP/1 request line: {first[:80]!r}")
    headers = tuple(_split(line) for line in lines)
    body = await _read_body(reader, headers)
    return Request(
        method=method,
        target=target,
        host=_host_of(target, headers),
        headers=headers,
        raw=head + body,
    )


def _split(line: str) -> tuple[str, str]:
    name, _, value = line.partition(":")
    return name, value.strip()


def _host_of(target: str, headers: tuple[tuple[str, str], ...]) -> str:
    named = next((value for name, value in headers if name.lower() == "host"), "")
    if "://" in target:
        named = urlsplit(target).netloc
    return named.rpartition("@")[2].split(":")[0].lower()


async def _read_body(reader: asyncio.StreamReader, headers: tuple[tuple[str, str], ...]) -> bytes:
    length = next((value for name, value in headers if name.lower() == "content-length"), "0")
    if not length.isdecimal() or int(length) > BODY_LIMIT:
        raise BadRequest(f"Content-Length {length[:20]!r} is not one this server takes.")
    try:
        return await reader.readexactly(int(length))
    except asyncio.IncompleteReadError as error:
        raise BadRequest("The request breaks off in its body.") from error
