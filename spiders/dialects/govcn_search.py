"""The search of gov.cn's policy library: ``sousuo.www.gov.cn/search-gov/data`` as JSON."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from archive.notice import Column, DocumentNumber, Listing
from spiders.json_values import dig, number_of, read_json, records, text_of
from spiders.list_dates import date_of_value
from spiders.list_page import ListPage
from spiders.paging import query_number, query_value, replace_query
from spiders.rows import Row, make_listing, strip_tags

OPTIONS: dict[str, type] = {}
#: What the search answers when nothing was found; an answer like any other.
NOTHING_FOUND = 1001


def read_listing(page: ListPage, column: Column) -> Listing:
    """Read both shapes: ``searchVO.listVO[]`` (one library) and ``searchVO.catMap`` (all).

    Flag ``nothing-found`` for the search's own 1001, ``not-json`` for no JSON. Of a search for one
    number (by ``pcodeJiguan``, ``pcodeYear``, ``pcodeNum``, or as ``q``) only that number's rows
    are leads; what else the search offers is counted, ``other-numbers:4``.
    """
    answer, flag = read_json(page)
    flags = [flag] if flag else []
    if number_of(answer, "code") == NOTHING_FOUND:
        flags.append("nothing-found")
    rows = [_row(record) for record in _records(answer)]
    wanted = wanted_number(page.url)
    if wanted is not None:
        others = [row for row in rows if _number(row) != wanted]
        rows = [row for row in rows if _number(row) == wanted]
        flags += [f"other-numbers:{len(others)}"] if others else []
    pages = number_of(answer, "searchVO.totalpage", "searchVO.totalPage")
    number = query_number(page.url, "p", 1)
    has_more = bool(rows) and pages is not None and number < pages
    return make_listing(
        page,
        column,
        rows,
        next_url=replace_query(page.url, p=number + 1) if has_more else None,
        total=number_of(answer, "searchVO.totalCount"),
        flags=flags,
    )


def wanted_number(url: str) -> DocumentNumber | None:
    """The number that a search is for; None when it is for words or for what is newest."""
    code, year, serial = (query_value(url, f"pcode{name}") for name in ("Jiguan", "Year", "Num"))
    if code and year and serial:
        return DocumentNumber.parse(f"{code}〔{year}〕{serial}号")
    return DocumentNumber.parse(query_value(url, "q") or "")


def _number(row: Row) -> DocumentNumber | None:
    return DocumentNumber.parse(row.document_number or "", labelled=True)


def _records(answer: Any) -> Iterator[dict[str, Any]]:
    yield from records(answer, "searchVO.listVO")
    libraries = dig(answer, "searchVO.catMap")
    for library in libraries.values() if isinstance(libraries, dict) else ():
        yield from records(library, "listVO")


def _row(record: dict[str, Any]) -> Row:
    dates = (date_of_value(record.get(name)) for name in ("pubtimeStr", "pubtime", "ptime"))
    return Row(
        href=text_of(record, ("url",)) or None,
        title=strip_tags(text_of(record, ("title",))),
        published_on=next((day for day in dates if day), None),
        document_number=strip_tags(text_of(record, ("pcode",))) or None,
    )
