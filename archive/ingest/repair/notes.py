"""Pinyin notes that a mirror's engine wrote behind characters: 衛(wèi)生, 政(zheng)(zheng)府."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

from archive.ingest.repair.language_model import load_language_model
from archive.ingest.repair.readings import is_syllable, readings, toneless

_VOWELS = "āáǎàōóǒòēéěèīíǐìūúǔùǖǘǚǜüńňǹḿ"
LETTERS = f"a-z{_VOWELS}"
NOTE = rf"\( ?[{LETTERS}]{{1,6}} ?\)"
_RUN = re.compile(rf"(?<=[㐀-鿿])(?:{NOTE}){{1,6}}")
_ONE = re.compile(rf"\( ?([{LETTERS}]{{1,6}}) ?\)")
_HANZI = re.compile(r"[㐀-鿿]")
_TONED = re.compile(f"[{_VOWELS}]")

#: A page is annotated from three notes and five in a thousand Hanzi on; names in legitimate
#: text carry one or two (facts: hacked-mirrors, signature 3).
_LEAST_NOTES = 3
_LEAST_RATE = 0.005
#: Bits below which a Hanzi is everyday: nobody explains how 市 is read, a rare name's 禤 is.
_EVERYDAY = 12.5


@dataclass(frozen=True, kw_only=True)
class Note:
    """One run of notes behind a Hanzi."""

    start: int  #: of the first parenthesis
    end: int
    hanzi: str
    syllables: tuple[str, ...]  #: as written
    fits: bool  #: whether the Hanzi is read so

    @property
    def is_repeated(self) -> bool:
        """政(zheng)(zheng): no hand writes that."""
        return len(self.syllables) > 1


def find_notes(text: str) -> tuple[Note, ...]:
    """Every run of parentheses behind a Hanzi that holds nothing but syllables of pinyin."""
    return tuple(_notes(text))


def are_injected(notes: tuple[Note, ...], text: str) -> bool:
    """Whether a machine wrote these notes all over the text, rather than an author by a name."""
    fitting = [note for note in notes if note.fits]
    if any(note.is_repeated for note in fitting):
        return True
    if len(fitting) >= _LEAST_NOTES:
        return len(fitting) >= _LEAST_RATE * len(_HANZI.findall(text))
    toned = [note for note in fitting if _TONED.search("".join(note.syllables))]
    return bool(toned) and len(toned) == len(notes) and all(map(_is_everyday, toned))


def belongs_to_engine(note: Note) -> bool:
    """Whether one note of an annotated text is the engine's: it fits, or carries a tone.

    A note that neither fits nor has a tone may be the author's own, such as 甲(a).
    """
    return note.fits or bool(_TONED.search("".join(note.syllables)))


@lru_cache(maxsize=50_000)
def fits(hanzi: str, syllable: str) -> bool:
    """Whether a Hanzi is read so, tones aside."""
    return toneless(syllable) in readings(hanzi)


def _notes(text: str) -> Iterator[Note]:
    for run in _RUN.finditer(text):
        syllables = tuple(_ONE.findall(run[0]))
        if not all(map(is_syllable, syllables)):
            continue
        hanzi = text[run.start() - 1]
        yield Note(
            start=run.start(),
            end=run.end(),
            hanzi=hanzi,
            syllables=syllables,
            fits=any(fits(hanzi, syllable) for syllable in syllables),
        )


def _is_everyday(note: Note) -> bool:
    return load_language_model().single_cost(note.hanzi) < _EVERYDAY
