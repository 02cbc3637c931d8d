"""What readers and the door go by: the sources and the topics of a home."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence, Set
from pathlib import Path
from typing import NamedTuple

from archive.errors import BadSourceFile
from archive.ingest.relevance import Topic, judge_title, load_topics
from archive.notice import Column, Home, Lead, Source
from spiders import load_sources

EVERYTHING = "all"  # the topic of a column from which nothing is set aside


class Guidance(NamedTuple):
    """Sources by their ids, and topics."""

    sources: Mapping[str, Source]
    topics: Sequence[Topic]


def load_guidance(home: Home, source_folders: Sequence[Path] = ()) -> Guidance:
    """Load the built-in sources and topics, the home's own, and those of further folders.

    Raises:
        SourceError: One of them says something wrong.
    """
    sources = load_sources(home.sources, *source_folders)
    topics = load_topics(home.path / "topics")
    check_topics(sources.values(), {topic.id for topic in topics})
    return Guidance(sources, topics)


def may_be_on_topic(lead: Lead, column: Column | None, topics: Mapping[str, Topic]) -> bool:
    """Whether a lead is worth fetching by its title; a cut one says too little against it.

    One of a column that is watched no longer is judged by every topic, as its page would be.
    """
    if lead.is_cut or (column is not None and column.topic not in topics):
        return True
    wanted = topics.values() if column is None else (topics[column.topic],)
    return any(judge_title(lead.title, topic).is_relevant for topic in wanted)


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
