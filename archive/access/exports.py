"""Notices of a query as files: JSON Lines and CSV."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterable, Iterator
from dataclasses import replace
from typing import Any

from archive.access.as_json import notice_json
from archive.access.index import SearchIndex
from archive.access.library import Library
from archive.access.query import LARGEST_PAGE, Query, Ranking
from archive.catalogue.views import NoticeView

#: Columns of the CSV; several values in one cell are parted by ``；``.
COLUMNS = (
    "id", "seq", "document_number", "index_number", "title", "kind", "issuing_bodies",
    "jurisdiction_code", "jurisdiction_name", "topics", "written_on", "published_on",
    "effective_on", "validity", "first_seen_at", "changed_at", "versions", "original_url",
    "source", "sightings", "cites", "record_id", "payload_digest", "text",
)  # fmt: skip

_AT_ONCE = 50  #: notices that are held in memory

#: A cell that begins so would be a formula to a spreadsheet, and the text is a stranger's.
_FORMULA = ("=", "+", "-", "@", "\t", "\r")


def every_notice(library: Library, index: SearchIndex, query: Query) -> Iterator[NoticeView]:
    """All notices of a query, the last arrival first, however many there are."""
    page = replace(query, order=Ranking.ARRIVAL, limit=LARGEST_PAGE, offset=0)
    while True:
        rows = index.search(page).rows
        ids = [row.notice_id for row in rows]
        for start in range(0, len(ids), _AT_ONCE):
            chunk = ids[start : start + _AT_ONCE]
            views = library.notices(chunk)
            yield from (views[one] for one in chunk if one in views)
        if len(rows) < page.limit:
            return
        page = replace(page, before=rows[-1].seq)


def jsonl_lines(views: Iterable[NoticeView]) -> Iterator[str]:
    """One notice a line, as DESIGN calls for it."""
    for view in views:
        yield json.dumps(notice_json(view), ensure_ascii=False) + "\n"


def csv_lines(views: Iterable[NoticeView]) -> Iterator[str]:
    """One notice a row, after a head of column names."""
    yield _line(COLUMNS)
    for view in views:
        row = csv_row(view)
        yield _line(tuple(_harmless(row[column]) for column in COLUMNS))


def csv_row(view: NoticeView) -> dict[str, Any]:
    """A notice as one flat row."""
    whole = notice_json(view)
    place = whole["jurisdiction"] or {"code": None, "name": None}
    original = next((s for s in whole["sightings"] if s["original"]), None)
    capture = whole["captures"][0] if whole["captures"] else {}
    flat = {name: whole[name] for name in COLUMNS if name in whole}
    return flat | {
        "issuing_bodies": "；".join(whole["issuing_bodies"]),
        "jurisdiction_code": place["code"],
        "jurisdiction_name": place["name"],
        "topics": "；".join(whole["topics"]),
        "validity": view.summary.validity,
        "versions": len(view.versions),
        "original_url": original and original["url"],
        "source": original and original["source"],
        "sightings": "；".join(sighting["url"] for sighting in whole["sightings"]),
        "cites": "；".join(c["number"] or c["title"] or "" for c in whole["cites"]),
        "record_id": capture.get("record_id"),
        "payload_digest": capture.get("payload_digest"),
    }


def _harmless(value: Any) -> str:
    said = "" if value is None else str(value)
    return "'" + said if said.startswith(_FORMULA) else said


def _line(cells: Iterable[str]) -> str:
    line = io.StringIO()
    csv.writer(line).writerow(cells)
    return line.getvalue()
