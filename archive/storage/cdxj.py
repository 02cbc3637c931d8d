"""CDXJ: the index by which replay tools find captures (CDXJ 0.1.0)."""

from __future__ import annotations

import json
from collections.abc import Iterator

from archive.notice import Home
from archive.storage.damage import OnDamage, raise_damage
from archive.storage.http_message import parse_response
from archive.storage.record import NOT_MODIFIED, WarcRecord, parse_warc_date
from archive.storage.record_reader import iter_records
from archive.storage.uri import surt
from archive.storage.warc_name import place_name, warc_files

_CAPTURES = frozenset(("response", "revisit", "resource"))


def index_lines(home: Home, *, on_damage: OnDamage = raise_damage) -> Iterator[str]:
    """The lines of a home's CDXJ index, sorted by their octets.

    Left out: 304 revisits, which replay tools would show as empty pages.

    Raises:
        DamagedWarc: A file is damaged, where no `on_damage` was given.
    """
    lines: list[str] = []
    for path in warc_files(home.warc):
        for record in iter_records(path, name=place_name(home, path), on_damage=on_damage):
            line = index_line(record)
            if line is not None:
                lines.append(line)
    yield from sorted(lines, key=str.encode)


def index_line(record: WarcRecord) -> str | None:
    """A record's line; None for one that replay does not show."""
    profile = record.field("WARC-Profile") or ""
    if record.type not in _CAPTURES or profile.endswith(NOT_MODIFIED.rpartition("/")[2]):
        return None
    try:
        stamp = parse_warc_date(record.field("WARC-Date") or "").strftime("%Y%m%d%H%M%S")
    except ValueError:
        return None
    status, media_type = _status_and_type(record)
    entry = {
        "url": record.target,
        "mime": "warc/revisit" if record.type == "revisit" else media_type,
        "status": str(status),
        "digest": record.field("WARC-Payload-Digest") or "",
        "length": str(record.place.length),
        "offset": str(record.place.offset),
        "filename": record.place.file,
    }
    return f"{surt(record.target)} {stamp} {json.dumps(entry, ensure_ascii=False)}"


def _status_and_type(record: WarcRecord) -> tuple[int, str]:
    if record.type == "resource":
        return 200, record.content_type
    message = parse_response(record.block, method="HEAD")
    if message is None:
        return 0, "unk"
    media_type = next(iter(message.values("content-type")), "").partition(";")[0].strip().lower()
    return message.status, media_type or "unk"
