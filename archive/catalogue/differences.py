"""What changed between two wordings: by sentence, and within a sentence by character. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from enum import StrEnum

#: Behind these a sentence ends; a line always ends one.
_SENTENCE = re.compile(r"[^。；！？\n]{0,2000}(?:[。；！？]+|\n|$)|[^\n]{1,2000}")
#: Sentences this unlike are not the same sentence changed, but one gone and one come.
ALIKE = 0.4
#: Longer sentences are compared as wholes: comparing characters takes time by the square.
MOST_CHARACTERS = 1_000
MOST_SENTENCES = 20_000


class Mark(StrEnum):
    """What became of a piece of text."""

    SAME = "same"
    GONE = "gone"
    COME = "come"


@dataclass(frozen=True, kw_only=True)
class Piece:
    """Some characters, and what became of them."""

    mark: Mark
    text: str


@dataclass(frozen=True, kw_only=True)
class Row:
    """A sentence before and after; one side is empty where it is gone or has come."""

    before: tuple[Piece, ...] = ()
    after: tuple[Piece, ...] = ()

    @property
    def is_same(self) -> bool:
        """Whether nothing changed in it."""
        return bool(self.before) and self.before == self.after


def differences(before: str, after: str) -> tuple[Row, ...]:
    """All sentences of two texts side by side, in order."""
    return tuple(_rows(sentences(before), sentences(after)))


def sentences(text: str) -> list[str]:
    """The sentences of a text, without the white space around them."""
    found = (match[0].strip() for match in _SENTENCE.finditer(text))
    return [one for one in found if one][:MOST_SENTENCES]


def _rows(before: Sequence[str], after: Sequence[str]) -> Iterator[Row]:
    matcher = SequenceMatcher(None, before, after, autojunk=False)
    for kind, at, to, start, end in matcher.get_opcodes():
        if kind == "equal":
            yield from (_same(one) for one in before[at:to])
        else:
            yield from _changed(before[at:to], after[start:end])


def _same(text: str) -> Row:
    piece = (Piece(mark=Mark.SAME, text=text),)
    return Row(before=piece, after=piece)


def _changed(gone: Sequence[str], come: Sequence[str]) -> Iterator[Row]:
    """Sentences that are alike stand beside each other; the others alone."""
    left = list(come)
    for one in gone:
        best = next((other for other in left if _are_alike(one, other)), None)
        if best is None:
            yield Row(before=(Piece(mark=Mark.GONE, text=one),))
            continue
        place = left.index(best)
        yield from (_come(other) for other in left[:place])
        left = left[place + 1 :]
        yield _within(one, best)
    yield from (_come(other) for other in left)


def _come(text: str) -> Row:
    return Row(after=(Piece(mark=Mark.COME, text=text),))


def _are_alike(a: str, b: str) -> bool:
    if max(len(a), len(b)) > MOST_CHARACTERS:
        return a[:100] == b[:100]
    matcher = SequenceMatcher(None, a, b, autojunk=False)
    return matcher.quick_ratio() >= ALIKE and matcher.ratio() >= ALIKE


def _within(before: str, after: str) -> Row:
    """One sentence and what became of it, by characters."""
    if max(len(before), len(after)) > MOST_CHARACTERS:
        return Row(
            before=(Piece(mark=Mark.GONE, text=before),), after=(Piece(mark=Mark.COME, text=after),)
        )
    mine: list[Piece] = []
    theirs: list[Piece] = []
    matcher = SequenceMatcher(None, before, after, autojunk=False)
    for kind, at, to, start, end in matcher.get_opcodes():
        if kind == "equal":
            mine.append(Piece(mark=Mark.SAME, text=before[at:to]))
            theirs.append(Piece(mark=Mark.SAME, text=after[start:end]))
            continue
        if at < to:
            mine.append(Piece(mark=Mark.GONE, text=before[at:to]))
        if start < end:
            theirs.append(Piece(mark=Mark.COME, text=after[start:end]))
    return Row(before=tuple(mine), after=tuple(theirs))
