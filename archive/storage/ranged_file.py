"""A file that is fetched stretch by stretch, as it is read: bounded, and able to seek."""

from __future__ import annotations

import io
from collections.abc import Callable
from dataclasses import dataclass

#: Octets of the first stretch: what a reader of records asks for at once, and a capture needs.
FIRST = 1 << 20
#: It doubles up to this while a whole file is read.
MOST = 8 << 20


@dataclass(frozen=True, kw_only=True)
class Stretch:
    """Octets from somewhere in a file."""

    octets: bytes
    total: int  #: octets of the whole file
    tag: str  #: says which file it was, should it change meanwhile


#: Gives octets from an offset to another, of the file of a tag where one is given; None behind it.
Fetch = Callable[[int, int, str], Stretch | None]


class RangedFile(io.RawIOBase):
    """Reads forward with few fetches; a seek elsewhere begins with a small one again.

    The first stretch is fetched at once, so that a file that is missing is known when it is opened.
    """

    def __init__(self, fetch: Fetch, offset: int = 0) -> None:
        super().__init__()
        self._fetch = fetch
        self._at = self._begin = offset
        self._octets = b""
        self._next = FIRST // 2
        self._tag = ""
        self._total: int | None = None
        self._fill()

    def readable(self) -> bool:
        """It is."""
        return True

    def seekable(self) -> bool:
        """It is, from the beginning and from where one stands."""
        return True

    def tell(self) -> int:
        """The offset of the octet to be read next."""
        return self._at

    def seek(self, offset: int, whence: int = io.SEEK_SET) -> int:
        """Go elsewhere; nothing is fetched yet."""
        if whence == io.SEEK_END:
            raise io.UnsupportedOperation("a ranged file is read from its beginning")
        self._at = offset + (self._at if whence == io.SEEK_CUR else 0)
        return self._at

    def read(self, size: int = -1) -> bytes:
        """The next octets; fewer than asked for only at the end."""
        parts: list[bytes] = []
        while size and (part := self._some(size)):
            parts.append(part)
            size = size - len(part) if size > 0 else size
        return parts[0] if len(parts) == 1 else b"".join(parts)

    def readall(self) -> bytes:
        """All that is left."""
        return self.read(-1)

    def _some(self, size: int) -> bytes:
        begin = self._at - self._begin
        if not 0 <= begin < len(self._octets) and not self._fill():
            return b""
        begin = self._at - self._begin
        part = self._octets[begin : begin + size] if size > 0 else self._octets[begin:]
        self._at += len(part)
        return part

    def _fill(self) -> bool:
        """Fetch the stretch that begins where one stands; False at the end."""
        if self._total is not None and self._at >= self._total:
            return False
        is_next = self._at == self._begin + len(self._octets)
        self._next = min(self._next * 2, MOST) if is_next else FIRST
        stretch = self._fetch(self._at, self._at + self._next, self._tag)
        if stretch is None:
            self._total = self._at
            return False
        self._begin, self._octets = self._at, stretch.octets
        self._tag, self._total = stretch.tag, stretch.total
        return bool(stretch.octets)
