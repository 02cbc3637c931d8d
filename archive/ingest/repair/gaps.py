"""Leave open what cannot be told: a character of a sure run that could as well be another.

A break loses an octet, and with it half a character; what stands around mostly tells which it
was. Where it does not, all else of the run can still be read, and the one character is shown as
□, the sign that editors put for what is illegible.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from archive.ingest.repair.brackets import MARKS, balance
from archive.ingest.repair.gbk import LEADS, decoding, encoding, is_private
from archive.ingest.repair.language_model import BOUNDARY, fold_character
from archive.ingest.repair.search import GUESSED_LEAD, GUESSED_TRAIL, Finding
from archive.ingest.repair.surroundings import Surroundings

GAP = "□"
_LOOKED_AROUND = 300  #: characters of a long run that may hold the other half of a bracket
_MARKS = (GUESSED_LEAD, GUESSED_TRAIL)


@dataclass(frozen=True, kw_only=True)
class Reading:
    """A run with its gaps."""

    text: tuple[str, ...]  #: one string a token
    likelihood: float  #: of all that is no gap
    gaps: int


def without_marks(text: Sequence[str]) -> tuple[str, ...]:
    """A reading as text, without the marks of what was guessed."""
    return tuple(piece.replace(GUESSED_LEAD, "").replace(GUESSED_TRAIL, "") for piece in text)


def has_lost_pair(finding: Finding) -> bool:
    """Whether both octets of a character were guessed, so that only its neighbours speak for it."""
    return any("".join(_MARKS) in piece for piece in finding.text)


def leave_gaps(
    finding: Finding, before: str, opened: str, here: Surroundings, *, least: float
) -> Reading:
    """Put □ for every guessed character that is less likely than ``least``, the rest being so."""
    whole = "".join(without_marks(finding.text)) + (BOUNDARY if finding.ends_line else "")
    pieces, at, gaps, likelihood = [], 0, 0, finding.likelihood
    for piece in finding.text:
        made, guessed = "", ""
        for character in piece:
            if character in _MARKS:
                guessed += character
                continue
            sure = _likelihood(whole, at, guessed, before, opened, here) if guessed else 1.0
            if sure < least:
                likelihood, gaps = min(1.0, likelihood / max(sure, 1e-9)), gaps + 1
            made += GAP if sure < least else character
            at, guessed = at + 1, ""
        pieces.append(made)
    return Reading(text=tuple(pieces), likelihood=likelihood, gaps=gaps)


def _likelihood(
    whole: str, at: int, guessed: str, before: str, opened: str, here: Surroundings
) -> float:
    """Of a guessed character among all that its other octet allows, its neighbours being so."""
    if len(guessed) > 1:
        return 0.0
    around = before + "".join(map(fold_character, whole[max(0, at - 4) : at]))
    rest = (c if c == BOUNDARY else fold_character(c) for c in whole[at + 1 : at + 5])
    following = list(filter(None, rest))[:2]

    def bits(character: str) -> float:
        return _bits(character, around[-2:], following, here) + brackets(character)

    def brackets(character: str) -> float:
        if character not in MARKS:
            return without
        return balance(head + character + tail, opened)

    head, tail = whole[max(0, at - _LOOKED_AROUND) : at], whole[at + 1 : at + 1 + _LOOKED_AROUND]
    without = balance(head + tail, opened)
    own = bits(whole[at])
    return 1 / sum(2 ** (own - bits(c)) for c in _candidates(whole[at], guessed))


def _bits(character: str, before: str, following: Sequence[str], here: Surroundings) -> float:
    bits = here.of(before, character)
    last = (before + fold_character(character))[-2:]
    for each in following:
        bits += here.cost(last, each)
        last = last[-1:] + each
    return bits


def _candidates(character: str, guessed: str) -> Iterator[str]:
    lead, trail = encoding()[character]
    pairs = (
        ((each, trail) for each in LEADS)
        if guessed == GUESSED_LEAD
        else ((lead, each) for each in LEADS)
    )
    for first, second in pairs:
        found = decoding().get(first << 8 | second)
        if found is not None and not is_private(found) and not found.isspace():
            yield found
