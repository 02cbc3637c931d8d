"""The short module where the rooms meet: opens what an admission needs."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from archive.catalogue import Catalogue
from archive.catalogue.journal import read_journal
from archive.notice import Capture, Home
from archive.storage import read_capture
from crawler.admission import Admission
from crawler.guidance import load_guidance


@dataclass(frozen=True, kw_only=True)
class Rooms:
    """An open catalogue and the door to it."""

    catalogue: Catalogue
    admission: Admission


def open_admission(
    home: Home,
    *,
    catalogue_url: str,
    source_folders: Sequence[Path] = (),
    recheck_all: bool = False,
) -> Rooms:
    """Open the catalogue for writing, load sources and topics, and build the one door."""
    catalogue = Catalogue.open(catalogue_url, taking_over_at=datetime.now(UTC))

    def read_again(record_id: str) -> Capture | None:
        place = catalogue.place_of(record_id)
        if place is None:
            return None
        return read_capture(home, place, find_place=catalogue.place_of)

    sources, topics = load_guidance(home, source_folders)
    admission = Admission(
        catalogue=catalogue,
        sources=sources,
        topics=topics,
        read_again=read_again,
        recheck_all=recheck_all,
        judgements=read_journal(home),
    )
    return Rooms(catalogue=catalogue, admission=admission)
