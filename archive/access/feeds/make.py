"""Feeds from the change log and from searches, always in order of arrival."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from urllib.parse import urlencode

from archive.access.desk import Desk
from archive.access.entry_row import EntryRow
from archive.access.feeds.channel import Channel, Entry, Format
from archive.access.query import Query, Ranking
from archive.catalogue.views import ChangeView, NoticeView, StatusView
from archive.errors import UnknownNotice
from archive.notice import ChangeKind

ANNOUNCED = (ChangeKind.NEW, ChangeKind.REVISED)
BLOCK = 100  #: lines of the change log in one archive document
LEAST = 50  #: lines of the change log that the current document reaches back, if there are any
PAGE = 50  #: entries on a page of a search's feed


@dataclass(frozen=True, kw_only=True)
class Asked:
    """How a feed was asked for."""

    format: Format
    base_url: str
    self_path: str


@dataclass(frozen=True, kw_only=True)
class LogFeed:
    """A feed that follows the change log, and what of it is told."""

    name: str
    archive: str  #: the folder of its archive documents
    description: str
    kinds: frozenset[ChangeKind]

    def archive_path(self, end: int, form: Format) -> str:
        """Where an archive document stands."""
        return f"{self.archive}/{end}.{form}"


#: For readers of notices: what is new to read.
FRESH = LogFeed(
    name="fresh",
    archive="/feeds/archive",
    description="新收公文与修订，按收到的先后排列。",
    kinds=frozenset(ANNOUNCED),
)
#: For tools that keep a copy: every line of the log, an entry each.
CHANGES = LogFeed(
    name="changes",
    archive="/feeds/changes",
    description="全部变更：新收、修订、转载、效力变化、撤下、合并、拆分、更正，按先后排列。",
    kinds=frozenset(ChangeKind),
)


def current_channel(desk: Desk, asked: Asked, feed: LogFeed) -> Channel:
    """The newest entries, with a link to the archive document before them.

    The current document and the archives together hold every entry exactly once
    (RFC 5005, 4): a reader that was away goes back through prev-archive and misses none.
    """
    seq = desk.library.last_seq()
    boundary = max(0, (seq - LEAST) // BLOCK * BLOCK)
    changes = _between(desk, feed, boundary, seq)
    links = {"prev-archive": feed.archive_path(boundary, asked.format)} if boundary else {}
    return _of_log(desk, asked, feed, changes, links)


def archive_channel(desk: Desk, asked: Asked, feed: LogFeed, end: int) -> Channel:
    """The entries among the BLOCK lines of the change log that end with ``end``.

    Raises:
        UnknownNotice: There is no such document, or not yet.
    """
    if end < BLOCK or end % BLOCK or end > desk.library.last_seq():
        raise UnknownNotice("There is no such archive document.", next_step="")
    changes = _between(desk, feed, end - BLOCK, end)
    links = {"current": f"/feeds/{feed.name}.{asked.format}"}
    if end > BLOCK:
        links["prev-archive"] = feed.archive_path(end - BLOCK, asked.format)
    if end + BLOCK <= (desk.library.last_seq() - LEAST) // BLOCK * BLOCK:
        links["next-archive"] = feed.archive_path(end + BLOCK, asked.format)
    return replace(_of_log(desk, asked, feed, changes, links), is_archive=True)


def _of_log(
    desk: Desk,
    asked: Asked,
    feed: LogFeed,
    changes: Iterable[ChangeView],
    links: dict[str, str],
) -> Channel:
    is_fresh = feed is FRESH
    entries = _announcements(desk, changes) if is_fresh else _lines(desk, changes)
    return Channel(
        id=f"urn:hongtou:feed:{feed.name}",
        title=desk.site_name if is_fresh else f"{desk.site_name}：全部变更",
        description=feed.description,
        author=desk.site_name,
        base_url=asked.base_url,
        self_path=asked.self_path,
        page_path="/",
        entries=tuple(entries),
        links=links,
    )


def _between(desk: Desk, feed: LogFeed, after: int, until: int) -> list[ChangeView]:
    """The lines after one number up to another that a feed tells, newest first."""
    changes = desk.library.changes(after=after, limit=until - after) if until > after else ()
    found = [change for change in changes if change.change in feed.kinds and change.seq <= until]
    return found[::-1]


def search_channel(desk: Desk, asked: Asked, query: Query) -> Channel:
    """What a search finds, newest arrival first, in pages (RFC 5005, 3)."""
    paged = replace(query, order=Ranking.ARRIVAL, limit=PAGE, offset=0)
    hits = desk.index.search(paged)
    words = query.parameters()
    links = {"first": _search_path(asked.format, words)}
    if hits.total > len(hits.rows) and hits.rows:
        links["next"] = _search_path(asked.format, words | {"before": str(hits.rows[-1].seq)})
    digest = hashlib.sha256(json.dumps(words, sort_keys=True).encode()).hexdigest()[:32]
    said = " ".join(words.values()) or "全部"
    return Channel(
        id=f"urn:hongtou:feed:search:{digest}",
        title=f"{desk.site_name}：{said}",
        description=f"检索“{said}”所得公文与修订，按收到的先后排列。",
        author=desk.site_name,
        base_url=asked.base_url,
        self_path=asked.self_path,
        page_path="/search?" + urlencode(words),
        entries=tuple(_entries(desk, hits.rows)),
        links=links,
    )


def _search_path(form: Format, words: dict[str, str]) -> str:
    return f"/feeds/search.{form}" + ("?" + urlencode(words) if words else "")


def _announcements(desk: Desk, changes: Iterable[ChangeView]) -> Iterator[Entry]:
    return _entries(desk, (EntryRow.of_change(change) for change in changes))


def _lines(desk: Desk, changes: Iterable[ChangeView]) -> Iterator[Entry]:
    """An entry for each line of the log, with what became of the notice then."""
    changes = list(changes)
    views = desk.library.notices([change.notice_id for change in changes])
    for change in changes:
        view = views.get(change.notice_id)
        entry = _entry(view, EntryRow.of_change(change))
        if view is not None and entry is not None:
            yield replace(entry, is_line=True, url=change.url, status=_status_at(view, change))


def _status_at(view: NoticeView, change: ChangeView) -> StatusView | None:
    """The status that a line announces: the last one that was learned by then."""
    if change.change not in (ChangeKind.STATUS, ChangeKind.WITHDRAWN):
        return None
    learned = [one for one in view.statuses if one.at <= change.at and one.doubt is None]
    return learned[-1] if learned else None


def _entries(desk: Desk, rows: Iterable[EntryRow]) -> Iterator[Entry]:
    rows = list(rows)
    views = desk.library.notices([row.notice_id for row in rows])
    found = (_entry(views.get(row.notice_id), row) for row in rows)
    return (entry for entry in found if entry is not None)


def _entry(view: NoticeView | None, row: EntryRow) -> Entry | None:
    if view is None or not view.versions:
        return None
    versions = {version.number: version for version in view.versions}
    version = versions.get(row.version, view.versions[-1])
    captures = {capture.record_id: capture for capture in view.captures}
    return Entry(
        summary=view.summary,
        announced_as=row.notice_id,
        announced_version=row.version or version.number,
        version=version,
        capture=captures.get(version.record_id),
        seq=row.seq,
        at=row.at,
        change=row.change,
    )
