"""Is a notice about a topic? Which words, in which place, say so.

A topic is data: a TOML file in ``archive/ingest/topics`` or in a folder of the operator's.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable
from dataclasses import dataclass, replace
from functools import lru_cache
from pathlib import Path
from typing import Any

from archive.errors import BadTopicFile
from archive.ingest.repair.notes import find_notes
from archive.notice.character_fold import in_one_width
from archive.notice.one_script import in_one_script
from archive.notice.reading import Reading

BUILT_IN = Path(__file__).with_name("topics")
_TEXT_HEAD = 3_000  #: characters of the text that are looked at: a notice says early what it is
_SPACE = re.compile(r"\s+")


@dataclass(frozen=True, kw_only=True)
class Terms:
    """Words that say the same for or against a topic."""

    weight: float  #: added once when any of the words stands there; negative: against
    words: tuple[str, ...]
    why: str = ""  #: said in the reasons


@dataclass(frozen=True, kw_only=True)
class Topic:
    """A subject 专题 that notices are sorted by."""

    id: str
    name: str
    threshold: float = 1.0  #: a score from here on is relevant
    text_limit: float = 0.6  #: all words of the text together count for no more than this
    names: tuple[str, ...] = ()  #: of offices: who writes is no evidence of what about
    title: tuple[Terms, ...] = ()
    text: tuple[Terms, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Relevance:
    """How far a notice belongs to a topic, and why."""

    score: float
    is_relevant: bool
    reasons: tuple[str, ...]


def load_topics(*folders: Path) -> tuple[Topic, ...]:
    """The built-in topics and those of further folders; a later one replaces one of its id.

    Raises:
        BadTopicFile: A file is no TOML, or has a key, a type or a value that is not allowed.
    """
    topics: dict[str, Topic] = {}
    for folder in (BUILT_IN, *folders):
        for file in sorted(folder.glob("*.toml")):
            topics[file.stem] = _read_topic(file)
    return tuple(topics.values())


def judge_title(title: str, topic: Topic) -> Relevance:
    """Judge by the title alone, as a list shows it: a mirror's list with pinyin in it, too."""
    return _judged(topic, _in_title(_without_notes(title), topic), [])


def judge(reading: Reading, topic: Topic) -> Relevance:
    """Judge a whole reading: its title strongly, the beginning of its text weakly."""
    in_title = _in_title(reading.title or "", topic)
    in_text = _matches(topic.text, _fold(reading.text[:_TEXT_HEAD]), "text")
    return _judged(topic, in_title, in_text)


def with_topics(reading: Reading, topics: Iterable[Topic]) -> Reading:
    """The reading with the names of the topics that it belongs to."""
    names = (topic.name for topic in topics if judge(reading, topic).is_relevant)
    return replace(reading, topics=tuple(names))


def _in_title(title: str, topic: Topic) -> list[tuple[float, str]]:
    folded = _fold(title)
    for name in topic.names:
        folded = folded.replace(name, "　")  # a gap, so that its neighbours form no word
    return _matches(topic.title, folded, "title")


def _judged(
    topic: Topic, title: list[tuple[float, str]], text: list[tuple[float, str]]
) -> Relevance:
    from_text = min(topic.text_limit, sum(weight for weight, _ in text))
    score = round(sum(weight for weight, _ in title) + from_text, 3)
    return Relevance(
        score=score,
        is_relevant=score >= topic.threshold,
        reasons=tuple(reason for _, reason in (*title, *text)),
    )


def _matches(groups: Iterable[Terms], folded: str, place: str) -> list[tuple[float, str]]:
    found = []
    for terms in groups:
        words = [word for word in terms.words if word in folded]
        if words:
            said = f" ({terms.why})" if terms.why else ""
            found.append((terms.weight, f"{place}: {'、'.join(words[:4])} {terms.weight:+g}{said}"))
    return found


def _without_notes(title: str) -> str:
    """A title without pinyin between its characters; it is too short to judge them injected."""
    for note in reversed(find_notes(title)):
        title = title[: note.start] + title[note.end :]
    return title


@lru_cache(maxsize=8)  # a notice is judged by every topic in turn
def _fold(text: str) -> str:
    """One width, one case, no space, Simplified: a topic's words are written once."""
    return in_one_script(_SPACE.sub("", in_one_width(text)).casefold())


def _read_topic(file: Path) -> Topic:
    try:
        table = tomllib.loads(file.read_text(encoding="utf-8"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise BadTopicFile(f"{file}: {error}", file=file) from error
    try:
        return Topic(
            id=file.stem,
            name=_text(table.pop("name")),
            threshold=_number(table.pop("threshold", 1.0)),
            text_limit=_number(table.pop("text_limit", 0.6)),
            names=tuple(_fold(_text(name)) for name in table.pop("names", [])),
            title=_terms(table.pop("title", [])),
            text=_terms(table.pop("text", [])),
            **table,
        )
    except (KeyError, TypeError, ValueError) as error:
        raise BadTopicFile(f"{file}: {error!s} is missing or not allowed.", file=file) from error


def _terms(rows: Any) -> tuple[Terms, ...]:
    return tuple(
        Terms(
            weight=_number(row["weight"]),
            words=tuple(_fold(_text(word)) for word in row["words"]),
            why=_text(row.get("why", "")),
        )
        for row in rows
        if _has_only(row, {"weight", "words", "why"})
    )


def _has_only(row: dict[str, Any], allowed: set[str]) -> bool:
    unknown = set(row) - allowed
    if unknown:
        raise ValueError(f"the key {min(unknown)!r}")
    return True


def _text(value: Any) -> str:
    if not isinstance(value, str):
        raise TypeError(f"the value {value!r}")
    return value


def _number(value: Any) -> float:
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise TypeError(f"the value {value!r}")
    return float(value)
