"""What changed between two wordings: by sentence, and within a sentence by character. Pure.

Bounded in time whatever the texts are: what stands once in both texts is found in one pass and
holds the rest in place (patience diff); only what lies between is compared closely, and only until
the effort is spent. What was compared less closely than it might have been is told.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from difflib import SequenceMatcher
from enum import StrEnum
from typing import Any

#: Behind these a sentence ends; a line always ends one.
_SENTENCE = re.compile(r"[^。；！？\n]{0,2000}(?:[。；！？]+|\n|$)|[^\n]{1,2000}")
#: Sentences this unlike are not the same sentence changed, but one gone and one come.
ALIKE = 0.4
#: Longer sentences are compared as wholes: comparing characters takes time by the square.
MOST_CHARACTERS = 1_000
MOST_SENTENCES = 20_000
#: Pairs of equal sentences, and sentences of a side, that are put in order as `difflib` does it.
MOST_PAIRS = 200_000
MOST_AT_ONCE = 2_000
#: Pairs of equal characters looked at in one call: about two seconds of work at the worst.
EFFORT = 4_000_000
#: Common characters fewer than this between two changes are chance: they tear words apart.
LEAST_COMMON = 2
_DEEPEST = 12


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


@dataclass(frozen=True, kw_only=True)
class Differences:
    """All sentences of two texts side by side, in order; and what was not compared."""

    rows: tuple[Row, ...]
    is_cut: bool = False  #: a text has more sentences than are compared
    is_coarse: bool = False  #: so much differs that some sentences are shown as gone and come


def as_json(row: Row) -> dict[str, Any]:
    """A sentence before and after as JSON values."""
    return {
        "before": [{"mark": piece.mark.value, "text": piece.text} for piece in row.before],
        "after": [{"mark": piece.mark.value, "text": piece.text} for piece in row.after],
    }


def differences(before: str, after: str) -> Differences:
    """Compare two texts sentence by sentence."""
    mine, theirs = sentences(before), sentences(after)
    comparing = _Comparing()
    rows = tuple(comparing.rows(mine[:MOST_SENTENCES], theirs[:MOST_SENTENCES]))
    return Differences(
        rows=rows,
        is_cut=max(len(mine), len(theirs)) > MOST_SENTENCES,
        is_coarse=comparing.is_coarse,
    )


def sentences(text: str) -> list[str]:
    """The sentences of a text, without the white space around them; one more than are compared."""
    found: list[str] = []
    for match in _SENTENCE.finditer(text):
        if one := match[0].strip():
            found.append(one)
            if len(found) > MOST_SENTENCES:
                break
    return found


@dataclass
class _Comparing:
    """One comparison, and the effort that is left for it."""

    left: int = EFFORT
    is_coarse: bool = field(default=False)

    def rows(self, before: Sequence[str], after: Sequence[str], depth: int = 0) -> Iterator[Row]:
        head = _common(before, after)
        yield from (_same(one) for one in before[:head])
        before, after = before[head:], after[head:]
        tail = _common(before[::-1], after[::-1])
        ends = before[len(before) - tail :]
        yield from self._between(before[: len(before) - tail], after[: len(after) - tail], depth)
        yield from (_same(one) for one in ends)

    def _between(self, before: Sequence[str], after: Sequence[str], depth: int) -> Iterator[Row]:
        if not before or not after:
            yield from self._changed(before, after)
        elif _are_few(before, after):
            matcher = SequenceMatcher(None, before, after, autojunk=False)
            for kind, at, to, start, end in matcher.get_opcodes():
                if kind == "equal":
                    yield from (_same(one) for one in before[at:to])
                else:
                    yield from self._changed(before[at:to], after[start:end])
        else:
            yield from self._around_anchors(before, after, depth)

    def _around_anchors(
        self, before: Sequence[str], after: Sequence[str], depth: int
    ) -> Iterator[Row]:
        """Sentences that stand once in both texts, in one order, part what is between them."""
        anchors = _anchors(before, after) if depth < _DEEPEST else []
        if not anchors:
            self.is_coarse = True
            yield from (_gone(one) for one in before)
            yield from (_come(one) for one in after)
            return
        at, start = 0, 0
        for mine, theirs in [*anchors, (len(before), len(after))]:
            yield from self.rows(before[at:mine], after[start:theirs], depth + 1)
            if mine < len(before):
                yield _same(before[mine])
            at, start = mine + 1, theirs + 1

    def _changed(self, gone: Sequence[str], come: Sequence[str]) -> Iterator[Row]:
        """Sentences that are alike stand beside each other; the others alone."""
        first = 0
        for one in gone:
            place = next(
                (n for n in range(first, len(come)) if self._are_alike(one, come[n])), None
            )
            if place is None:
                yield _gone(one)
                continue
            yield from (_come(other) for other in come[first:place])
            first = place + 1
            yield self._within(one, come[place])
        yield from (_come(other) for other in come[first:])

    def _are_alike(self, a: str, b: str) -> bool:
        if max(len(a), len(b)) > MOST_CHARACTERS:
            return a[:100] == b[:100]
        if 2 * min(len(a), len(b)) < ALIKE * (len(a) + len(b)) or not self._spend(8 * len(b) + 40):
            return False
        matcher = SequenceMatcher(None, a, b, autojunk=False)
        if matcher.quick_ratio() < ALIKE or not self._spend(_pairs(a, b)):
            return False
        return matcher.ratio() >= ALIKE

    def _within(self, before: str, after: str) -> Row:
        """One sentence and what became of it, by characters."""
        is_long = max(len(before), len(after)) > MOST_CHARACTERS
        if is_long or not self._spend(_pairs(before, after)):
            gone = (Piece(mark=Mark.GONE, text=before),)
            return Row(before=gone, after=(Piece(mark=Mark.COME, text=after),))
        return _by_character(before, after)

    def _spend(self, effort: int) -> bool:
        """Whether there is effort left for this; once there is not, sentences stay whole."""
        if effort > self.left:
            self.is_coarse = True
            return False
        self.left -= effort
        return True


def _common(before: Sequence[str], after: Sequence[str]) -> int:
    """How many sentences two lists begin with in common."""
    shared = min(len(before), len(after))
    return next((n for n in range(shared) if before[n] != after[n]), shared)


def _are_few(before: Sequence[str], after: Sequence[str]) -> bool:
    if max(len(before), len(after)) > MOST_AT_ONCE:
        return False
    counts = Counter(after)
    return sum(counts[one] for one in before) <= MOST_PAIRS


def _pairs(a: str, b: str) -> int:
    """Pairs of equal characters: what comparing two sentences costs."""
    counts = Counter(b)
    return len(a) + len(b) + sum(counts[one] for one in a)


def _anchors(before: Sequence[str], after: Sequence[str]) -> list[tuple[int, int]]:
    """Places of the sentences that stand once in both, the longest row of them in one order."""
    once = {one for one, count in Counter(before).items() if count == 1}
    once &= {one for one, count in Counter(after).items() if count == 1}
    theirs = {one: place for place, one in enumerate(after) if one in once}
    pairs = [(place, theirs[one]) for place, one in enumerate(before) if one in once]
    tails: list[int] = []  # of the best row of each length: its last place in ``after``
    ends: list[int] = []  # and that pair's place in ``pairs``
    previous: list[int] = []
    for number, (_, place) in enumerate(pairs):
        length = bisect_left(tails, place)
        previous.append(ends[length - 1] if length else -1)
        tails[length : length + 1] = [place]
        ends[length : length + 1] = [number]
    found: list[tuple[int, int]] = []
    number = ends[-1] if ends else -1
    while number >= 0:
        found.append(pairs[number])
        number = previous[number]
    return found[::-1]


def _same(text: str) -> Row:
    piece = (Piece(mark=Mark.SAME, text=text),)
    return Row(before=piece, after=piece)


def _gone(text: str) -> Row:
    return Row(before=(Piece(mark=Mark.GONE, text=text),))


def _come(text: str) -> Row:
    return Row(after=(Piece(mark=Mark.COME, text=text),))


def _by_character(before: str, after: str) -> Row:
    mine: list[Piece] = []
    theirs: list[Piece] = []
    matcher = SequenceMatcher(None, before, after, autojunk=False)
    operations = matcher.get_opcodes()
    for number, (kind, at, to, start, end) in enumerate(operations):
        is_inside = 0 < number < len(operations) - 1
        if kind == "equal" and not (is_inside and to - at < LEAST_COMMON):
            _add(mine, Mark.SAME, before[at:to])
            _add(theirs, Mark.SAME, after[start:end])
            continue
        _add(mine, Mark.GONE, before[at:to])
        _add(theirs, Mark.COME, after[start:end])
    return Row(before=tuple(mine), after=tuple(theirs))


def _add(pieces: list[Piece], mark: Mark, text: str) -> None:
    """Add a piece; neighbours with one mark are one piece."""
    if pieces and pieces[-1].mark is mark:
        text = pieces.pop().text + text
    if text:
        pieces.append(Piece(mark=mark, text=text))
