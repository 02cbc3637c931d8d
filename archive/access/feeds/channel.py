"""A feed as values, before it is written in one format or another."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Literal

from archive.catalogue.views import CaptureView, NoticeSummary, StatusView, VersionView
from archive.notice import ChangeKind

#: When a feed without entries was last changed: it never was.
BEGINNING = datetime(2000, 1, 1, tzinfo=UTC)

Format = Literal["atom", "rss", "json"]
MEDIA_TYPES: Mapping[str, str] = {
    "atom": "application/atom+xml; charset=utf-8",
    "rss": "application/rss+xml; charset=utf-8",
    "json": "application/feed+json; charset=utf-8",
}


@dataclass(frozen=True, kw_only=True)
class Entry:
    """One announcement: a notice that is new, or a new wording of one; or a line of the log.

    A revision is an entry of its own, with the version in its id: readers that have seen an
    id do not show it again.
    """

    summary: NoticeSummary
    announced_as: str  #: the notice's id in the change log, which a merge leaves as it was
    announced_version: int
    version: VersionView
    capture: CaptureView | None  #: what the version was read from
    seq: int
    at: datetime  #: when it was announced
    change: ChangeKind
    is_line: bool = False  #: one line of the change log, whatever it tells
    url: str | None = None  #: where a line's news was seen
    status: StatusView | None = None  #: that a line announces

    @property
    def id(self) -> str:
        """Permanent, and the same on every host and after a rebuild."""
        if self.is_line:
            return f"urn:hongtou:change:{self.seq}:{self.announced_as}"
        return f"urn:hongtou:notice:{self.announced_as}:v{self.announced_version}"

    @property
    def path(self) -> str:
        """The notice's page."""
        return f"/notices/{self.summary.id}"


@dataclass(frozen=True, kw_only=True)
class Channel:
    """A feed: what it is of, its entries newest first, and where the others are."""

    id: str
    title: str
    description: str
    author: str
    base_url: str  #: without a slash at its end
    self_path: str
    page_path: str  #: the page for people
    entries: tuple[Entry, ...]
    is_archive: bool = False  #: RFC 5005, 4: a document that changes no more
    links: Mapping[str, str] = field(default_factory=dict)  #: rel → path

    @property
    def updated(self) -> datetime:
        """When anything in it last changed."""
        moments = [entry.at for entry in self.entries]
        moments += [entry.summary.changed_at for entry in self.entries]
        return max(moments, default=BEGINNING)

    def link(self, path: str) -> str:
        """The absolute URL of a path."""
        return self.base_url + path
