"""CDXJ: the index by which replay tools find captures (CDXJ 0.1.0).

What answered a POST stands under its URL with the method and the form appended, as cdxj-indexer's
``--post-append`` writes it and pywb looks it up.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from datetime import datetime

from archive.notice import Home, Place, Posting
from archive.storage.capture_reader import capture_events
from archive.storage.damage import OnDamage, raise_damage
from archive.storage.holdings import Holdings
from archive.storage.http_message import parse_response
from archive.storage.posted import indexed_words
from archive.storage.record import NOT_MODIFIED, WarcRecord, parse_warc_date
from archive.storage.record_reader import iter_records
from archive.storage.uri import surt

REVISIT = "warc/revisit"
_CAPTURES = frozenset(("response", "revisit", "resource"))


def index_lines(home: Home, *, on_damage: OnDamage = raise_damage) -> Iterator[str]:
    """The lines of a home's CDXJ index, sorted by their octets.

    Left out: 304 revisits, which replay tools would show as empty pages.

    Raises:
        DamagedWarc: A file is damaged, where no `on_damage` was given.
    """
    lines: list[str] = []
    for volume in Holdings(home).volumes():
        lines += record_lines(iter_records(volume, on_damage=on_damage))
    yield from sorted(lines, key=str.encode)


def record_lines(records: Iterable[WarcRecord]) -> Iterator[str]:
    """The lines of records as they stand in a file, each capture with its request."""
    for event in capture_events(records):
        line = index_line(event.record, event.posting)
        if line is not None:
            yield line


def index_line(record: WarcRecord, posting: Posting | None) -> str | None:
    """A record's line; None for one that replay does not show."""
    profile = record.field("WARC-Profile") or ""
    if record.type not in _CAPTURES or profile.endswith(NOT_MODIFIED.rpartition("/")[2]):
        return None
    try:
        at = parse_warc_date(record.field("WARC-Date") or "")
    except ValueError:
        return None
    status, media_type = _status_and_type(record)
    return entry_line(
        url=record.target,
        at=at,
        media_type=REVISIT if record.type == "revisit" else media_type,
        status=status,
        digest=record.field("WARC-Payload-Digest") or "",
        place=record.place,
        posting=posting,
    )


def entry_line(
    *,
    url: str,
    at: datetime,
    media_type: str,
    status: int,
    digest: str,
    place: Place,
    posting: Posting | None,
) -> str:
    """The line of one capture of a URL."""
    key = url
    entry = {
        "url": url,
        "mime": media_type or "unk",
        "status": str(status),
        "digest": digest,
        "length": str(place.length),
        "offset": str(place.offset),
        "filename": place.file,
    }
    if posting is not None:
        words = indexed_words(posting)
        key = "&".join(filter(None, (f"{url}{'&' if '?' in url else '?'}__wb_method=POST", words)))
        entry |= {"requestBody": words, "method": "POST"}
    return f"{surt(key)} {at:%Y%m%d%H%M%S} {json.dumps(entry, ensure_ascii=False)}"


def _status_and_type(record: WarcRecord) -> tuple[int, str]:
    if record.type == "resource":
        return 200, record.content_type
    message = parse_response(record.block, method="HEAD")
    if message is None:
        return 0, "unk"
    media_type = next(iter(message.values("content-type")), "").partition(";")[0].strip().lower()
    return message.status, media_type or "unk"
