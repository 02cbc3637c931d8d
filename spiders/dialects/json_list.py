"""Any JSON list: where its rows and their fields stand is said by the source."""

from __future__ import annotations

import re
from typing import Any
from urllib.parse import quote

from archive.notice import Column, Listing
from spiders.json_values import number_of, read_json, records, text_of
from spiders.list_dates import date_of_value
from spiders.list_page import ListPage
from spiders.paging import query_number, replace_query
from spiders.rows import Row, make_listing, strip_tags

#: `items` is the dotted path of the list ("" for an answer that is one itself); `title`,
#: `date`, `number` are keys (or dotted paths) of a row; `url` a key, or a pattern with keys
#: in braces such as ``/DocInfo/SelectByDocId?docId={docId}``; `total` a path; `page` the
#: name of the query's page number, counted from 1.
OPTIONS: dict[str, type] = {
    "items": str,
    "title": str,
    "url": str,
    "date": str,
    "number": str,
    "total": str,
    "page": str,
}
_KEY = re.compile(r"\{([\w.]{1,60})\}")


def read_listing(page: ListPage, column: Column) -> Listing:
    """Read a JSON list by the source's paths; flag ``not-json`` for an answer that is none."""
    options = column.options
    answer, flag = read_json(page)
    found = records(answer, str(options.get("items", "")))
    total = number_of(answer, str(options["total"])) if "total" in options else None
    return make_listing(
        page,
        column,
        (_row(record, options) for record in found),
        next_url=_next_url(page, column, len(found), total),
        total=total,
        flags=[flag] if flag else [],
    )


def _row(record: dict[str, Any], options: Any) -> Row:
    url = str(options.get("url", "url"))
    if "{" in url:
        href = _KEY.sub(lambda key: quote(text_of(record, [key[1]]), safe=""), url)
    else:
        href = text_of(record, [url])
    number = text_of(record, [str(options["number"])]) if "number" in options else ""
    return Row(
        href=href or None,
        title=strip_tags(text_of(record, [str(options.get("title", "title"))])),
        published_on=date_of_value(text_of(record, [str(options.get("date", "date"))])),
        document_number=number or None,
    )


def _next_url(page: ListPage, column: Column, count: int, total: int | None) -> str | None:
    name = column.options.get("page")
    number = query_number(page.url, str(name), 1)
    if not name or not count or (total is not None and number * count >= total):
        return None
    return replace_query(page.url, **{str(name): number + 1})
