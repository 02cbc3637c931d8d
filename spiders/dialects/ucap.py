"""Kaipuyun 开普 UCAP: ``/common/search/{channel}`` as JSON, or a static list."""

from __future__ import annotations

from typing import Any

from archive.notice import Column, Listing
from spiders.dialects.table import OPTIONS as OPTIONS
from spiders.dialects.table import read_listing as read_table
from spiders.json_values import number_of, read_json, records, text_of
from spiders.list_dates import date_of_value
from spiders.list_page import ListPage
from spiders.paging import query_number, replace_query
from spiders.rows import Row, make_listing, strip_tags


def read_listing(page: ListPage, column: Column) -> Listing:
    """Read ``data.results[]``; a page that is no JSON is read as an HTML list."""
    answer, flag = read_json(page)
    if flag:
        return read_table(page, column)
    results = records(answer, "data.results") or records(answer, "results")
    total = number_of(answer, "data.total", "data.totalCount", "total")
    size = query_number(page.url, "_pageSize", len(results))
    number = query_number(page.url, "page", 1)
    is_last = not results or total is None or number * size >= total
    return make_listing(
        page,
        column,
        (_row(result) for result in results),
        next_url=None if is_last else replace_query(page.url, page=number + 1),
        total=total,
    )


def _row(result: dict[str, Any]) -> Row:
    extra = _domain_values(result)
    shown = (result.get("publishedTimeStr"), result.get("publishedTime"), extra.get("pubdate"))
    return Row(
        href=text_of(result, ("url",)) or None,
        title=strip_tags(text_of(result, ("title",))),
        published_on=next((day for day in map(date_of_value, shown) if day), None),
        document_number=extra.get("refno") or None,
    )


def _domain_values(result: dict[str, Any]) -> dict[str, str]:
    """``domainMetaList[].resultList[]`` as one mapping: refno, writedate, indexnumber …"""
    pairs = (
        pair for group in records(result, "domainMetaList") for pair in records(group, "resultList")
    )
    return {text_of(pair, ("key",)): strip_tags(text_of(pair, ("value",))) for pair in pairs}
