"""Places as facets: how many notices stand at each level and under each place below one."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

from archive.access.desk import Desk
from archive.access.query import Query
from archive.notice.regions import LEVELS, level_of, region_name, regions_above, regions_within


@dataclass(frozen=True, kw_only=True)
class Place:
    """One place, and how many notices stand there or below."""

    region: str  #: the beginning of its code, as a search takes it: 50, 5001, 500113
    code: str
    name: str
    level: str
    notices: int


@dataclass(frozen=True, kw_only=True)
class Places:
    """The places right below one, of the notices that a query finds."""

    above: tuple[Place, ...]  #: from the province down to the place itself
    below: tuple[Place, ...]  #: with notices, the most first
    levels: dict[str, int]  #: notices of each level within the place


def places(desk: Desk, query: Query) -> Places:
    """Count what a query finds, by place below its region and by level."""
    desk.catch_up()
    region = query.region or ""
    itself = (region,) if region else ()
    regions = [*regions_above(region), *itself, *map(_beginning, regions_within(region))]
    queries = [replace(query, region=one) for one in regions]
    queries += [replace(query, level=level) for level in LEVELS]
    counts = desk.index.count_each(queries)
    found = [_place(one, count) for one, count in zip(regions, counts, strict=False)]
    higher = len(regions_above(region)) + len(itself)
    below = sorted((one for one in found[higher:] if one.notices), key=lambda one: -one.notices)
    levels = dict(zip(LEVELS, counts[len(regions) :], strict=True))
    return Places(above=tuple(found[:higher]), below=tuple(below), levels=levels)


def places_json(found: Places) -> dict[str, Any]:
    """Places as JSON values."""
    return {
        "above": [vars(one) for one in found.above],
        "below": [vars(one) for one in found.below],
        "levels": found.levels,
    }


def _beginning(code: str) -> str:
    return {"nation": code, "province": code[:2], "city": code[:4], "county": code}[level_of(code)]


def _place(region: str, notices: int) -> Place:
    code = region.ljust(6, "0")
    return Place(
        region=region,
        code=code,
        name=region_name(code) or code,
        level=level_of(code),
        notices=notices,
    )
