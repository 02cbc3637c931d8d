"""One capture as a WARC file of its own, so that any WARC tool takes it."""

from __future__ import annotations

from typing import IO

from archive.access.packing.packing_list import FindPlace
from archive.notice import Home
from archive.storage.excerpt import Event, ExcerptReader
from archive.storage.record import bare_uri


def write_alone(file: IO[bytes], home: Home, record_id: str, find_place: FindPlace) -> bool:
    """Write a capture with its request and metadata, octet for octet as they are kept.

    Before it comes the warcinfo record of its crawl, and of a revisit the capture that it refers
    to: the file needs no other.

    Returns:
        Whether there is such a capture; nothing was written otherwise.

    Raises:
        DamagedWarc: It is missing from the home, or not whole.
    """
    place = find_place(record_id) if record_id else None
    if place is None:
        return False
    with ExcerptReader(home, place.file) as reader:
        event = next(reader.events({place.offset: record_id}))
        original = bare_uri(event[0].field("WARC-Refers-To"))
        before = ""
        if event[0].type == "revisit" and original and (first := find_place(original)):
            with ExcerptReader(home, first.file) as other:
                earlier = next(other.events({first.offset: original}))
                before = _write(file, other, earlier, "")
        _write(file, reader, event, before)
    return True


def _write(file: IO[bytes], reader: ExcerptReader, event: Event, before: str) -> str:
    """Write a capture's records behind their warcinfo record, unless that stands before already."""
    warcinfo = reader.warcinfo()
    records = event if warcinfo is None or warcinfo.id == before else (warcinfo, *event)
    for record in records:
        for part in reader.member(record.place):
            file.write(part)
    return "" if warcinfo is None else warcinfo.id
