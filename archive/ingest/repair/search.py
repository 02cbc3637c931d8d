"""Search for what a damaged stretch was: the likeliest Chinese among all that its octets allow.

Two ways run side by side through the tokens: *as it stands*, and *undone*, in which octets are
put back (the A3 of a full-width mark, a lead that could not be read) and read anew. Undoing
starts at a price and ends wherever it is in step with the text again. Ways that agree in what
follows are merged, so that the cost is linear in the length; what the loser lacked at a merge
tells how sure the winner is.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace

from archive.ingest.repair.gbk import LEADS, decoding, is_private
from archive.ingest.repair.language_model import BOUNDARY, LanguageModel, fold_character
from archive.ingest.repair.notes import fits
from archive.ingest.repair.tokens import Kind, Token

#: Prices in bits. They say how often the engine does each, roughly; the language model decides.
_PUT_BACK_MARK = 2.0  #: A3 before ? ! ; , : as the engine is known to take away
_PUT_BACK_WIDTH = 6.0  #: A3 before any other ASCII character
_LOST_OCTET = 1.0  #: a lead that was lost because what follows it is no trail
_LOST_OTHERWISE = 8.0  #: an octet that was lost though the next could have been its trail
_SILENT = 16.0  #: an octet that left not even a ``?``
_NOTE_FITS = -5.0  #: the note stands behind the very character that it reads
_NOTE_MISFIT = 5.0
_WIDTH = 256  #: ways kept after each token
_SLACK = 45.0  #: bits behind the best at which a way is given up
_MARKS = frozenset("?!;,:.()")
_GIVE_UP = frozenset({Kind.LOST, Kind.NOTE, Kind.TORN_NOTE, Kind.OTHER})
_PLAIN = frozenset({Kind.PAIR, Kind.OTHER})
_SPACE = 6.0  #: bits of white space between Hanzi
_KNOWN = 5.0  #: bits in favour of two characters that are known to have been broken elsewhere
_GIBBERISH = 24.0  #: bits of a character that no Chinese text holds


@dataclass(frozen=True, slots=True)
class Way:
    """One reading of the tokens so far."""

    cost: float
    undoing: bool
    pending: int  #: a lead octet that waits for its trail; 0 when in step
    before: str  #: the last character, folded, for the language model
    last_pair: tuple[int, int]  #: the last two octets, which a note reads
    lost: int  #: the octet just guessed, 0 when the last one was there to be read
    text: tuple[str, ...]  #: one string a token
    margin: float  #: bits by which the nearest other reading lost

    @property
    def key(self) -> tuple[bool, int, str]:
        """What the rest of the search depends on."""
        return (self.undoing, self.pending, self.before)


@dataclass(frozen=True, kw_only=True)
class _Costs:
    """What a character costs after another: the language model, and what the text itself shows."""

    model: LanguageModel
    known: frozenset[str]

    def of(self, before: str, character: str) -> tuple[float, str]:
        """Bits of a character, and what stands before the next one."""
        folded = fold_character(character)
        if not folded:
            return (_SPACE if character.isspace() else _GIBBERISH), before
        cost = self.model.cost(before, folded)
        return (cost - _KNOWN if before + folded in self.known else cost), folded


@dataclass(frozen=True, kw_only=True)
class Finding:
    """What a search came to."""

    text: tuple[str, ...]  #: one string a token; equal to the token's own where nothing changed
    cost: float  #: bits of this reading
    gain: float  #: bits by which it is likelier than the text as it stands
    margin: float  #: bits by which it is likelier than the next best


def search(
    tokens: Iterable[Token],
    before: str,
    model: LanguageModel,
    *,
    start_price: float,
    known: frozenset[str] = frozenset(),
    last_pair: tuple[int, int] = (0, 0),
) -> Finding | None:
    """The likeliest reading, or None when that is the text as it stands.

    ``known`` are pairs of characters that the engine broke elsewhere in the text.

    Reads no further than to where every reading that is left is in step with the text.
    """
    costs = _Costs(model=model, known=known)
    standing = Way(0.0, False, 0, before, last_pair, 0, (), 1e9)
    ways = [standing]
    for token, upcoming in _with_next(tokens):
        standing = _stand(standing, token, costs)
        ways = _pruned(_steps(ways, token, upcoming, costs, start_price))
        if token.kind in _PLAIN and not any(way.pending for way in ways):
            break
    else:  # the line is over: 。 ends one, 、 does not
        standing, *ways = (
            replace(way, cost=way.cost + model.cost(way.before, BOUNDARY))
            for way in (standing, *ways)
        )
    ended = sorted((way for way in ways if not way.pending), key=lambda way: way.cost)
    if not ended or ended[0].text == standing.text:
        return None
    best = ended[0]
    rest = (way.cost - best.cost for way in ended[1:] if way.text != best.text)
    return Finding(
        text=best.text,
        cost=best.cost,
        gain=standing.cost - best.cost,
        margin=min(best.margin, standing.cost - best.cost, min(rest, default=1e9)),
    )


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
    costs: _Costs,
    start_price: float,
) -> Iterator[Way]:
    for way in ways:
        if way.undoing:
            if not way.pending:  # in step again: going on as it stands costs nothing
                yield _stand(replace(way, undoing=False), token, costs)
            yield from _undo(way, token, upcoming, costs)
            continue
        yield _stand(way, token, costs)
        started = replace(way, undoing=True, cost=way.cost + start_price)
        yield from _undo(started, token, upcoming, costs)


def _pruned(ways: Iterable[Way]) -> list[Way]:
    """The best way for each key, with the margin over those it beat; at most `_WIDTH` of them."""
    best: dict[tuple[bool, int, str], Way] = {}
    for way in ways:
        known = best.get(way.key)
        if known is None:
            best[way.key] = way
            continue
        winner, loser = (way, known) if way.cost < known.cost else (known, way)
        if winner.text != loser.text:
            gap = loser.cost - winner.cost
            winner = (
                replace(winner, margin=min(winner.margin, gap)) if gap < winner.margin else winner
            )
        best[way.key] = winner
    kept = sorted(best.values(), key=lambda way: way.cost)
    limit = kept[0].cost + _SLACK
    undoing = [way for way in kept if way.undoing and way.cost <= limit][:_WIDTH]
    return [way for way in kept if not way.undoing][:4] + undoing


def _stand(way: Way, token: Token, costs: _Costs) -> Way:
    """The token as it stands."""
    made = (*way.text, token.text)
    if token.kind is Kind.NOTE:
        return replace(way, text=made)
    cost, before = way.cost, way.before
    for character in token.text:
        step, before = costs.of(before, character)
        cost += step
    pair = (token.octets[0], token.octets[1]) if len(token.octets) == 2 else (0, 0)
    return Way(cost, way.undoing, way.pending, before, pair, 0, made, way.margin)


def _undo(way: Way, token: Token, upcoming: Token | None, costs: _Costs) -> Iterator[Way]:
    """The token put back into octets, in every way that it may have come about."""
    if token.kind is Kind.OTHER:
        if not way.pending:
            yield _stand(way, token, costs)
    elif token.kind is Kind.NOTE:
        yield from _undo_note(way, token, costs)
    elif token.kind is Kind.TORN_NOTE:
        for guessed in _guessed(way, "", costs, _LOST_OCTET):
            yield _noted(guessed, token)
    elif token.kind is Kind.LOST:
        yield from _undo_lost(way, upcoming, costs)
    else:
        yield from _read(way, token.octets, 0.0, costs)
        if token.kind is Kind.ASCII:
            yield from _undo_width(way, token, costs)


def _undo_width(way: Way, token: Token, costs: _Costs) -> Iterator[Way]:
    """An ASCII character as what is left of a full-width one: A3 is put back before it."""
    wide = (0xA3, token.octets[0] | 0x80)
    if way.pending:
        price = _PUT_BACK_MARK if token.text in _MARKS else _PUT_BACK_WIDTH
        yield from _read(way, wide, price, costs)
    elif token.text in "?!;":  # an octet before the mark was dropped without a trace
        for guessed in _guessed(way, None, costs, _SILENT):
            yield from _read(guessed, wide, _PUT_BACK_MARK, costs)


def _undo_lost(way: Way, upcoming: Token | None, costs: _Costs) -> Iterator[Way]:
    """A ``?``: itself, a full-width one, or an octet that could not be read."""
    yield from _read(way, (0x3F,), 0.0, costs)
    yield from _read(way, (0xA3, 0xBF), _PUT_BACK_MARK, costs)
    price = _LOST_OCTET if _is_no_trail(upcoming) else _LOST_OTHERWISE
    yield from _guessed(way, "", costs, price)


def _is_no_trail(upcoming: Token | None) -> bool:
    """Whether a decoder had to give up a lead before this: the line's end, or below 40."""
    if upcoming is None or upcoming.kind in _GIVE_UP:
        return True
    return upcoming.kind is Kind.ASCII and upcoming.octets[0] < 0x40


def _undo_note(way: Way, token: Token, costs: _Costs) -> Iterator[Way]:
    """A note belongs to no character: it goes, and only says how the pair before it is read."""
    yield _noted(_written(way, ""), token)
    if not way.pending:
        for guessed in _guessed(way, "", costs, _SILENT):
            yield _noted(guessed, token)


def _noted(way: Way, token: Token) -> Way:
    first, second = way.last_pair
    hanzi = decoding().get(first << 8 | second, "")
    price = _NOTE_FITS if hanzi and fits(hanzi, token.syllable) else _NOTE_MISFIT
    return replace(way, cost=way.cost + price)


def _written(way: Way, text: str) -> Way:
    return replace(way, text=(*way.text, text))


def _guessed(way: Way, text: str | None, costs: _Costs, price: float) -> Iterator[Way]:
    """Every octet that may have stood there: a trail when a lead waits, else a lead.

    Two octets that are lost one after the other must be a pair that nobody can read; a pair
    that stands for a character would have been read.
    """
    written = way.text if text is None else (*way.text, text)
    cost, second = way.cost + price, way.last_pair[1]
    if not way.pending:
        for lead in LEADS:
            if not way.lost or _is_unreadable(way.lost, lead):
                pair = (second, lead)
                yield Way(cost, True, lead, way.before, pair, lead, written, way.margin)
        return
    for trail in LEADS:  # below 81 an octet is ASCII and not lost
        character = decoding().get(way.pending << 8 | trail)
        if character is None or is_private(character):
            continue
        if way.lost and not _is_unreadable(way.lost, trail):
            continue
        step, before = costs.of(way.before, character)
        made = (*way.text, (text or "") + character)
        pair = (way.pending, trail)
        yield Way(cost + step, True, 0, before, pair, trail, made, way.margin)


def _is_unreadable(first: int, second: int) -> bool:
    character = decoding().get(first << 8 | second)
    return character is None or is_private(character)


def _read(way: Way, octets: tuple[int, ...], price: float, costs: _Costs) -> Iterator[Way]:
    """Read octets after what waits; nothing comes when they are no characters."""
    cost, pending, before, made = way.cost + price, way.pending, way.before, ""
    last = way.last_pair
    for octet in octets:
        last = (last[1], octet)
        if pending:
            character = decoding().get(pending << 8 | octet)
            if character is None or is_private(character):
                return
            pending = 0
        elif octet < 0x80:
            character = chr(octet)
        else:
            pending = octet
            continue
        step, before = costs.of(before, character)
        cost += step
        made += character
    yield Way(cost, True, pending, before, last, 0, (*way.text, made), way.margin)
