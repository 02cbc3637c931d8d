"""The short module where the rooms meet: opens what an admission needs."""

from __future__ import annotations

import logging
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from archive.catalogue import Catalogue
from archive.catalogue.journal import read_journal
from archive.errors import DepotUnreachable
from archive.notice import Capture, Home
from archive.storage import read_capture
from crawler.admission import Admission
from crawler.guidance import load_guidance

log = logging.getLogger(__name__)


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
    is_live: bool = False,
) -> Rooms:
    """Open the catalogue for writing, load sources and topics, and build the one door.

    A live crawl goes on without an earlier capture when the depot that has it does not answer;
    what makes a catalogue again must not decide without one.
    """
    catalogue = Catalogue.open(catalogue_url, taking_over_at=datetime.now(UTC))

    def read_again(record_id: str) -> Capture | None:
        place = catalogue.place_of(record_id)
        if place is None:
            return None
        try:
            return read_capture(home, place, find_place=catalogue.place_of)
        except DepotUnreachable as error:
            if not is_live:
                raise
            log.warning("%s cannot be read again now: %s", record_id, error)
            return None

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
