"""Boda 博达 VSB: rows with the id ``line_…``, and pages whose names count down.

The first page is ``tzgg.htm``; of nine pages the second is ``tzgg/8.htm``, the last ``tzgg/1.htm``.
"""

from __future__ import annotations

import re
from dataclasses import replace

from archive.notice import Column, Listing
from spiders.dialects.table import OPTIONS as OPTIONS
from spiders.dialects.table import read_listing as read_table
from spiders.html_rows import rows_of
from spiders.link import find_url
from spiders.list_page import ListPage
from spiders.paging import find_next, find_total
from spiders.rows import make_listing

_LINES = "li[id^=line], tr[id^=line], div[id^=line]"
_PLACE = re.compile(r"共\s{0,4}\d{1,7}\s{0,4}条\D{0,40}?(\d{1,5})\s{0,4}/\s{0,4}(\d{1,5})")
_PAGE = re.compile(r"^(.{0,3000}/)(\d{1,5})(\.html?)$")
_FIRST = re.compile(r"^(.{0,3000}/[^/?.]{1,200})(\.html?)$")


def read_listing(page: ListPage, column: Column) -> Listing:
    """Read the rows that carry the system's ids; a list without them as any HTML list."""
    lines = page.tree.css(_LINES) if "rows" not in column.options else []
    if lines:
        rows, following = rows_of(lines, column.options), find_next(page, column)
        listing = make_listing(page, column, rows, next_url=following, total=find_total(page))
    else:
        listing = read_table(page, column)
    if listing.next_url is None and listing.leads and "pages" not in column.options:
        return replace(listing, next_url=_next_by_name(page))
    return listing


def _next_by_name(page: ListPage) -> str | None:
    """The page after this one, by its own name and its 共 89 条 1/9."""
    place = _PLACE.search(page.tree.body.text()[-5_000:] if page.tree.body else "")
    if place is None or int(place[1]) >= int(place[2]):
        return None
    left = int(place[2]) - int(place[1])
    later = _PAGE.match(page.url)
    if later is not None and int(place[1]) > 1:
        return find_url(f"{later[1]}{left}{later[3]}", page.base)
    first = _FIRST.match(page.url)
    return find_url(f"{first[1]}/{left}{first[2]}", page.base) if first else None
