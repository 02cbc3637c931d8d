"""gkmlpt, the disclosure platform of all Guangdong: ``/gkmlpt/api/all/{category}`` as JSON."""

from __future__ import annotations

from typing import Any

from archive.notice import Column, Listing
from spiders.json_values import number_of, read_json, records, text_of
from spiders.list_dates import date_of_value
from spiders.list_page import ListPage
from spiders.paging import query_number, replace_query
from spiders.rows import Row, make_listing, strip_tags

OPTIONS: dict[str, type] = {"page_size": int}
#: Articles a page holds where neither the answer nor the source says so.
PAGE_SIZE = 100


def read_listing(page: ListPage, column: Column) -> Listing:
    """Read ``articles[]``; flag ``not-json`` for an answer that is none."""
    answer, flag = read_json(page)
    articles = records(answer, "articles")
    total = number_of(answer, "total", "classify.post_count")
    return make_listing(
        page,
        column,
        (_row(article) for article in articles),
        next_url=_next_url(page, column, len(articles), total),
        total=total,
        flags=[flag] if flag else [],
    )


def _row(article: dict[str, Any]) -> Row:
    shown = ("display_publish_time", "first_publish_time", "created_at", "date")
    dates = (date_of_value(article.get(name)) for name in shown)
    return Row(
        href=text_of(article, ("url", "post_url")) or None,
        title=strip_tags(text_of(article, ("title",))),
        published_on=next((day for day in dates if day), None),
        document_number=text_of(article, ("document_number",)) or None,
    )


def _next_url(page: ListPage, column: Column, count: int, total: int | None) -> str | None:
    number = query_number(page.url, "page", 1)
    size = int(column.options.get("page_size", count if number == 1 else PAGE_SIZE))
    if not count or total is None or number * size >= total:
        return None
    return replace_query(page.url, page=number + 1)
