"""TRS WCM/MAS 拓尔思: static lists of ``tYYYYMMDD_ID.html``, paged by createPageHTML."""

from __future__ import annotations

from archive.notice import Column, Listing
from spiders.dialects.table import OPTIONS as OPTIONS
from spiders.dialects.table import read_listing as read_table
from spiders.list_page import ListPage


def read_listing(page: ListPage, column: Column) -> Listing:
    """Read a TRS list: by its selectors, or the rows that link to dated detail pages.

    Paging is read off the ``createPageHTML`` call by `spiders.paging`, which knows the
    variants that sites have made of it.
    """
    return read_table(page, column)
