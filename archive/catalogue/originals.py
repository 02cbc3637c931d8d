"""Which sighting shows the original: the best trusted, whole, earliest published."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from archive.notice import Fingerprint

Row = dict[str, Any]
#: Of sightings trusted alike, one with less of the text than this is an excerpt.
WHOLE = 0.8


def original_of(sightings: Sequence[Row], wordings: Mapping[str, Fingerprint]) -> Row:
    """The sighting that stands for the notice; the same in whatever order they came.

    By trust; of those trusted alike, what has the whole text before an excerpt, then the earliest
    published, then the first seen.
    """
    most = max(row["trust"] for row in sightings)
    trusted = [row for row in sightings if row["trust"] == most]
    longest = max(_length(row, wordings) for row in trusted)
    whole = [row for row in trusted if _length(row, wordings) >= WHOLE * longest]
    return min(whole, key=_order)


def _length(row: Row, wordings: Mapping[str, Fingerprint]) -> int:
    wording = wordings.get(row["digest"])
    return wording.length if wording else 0


def _order(row: Row) -> tuple[date, Any, str]:
    return (row["published_on"] or date.max, row["first_seen_at"], row["url_key"])
