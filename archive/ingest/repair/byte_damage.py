"""Find the places where a mirror's engine broke two-octet characters apart, and undo them.

The engine works on GBK octets and does not keep to characters (facts: hacked-mirrors, signature
4): it takes the A3 out of what it believes to be a full-width mark, or writes a pinyin note
behind a pair that is the second half of one character and the first of the next. From there the
text is read one octet late. No list of such pairs is built in: a break is found by its traces.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import groupby, islice
from operator import attrgetter

from archive.ingest.repair.brackets import MARKS, opened_by
from archive.ingest.repair.gaps import GAP, has_lost_pair, leave_gaps, without_marks
from archive.ingest.repair.gbk import encoding, is_private
from archive.ingest.repair.language_model import (
    BOUNDARY,
    fold,
    fold_character,
    load_language_model,
)
from archive.ingest.repair.notes import LETTERS, NOTE, Note
from archive.ingest.repair.search import Finding, search
from archive.ingest.repair.surroundings import Surroundings
from archive.ingest.repair.tokens import Token, tokens

_WIDE = "㐀-鿿\u3001-\u303f\uff01-\uffee“”‘’—…·\ue000-\uf8ff"
#: A mark in the middle of Chinese, a character nobody has, a torn note, a letter with a note.
_TRACE = re.compile(
    rf"(?<=[{_WIDE}])[?!;\ufffd]{{1,8}}(?=[^\s?!;\ufffd<&\"'])"
    rf"|(?<=[{_WIDE}])[?\ufffd]{{2,8}}"
    rf"|(?<=[{_WIDE}])[?\ufffd][?!;][?\ufffd]"  # the same at a line's end
    rf"|(?<=[0-9A-Za-z%.])[?\ufffd][?!;]{{1,3}}(?=[{_WIDE}])"  # behind a number: 40%?!
    rf"|(?<=[{LETTERS}]\))[?!;\ufffd]{{1,8}}(?=[@-~]?[^\x00-\xff])"  # behind a note
    rf"|[?\ufffd][{LETTERS}]{{1,6}}\)"
    rf"|(?<=[{_WIDE}])[\ue000-\ue765]"
    rf"|[\ue000-\ue765](?=[{_WIDE}])"
    rf"|(?<=[{_WIDE}])[@-~](?={NOTE})"
)
#: In each trace stands one of these, in few sound texts any of them.
_MAY_TRACE = re.compile("[?!;(\ufffd\ue000-\ue765]")
_SHOWN_LOSS = re.compile(r"[?\ufffd][?!;\ufffd]")
_LEAST_MARKS = 3  #: marks without a ``?`` before them from which a mirror is taken to show none
_REACH = 6_000  #: tokens: in Simplified text a break runs on to the end of its paragraph
_MOST_SEARCHED = 90_000  #: tokens of a text, all searches together: half a minute of work
_MOST_LEARNT = 60_000  #: characters of the sound text that are taken in
_LOOKED_BACK = 2_000  #: characters before a break that may hold the other half of a bracket
_LOOKED_AHEAD = 400
_LINE_END = re.compile(r"[\n<]")
_INLINE = re.compile(r"</?(?:a|b|em|font|i|span|strong|sub|sup|u)\b", re.IGNORECASE)
_MOST_TRACES = 5_000  #: a text with more is not searched to its end, and says so

#: Bits. Calibrated as a set on damage made anew from clean notices and on clean pages
#: with models not learnt from them (benchmarks/repair.py); don't change one alone.
_START_IN_MIRROR = 12.0
_START_AT_LOSS = 6.0  #: the same where the mirror shows that it lost an octet: ``??``, ``?;``
_START_ELSEWHERE = 28.0
_LEAST_GAIN = 4.0
_LEAST_LIKELIHOOD = 0.8
_LEAST_OF_LONG = 0.5  #: the same of a run so long that a doubt in it is about one mark of many
_LONG = 12  #: characters
_LIKELY_ENOUGH_TO_LEARN = 0.96
_LEAST_TOLD = 2  #: characters that must be sure for each that is left open
_MOST_UNSURE = 20  #: places without a reading; from there on more of them than others speak
_UNSURE_RATE = 4  #: against any mirror
_LEAST_PROOF = 2  #: sure breaks that show a text to have been through such an engine
_MOST_PER_CHARACTER = 14.0
_GIBBERISH_RATE = 12.5  #: bits a character; what follows a break reads like no Chinese at all


@dataclass(frozen=True, kw_only=True)
class Edit:
    """A stretch of the text, and what it was before it broke."""

    start: int
    end: int
    after: str
    likelihood: float = 1.0  #: of this among all that it may have been


@dataclass(frozen=True, kw_only=True)
class Undone:
    """All that was found broken in a text."""

    edits: tuple[Edit, ...] = ()
    unsure: tuple[int, ...] = ()  #: places that look broken and were left as they are


def undo_byte_damage(text: str, notes: Sequence[Note], *, in_mirror: bool) -> Undone:
    """Find every break; ``in_mirror`` says that the text bears the marks of such an engine.

    A text that bears none is searched with more reserve, until its breaks show that it does.
    """
    undone = _undone(text, notes, in_mirror=in_mirror)
    if not in_mirror and len(undone.unsure) > max(_MOST_UNSURE, _UNSURE_RATE * len(undone.edits)):
        return replace(undone, edits=())  # no mirror's work: the wrong encoding all through
    proof = sum(edit.likelihood >= _LIKELY_ENOUGH_TO_LEARN for edit in undone.edits)
    if not in_mirror and proof >= _LEAST_PROOF:
        return _undone(text, notes, in_mirror=True)
    return undone


def _undone(text: str, notes: Sequence[Note], *, in_mirror: bool) -> Undone:
    """What is sure in one place helps in another: the text is gone through again with that."""
    every = _traces(text, notes if in_mirror else ())
    worth = every if in_mirror else (at for at in every if _runs_into_gibberish(text, at))
    traces = tuple(islice(worth, _MOST_TRACES))
    if not traces:
        return Undone()
    shows = _shows_losses(text, traces)
    sound = _sound(text, traces)
    here = Surroundings(load_language_model(), sound, notes, shows_losses=shows)
    edits = _undo_all(text, traces, here, in_mirror=in_mirror, may_leave_gaps=False)
    left = [start for start in traces if not _is_inside(start, edits)]
    if left:
        for edit in edits:
            if edit.likelihood >= _LIKELY_ENOUGH_TO_LEARN:
                here.learn_break(edit.after)
        more = _undo_all(text, left, here, in_mirror=in_mirror, may_leave_gaps=True)
        edits = sorted((*edits, *more), key=attrgetter("start"))
    unsure = [s for s in left if not _is_inside(s, edits) and _looks_broken(text, s)]
    unsure += [edit.start for edit in edits for _ in range(edit.after.count(GAP))]
    return Undone(edits=tuple(edits), unsure=tuple(unsure) if in_mirror or edits else ())


def _shows_losses(text: str, traces: Sequence[int]) -> bool | None:
    """Whether a lost octet left a ``?`` before the mark, as far as the traces tell."""
    marks = [text[at : at + 2] for at in traces if text[at] in "?!;\ufffd"]
    if any(_SHOWN_LOSS.fullmatch(mark) for mark in marks):
        return True
    return False if len(marks) >= _LEAST_MARKS else None


def _undo_all(
    text: str,
    traces: Sequence[int],
    here: Surroundings,
    *,
    in_mirror: bool,
    may_leave_gaps: bool,
) -> list[Edit]:
    """Search at each trace; one inside what was searched before stands in no sound context."""
    edits: list[Edit] = []
    done = searched = 0
    for start in traces:
        if start >= done and searched < _MOST_SEARCHED:
            run = _Run(text=text, start=start, here=here, may_leave_gaps=may_leave_gaps)
            found, done, looked_at = run.undone(in_mirror=in_mirror)
            searched += looked_at
            edits += found
    return edits


def _is_inside(start: int, edits: Sequence[Edit]) -> bool:
    return any(edit.start <= start < edit.end for edit in edits)


def _sound(text: str, traces: Sequence[int]) -> Iterator[str]:
    """The stretches of a text in which no break is: from each line's end to the next trace."""
    done = kept = 0
    for start in (*traces, len(text)):
        if start >= done:
            yield text[done : min(start, done + _MOST_LEARNT - kept)]
            kept = min(_MOST_LEARNT, kept + start - done)
            done = _line_end(text, start)


def has_traces(text: str) -> bool:
    """Whether anything in the text may be a break: the cheap test before the search."""
    return _MAY_TRACE.search(text) is not None and _TRACE.search(text) is not None


def _traces(text: str, notes: Sequence[Note]) -> Iterator[int]:
    """Where a break may be, in order: marks out of place, and notes behind the wrong Hanzi."""
    misfits = (note.start for note in notes if not note.fits)
    marks = (trace.start() for trace in _TRACE.finditer(text))
    yield from sorted({*misfits, *marks})


@dataclass(frozen=True, kw_only=True)
class _Run:
    """A stretch from a trace on, as long as it takes to be in step again."""

    text: str
    start: int
    here: Surroundings
    may_leave_gaps: bool

    def undone(self, *, in_mirror: bool) -> tuple[list[Edit], int, int]:
        """What is to be edited, how far the text is settled, and how many tokens that took."""
        stretch: list[Token] = []
        end = _line_end(self.text, self.start)
        finding = search(
            _remembered(islice(tokens(self.text, self.start, end), _REACH), stretch),
            _before(self.text, self.start),
            self.here,
            start_price=self._start_price() if in_mirror else _START_ELSEWHERE,
            last_pair=encoding().get(self.text[self.start - 1 : self.start], (0, 0)),
            opened=opened_by(self.text[_line_start(self.text, self.start) : self.start]),
            rest_of_line=self._rest_of_line,
        )
        if finding is None:
            return [], self.start + 1, len(stretch)
        looked_at = list(_edits(stretch, without_marks(finding.text)))
        made = self._sure_reading(finding)
        edits = (replace(edit, likelihood=finding.likelihood) for edit in _edits(stretch, made))
        return list(edits), looked_at[-1].end, len(stretch)

    def _rest_of_line(self, at: int) -> str | None:
        """What follows in the same line or paragraph; None where its end is far or behind a tag."""
        stop = _LINE_END.search(self.text, at, at + _LOOKED_AHEAD)
        end = stop.start() if stop else min(len(self.text), at + _LOOKED_AHEAD)
        rest = self.text[at:end]
        is_far = stop is None and end < len(self.text) and MARKS.isdisjoint(rest)
        return None if is_far or _INLINE.match(self.text, end) else rest

    def _start_price(self) -> float:
        is_loss = _SHOWN_LOSS.match(self.text, self.start) is not None
        return _START_AT_LOSS if is_loss else _START_IN_MIRROR

    def _sure_reading(self, finding: Finding) -> tuple[str, ...]:
        """The reading, or what of it is sure; nothing when too little is."""
        whole, before = without_marks(finding.text), _before(self.text, self.start)
        if finding.gain < _LEAST_GAIN or not _reads_like_chinese("".join(whole), before):
            return ()
        if finding.likelihood >= _LEAST_LIKELIHOOD and not has_lost_pair(finding):
            return whole
        if not self.may_leave_gaps:
            return ()
        opened = opened_by(self.text[_line_start(self.text, self.start) : self.start])
        reading = leave_gaps(finding, before, opened, self.here, least=_LEAST_LIKELIHOOD)
        told = len("".join(reading.text)) - reading.gaps
        least = _LEAST_OF_LONG if told >= _LONG else _LEAST_LIKELIHOOD
        is_worth_it = reading.likelihood >= least and told >= _LEAST_TOLD * reading.gaps
        return reading.text if is_worth_it else ()


def _remembered(pieces: Iterator[Token], stretch: list[Token]) -> Iterator[Token]:
    for piece in pieces:
        stretch.append(piece)
        yield piece


def _edits(stretch: Sequence[Token], made: Sequence[str]) -> Iterator[Edit]:
    """Each run of tokens that differs."""
    pairs = zip(stretch, made, strict=False)  # one token is read ahead
    for differs, run in groupby(pairs, key=lambda pair: pair[0].text != pair[1]):
        if differs:
            pieces = list(run)
            after = "".join(text for _, text in pieces)
            yield Edit(start=pieces[0][0].start, end=pieces[-1][0].end, after=after)


def _reads_like_chinese(made: str, before: str) -> bool:
    """Whether a reading is made of characters that are used, and no long row of rare pairs."""
    model = load_language_model()
    folded = fold(re.sub(NOTE, "", made))
    if not folded or not all(map(model.knows, folded)):
        return False
    whole = before + folded
    bits = sum(model.cost(whole[n : n + 2], whole[n + 2]) for n in range(len(whole) - 2))
    return bits <= _MOST_PER_CHARACTER * len(folded)


def _runs_into_gibberish(text: str, start: int) -> bool:
    """Whether what follows is no Chinese: the cheap test where no engine is known to have been."""
    model, before, bits = load_language_model(), "", []
    for character in text[start : start + 14].lstrip("?!;\ufffd")[:6]:
        if is_private(character):
            return True
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
    stop = _LINE_END.search(text, start, start + 2 * _REACH)
    return stop.start() if stop else min(len(text), start + 2 * _REACH)


def _line_start(text: str, start: int) -> int:
    from_here = max(0, start - _LOOKED_BACK)
    return max(text.rfind(mark, from_here, start) for mark in "\n>") + 1 or from_here


def _before(text: str, start: int) -> str:
    """The two characters before a place, as the model sees them, notes left out."""
    head = re.split("[\n>]", re.sub(NOTE, "", text[max(0, start - 24) : start]))[-1]
    return (BOUNDARY + fold(head))[-2:]
