"""Find the places where a mirror's engine broke two-octet characters apart, and undo them.

The engine works on GBK octets and does not keep to characters: it takes the A3 out of what it
believes to be a full-width mark, or writes a pinyin note behind a pair that is the second half of
one character and the first of the next. From there the text is read one octet late. No list of
such pairs is built in: a break is found by its traces.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby, islice, pairwise, starmap

from archive.ingest.repair.gbk import encoding
from archive.ingest.repair.language_model import (
    BOUNDARY,
    LanguageModel,
    fold,
    fold_character,
    load_language_model,
)
from archive.ingest.repair.notes import LETTERS, NOTE, Note
from archive.ingest.repair.search import Finding, search
from archive.ingest.repair.tokens import Token, tokens

_WIDE = "㐀-鿿\u3001-\u303f\uff01-\uffee“”‘’—…·\ue000-\uf8ff"
#: A mark in the middle of Chinese, a character nobody has, a torn note, a letter with a note.
_TRACE = re.compile(
    rf"(?<=[{_WIDE}])[?!;\ufffd]{{1,8}}(?=[^\s?!;\ufffd<&\"'])"
    rf"|(?<=[{_WIDE}])[?\ufffd]{{2,8}}"
    rf"|(?<=[{LETTERS}]\))[?!;\ufffd]{{1,8}}(?=[@-~]?[^\x00-\xff])"  # behind a note
    rf"|[?\ufffd][{LETTERS}]{{1,6}}\)"
    rf"|(?<=[{_WIDE}])[\ue000-\ue765]"
    rf"|[\ue000-\ue765](?=[{_WIDE}])"
    rf"|(?<=[{_WIDE}])[@-~](?={NOTE})"
)
_REACH = 400  #: tokens: no break was seen to run on for as long
_MOST_TRACES = 5_000  #: a text with more is not searched to its end, and says so

#: Bits. Calibrated as a set on damage made anew from clean notices and on clean pages
#: (tests/ingest/test_repair_damage.py); don't change one alone.
_START_IN_MIRROR = 12.0
_START_ELSEWHERE = 28.0
_LEAST_GAIN = 8.0
_LEAST_MARGIN = 2.0
_MOST_PER_CHARACTER = 14.0
_GIBBERISH_RATE = 12.5  #: bits a character; what follows a break reads like no Chinese at all


@dataclass(frozen=True, kw_only=True)
class Edit:
    """A stretch of the text, and what it was before it broke."""

    start: int
    end: int
    after: str


@dataclass(frozen=True, kw_only=True)
class Undone:
    """All that was found broken in a text."""

    edits: tuple[Edit, ...] = ()
    unsure: tuple[int, ...] = ()  #: places that look broken and were left as they are


def undo_byte_damage(text: str, notes: Sequence[Note], *, in_mirror: bool) -> Undone:
    """Find every break; ``in_mirror`` says that the text bears the marks of such an engine.

    The engine breaks the same two characters wherever they stand, so that what is sure in one
    place makes it likelier in another: the text is gone through a second time with that.
    """
    every = _traces(text, notes if in_mirror else ())
    worth = every if in_mirror else (at for at in every if _runs_into_gibberish(text, at))
    traces = tuple(islice(worth, _MOST_TRACES))
    search_at = _Breaks(text=text, traces=traces, in_mirror=in_mirror)
    first = search_at(frozenset())
    known = frozenset(pair for edit in first for pair in _broken_pairs(text, edit))
    edits = search_at(known) if known else first
    ends = {start for start in traces for edit in edits if edit.start <= start < edit.end}
    unsure = [start for start in traces if start not in ends and _looks_broken(text, start)]
    return Undone(edits=tuple(edits), unsure=tuple(unsure) if in_mirror else ())


@dataclass(frozen=True, kw_only=True)
class _Breaks:
    """One going-through of a text: every trace is searched, with what is known of the engine."""

    text: str
    traces: Sequence[int]
    in_mirror: bool

    def __call__(self, known: frozenset[str]) -> list[Edit]:
        model = load_language_model()
        edits: list[Edit] = []
        for start in self.traces:
            if edits and start < edits[-1].end:
                continue
            edits += _undo_at(self.text, start, model, known, in_mirror=self.in_mirror)
        return edits


def _broken_pairs(text: str, edit: Edit) -> Iterator[str]:
    """The two characters that the break went through, folded."""
    whole = text[max(0, edit.start - 1) : edit.start] + edit.after[:2]
    folded = fold(whole)
    yield from map("".join, pairwise(folded))


def has_traces(text: str) -> bool:
    """Whether anything in the text may be a break: the cheap test before the search."""
    return _TRACE.search(text) is not None


def _traces(text: str, notes: Sequence[Note]) -> Iterator[int]:
    """Where a break may be, in order: marks out of place, and notes behind the wrong Hanzi."""
    misfits = (note.start for note in notes if not note.fits)
    marks = (trace.start() for trace in _TRACE.finditer(text))
    yield from sorted({*misfits, *marks})


def _undo_at(
    text: str, start: int, model: LanguageModel, known: frozenset[str], *, in_mirror: bool
) -> list[Edit]:
    stretch: list[Token] = []
    end = _line_end(text, start)
    finding = search(
        _remembered(islice(tokens(text, start, end), _REACH), stretch),
        _before(text, start),
        model,
        start_price=_START_IN_MIRROR if in_mirror else _START_ELSEWHERE,
        known=known,
        last_pair=encoding().get(text[start - 1 : start], (0, 0)),
    )
    if finding is None or not _is_sure(finding, _before(text, start), model):
        return []
    return list(_edits(stretch, finding))


def _remembered(pieces: Iterator[Token], stretch: list[Token]) -> Iterator[Token]:
    for piece in pieces:
        stretch.append(piece)
        yield piece


def _edits(stretch: Sequence[Token], finding: Finding) -> Iterator[Edit]:
    """Each run of tokens that differs."""
    pairs = zip(stretch, finding.text, strict=False)  # one token is read ahead
    for differs, run in groupby(pairs, key=lambda pair: pair[0].text != pair[1]):
        if differs:
            pieces = list(run)
            after = "".join(text for _, text in pieces)
            yield Edit(start=pieces[0][0].start, end=pieces[-1][0].end, after=after)


def _is_sure(finding: Finding, before: str, model: LanguageModel) -> bool:
    """Whether a reading is far enough ahead of all others, and reads like Chinese throughout."""
    if finding.gain < _LEAST_GAIN or finding.margin < _LEAST_MARGIN:
        return False
    made = fold(re.sub(NOTE, "", "".join(finding.text)))
    if not made or not all(map(model.knows, made)):
        return False
    bits = sum(starmap(model.cost, pairwise(before + made)))
    return bits <= _MOST_PER_CHARACTER * len(made)


def _runs_into_gibberish(text: str, start: int) -> bool:
    """Whether what follows is no Chinese: the cheap test where no engine is known to have been."""
    model, before, bits = load_language_model(), "", []
    for character in text[start : start + 14].lstrip("?!;\ufffd")[:6]:
        folded = fold_character(character)
        if character in "\n<" or not folded:
            break
        bits.append(model.cost(before, folded))
        before = folded
    return len(bits) >= 2 and sum(bits) >= _GIBBERISH_RATE * len(bits)


def _looks_broken(text: str, start: int) -> bool:
    around = text[start : start + 6]
    return bool(re.search(r"[\ue000-\ue765\ufffd]|\?\?", around))


def _line_end(text: str, start: int) -> int:
    """A break ends at the latest with its line or its piece of HTML."""
    stop = re.compile(r"[\n<]").search(text, start, start + 4 * _REACH)
    return stop.start() if stop else min(len(text), start + 4 * _REACH)


def _before(text: str, start: int) -> str:
    """The character before a place, as the model sees it, notes left out."""
    head = re.sub(NOTE, "", text[max(0, start - 24) : start])
    for character in reversed(head):
        if character in "\n>":
            return BOUNDARY
        folded = fold_character(character)
        if folded:
            return folded
    return BOUNDARY
