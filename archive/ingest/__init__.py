"""From capture to reading: decode, clean, repair, identify. Pure, no database."""

from archive.ingest.challenge import find_challenge
from archive.ingest.fingerprint import containment, fingerprint, resemblance
from archive.ingest.read import READER_VERSION, Listed, read, read_bytes
from archive.ingest.relevance import Relevance, Topic, judge, judge_title, load_topics
from archive.ingest.repair import mend
from archive.ingest.spam import find_spam
from archive.ingest.title_core import title_core

__all__ = [
    "READER_VERSION",
    "Listed",
    "Relevance",
    "Topic",
    "containment",
    "find_challenge",
    "find_spam",
    "fingerprint",
    "judge",
    "judge_title",
    "load_topics",
    "mend",
    "read",
    "read_bytes",
    "resemblance",
    "title_core",
]
