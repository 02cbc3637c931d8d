"""Any HTML list: rows, link, date and number by selectors, or found by common habit."""

from __future__ import annotations

from archive.notice import Column, Listing
from spiders.container import find_container
from spiders.html_rows import rows_of, select_rows
from spiders.list_page import ListPage
from spiders.paging import find_next, find_total
from spiders.rows import make_listing

#: Its options: CSS selectors (`rows` on the page, the others within a row), the selector of
#: the link to the next page, or the pattern of the pages' addresses and the second's number.
OPTIONS: dict[str, type] = {
    "rows": str,
    "link": str,
    "title": str,
    "date": str,
    "number": str,
    "next": str,
    "pages": str,
    "second": int,
}


def read_listing(page: ListPage, column: Column) -> Listing:
    """Read an HTML list.

    Flag ``rows-guessed``: no selector was stated, and the rows that were found carry no
    dates, so they may be a menu.
    """
    flags: list[str] = []
    if "rows" in column.options:
        rows = list(select_rows(page.tree, column.options))
    else:
        container = find_container(page)
        rows = rows_of(container.rows, column.options) if container else []
        flags += ["rows-guessed"] if container and not container.is_dated else []
    following = find_next(page, column) if rows else None
    return make_listing(page, column, rows, next_url=following, total=find_total(page), flags=flags)
