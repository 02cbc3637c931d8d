"""A stretch of damaged text as what its octets may have been."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from enum import Enum

from archive.ingest.repair.gbk import encoding
from archive.ingest.repair.notes import LETTERS
from archive.ingest.repair.readings import is_syllable


class Kind(Enum):
    """What a token of damaged text is."""

    PAIR = "pair"  #: a character of two octets
    ASCII = "ascii"  #: one octet, or what is left of A3 and another
    LOST = "lost"  #: ``?`` or U+FFFD: perhaps an octet that could not be read
    NOTE = "note"  #: pinyin in parentheses, put in by the engine
    TORN_NOTE = "torn note"  #: the same behind a ``?`` that swallowed its first parenthesis
    OTHER = "other"  #: nothing that GBK has


@dataclass(frozen=True, slots=True)
class Token:
    """One piece of a stretch, with where it stands."""

    kind: Kind
    text: str
    start: int
    end: int
    octets: tuple[int, ...] = ()
    syllable: str = ""  #: of notes


_PIECE = re.compile(
    rf"\( ?(?P<note>[{LETTERS}]{{1,6}}) ?\)"
    rf"|[?\ufffd](?P<torn>[{LETTERS}]{{1,6}}) ?\)"
    r"|(?P<one>.)",
    re.DOTALL,
)


def tokens(text: str, start: int, end: int) -> Iterator[Token]:
    """Cut a stretch of text into tokens."""
    at = start
    while at < end:
        piece = _PIECE.match(text, at, end)
        if piece is None:
            return
        token = _token(piece)
        if token is None:  # letters in parentheses that are no syllable: one character at a time
            token = _character(text[at], at)
        yield token
        at = token.end


def _token(piece: re.Match[str]) -> Token | None:
    for group, kind in (("note", Kind.NOTE), ("torn", Kind.TORN_NOTE)):
        syllable = piece[group]
        if syllable:
            if not is_syllable(syllable):
                return None
            return Token(kind, piece[0], piece.start(), piece.end(), syllable=syllable)
    return _character(piece[0], piece.start())


def _character(character: str, at: int) -> Token:
    if character in "?\ufffd":
        return Token(Kind.LOST, character, at, at + 1)
    if "!" <= character <= "~":
        return Token(Kind.ASCII, character, at, at + 1, (ord(character),))
    octets = encoding().get(character)
    if octets is None:
        return Token(Kind.OTHER, character, at, at + 1)
    return Token(Kind.PAIR, character, at, at + 1, octets)
