"""A WARC file's octets, decompressed, with the places where its gzip members stand."""

from __future__ import annotations

from typing import Any, BinaryIO

import deflate
from isal import isal_zlib

from archive.storage.gzip_member import DAMAGE_ERRORS

#: Octets inflated at once where a gzip member is longer than `SHORT`.
CHUNK = 1 << 15
#: Octets read at once.
WINDOW = 1 << 18
#: A compressed member up to this is inflated in one call, which is a third faster than piece by
#: piece. It bounds the memory that a bomb can take: deflate makes 1,032 octets of one at most.
SHORT = 1 << 16
GZIP_MAGIC = b"\x1f\x8b"
_MEMBER_BEGINS = b"\x1f\x8b\x08"
_LEAST_MEMBER = 18  # octets of a gzip header and trailer
_TRAILING_SIZE = 4  # octets at a member's end that say how long it is, inflated (RFC 1952, 2.3.1)


class BrokenOctets(Exception):
    """The file ends inside a gzip member, or a member is damaged."""


class Octets:
    """Reads forward from an offset that begins a record; plain and compressed files alike."""

    def __init__(self, file: BinaryIO, offset: int = 0) -> None:
        self._file = file
        file.seek(offset)
        self._raw = b""
        self._raw_at = 0  # of the next octet of `_raw` to be taken
        self._read_to = offset  # file offset behind `_raw`
        self._decoder: Any = None
        self._buffer: bytes | bytearray = b""
        self._at = 0
        self._read_on()
        self.is_gzip = self._raw.startswith(GZIP_MAGIC)

    @property
    def offset(self) -> int:
        """Where the octet to be read next stands; in a gzip file, where what follows begins."""
        at = self._read_to - (len(self._raw) - self._raw_at)
        return at if self.is_gzip else at - (len(self._buffer) - self._at)

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

    def follows(self, octets: bytes) -> bool:
        """Whether these octets come next; they are not taken."""
        while len(self._buffer) - self._at < len(octets):
            if not self._fill():
                return False
        return self._buffer.startswith(octets, self._at)

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

    def whole_member(self) -> bytes | bytearray:
        """The gzip member that begins here, inflated and not taken yet.

        b"" where none begins, or it is longer than `SHORT`, or damaged: the other ways of reading
        deal with these.
        """
        if not self.is_gzip or self._decoder is not None or self._at < len(self._buffer):
            return b""
        if self._raw_at == len(self._raw) and not self._read_on():
            return b""
        self._buffer, self._at = self._inflate_whole(), 0
        return self._buffer

    def take_member(self) -> None:
        """Take all of what `whole_member` gave."""
        self._at = len(self._buffer)

    def _fill(self) -> bool:
        """Add to the buffer; False at the end of the file."""
        if self._raw_at == len(self._raw) and not self._read_on():
            if self._decoder is not None:
                raise BrokenOctets("the file ends inside a gzip member")
            return False
        if not self.is_gzip:
            self._add(self._raw[self._raw_at :])
            self._raw_at = len(self._raw)
        elif self._decoder is None and (octets := self._inflate_whole()):
            self._add(octets)
        else:
            self._inflate_some()
        return True

    def _read_on(self) -> bool:
        """Read the next window behind what is left of this one; False at the end of the file."""
        more = self._file.read(WINDOW)
        self._raw = self._raw[self._raw_at :] + more
        self._raw_at = 0
        self._read_to += len(more)
        return bool(more)

    def _add(self, octets: bytes | bytearray) -> None:
        """Put octets behind those of the buffer that were not taken yet."""
        if self._at == len(self._buffer):
            self._buffer = octets
        else:
            # A bytearray takes the many pieces of a long record without copying all of it again.
            if not isinstance(self._buffer, bytearray):
                self._buffer = bytearray(self._buffer)
            del self._buffer[: self._at]
            self._buffer += octets
        self._at = 0

    def _inflate_whole(self) -> bytes | bytearray:
        """The next member, inflated in one call; b"" where it is long, or not as it seems."""
        begin = self._raw_at
        end = self._raw.find(_MEMBER_BEGINS, begin + _LEAST_MEMBER, begin + SHORT)
        if end < 0 and len(self._raw) - begin < SHORT:
            self._read_on()
            begin = 0
            end = self._raw.find(_MEMBER_BEGINS, _LEAST_MEMBER, SHORT)
            if end < 0 and len(self._raw) < SHORT:
                end = len(self._raw)  # the file's last
        if end < 0:
            return b""
        size = int.from_bytes(self._raw[end - _TRAILING_SIZE : end], "little")
        if not 0 < size <= (end - begin) * 1032:
            return b""
        try:
            # On pages of 52 kB libdeflate is a quarter faster than ISA-L. SHA-256 is a quarter
            # slower after ISA-L, which leaves the upper halves of vector registers in use.
            member = memoryview(self._raw)[begin:end]
            octets = deflate.gzip_decompress(member, size)
        except deflate.DeflateError:
            return b""  # or three octets within a member only looked like the next one
        if len(octets) != size:
            return b""  # something else stands behind the member
        self._raw_at = end
        return octets

    def _inflate_some(self) -> None:
        if self._decoder is None:
            self._decoder = isal_zlib.decompressobj(31)
        decoder = self._decoder
        piece = memoryview(self._raw)[self._raw_at : self._raw_at + CHUNK]
        try:
            self._add(decoder.decompress(piece, 8 * CHUNK))
        except DAMAGE_ERRORS as error:
            raise BrokenOctets(f"a gzip member is damaged ({error})") from error
        rest = decoder.unused_data if decoder.eof else decoder.unconsumed_tail
        self._raw_at += len(piece) - len(rest)
        if decoder.eof:
            self._decoder = None
