"""A link on a list that may be a notice."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from archive.notice.capture import Original


@dataclass(frozen=True, kw_only=True)
class Lead:
    """A link on a list page that may be a notice, with what the list said of it."""

    url: str  #: absolute, without a fragment
    title: str  #: the longest form the list gives: ``a[title]`` before the cut text
    source: str  #: id of the `Source`
    column: str  #: id of the `Column`
    found_at: str  #: address of the list page
    position: int = 0  #: 0-based place on that page
    published_on: date | None = None
    document_number: str | None = None  #: as written in the list, when it has such a cell

    @property
    def is_cut(self) -> bool:
        """Whether the list shows only the beginning of the title."""
        return self.title.rstrip().endswith(("…", "...", "．．．"))


@dataclass(frozen=True, kw_only=True)
class Listing:
    """What one list page holds."""

    leads: tuple[Lead, ...]
    next_url: str | None = None  #: address of the following page, as the page itself tells
    total: int | None = None  #: how many the column says it has
    flags: tuple[str, ...] = ()  #: e.g. ``rows-without-link:3``


@dataclass(frozen=True, kw_only=True)
class Order:
    """A lead that is to be fetched, with what a conditional request needs."""

    lead: Lead
    is_new: bool  #: False: a known notice, looked at again
    etag: str | None = None
    last_modified: str | None = None
    original: Original | None = None  #: what a 304 answer would stand for
