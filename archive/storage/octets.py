"""A WARC file's octets, decompressed, with the places where its gzip members stand."""

from __future__ import annotations

from typing import Any, BinaryIO

from isal import isal_zlib

from archive.storage.gzip_member import DAMAGE_ERRORS

#: Octets read or inflated at once. Larger ones cost more: each gzip member's rest is copied.
CHUNK = 1 << 15
GZIP_MAGIC = b"\x1f\x8b"


class BrokenOctets(Exception):
    """The file ends inside a gzip member, or a member is damaged."""


class Octets:
    """Reads forward from an offset that begins a record; plain and compressed files alike."""

    def __init__(self, file: BinaryIO, offset: int = 0) -> None:
        self._file = file
        file.seek(offset)
        self._raw = file.read(CHUNK)
        self._raw_at = offset  # file offset of the first octet of _raw
        self.is_gzip = self._raw.startswith(GZIP_MAGIC)
        self._decoder: Any = None
        self._buffer = bytearray()
        self._at = 0
        if not self.is_gzip:
            self._buffer += self._raw
            self._raw_at += len(self._raw)
            self._raw = b""

    @property
    def offset(self) -> int:
        """Where the octet to be read next stands; in a gzip file, where what follows begins."""
        return self._raw_at if self.is_gzip else self._raw_at - (len(self._buffer) - self._at)

    def is_between_records(self) -> bool:
        """Whether a gzip member may begin here: all of the one before has been read."""
        while self._at == len(self._buffer) and self._decoder is not None:
            self._fill()
        return self._at == len(self._buffer) or not self.is_gzip

    def is_at_end(self) -> bool:
        """Whether nothing follows."""
        while self._at == len(self._buffer):
            if not self._fill():
                return True
        return False

    def until_blank_line(self, limit: int) -> bytes:
        """What comes before the next CRLF CRLF and these; b"" when none comes within `limit`."""
        while (end := self._buffer.find(b"\r\n\r\n", self._at, self._at + limit)) < 0:
            if len(self._buffer) - self._at >= limit or not self._fill():
                return b""
        return self.read(end + 4 - self._at)

    def line(self, limit: int) -> bytes:
        """The next line with its end; at most `limit` octets, fewer only at the end."""
        while (end := self._buffer.find(b"\n", self._at, self._at + limit)) < 0:
            if len(self._buffer) - self._at >= limit or not self._fill():
                return self.read(limit)
        return self.read(end + 1 - self._at)

    def read(self, size: int) -> bytes:
        """The next `size` octets; fewer only at the end."""
        while len(self._buffer) - self._at < size:
            if not self._fill():
                break
        octets = bytes(memoryview(self._buffer)[self._at : self._at + size])
        self._at += len(octets)
        return octets

    def _fill(self) -> bool:
        """Add to the buffer; False at the end of the file."""
        del self._buffer[: self._at]
        self._at = 0
        if not self._raw:
            self._raw = self._file.read(CHUNK)
        if not self._raw:
            if self._decoder is not None:
                raise BrokenOctets("the file ends inside a gzip member")
            return False
        if self.is_gzip:
            self._inflate()
        else:
            self._buffer += self._raw
            self._raw_at += len(self._raw)
            self._raw = b""
        return True

    def _inflate(self) -> None:
        if self._decoder is None:
            self._decoder = isal_zlib.decompressobj(31)
        try:
            self._buffer += self._decoder.decompress(self._raw, CHUNK)
        except DAMAGE_ERRORS as error:
            raise BrokenOctets(f"a gzip member is damaged ({error})") from error
        decoder = self._decoder
        rest = decoder.unused_data if decoder.eof else decoder.unconsumed_tail
        self._raw_at += len(self._raw) - len(rest)
        self._raw = rest
        if decoder.eof:
            self._decoder = None
