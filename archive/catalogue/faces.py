"""From rows to faces: what the judgement is given of what the catalogue knows."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from archive.catalogue.face import Face
from archive.notice import Fingerprint, Trust

Row = dict[str, Any]
#: Sightings of one notice that an arrival is judged against; of more, those that differ most.
MOST_SIGHTINGS = 16
#: Wordings of one sighting that are compared.
MOST_WORDINGS = 6


def known_face(row: Row) -> dict[str, Any]:
    """What a notice's own row shows."""
    return {
        "number": row["document_number"] if row["number_key"] is not None else None,
        "scope": row["scope"],
        "title": row["title"],
        "title_core": row["title_core"],
        "kind": row["kind"],
        "issuing_bodies": tuple(row["issuing_bodies"]),
        "places": tuple(row["places"]),
        "written_on": row["written_on"],
        "published_on": row["published_on"],
        "trust": Trust(row["trust"]),
    }


def face_of_sighting(
    row: Row,
    notice: Row,
    wordings: Mapping[str, Fingerprint],
    ties: Mapping[tuple[str, str], bool],
) -> Face:
    """What a sighting shows; one of an older catalogue shows what its notice does."""
    there = [wordings[one] for one in row["digests"] if one in wordings]
    shared: dict[str, Any] = {
        "key": row["url_key"],
        "group": group_of(row["url_key"], ties),
        "trust": Trust(row["trust"]),
        "wordings": tuple(there[-MOST_WORDINGS:] or tuple(wordings.values())[-MOST_WORDINGS:]),
    }
    if row["face"] is None:
        return Face(**{**known_face(notice), **shared})
    return Face.of_kept(row["face"], **shared)


def group_of(url_key: str, ties: Mapping[tuple[str, str], bool]) -> str:
    """The least key of all that people have put together with this one; "" for none."""
    if not ties:
        return ""
    found, waiting = {url_key}, [url_key]
    while waiting:
        one = waiting.pop()
        for (a, b), together in ties.items():
            other = b if a == one else a if b == one else None
            if together and other is not None and other not in found:
                found.add(other)
                waiting.append(other)
    return min(found) if len(found) > 1 else ""


def representatives(rows: Sequence[Row]) -> list[Row]:
    """The sightings that stand for all of a notice's; the same whatever came first.

    Exact reprints show the same, so of many the best trusted of each wording come first.
    """
    if len(rows) <= MOST_SIGHTINGS:
        return list(rows)
    ranked = sorted(rows, key=lambda row: (-row["trust"], row["url_key"]))
    ranks: dict[str, int] = {}
    places = []
    for row in ranked:
        rank = ranks.get(row["digest"], 0)
        ranks[row["digest"]] = rank + 1
        places.append((not row["is_original"], rank, -row["trust"], row["url_key"]))
    chosen = sorted(zip(places, ranked, strict=True), key=lambda pair: pair[0])
    return [row for _, row in chosen[:MOST_SIGHTINGS]]
