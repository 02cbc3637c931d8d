"""The journal of judgements: what people have decided, a line of JSON each, only ever added to.

With the WARCs it is all that a rebuild needs. It names sightings by their URLs, so that it holds
whatever ids a rebuild gives.
"""

from __future__ import annotations

import fcntl
import hashlib
import json
import os
from collections.abc import Iterable, Iterator
from dataclasses import asdict, dataclass, field
from datetime import datetime
from enum import StrEnum
from pathlib import Path
from typing import Any, Self, TypeVar

from archive.errors import HomeNotWritable
from archive.notice import Home, parse_utc, utc_text

FILE = "judgements.jsonl"
T = TypeVar("T")


class Verb(StrEnum):
    """What a person can judge."""

    MERGE = "merge"
    SPLIT = "split"
    CORRECT = "correct"


@dataclass(frozen=True, kw_only=True)
class Judgement:
    """One person's judgement, with the reason."""

    verb: Verb
    at: datetime
    by: str
    reason: str
    urls: tuple[str, ...]  #: of the notice that stays, or is corrected
    other_urls: tuple[str, ...] = ()  #: of what is merged into it, or split from it
    notices: tuple[str, ...] = field(default=())  #: their ids, as the person gave them
    field_name: str = ""
    value: str = ""

    @property
    def id(self) -> str:
        """16 hex digits; the same line has the same one, so that nothing is done twice."""
        return hashlib.sha256(self.line().encode()).hexdigest()[:16]

    def line(self) -> str:
        """The judgement as it stands in the journal."""
        return json.dumps({**asdict(self), "at": utc_text(self.at)}, ensure_ascii=False)

    @classmethod
    def of_line(cls, line: str) -> Self:
        """Read what `line` wrote."""
        values: dict[str, Any] = json.loads(line)
        for name in ("urls", "other_urls", "notices"):
            values[name] = tuple(values.get(name, ()))
        return cls(**{**values, "verb": Verb(values["verb"]), "at": parse_utc(values["at"])})


def write_judgement(home: Home, judgement: Judgement) -> None:
    """Add a judgement to the journal; it is on the disk when this returns.

    Raises:
        HomeNotWritable: It could not be written; nothing was judged.
    """
    path = home.journal / FILE
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with path.open("ab") as file:
            fcntl.flock(file, fcntl.LOCK_EX)  # two people may judge at once
            is_torn = file.tell() > 0 and not _ends_whole(path)
            file.write((b"\n" if is_torn else b"") + judgement.line().encode() + b"\n")
            file.flush()
            os.fsync(file.fileno())
    except OSError as error:
        raise HomeNotWritable(f"{path} cannot be written: {error.strerror or error}.") from error


def _ends_whole(path: Path) -> bool:
    with path.open("rb") as file:
        file.seek(-1, os.SEEK_END)
        return file.read(1) == b"\n"


def read_journal(home: Home) -> tuple[Judgement, ...]:
    """All judgements in order; a last line that a crash has torn was never judged.

    Raises:
        HomeNotWritable: A line in the middle cannot be read: somebody has edited the journal.
    """
    path = home.journal / FILE
    if not path.is_file():
        return ()
    lines = path.read_text(encoding="utf-8").split("\n")
    found = []
    for number, line in enumerate(lines, 1):
        if not line.strip():
            continue
        try:
            found.append(Judgement.of_line(line))
        except (ValueError, KeyError, TypeError) as error:
            if number >= len(lines) - 1 or _is_torn(line):
                continue
            raise HomeNotWritable(
                f"Line {number} of {path} cannot be read: {error}.",
                next_step="Restore the journal from your backup; it is only ever added to.",
            ) from error
    return tuple(found)


def _is_torn(line: str) -> bool:
    return not line.endswith("}")


def in_time(
    judgements: Iterable[Judgement], items: Iterable[T], *, at: Any
) -> Iterator[T | Judgement]:
    """Judgements among other things that happened, each in its time; for a rebuild.

    Args:
        judgements: In the order of the journal.
        items: In their own order, which is kept.
        at: Tells the moment of an item.
    """
    waiting = list(judgements)
    for item in items:
        while waiting and waiting[0].at <= at(item):
            yield waiting.pop(0)
        yield item
    yield from waiting
