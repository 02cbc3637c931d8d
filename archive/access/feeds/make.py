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
from archive.catalogue.views import ChangeView
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


def fresh_channel(desk: Desk, asked: Asked) -> Channel:
    """The newest announcements, with a link to the archive document before them.

    The current document and the archives together hold every announcement exactly once
    (RFC 5005, 4): a reader that was away goes back through prev-archive and misses none.
    """
    seq = desk.library.last_seq()
    boundary = max(0, (seq - LEAST) // BLOCK * BLOCK)
    changes = _between(desk, boundary, seq)
    links = {"prev-archive": archive_path(boundary, asked.format)} if boundary else {}
    return _fresh(desk, asked, changes, links)


def archive_channel(desk: Desk, asked: Asked, end: int) -> Channel:
    """The announcements among the BLOCK lines of the change log that end with ``end``.

    Raises:
        UnknownNotice: There is no such document, or not yet.
    """
    if end < BLOCK or end % BLOCK or end > desk.library.last_seq():
        raise UnknownNotice("There is no such archive document.", next_step="")
    changes = _between(desk, end - BLOCK, end)
    links = {"current": f"/feeds/fresh.{asked.format}"}
    if end > BLOCK:
        links["prev-archive"] = archive_path(end - BLOCK, asked.format)
    if end + BLOCK <= (desk.library.last_seq() - LEAST) // BLOCK * BLOCK:
        links["next-archive"] = archive_path(end + BLOCK, asked.format)
    return replace(_fresh(desk, asked, changes, links), is_archive=True)


def archive_path(end: int, form: Format) -> str:
    """Where an archive document stands."""
    return f"/feeds/archive/{end}.{form}"


def _fresh(
    desk: Desk, asked: Asked, changes: Iterable[ChangeView], links: dict[str, str]
) -> Channel:
    rows = (EntryRow.of_change(change) for change in changes)
    return Channel(
        id="urn:hongtou:feed:fresh",
        title=desk.site_name,
        description="新收公文与修订，按收到的先后排列。",
        author=desk.site_name,
        base_url=asked.base_url,
        self_path=asked.self_path,
        page_path="/",
        entries=tuple(_entries(desk, rows)),
        links=links,
    )


def _between(desk: Desk, after: int, until: int) -> list[ChangeView]:
    """The announcements after one number up to another, newest first."""
    changes = desk.library.changes(after=after, limit=until - after) if until > after else ()
    found = [change for change in changes if change.change in ANNOUNCED and change.seq <= until]
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


def _entries(desk: Desk, rows: Iterable[EntryRow]) -> Iterator[Entry]:
    for row in rows:
        view = desk.library.notice(row.notice_id)
        if view is None or not view.versions:
            continue
        versions = {version.number: version for version in view.versions}
        version = versions.get(row.version, view.versions[-1])
        captures = {capture.record_id: capture for capture in view.captures}
        yield Entry(
            summary=view.summary,
            announced_as=row.notice_id,
            announced_version=row.version or version.number,
            version=version,
            capture=captures.get(version.record_id),
            seq=row.seq,
            at=row.at,
            change=row.change,
        )
