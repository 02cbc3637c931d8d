"""From capture to reading: decode, clean, repair, identify. Pure, no database.

The room's names are loaded when they are first asked for: its commands are part of every
start of the command line, while parsing HTML is not. Those whose module has the same name are
loaded at once (they are light), so that the name is the function whoever imported the module.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

from archive.ingest.fingerprint import containment, fingerprint, resemblance
from archive.ingest.title_core import title_core

if TYPE_CHECKING:
    from archive.ingest.challenge import find_challenge
    from archive.ingest.continuation import find_first_page, join_readings
    from archive.ingest.reader import READER_VERSION, Listed, read, read_bytes
    from archive.ingest.relevance import Relevance, Topic, judge, judge_title, load_topics
    from archive.ingest.repair import mend
    from archive.ingest.spam import find_spam

_HOMES = {
    "READER_VERSION": "reader",
    "Listed": "reader",
    "Relevance": "relevance",
    "Topic": "relevance",
    "find_challenge": "challenge",
    "find_first_page": "continuation",
    "find_spam": "spam",
    "join_readings": "continuation",
    "judge": "relevance",
    "judge_title": "relevance",
    "load_topics": "relevance",
    "mend": "repair",
    "read": "reader",
    "read_bytes": "reader",
}

__all__ = [
    "READER_VERSION",
    "Listed",
    "Relevance",
    "Topic",
    "containment",
    "find_challenge",
    "find_first_page",
    "find_spam",
    "fingerprint",
    "join_readings",
    "judge",
    "judge_title",
    "load_topics",
    "mend",
    "read",
    "read_bytes",
    "resemblance",
    "title_core",
]


def __getattr__(name: str) -> Any:
    """Load a name of the room from its module."""
    home = _HOMES.get(name)
    if home is None:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(f"{__name__}.{home}"), name)
