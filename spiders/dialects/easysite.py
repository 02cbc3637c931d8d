"""Huilan easySite 中科汇联: ``/eportal/ui?pageId=…&moduleId=…&currentPage=2&staticRequest=yes``."""

from __future__ import annotations

import re
from dataclasses import replace

from archive.notice import Column, Listing
from spiders.dialects.table import OPTIONS as OPTIONS
from spiders.dialects.table import read_listing as read_table
from spiders.list_page import ListPage
from spiders.paging import query_number, replace_query

_PAGES = re.compile(
    r"(?:共|总)\s{0,4}(\d{1,5})\s{0,4}页|\b\d{1,5}\s{0,4}/\s{0,4}(\d{1,5})\s{0,4}页"
)


def read_listing(page: ListPage, column: Column) -> Listing:
    """Read the list; it goes on by the address's own ``currentPage``, as far as it says."""
    listing = read_table(page, column)
    if "currentPage=" not in page.url or not listing.leads or "pages" in column.options:
        return listing
    number = query_number(page.url, "currentPage", 1)
    pages = _PAGES.search(page.text[-200_000:])
    is_last = pages is not None and number >= int(pages[1] or pages[2])
    is_known = pages is not None or listing.next_url is not None
    following = replace_query(page.url, currentPage=number + 1)
    return replace(listing, next_url=following if is_known and not is_last else None)
