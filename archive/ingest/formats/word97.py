"""The text of a DOC (Word 97 to 2003, also what WPS writes as .wps): [MS-DOC], the piece table.

A DOC's text lies in pieces, each of 8 or 16 bits a character, listed in the CLX of the table
stream. No kept library reads them, so this does, and nothing else of the format: the main text,
then footnotes, endnotes and text boxes, which stand behind it in the same pieces. Headers and
reviewers' comments are left out: they are not the notice's words.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from struct import error as StructError  # noqa: N812 — an exception's name
from struct import unpack_from

from archive.ingest.formats.refusal import Refusal

_MAGIC = 0xA5EC
_FIRST_WORD_97 = 0x00C1  #: nFib; older ones keep their text otherwise
_ENCRYPTED, _TABLE_1 = 0x0100, 0x0200
_COUNTS, _CLX = 0x4C, 0x01A2  #: offsets in the FIB: ccpText and those after it, fcClx with lcbClx
#: The parts of a document in the order of their characters, and whether each is read: main text,
#: footnotes, headers, macros, comments, endnotes, text boxes, those of headers.
_PARTS = (True, True, False, False, False, True, True, False)
_MOST_STREAM = 100_000_000  #: octets
_MOST_PIECES = 200_000
_HIDDEN_FIELD = re.compile(r"\x13[^\x13\x14\x15]{0,4000}\x14?")
_OBJECT = re.compile(r"[\x00-\x06\x08\x0e-\x1d\x1f\ufffc]")


def read_doc(file: Path) -> Iterator[str]:
    """The main text: a line a paragraph, table rows with tabs between their cells."""
    import olefile

    with olefile.OleFileIO(str(file)) as ole:
        document = _stream(ole, "WordDocument")
        try:
            magic, version = unpack_from("<HH", document, 0)
            (flags,) = unpack_from("<H", document, 0x0A)
            if magic != _MAGIC:
                raise Refusal("broken")
            if flags & _ENCRYPTED:
                raise Refusal("locked")
            if version < _FIRST_WORD_97:
                raise Refusal("not-read-yet")
            table = _stream(ole, "1Table" if flags & _TABLE_1 else "0Table")
            parts = _parts(document, "".join(_pieces(document, table)))
        except StructError as error:
            raise Refusal("broken") from error
    for text in parts:
        yield from _lines(text)


def _stream(ole: object, name: str) -> bytes:
    exists, size, open_ = (getattr(ole, verb) for verb in ("exists", "get_size", "openstream"))
    if not exists(name):
        raise Refusal("broken")
    if size(name) > _MOST_STREAM:
        raise Refusal("too-big")
    body: bytes = open_(name).read()
    return body


def _pieces(document: bytes, table: bytes) -> Iterator[str]:
    """Each piece of the text, in order."""
    left = sum(_counts(document))
    start, length = _piece_table(document, table)
    count = (length - 4) // 12
    if not 0 < count <= _MOST_PIECES:
        raise Refusal("broken")
    borders = unpack_from(f"<{count + 1}I", table, start)
    for n in range(count):
        characters = min(borders[n + 1] - borders[n], left)
        if characters < 0:
            raise Refusal("broken")
        (place,) = unpack_from("<I", table, start + 4 * (count + 1) + 8 * n + 2)
        yield _piece(document, place, characters)
        left -= characters


def _counts(document: bytes) -> tuple[int, ...]:
    return unpack_from(f"<{len(_PARTS)}I", document, _COUNTS)


def _parts(document: bytes, text: str) -> list[str]:
    """The parts that are read; the main text is one even where the others are none."""
    start, parts = 0, []
    for count, is_read in zip(_counts(document), _PARTS, strict=True):
        if is_read and count:
            parts.append(text[start : start + count])
        start += count
    return parts


def _piece(document: bytes, place: int, characters: int) -> str:
    if place & 0x40000000:  # eight bits a character
        offset = (place & 0x3FFFFFFF) // 2
        return document[offset : offset + characters].decode("cp1252", "replace")
    return document[place : place + 2 * characters].decode("utf-16-le", "replace")


def _piece_table(document: bytes, table: bytes) -> tuple[int, int]:
    """Where in the table stream the piece table starts, and its length."""
    at, length = unpack_from("<II", document, _CLX)
    end = min(at + length, len(table))
    while at < end:
        if table[at] == 1:  # formatting, to be skipped
            (size,) = unpack_from("<H", table, at + 1)
            at += 3 + size
        elif table[at] == 2:
            (size,) = unpack_from("<I", table, at + 1)
            return at + 5, size
        else:
            break
    raise Refusal("broken")


def _lines(text: str) -> Iterator[str]:
    """Marks into lines and tabs; what a field shows stays, how it is computed goes."""
    shown = _HIDDEN_FIELD.sub("", text).replace("\x15", "").replace("\x14", "")
    shown = shown.replace("\r\x07", "\x07").replace("\x07\x07", "\n").replace("\x07", "\t")
    shown = shown.replace("\x1e", "-").replace("\xa0", " ")
    for line in re.split(r"[\r\n\x0b\x0c]", _OBJECT.sub("", shown)):
        yield line.strip("\t ")
