"""How a Hanzi is read: its pinyin syllables, with their tones and without."""

from __future__ import annotations

import lzma
import unicodedata
from functools import lru_cache
from pathlib import Path

READINGS_FILE = Path(__file__).with_name("readings.xz")  #: made by script/build-language-model
_FIRST = 0x4E00
_TONES = "\u0300\u0301\u0304\u030c"  #: grave, acute, macron, caron
_BREVE, _CARON = "\u0306", "\u030c"  #: the third tone, as some write it and as it should be


def readings(hanzi: str) -> frozenset[str]:
    """The syllables of a Hanzi, ``v`` for ü; empty when it is not in the table."""
    return frozenset(map(toneless, toned_readings(hanzi)))


def toned_readings(hanzi: str) -> frozenset[str]:
    """The same with their tones, wèi; what is read without one stands so, de."""
    table = _table()
    index = ord(hanzi) - _FIRST
    return frozenset(table[index].split()) if 0 <= index < len(table) else frozenset()


def usual_reading(hanzi: str) -> str:
    """How a Hanzi is read when nothing around it tells, with its tone; "" when not in the table."""
    index = ord(hanzi) - _FIRST
    row = _table()[index] if 0 <= index < len(_table()) else ""
    return row.partition(" ")[0]


def is_syllable(note: str) -> bool:
    """Whether a note, with tone or without, is a syllable of Chinese."""
    return toneless(note) in _syllables()


def toneless(note: str) -> str:
    """A syllable without its tone mark and spaces, ``v`` for ü."""
    plain = "".join(mark for mark in _apart(note) if mark not in _TONES)
    return unicodedata.normalize("NFC", plain).replace("ü", "v")


def toned(note: str) -> str:
    """A syllable as the table has it; "" when it carries no tone."""
    apart = _apart(note)
    return unicodedata.normalize("NFC", apart) if any(mark in _TONES for mark in apart) else ""


def _apart(note: str) -> str:
    return unicodedata.normalize("NFD", note.strip().lower()).replace(_BREVE, _CARON)


@lru_cache(maxsize=1)
def _table() -> tuple[str, ...]:
    return tuple(lzma.decompress(READINGS_FILE.read_bytes()).decode().split("\n"))


@lru_cache(maxsize=1)
def _syllables() -> frozenset[str]:
    return frozenset(toneless(syllable) for syllable in frozenset(" ".join(_table()).split()))
