"""Readings as they are kept beside their sightings: small, and enough to stand for a notice."""

from __future__ import annotations

import json
import zlib
from dataclasses import fields
from datetime import date

from archive.catalogue.column_types import storable
from archive.notice import Reading

#: Characters of text that are kept of a sighting.
MOST_TEXT = 5_000_000
_MOST_PARTS = 2_000
_MOST_REPAIRS = 200


#: What was removed and how fields were found is said by the bytes, read again.
_LEFT_OUT = frozenset(("removed", "found"))
_NAMES = tuple(one.name for one in fields(Reading) if one.name not in _LEFT_OUT)


def packed_reading(reading: Reading) -> bytes:
    """A reading without what was removed and how it was found, compressed."""
    kept = {name: value for name in _NAMES if (value := getattr(reading, name))}
    for name, most in (("attachments", _MOST_PARTS), ("repairs", _MOST_REPAIRS)):
        if name in kept:
            kept[name] = [vars(one) for one in kept[name][:most]]
    for name in ("cited_numbers", "cited_titles"):
        kept[name] = kept.get(name, ())[:_MOST_PARTS]
    kept["text"] = kept.get("text", "")[:MOST_TEXT]
    written = storable(json.dumps(kept, ensure_ascii=False, default=date.isoformat))
    return zlib.compress(written.encode(), 1)


def unpacked_reading(kept: bytes) -> Reading:
    """Read what `packed_reading` wrote."""
    return Reading.from_json(json.loads(zlib.decompress(kept)))
