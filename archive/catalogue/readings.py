"""Readings as they are kept beside their sightings: small, and enough to stand for a notice."""

from __future__ import annotations

import json
import zlib
from dataclasses import replace

from archive.catalogue.column_types import storable
from archive.notice import Reading

#: Characters of text that are kept of a sighting.
MOST_TEXT = 5_000_000
_MOST_PARTS = 2_000
_MOST_REPAIRS = 200


def packed_reading(reading: Reading) -> bytes:
    """A reading without what was removed and how it was found, compressed."""
    kept = replace(
        reading,
        text=reading.text[:MOST_TEXT],
        removed=(),
        found=(),
        repairs=reading.repairs[:_MOST_REPAIRS],
        attachments=reading.attachments[:_MOST_PARTS],
        cited_numbers=reading.cited_numbers[:_MOST_PARTS],
        cited_titles=reading.cited_titles[:_MOST_PARTS],
    )
    written = storable(json.dumps(kept.to_json(), ensure_ascii=False))
    return zlib.compress(written.encode(), 1)


def unpacked_reading(kept: bytes) -> Reading:
    """Read what `packed_reading` wrote."""
    return Reading.from_json(json.loads(zlib.decompress(kept)))
