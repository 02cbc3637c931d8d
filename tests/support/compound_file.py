"""OLE compound files made by hand: a DOC and an XLS small enough to read in a test."""

from __future__ import annotations

import struct
from collections.abc import Mapping

_SECTOR = 512
_END, _FREE, _FAT = 0xFFFFFFFE, 0xFFFFFFFF, 0xFFFFFFFD


def compound_file(streams: Mapping[str, bytes]) -> bytes:
    """A version-3 compound file; each stream is padded past 4,096 octets, so that none is mini."""
    bodies = {name: body.ljust(4096, b"\0") for name, body in streams.items()}
    fat, content, entries = [_FAT, _END], b"", b""
    for index, (name, body) in enumerate(bodies.items()):
        count = -(-len(body) // _SECTOR)
        first = len(fat)
        fat += [*range(first + 1, first + count), _END]
        content += body.ljust(count * _SECTOR, b"\0")
        right = index + 2 if index + 1 < len(bodies) else _FREE
        entries += _entry(name, 2, first, len(body), right=right)
    root = _entry("Root Entry", 5, _END, 0, child=1)
    directory = (root + entries).ljust(_SECTOR, b"\0")
    assert len(directory) == _SECTOR
    assert len(fat) <= _SECTOR // 4
    table = struct.pack(f"<{len(fat)}I", *fat).ljust(_SECTOR, b"\xff")
    return _header() + table + directory + content


def _header() -> bytes:
    head = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(16)
    head += struct.pack("<HHHHH", 0x3E, 3, 0xFFFE, 9, 6) + bytes(6)
    head += struct.pack("<IIIII", 0, 1, 1, 0, 4096) + struct.pack("<IIII", _END, 0, _END, 0)
    return head + struct.pack("<109I", 0, *[_FREE] * 108)


def _entry(
    name: str, kind: int, start: int, size: int, *, right: int = _FREE, child: int = _FREE
) -> bytes:
    written = name.encode("utf-16-le") + b"\0\0"
    entry = written.ljust(64, b"\0") + struct.pack(
        "<HBBIII", len(written), kind, 1, _FREE, right, child
    )
    return entry + bytes(36) + struct.pack("<IQ", start, size)


def doc(
    text: str,
    *,
    flags: int = 0,
    version: int = 0xC1,
    count: int | None = None,
    others: tuple[int, ...] = (),
) -> bytes:
    """A Word 97 document of one piece of sixteen bits a character.

    ``count`` of them are the main text, ``others`` those of the parts behind it.
    """
    body = text.encode("utf-16-le")
    start = 1024
    fib = bytearray(start)
    struct.pack_into("<HH", fib, 0, 0xA5EC, version)
    struct.pack_into("<H", fib, 0x0A, flags | 0x0200)
    struct.pack_into("<I", fib, 0x4C, len(text) if count is None else count)
    struct.pack_into(f"<{len(others)}I", fib, 0x50, *others)
    pieces = struct.pack("<II", 0, len(text)) + struct.pack("<HIH", 0, start, 0)
    clx = b"\x01\x02\x00ab" + b"\x02" + struct.pack("<I", len(pieces)) + pieces
    struct.pack_into("<II", fib, 0x01A2, 0, len(clx))
    return compound_file({"WordDocument": bytes(fib) + body, "1Table": clx})


def xls(rows: list[list[str | float]]) -> bytes:
    """A BIFF8 workbook of one sheet, named 附表."""

    def record(kind: int, body: bytes = b"") -> bytes:
        return struct.pack("<HH", kind, len(body)) + body

    def string(text: str, size: str) -> bytes:
        return struct.pack(size, len(text)) + b"\x01" + text.encode("utf-16-le")

    bof = struct.pack("<HHHHII", 0x0600, 5, 0x0DBB, 1996, 0, 6)
    name = string("附表", "<B")
    head = record(0x809, bof) + record(0x42, struct.pack("<H", 1200))
    place = len(head) + 4 + 6 + len(name) + 4
    head += record(0x85, struct.pack("<IH", place, 0) + name) + record(0x0A)
    sheet = record(0x809, bof[:2] + struct.pack("<H", 0x10) + bof[4:])
    for r, row in enumerate(rows):
        for c, value in enumerate(row):
            cell = struct.pack("<HHH", r, c, 0)
            if isinstance(value, str):
                sheet += record(0x204, cell + string(value, "<H"))
            else:
                sheet += record(0x203, cell + struct.pack("<d", value))
    return compound_file({"Workbook": head + sheet + record(0x0A)})
