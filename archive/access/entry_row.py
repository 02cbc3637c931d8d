"""What the index keeps of a notice beside its tokens: its latest announcement."""

from __future__ import annotations

import json
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Self

from archive.catalogue.views import ChangeView
from archive.notice import ChangeKind, parse_utc, utc_text


@dataclass(frozen=True, kw_only=True)
class EntryRow:
    """The latest announcement of a notice: what a feed's entry is made from."""

    notice_id: str
    seq: int  #: of the change that announced it
    at: datetime
    change: ChangeKind  #: NEW or REVISED
    version: int
    sources: tuple[str, ...]  #: ids of the sources that have shown it

    @classmethod
    def after(cls, known: Self | None, change: ChangeView) -> Self:
        """The row after a change; a copy adds its source, it announces nothing."""
        sources = (*(known.sources if known else ()), change.source)
        sources = tuple(dict.fromkeys(filter(None, sources)))
        if known is not None and change.change not in (ChangeKind.NEW, ChangeKind.REVISED):
            return replace(known, sources=sources)
        return cls.of_change(change, sources=sources)

    @classmethod
    def of_change(cls, change: ChangeView, *, sources: tuple[str, ...] = ()) -> Self:
        """The announcement that a line of the change log makes."""
        return cls(
            notice_id=change.notice_id,
            seq=change.seq,
            at=change.at,
            change=change.change,
            version=change.version or 1,
            sources=sources or (change.source,),
        )

    def to_bytes(self) -> bytes:
        """As the index keeps it."""
        kept = vars(self) | {"at": utc_text(self.at)}
        return json.dumps(kept, ensure_ascii=True).encode()

    @classmethod
    def from_bytes(cls, kept: bytes) -> Self:
        """Read what `to_bytes` wrote."""
        values = json.loads(kept)
        values["at"] = parse_utc(values["at"])
        values["change"] = ChangeKind(values["change"])
        values["sources"] = tuple(values["sources"])
        return cls(**values)
