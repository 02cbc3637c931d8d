"""Hanweb jpaas 大汉: lists that a script asks for, as HTML within JSON.

A column's URL is what its page's script asks for:
``/api-gateway/jpaas-publish-server/front/page/build/unit?parseType=bulidstatic&webId=…&tplSetId=…
&pageType=column&tagId=…&pageId=…&paramJson={"pageNo":1,"pageSize":20}`` (the typo is theirs).
"""

from __future__ import annotations

import json
import re
from dataclasses import replace
from typing import Any

from archive.notice import Column, Listing
from spiders.dialects.table import OPTIONS as OPTIONS
from spiders.dialects.table import read_listing as read_table
from spiders.json_values import dig, read_json
from spiders.list_page import ListPage
from spiders.paging import query_value, replace_query


def read_listing(page: ListPage, column: Column) -> Listing:
    """Read ``data.html``; a page that is no JSON is the column itself, an HTML list.

    Some sites ignore the page's number and answer with the first page again: nothing on it is
    new then, and nobody goes on.
    """
    answer, flag = read_json(page)
    if flag:
        return read_table(page, column)
    fragment = dig(answer, "data.html")
    text = fragment if isinstance(fragment, str) else ""
    listing = read_table(replace(page, text=text), column)
    # The fragment's own pager leads to pages that only a script can ask for.
    return replace(listing, next_url=_next_url(page.url, len(listing.leads)))


def _next_url(url: str, count: int) -> str | None:
    asked = _parameters(url)
    number, size = _count(asked.get("pageNo")), _count(asked.get("pageSize"))
    if number is None or size is None or count < size:
        return None
    # Numbers stay as they were written: some sites want them in quotes.
    following = str(number + 1) if isinstance(asked["pageNo"], str) else number + 1
    words = json.dumps({**asked, "pageNo": following}, separators=(",", ":"))
    return replace_query(url, paramJson=words)


def _parameters(url: str) -> dict[str, Any]:
    try:
        asked = json.loads(query_value(url, "paramJson") or "{}")
    except (ValueError, RecursionError):
        return {}
    return asked if isinstance(asked, dict) else {}


def _count(value: Any) -> int | None:
    """A number from 1 on, also one in quotes."""
    is_number = isinstance(value, int | str) and not isinstance(value, bool)
    return int(value) if is_number and re.fullmatch(r"[1-9][0-9]{0,5}", str(value)) else None
