"""Whose an issuer code (机关代字) is, learnt from the notices that bear it. Pure.

What is learnt is asked of the notices whenever somebody looks and kept nowhere: so it is the same
after a rebuild, and gone as soon as the notices that taught it are corrected, parted or withdrawn.
It never decides what a page is read as, nor which notices are one (docs/decisions/0006).

Only sites that are believed teach, and only they contradict: whatever a mirror, an aggregator or
a stranger's page claims, it can neither teach a code nor spoil one.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

from archive.catalogue.judge import scopes_differ
from archive.catalogue.places import is_specific, may_be_one_body
from archive.notice import utc_text
from archive.notice.issuer_codes import IssuerCode

#: Numbers that must say the same. One page, or its second version, is one number.
LEAST_NUMBERS = 3
#: Sites that must say so where none of them is the body's own.
LEAST_SITES = 2
#: The part of the numbers that may say otherwise: a page that forwards another body's notice
#: shows that one's number, and is read as its own now and then.
STRAY = 0.1
#: Numbers of one other body that make a code a shared one, however many there are of the first.
LEAST_RIVALS = 2
_MOST_EXAMPLES = 5
_MOST_RIVALS = 5
#: What codes of every place are put together from. One that is nothing else names no place: an
#: archive that watches one county must not learn 政办发 as that county's.
_NO_PLACE = re.compile(
    "[政府办厅党委县区市镇乡街道局发函规字令通告知议纪要复批请报电秘明综公开"
    "卫健计生医疗保障教体科工信农林牧渔水利交运住建城管执法人社民宗族财税商务文旅广电"
    "司安检审统应急消防环自然资源国土药监督理食品退役军扶贫振兴残联妇团老龄档史志改革]+"
)


class Standing(StrEnum):
    """How well it is known whose a code is."""

    LISTED = "listed"  #: it stands in the vocabulary
    LEARNT = "learnt"  #: enough notices say the same, and hardly any another thing
    SHARED = "shared"  #: several bodies use it, or it names no place
    OPEN = "open"  #: too few notices say so


@dataclass(frozen=True, kw_only=True)
class Vote:
    """What some notices on one believed site say of a code."""

    body: str  #: the first issuing body: of a joint issue the number is the leading one's
    jurisdiction: str | None
    source: str
    is_own: bool  #: the site is the body's own
    numbers: int
    first_seen_at: datetime
    example: str  #: id of one of them


@dataclass(frozen=True, kw_only=True)
class CodeView:
    """An issuer code: whose it is, and what says so."""

    code: str
    standing: Standing
    bodies: tuple[str, ...] = ()
    jurisdiction: str | None = None  #: GB/T 2260; 100000 is the centre
    origin: str = ""  #: where the row of the vocabulary comes from
    numbers: int = 0  #: numbers on believed sites that say so
    sites: int = 0
    first_seen_at: datetime | None = None
    examples: tuple[str, ...] = ()  #: ids of such notices
    doubts: tuple[str, ...] = ()  #: what speaks against it, or keeps it from being known

    @property
    def is_known(self) -> bool:
        """Whether one may say whose it is."""
        return self.standing in (Standing.LISTED, Standing.LEARNT) and bool(self.bodies)


@dataclass(frozen=True)
class _Party:
    """Votes for one body under its names."""

    votes: tuple[Vote, ...]

    @property
    def numbers(self) -> int:
        return sum(vote.numbers for vote in self.votes)

    @property
    def body(self) -> str:
        """The name used most; of those used alike, the longest."""
        names: Counter[str] = Counter()
        for vote in self.votes:
            names[vote.body] += vote.numbers
        return min(names, key=lambda name: (not is_specific(name), -names[name], -len(name), name))

    @property
    def jurisdiction(self) -> str | None:
        codes: Counter[str] = Counter()
        for vote in self.votes:
            if vote.jurisdiction:
                codes[vote.jurisdiction] += vote.numbers
        return min(codes, key=lambda code: (-codes[code], code)) if codes else None

    @property
    def sites(self) -> int:
        return len({vote.source for vote in self.votes})

    @property
    def use(self) -> str:
        """What it does with the code, in words."""
        place = f" ({self.jurisdiction})" if self.jurisdiction else ""
        return f"{self.body}{place} for {self.numbers} numbers"

    def takes(self, vote: Vote) -> bool:
        """Whether a vote may be for this body."""
        one = self.votes[0]
        return may_be_one_body(one.body, vote.body) and not scopes_differ(
            one.jurisdiction, vote.jurisdiction
        )

    def lacks(self) -> str | None:
        """What is missing for it to be known; None where nothing is."""
        if self.numbers < LEAST_NUMBERS:
            return f"only {self.numbers} of {LEAST_NUMBERS} numbers say so"
        if self.sites < LEAST_SITES and not any(vote.is_own for vote in self.votes):
            return "only one site says so, and it is not the body's own"
        if self.jurisdiction is None and not is_specific(self.body):
            return "the body's name does not say where it is"
        return None


def view_of(code: str, votes: Sequence[Vote], listed: IssuerCode | None) -> CodeView:
    """Whose a code is, by the vocabulary and by what believed sites show.

    Args:
        code: As numbers begin with it.
        votes: What is seen of it, in any order.
        listed: Its row of the vocabulary, or that of the stem it begins with.
    """
    parties = _parties(votes)
    if listed is not None and (listed.bodies or listed.jurisdiction is None):
        return _as_listed(code, parties, listed)
    learnt = _as_seen(code, parties)
    if listed is None or learnt.jurisdiction is None:
        return learnt
    if scopes_differ(_scope(listed.jurisdiction), _scope(learnt.jurisdiction)):
        said = f"the vocabulary has it in {listed.jurisdiction}, notices in {learnt.jurisdiction}"
        return _view(code, Standing.SHARED, parties[0], doubts=(said, *learnt.doubts))
    return learnt


def _as_listed(code: str, parties: Sequence[_Party], listed: IssuerCode) -> CodeView:
    mine = [party for party in parties if _is_listed(party, listed)]
    others = [party for party in parties if party not in mine and party.numbers >= LEAST_RIVALS]
    votes = [vote for party in mine for vote in party.votes]
    is_one = bool(listed.bodies) and listed.jurisdiction is not None
    said = _against(others) if is_one else ()
    return CodeView(
        code=code,
        standing=Standing.LISTED if is_one else Standing.SHARED,
        bodies=listed.bodies,
        jurisdiction=listed.jurisdiction,
        origin=listed.origin,
        doubts=said,
        **_evidence(votes),
    )


def _is_listed(party: _Party, listed: IssuerCode) -> bool:
    if scopes_differ(_scope(listed.jurisdiction), _scope(party.jurisdiction)):
        return False
    names = {vote.body for vote in party.votes}
    return not listed.bodies or any(
        may_be_one_body(name, body) for name in names for body in listed.bodies
    )


def _as_seen(code: str, parties: Sequence[_Party]) -> CodeView:
    if not parties:
        return CodeView(code=code, standing=Standing.OPEN)
    first, *others = parties
    if _NO_PLACE.fullmatch(code):
        return _view(code, Standing.SHARED, first, doubts=("it names no place",))
    every = sum(party.numbers for party in parties)
    rivals = [party for party in others if party.numbers >= LEAST_RIVALS]
    against = _against(others)
    if rivals or every - first.numbers > STRAY * every:
        is_shared = bool(rivals) or first.lacks() is None
        return _view(code, Standing.SHARED if is_shared else Standing.OPEN, first, doubts=against)
    lacking = first.lacks()
    if lacking:
        return _view(code, Standing.OPEN, first, doubts=(lacking, *against))
    return _view(code, Standing.LEARNT, first, doubts=against, bodies=(first.body,))


def _view(
    code: str,
    standing: Standing,
    party: _Party,
    *,
    doubts: tuple[str, ...],
    bodies: tuple[str, ...] = (),
) -> CodeView:
    place = party.jurisdiction if standing is Standing.LEARNT else None
    return CodeView(
        code=code,
        standing=standing,
        bodies=bodies,
        jurisdiction="100000" if place == "000000" else place,
        doubts=doubts if bodies else (f"used by {party.use}", *doubts),
        **_evidence(party.votes),
    )


def _parties(votes: Iterable[Vote]) -> list[_Party]:
    """Votes by the body they are for, the one with most numbers first; in whatever order."""
    parties: list[_Party] = []
    order = sorted(
        votes,
        key=lambda one: (
            not is_specific(one.body),
            -one.numbers,
            -len(one.body),
            one.body,
            one.jurisdiction or "",
            one.source,
            one.example,
        ),
    )
    for vote in order:
        place = next((i for i, party in enumerate(parties) if party.takes(vote)), None)
        if place is None:
            parties.append(_Party((vote,)))
        else:
            parties[place] = _Party((*parties[place].votes, vote))
    return sorted(parties, key=lambda party: (-party.numbers, party.body))


def _evidence(votes: Sequence[Vote]) -> dict[str, Any]:
    in_time = sorted(votes, key=lambda vote: (vote.first_seen_at, vote.example))
    return {
        "numbers": sum(vote.numbers for vote in votes),
        "sites": len({vote.source for vote in votes}),
        "first_seen_at": in_time[0].first_seen_at if in_time else None,
        "examples": tuple(dict.fromkeys(vote.example for vote in in_time))[:_MOST_EXAMPLES],
    }


def _against(others: Sequence[_Party]) -> tuple[str, ...]:
    return tuple(f"used by another body, too: {one.use}" for one in others[:_MOST_RIVALS])


def _scope(jurisdiction: str | None) -> str | None:
    """A jurisdiction as numbers are unique in it: the centre's is 000000."""
    return "000000" if jurisdiction == "100000" else jurisdiction


def as_json(view: CodeView) -> dict[str, Any]:
    """A code and whose it is, as a JSON value: for the command, the API and exports alike."""
    return {
        "code": view.code,
        "standing": view.standing.value,
        "issuing_bodies": list(view.bodies),
        "jurisdiction": view.jurisdiction,
        "origin": view.origin,
        "numbers": view.numbers,
        "sites": view.sites,
        "first_seen_at": utc_text(view.first_seen_at) if view.first_seen_at else None,
        "examples": list(view.examples),
        "doubts": list(view.doubts),
    }
