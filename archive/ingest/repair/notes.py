"""Pinyin notes that a mirror's engine wrote behind characters: 衛(wèi)生, 政(zheng)(zheng)府."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

from archive.ingest.repair.language_model import fold_character, load_language_model
from archive.ingest.repair.readings import (
    is_syllable,
    readings,
    toned,
    toned_readings,
    toneless,
    usual_reading,
)

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
#: A primer annotates every character; of the lines that an engine wrote in, it annotates a few.
_MOST_RATE = 0.35
_AGAIN_AND_AGAIN = 4  #: times that no author explains the same everyday character
_LEAST_SHARE = 0.6  #: of all notes that an author would hardly have written
_IN_A_WORD = 1.5  #: bits by which a neighbour is likelier beside the Hanzi than elsewhere
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
    """Whether a machine wrote these notes all over the text, rather than an author.

    An author explains a rare name, a character by itself, or the one of its readings that is not
    the usual; a machine annotates everyday characters in the middle of words, as they are usually
    read. A primer does so too, but annotates nearly all.
    """
    fitting = [note for note in notes if note.fits]
    if any(note.is_repeated for note in fitting):
        return True
    if _rate(notes, text) > _MOST_RATE:
        return False
    again = Counter((note.hanzi, note.syllables) for note in fitting if _is_everyday(note))
    if max(again.values(), default=0) >= _AGAIN_AND_AGAIN:
        return True
    idle = [note for note in fitting if _explains_nothing(note, text)]
    if not idle or len(idle) < _LEAST_SHARE * len(fitting):
        return False
    if len(fitting) >= _LEAST_NOTES:
        return len(fitting) >= _LEAST_RATE * len(_HANZI.findall(text))
    return len(idle) == len(fitting) and all(map(_is_toned, notes))


def belongs_to_engine(note: Note) -> bool:
    """Whether one note of an annotated text is the engine's: it fits, or carries a tone.

    A note that neither fits nor has a tone may be the author's own, such as 甲(a).
    """
    return note.fits or _is_toned(note)


def _is_toned(note: Note) -> bool:
    return _TONED.search("".join(note.syllables)) is not None


def _rate(notes: tuple[Note, ...], text: str) -> float:
    """Share of the Hanzi with a note, in the lines that have any."""
    hanzi, line_end = 0, -1
    for note in notes:
        if note.start > line_end:
            start = text.rfind("\n", 0, note.start) + 1
            line_end = text.find("\n", note.start) % (len(text) + 1)
            hanzi += len(_HANZI.findall(text, start, line_end))
    return len(notes) / max(1, hanzi)


def _explains_nothing(note: Note, text: str) -> bool:
    """Whether a note stands in the middle of a word, at an everyday Hanzi, as usually read."""
    usual = usual_reading(note.hanzi)
    is_usual = note.syllables[0].strip() in {usual, toneless(usual)}
    return is_usual and _is_everyday(note) and _is_in_a_word(note, text)


def _is_in_a_word(note: Note, text: str) -> bool:
    model = load_language_model()
    before, after = text[max(0, note.start - 2) : note.start - 1], text[note.end : note.end + 1]
    if before == ")":  # of the note at the character before
        before = text[max(0, note.start - 12) : note.start - 1].rpartition("(")[0][-1:]
    pairs = ((before, note.hanzi), (note.hanzi, after))
    hanzi = (pair for pair in pairs if all(map(_HANZI.match, pair)))
    folded = ((fold_character(one), fold_character(other)) for one, other in hanzi)
    return any(
        model.cost(one, other) <= model.single_cost(other) - _IN_A_WORD for one, other in folded
    )


@lru_cache(maxsize=50_000)
def fits(hanzi: str, syllable: str) -> bool:
    """Whether a Hanzi is read so, tones aside."""
    return toneless(syllable) in readings(hanzi)


@lru_cache(maxsize=50_000)
def fits_with_tone(hanzi: str, syllable: str) -> bool:
    """The same with the tone that the syllable carries, if it carries one."""
    with_tone = toned(syllable)
    return with_tone in toned_readings(hanzi) if with_tone else fits(hanzi, syllable)


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
