"""The short module where the rooms meet: opens what an admission needs."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence, Set
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from archive.catalogue import Catalogue
from archive.catalogue.journal import read_journal
from archive.errors import BadSourceFile
from archive.ingest.relevance import Topic, load_topics
from archive.notice import Capture, Home, Source
from archive.storage import read_capture
from crawler.admission import Admission
from crawler.peruser import Peruser
from spiders import load_sources

EVERYTHING = "all"  # the topic of a column from which nothing is set aside


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

    sources, topics = _load(home, source_folders)
    admission = Admission(
        catalogue=catalogue,
        sources=sources,
        topics=topics,
        read_again=read_again,
        recheck_all=recheck_all,
        judgements=read_journal(home),
    )
    return Rooms(catalogue=catalogue, admission=admission)


def open_peruser(home: Home, *, source_folders: Sequence[Path] = ()) -> Peruser:
    """Load sources and topics for one who reads."""
    sources, topics = _load(home, source_folders)
    return Peruser(sources=sources, topics=topics)


def _load(
    home: Home, source_folders: Sequence[Path]
) -> tuple[Mapping[str, Source], Sequence[Topic]]:
    sources = load_sources(home.sources, *source_folders)
    topics = load_topics(home.path / "topics")
    check_topics(sources.values(), {topic.id for topic in topics})
    return sources, topics


def check_topics(sources: Iterable[Source], known: Set[str]) -> None:
    """Hold every column's topic against the topics there are.

    Raises:
        BadSourceFile: A column names none of them. Taking everything instead would fill the
            archive with car parks, and nothing would leave it silently empty.
    """
    for source in sources:
        for column in source.columns:
            if column.topic not in known | {EVERYTHING}:
                raise BadSourceFile(
                    f"{source.id}: the column {column.id} is for the topic {column.topic!r}, "
                    f"which is none of {', '.join(sorted(known))}, {EVERYTHING}."
                )
