"""How a Hanzi is read: its pinyin syllables without tones."""

from __future__ import annotations

import lzma
import unicodedata
from functools import lru_cache
from pathlib import Path

READINGS_FILE = Path(__file__).with_name("readings.xz")  #: made by script/build-language-model
_FIRST = 0x4E00
_TONES = "\u0300\u0301\u0304\u030c"  #: grave, acute, macron, caron


def readings(hanzi: str) -> frozenset[str]:
    """The syllables of a Hanzi, ``v`` for ü; empty when it is not in the table."""
    table = _table()
    index = ord(hanzi) - _FIRST
    return frozenset(table[index].split()) if 0 <= index < len(table) else frozenset()


def is_syllable(note: str) -> bool:
    """Whether a note, with tone or without, is a syllable of Chinese."""
    return toneless(note) in _syllables()


def toneless(note: str) -> str:
    """A syllable without its tone mark and spaces, ``v`` for ü."""
    apart = unicodedata.normalize("NFD", note.strip().lower())
    plain = "".join(mark for mark in apart if mark not in _TONES)
    return unicodedata.normalize("NFC", plain).replace("ü", "v")


@lru_cache(maxsize=1)
def _table() -> tuple[str, ...]:
    return tuple(lzma.decompress(READINGS_FILE.read_bytes()).decode().split("\n"))


@lru_cache(maxsize=1)
def _syllables() -> frozenset[str]:
    return frozenset(syllable for row in _table() for syllable in row.split())
