"""A site, its watched columns, and how they are looked at."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import time, timedelta
from pathlib import Path
from typing import Any

from archive.notice.identity import Trust
from archive.notice.posting import Posting, posting_address


@dataclass(frozen=True, kw_only=True)
class Rhythm:
    """How often a column is looked at."""

    every: timedelta = timedelta(hours=6)
    jitter: timedelta = timedelta(minutes=10)  #: added at random, so that sites are not hit at once
    recheck: timedelta = timedelta(days=7)  #: a listed notice is fetched again after this
    quiet_from: time | None = None  #: Beijing time; no look starts between the two
    quiet_until: time | None = None


@dataclass(frozen=True, kw_only=True)
class Column:
    """One list page that is watched."""

    id: str  #: unique within its source
    name: str  #: 栏目, as the site calls it
    url: str
    dialect: str  #: name of a module in `spiders.dialects`
    options: Mapping[str, Any] = field(default_factory=dict)  #: the dialect's own settings
    rhythm: Rhythm = Rhythm()
    topic: str = "health-care-reform"  #: id of a topic, or ``all``: everything is taken
    at_least: int = 1  #: leads a first page promises; fewer raise an alarm
    watched: bool = True  #: False: read when it is asked for, and never looked at by itself
    max_pages: int = 3  #: how far paging follows when every lead is new
    posting: Posting | None = None  #: what is posted to `url` for the first page; None: GET

    @property
    def address(self) -> str:
        """The address of its first page: the URL, with what is posted to it."""
        return posting_address(self.url, self.posting)


@dataclass(frozen=True, kw_only=True)
class PageHints:
    """Where a source's detail pages keep their fields: CSS selectors, first match wins."""

    body: tuple[str, ...] = ()
    title: tuple[str, ...] = ()
    remove: tuple[str, ...] = ()  #: furniture inside the body


@dataclass(frozen=True, kw_only=True)
class Source:
    """A site 网站: whose it is, how it is trusted, which columns are watched."""

    id: str  #: also the Scrapy spider's name, such as ``harbin``
    name: str
    hosts: tuple[str, ...]
    level: str  #: national, province, city, county, aggregator
    trust: Trust
    jurisdiction: str | None = None  #: GB/T 2260 code, six digits
    issuing_bodies: tuple[str, ...] = ()  #: whose own site this is
    delay: timedelta = timedelta(seconds=1)  #: between two requests to a host
    enabled: bool = True
    notes: str = ""
    columns: tuple[Column, ...] = ()
    page: PageHints = PageHints()
    folder: Path | None = None  #: where its source.toml stands
