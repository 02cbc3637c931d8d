"""Putting sightings in order: which of them are one notice, whatever came first.

The strongest likeness joins first; what contradicts any sighting of a notice does not join it
(single linkage under cannot-link constraints, by Kruskal's order). The result depends on the
sightings alone, so that the same captures give the same notices in any order of arrival.

A page that is another's in all but its number, and is believed less, joins last: otherwise a
mirror that changes a number would take the copies without one away from the notice they show.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from itertools import combinations

from archive.catalogue.decide import group_verdict, groups
from archive.catalogue.face import Face

Pair = tuple[str, str]


@dataclass(frozen=True, kw_only=True)
class _Bond:
    is_suspect: bool
    strength: float
    trust: tuple[int, int]
    pair: tuple[int, int]
    names: Pair

    @property
    def order(self) -> tuple[bool, float, tuple[int, int], Pair]:
        trust = (-self.trust[0], -self.trust[1])
        return (self.is_suspect, -self.strength, trust, self.names)


def clusters(
    faces: Sequence[Face], kept_apart: Collection[Pair] = frozenset()
) -> list[tuple[str, ...]]:
    """The keys of the sightings of each notice.

    Args:
        faces: All sightings that bear on each other; those with one group stay together.
        kept_apart: Pairs of keys, sorted, that a person has kept apart.
    """
    nodes = list(groups(faces))
    bonds, bars = _relations(nodes, kept_apart)
    owner = list(range(len(nodes)))
    members: dict[int, set[int]] = {place: {place} for place in owner}
    for bond in sorted(bonds, key=lambda bond: bond.order):
        mine, theirs = (owner[place] for place in bond.pair)
        if mine == theirs or _are_barred(members[mine], members[theirs], bars):
            continue
        for place in members[theirs]:
            owner[place] = mine
        members[mine] |= members.pop(theirs)
    return [
        tuple(sorted(face.key for place in places for face in nodes[place]))
        for places in members.values()
    ]


def _relations(
    nodes: Sequence[tuple[Face, ...]], kept_apart: Collection[Pair]
) -> tuple[list[_Bond], set[tuple[int, int]]]:
    same, bars, suspects = [], set(), set()
    for (place, mine), (other, theirs) in combinations(enumerate(nodes), 2):
        verdict = group_verdict(mine, theirs)
        by_hand = any(_urls(a, b) in kept_apart for a in mine for b in theirs)
        if verdict.is_apart or by_hand:
            bars.add((place, other))
            if verdict.is_conflict:
                suspects.add(_less_believed(nodes, place, other))
        elif verdict.is_same:
            same.append((place, other, verdict.strength))
    return [_bond(nodes, *one, suspects) for one in same], bars


def _less_believed(nodes: Sequence[tuple[Face, ...]], place: int, other: int) -> int:
    """Of two that print one text under two numbers, the one that fewer and worse sites print."""

    def belief(one: int) -> tuple[int, int, str]:
        numbers = {face.number for face in nodes[one]}
        alike = sum(face.number in numbers for node in nodes for face in node)
        return (_trust(nodes[one]), alike, nodes[one][0].key)

    return min(place, other, key=belief)


def _bond(
    nodes: Sequence[tuple[Face, ...]],
    place: int,
    other: int,
    strength: float,
    suspects: Collection[int],
) -> _Bond:
    mine, theirs = nodes[place], nodes[other]
    trust = sorted((_trust(mine), _trust(theirs)))
    return _Bond(
        is_suspect=place in suspects or other in suspects,
        strength=round(strength, 9),
        trust=(trust[0], trust[1]),
        pair=(place, other),
        names=_pair(mine[0], theirs[0]),
    )


def _pair(a: Face, b: Face) -> Pair:
    return (a.key, b.key) if a.key <= b.key else (b.key, a.key)


def _urls(a: Face, b: Face) -> Pair:
    one, other = _pair(a, b)
    return one.partition("@")[0], other.partition("@")[0]


def _trust(group: Sequence[Face]) -> int:
    return max(int(face.trust) for face in group)


def _are_barred(mine: set[int], theirs: set[int], bars: set[tuple[int, int]]) -> bool:
    return any((min(a, b), max(a, b)) in bars for a in mine for b in theirs)
