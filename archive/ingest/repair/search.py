"""Search for what a damaged stretch was: the likeliest Chinese among all that its octets allow.

Two ways run side by side through the tokens: *as it stands*, and *undone*, in which octets are
put back (the A3 of a full-width mark, a lead that could not be read) and read anew. Undoing
starts at a price and ends wherever it is in step with the text again. Ways that agree in what
follows are merged, so that the cost is linear in the length; the merged way remembers how likely
all of them were together, and so tells how likely the best one is among all readings.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from functools import lru_cache
from operator import itemgetter
from typing import NamedTuple

from archive.ingest.repair.brackets import MARKS, left_open, step
from archive.ingest.repair.gbk import LEADS, decoding, is_private
from archive.ingest.repair.language_model import BOUNDARY, fold_character
from archive.ingest.repair.notes import fits, fits_with_tone
from archive.ingest.repair.surroundings import Surroundings
from archive.ingest.repair.tokens import Kind, Token

#: Prices in bits. They say how often the engine does each, roughly; the language model decides.
_PUT_BACK_MARK = 2.0  #: A3 before ? ! ; , : as the engine is known to take away
_PUT_BACK_WIDTH = 6.0  #: A3 before any other ASCII character
_LOST_OTHERWISE = 5.0  #: more for a ``?`` though the next octet could have been its trail
#: By whether the mirror shows what it lost: a lead lost because what follows it is no trail, and
#: an octet that left no ``?`` before a mark that lost its A3 (。《 reads ``!`` and no more).
_LOST_OCTET = {True: 1.0, None: 1.0, False: 9.0}
_SILENT_AT_MARK = {None: 5.0, False: 1.0}
_STANDS_AGAIN = 6.0  #: a ``?`` behind a ``?`` that is nothing else
_SILENT_AT_NOTE = {None: 16.0, False: 2.0}
#: The note stands behind the very character that it reads; and whether the engine annotates that
#: one elsewhere in the text, leaves it alone, or too little of its work is seen.
_NOTE_FITS = {None: -5.0, True: -9.0, False: 2.0}
_NOTE_OTHER_TONE = 12.0  #: more for a note that reads the character but for its tone
_NOTE_MISFIT = 20.0  #: the engine writes no note but behind the very pair that it found
_WIDTH = 256  #: ways kept after each token whose lead waits for its trail
_WIDTH_IN_STEP = 64  #: the others: 126 guessed leads would crowd them out
_SLACK = 45.0  #: bits behind the best at which a way is given up
_MARKS = frozenset("?!;,:.()")
_LOST_SIGNS = frozenset("?\ufffd")
_GIVE_UP = frozenset({Kind.LOST, Kind.NOTE, Kind.TORN_NOTE, Kind.OTHER})
_PLAIN = frozenset({Kind.PAIR, Kind.OTHER})
_SPACE = 6.0  #: bits of white space between Hanzi
_GIBBERISH = 24.0  #: bits of a character that no Chinese text holds
_ENDS_UNFINISHED = 6.0  #: more for a line that ends in a mark after which a sentence goes on
_UNFINISHED = frozenset(",、([《〈〔【")
#: Costs of neighbours are not independent of each other: so much of a difference is believed.
_SHARPNESS = 1.0

#: What was written before, the last token's text, and a hash of all that.
Written = tuple["Written | None", str, int]


#: Stand before a character in what is written when its lead, or its trail, was guessed.
GUESSED_LEAD, GUESSED_TRAIL = "\ufdd0", "\ufdd1"


class Way(NamedTuple):
    """One reading of the tokens so far, with those that it was merged with."""

    cost: float
    total: float  #: bits of all readings that came together in this one, as far as believed
    undoing: bool
    pending: int  #: a lead octet that waits for its trail; 0 when in step
    before: str  #: the last two characters, folded, for the language model
    opened: str  #: the brackets and quotes that stand open
    last_pair: tuple[int, int]  #: the last two octets, which a note reads
    lost: int  #: the octet just guessed, 0 when the last one was there to be read
    written: Written | None

    def dearer(self, bits: float) -> Way:
        """The same at a price."""
        return self._replace(cost=self.cost + bits, total=self.total + _SHARPNESS * bits)


_cost_of = itemgetter(0)


@dataclass(frozen=True, kw_only=True)
class Finding:
    """What a search came to."""

    text: tuple[str, ...]  #: one string a token, with marks before what was guessed
    ends_line: bool
    gain: float  #: bits by which it is likelier than the text as it stands
    likelihood: float  #: of this reading among all, 0 to 1


def search(
    tokens: Iterable[Token],
    before: str,
    here: Surroundings,
    *,
    start_price: float,
    last_pair: tuple[int, int] = (0, 0),
    opened: str = "",
    rest_of_line: Callable[[int], str | None] = lambda _: None,
) -> Finding | None:
    """The likeliest reading, or None when that is the text as it stands.

    Reads no further than to where every reading that is left is in step with the text.
    ``opened`` are the brackets that stand open before; ``rest_of_line`` is what follows a place,
    None where its line does not end.
    """
    standing = Way(0.0, 0.0, False, 0, before, opened, last_pair, 0, None)
    ends_line = False
    ways = [standing]
    for token, upcoming in _with_next(tokens):
        standing = _stand(standing, token, here)
        ways = _pruned(_steps(ways, token, upcoming, here, start_price))
        if token.kind in _PLAIN and not any(way.pending for way in ways):
            break
    else:  # the line is over: 。 ends one, 、 does not
        ends_line = True
        ways += [whole for way in ways if way.pending for whole in _undo_end(way, here)]
        if rest_of_line(token.end) is not None:
            standing, *ways = (_line_ended(way, here) for way in (standing, *ways))
    rest = rest_of_line(token.end)
    standing, *ways = (way.dearer(left_open(way.opened, rest)) for way in (standing, *ways))
    ended = sorted((way for way in ways if not way.pending), key=_cost_of)
    return _finding(standing, ended, ends_line=ends_line) if ended else None


def _line_ended(way: Way, here: Surroundings) -> Way:
    bits = here.cost(way.before, BOUNDARY)
    return way.dearer(bits + (_ENDS_UNFINISHED if way.before[-1:] in _UNFINISHED else 0.0))


def _finding(standing: Way, ended: list[Way], *, ends_line: bool) -> Finding | None:
    best, text = ended[0], _text(ended[0].written)
    if text == _text(standing.written):
        return None
    readings = {_mark(way.written): way.total for way in reversed(ended)}
    readings.setdefault(_mark(standing.written), standing.total)
    all_readings = _sum(readings.values())
    return Finding(
        text=text,
        ends_line=ends_line,
        gain=standing.cost - best.cost,
        likelihood=2 ** (all_readings - _SHARPNESS * best.cost),
    )


def _text(written: Written | None) -> tuple[str, ...]:
    pieces = []
    while written is not None:
        written, piece, _ = written
        pieces.append(piece)
    return tuple(reversed(pieces))


def _written(before: Written | None, piece: str) -> Written:
    return (before, piece, hash((_mark(before), piece)))


def _mark(written: Written | None) -> int:
    return 0 if written is None else written[2]


def _together(one: Way, other: Way) -> float:
    """Bits of two merged ways; the same text, come to in two ways, counts once."""
    if _mark(one.written) == _mark(other.written):
        return min(one.total, other.total)
    return _sum((one.total, other.total))


def _sum(bits: Iterable[float]) -> float:
    """Bits of one or another of some things."""
    every = list(bits)
    least = min(every)
    return least - math.log2(sum(2 ** (least - each) for each in every))


def _with_next(tokens: Iterable[Token]) -> Iterator[tuple[Token, Token | None]]:
    last: Token | None = None
    for token in tokens:
        if last is not None:
            yield last, token
        last = token
    if last is not None:
        yield last, None


def _steps(
    ways: Iterable[Way],
    token: Token,
    upcoming: Token | None,
    here: Surroundings,
    start_price: float,
) -> Iterator[Way]:
    for way in ways:
        if way.undoing:
            yield from _undo(way, token, upcoming, here)
            continue
        yield _stand(way, token, here)
        if token.kind not in _PLAIN:  # a whole character in step is read as it stands
            started = way.dearer(start_price)._replace(undoing=True)
            yield from _undo(started, token, upcoming, here)


def _pruned(ways: Iterable[Way]) -> list[Way]:
    """The best way of those on which the rest of the search depends alike; at most `_WIDTH`."""
    best: dict[tuple[object, ...], Way] = {}
    for way in ways:
        key = way[2:7]
        known = best.get(key)
        if known is None:
            best[key] = way
            continue
        winner = way if way.cost < known.cost else known
        best[key] = winner._replace(total=_together(way, known))
    kept = sorted(best.values(), key=_cost_of)
    limit = kept[0].cost + _SLACK
    undoing = [way for way in kept if way.undoing and way.cost <= limit]
    in_step = [way for way in undoing if not way.pending][:_WIDTH_IN_STEP]
    standing = [way for way in kept if not way.undoing][:4]
    return standing + in_step + [way for way in undoing if way.pending][:_WIDTH]


def _cost(here: Surroundings, before: str, opened: str, character: str) -> tuple[float, str, str]:
    """Bits of a character, what stands before the next one, and what stands open."""
    folded = fold_character(character)
    if not folded:
        return (_SPACE if character.isspace() else _GIBBERISH), before, opened
    bits = here.of(before, character)
    if character in MARKS:
        more, opened = step(opened, character)
        bits += more
    return bits, before[-1:] + folded, opened


def _stand(way: Way, token: Token, here: Surroundings) -> Way:
    """The token as it stands."""
    made = _written(way.written, token.text)
    if token.kind is Kind.NOTE:
        return _noted(way, token, here)._replace(written=made)
    bits, before, opened = 0.0, way.before, way.opened
    for character in token.text:
        each, before, opened = _cost(here, before, opened, character)
        bits += each
    if token.kind is Kind.LOST and way.written is not None and way.written[1] in _LOST_SIGNS:
        bits += _STANDS_AGAIN
    pair = (token.octets[0], token.octets[1]) if len(token.octets) == 2 else (0, 0)
    cost, total = way.cost + bits, way.total + _SHARPNESS * bits
    return Way(cost, total, way.undoing, way.pending, before, opened, pair, 0, made)


def _undo(way: Way, token: Token, upcoming: Token | None, here: Surroundings) -> Iterator[Way]:
    """The token put back into octets, in every way that it may have come about."""
    if token.kind is Kind.OTHER:
        whole = _undo_end(way, here) if way.pending else (way,)
        yield from (_stand(each, token, here) for each in whole)
    elif token.kind is Kind.NOTE:
        yield from _undo_note(way, token, here)
    elif token.kind is Kind.TORN_NOTE:
        yield from _guessed_by_note(way, token, here, _LOST_OCTET[True])
    elif token.kind is Kind.LOST:
        yield from _undo_lost(way, upcoming, here)
    else:
        yield from _read(way, token.octets, 0.0, here)
        if token.kind is Kind.ASCII:
            yield from _undo_width(way, token, here)
            if way.pending:
                for ended in _undo_end(way, here):
                    yield from _read(ended, token.octets, 0.0, here)


def _undo_width(way: Way, token: Token, here: Surroundings) -> Iterator[Way]:
    """An ASCII character as what is left of a full-width one: A3 is put back before it."""
    wide = (0xA3, token.octets[0] | 0x80)
    if way.pending:
        price = _PUT_BACK_MARK if token.text in _MARKS else _PUT_BACK_WIDTH
        yield from _read(way, wide, price, here)
    elif token.text in "?!;":
        yield from _undo_silent(way, wide, here)


def _undo_silent(way: Way, wide: tuple[int, int], here: Surroundings) -> Iterator[Way]:
    """A mark without its A3, before which an octet was dropped without a trace."""
    price = _SILENT_AT_MARK.get(here.shows_losses)
    if price is not None:
        for guessed in _guessed(way, None, here, price):
            yield from _read(guessed, wide, _PUT_BACK_MARK, here)


def _undo_end(way: Way, here: Surroundings) -> Iterator[Way]:
    """A lead dropped without a trace because no octet of two-octet characters follows it."""
    price = _SILENT_AT_MARK.get(here.shows_losses)
    if price is not None:
        yield from _guessed(way, "", here, price)


def _undo_lost(way: Way, upcoming: Token | None, here: Surroundings) -> Iterator[Way]:
    """A ``?``: itself, a full-width one, or an octet that could not be read."""
    yield from _read(way, (0x3F,), 0.0, here)
    yield from _read(way, (0xA3, 0xBF), _PUT_BACK_MARK, here)
    price = _LOST_OCTET[here.shows_losses]
    if not _is_no_trail(upcoming):
        price += _LOST_OTHERWISE
    yield from _guessed(way, "", here, price)
    if not way.pending:
        yield from _undo_silent(way, (0xA3, 0xBF), here)


def _is_no_trail(upcoming: Token | None) -> bool:
    """Whether a decoder had to give up a lead before this: the line's end, or below 40."""
    if upcoming is None or upcoming.kind in _GIVE_UP:
        return True
    return upcoming.kind is Kind.ASCII and upcoming.octets[0] < 0x40


def _undo_note(way: Way, token: Token, here: Surroundings) -> Iterator[Way]:
    """A note belongs to no character: it goes, and only says how the pair before it is read."""
    yield _noted(way._replace(written=_written(way.written, "")), token, here)
    price = _SILENT_AT_NOTE.get(here.shows_losses)
    if price is not None:
        yield from _guessed_by_note(way, token, here, price)


def _guessed_by_note(way: Way, token: Token, here: Surroundings, price: float) -> Iterator[Way]:
    """The octet lost before a note: one that makes what the note reads, where any does."""
    first = way.pending or way.last_pair[1]
    among = _read_so(first, token.syllable) or tuple(LEADS)
    for guessed in _guessed(way, "", here, price, among):
        yield _noted(guessed, token, here)


@lru_cache(maxsize=4_000)
def _read_so(first: int, syllable: str) -> tuple[int, ...]:
    """Second octets with which a first one makes a Hanzi that is read so."""
    pairs = ((second, decoding().get(first << 8 | second, "")) for second in LEADS)
    return tuple(second for second, hanzi in pairs if hanzi and fits(hanzi, syllable))


def _noted(way: Way, token: Token, here: Surroundings) -> Way:
    first, second = way.last_pair
    hanzi = decoding().get(first << 8 | second, "")
    return way.dearer(_note_price(hanzi, token.syllable, here))._replace(lost=0)


def _note_price(hanzi: str, syllable: str, here: Surroundings) -> float:
    if not hanzi or not fits(hanzi, syllable):
        return _NOTE_MISFIT
    price = _NOTE_FITS[here.annotates(hanzi)]
    return price if fits_with_tone(hanzi, syllable) else price + _NOTE_OTHER_TONE


def _guessed(
    way: Way,
    text: str | None,
    here: Surroundings,
    price: float,
    among: Iterable[int] = LEADS,  # below 81 an octet is ASCII and not lost
) -> Iterator[Way]:
    """Every octet that may have stood there: a trail when a lead waits, else a lead.

    Two octets that are lost one after the other must be a pair that nobody can read; a pair
    that stands for a character would have been read.
    """
    way = way.dearer(price)
    written = way.written if text is None else _written(way.written, text)
    second, cost, total = way.last_pair[1], way.cost, way.total
    if not way.pending:
        for lead in among:
            if not way.lost or _is_unreadable(way.lost, lead):
                pair = (second, lead)
                yield Way(cost, total, True, lead, way.before, way.opened, pair, lead, written)
        return
    mark = GUESSED_LEAD + GUESSED_TRAIL if way.lost == way.pending else GUESSED_TRAIL
    for trail in among:
        character = decoding().get(way.pending << 8 | trail)
        if character is None or is_private(character) or character.isspace():
            continue
        if way.lost and not _is_unreadable(way.lost, trail):
            continue
        bits, before, opened = _cost(here, way.before, way.opened, character)
        made = _written(way.written, (text or "") + mark + character)
        pair = (way.pending, trail)
        sharp = total + _SHARPNESS * bits
        yield Way(cost + bits, sharp, True, 0, before, opened, pair, trail, made)


def _is_unreadable(first: int, second: int) -> bool:
    character = decoding().get(first << 8 | second)
    return character is None or is_private(character)


def _read(way: Way, octets: tuple[int, ...], price: float, here: Surroundings) -> Iterator[Way]:
    """Read octets after what waits; nothing comes when they are no characters."""
    bits, pending, before, opened, made = price, way.pending, way.before, way.opened, ""
    last, lost = way.last_pair, way.lost
    for octet in octets:
        last = (last[1], octet)
        if pending:
            character = decoding().get(pending << 8 | octet)
            if character is None or is_private(character):
                return
            if pending == lost:
                made += GUESSED_LEAD
            pending = lost = 0
        elif octet < 0x80:
            character = chr(octet)
        else:
            pending, lost = octet, 0
            continue
        each, before, opened = _cost(here, before, opened, character)
        bits += each
        made += character
    cost, total = way.cost + bits, way.total + _SHARPNESS * bits
    yield Way(cost, total, True, pending, before, opened, last, 0, _written(way.written, made))
