"""Hanweb 大汉版通/JCMS: records in a script, which HTML parsers take for program text."""

from __future__ import annotations

import html
import re
from collections.abc import Iterator
from typing import TYPE_CHECKING
from urllib.parse import quote

from archive.notice import Column, Listing, split_address
from spiders.dialects.table import OPTIONS as TABLE_OPTIONS
from spiders.dialects.table import read_listing as read_table
from spiders.html_rows import href_of, read_row
from spiders.link import find_url
from spiders.list_dates import find_date
from spiders.list_page import ListPage
from spiders.paging import find_total, query_number, query_value, replace_query
from spiders.rows import LEAD_LIMIT, Row, clean, make_listing

if TYPE_CHECKING:
    from selectolax.lexbor import LexborNode

OPTIONS = TABLE_OPTIONS
_TOTAL = re.compile(r"totalRecord[\"']?\s{0,4}[:=>]\s{0,4}[\"']?(\d{1,7})", re.IGNORECASE)
_PAGES = re.compile(r"共\s{0,4}(\d{1,5})\s{0,4}页")
_SETTING = r"[\"']?\b{}[\"']?\s{{0,4}}[:=]\s{{0,4}}[\"']?(\d{{1,6}})"
_PROXY = re.compile(r"proxyUrl[\"']?\s{0,4}:\s{0,4}[\"']([^\"']{1,300})[\"']")
_PARAMETERS = re.compile(r"ajaxParam[\"']?\s{0,4}:\s{0,4}\{([^{}]{1,2000})\}")
_PARAMETER = re.compile(
    r"[\"']?(\w{1,40})[\"']?\s{0,4}:\s{0,4}(?:[\"']([^\"']{0,200})[\"']|([\w.]{1,40}))"
)


def read_listing(page: ListPage, column: Column) -> Listing:
    """Read the ``<record>`` rows of a first page or of a ``dataproxy.jsp`` answer.

    A column whose pages hold no records is read as any HTML list.
    """
    fragments = list(_fragments(page.text, "record"))
    if not fragments:
        return _read_disclosure(page, column) or read_table(page, column)
    rows = [row for fragment in fragments for row in _rows(fragment, column)]
    total = _TOTAL.search(page.text)
    count = int(total[1]) if total else None
    return make_listing(
        page, column, rows, next_url=_next_url(page, len(fragments), count), total=count
    )


def _read_disclosure(page: ListPage, column: Column) -> Listing | None:
    """The rows of ``/module/xxgk/search.jsp``, which carry their facts as attributes.

    None where there are none. The site's own script posts a form, the page's number in it, and
    often in the query too.
    """
    found = page.tree.css("tr.tr_main_value_odd, tr.tr_main_value_even")
    if not found or "rows" in column.options:
        return None
    rows = (_disclosed_row(row, column) for row in found[: LEAD_LIMIT + 1])
    return make_listing(page, column, rows, next_url=_next_disclosed(page), total=find_total(page))


def _next_disclosed(page: ListPage) -> str | None:
    """The page after this one, as far as 共 9 页 goes; unsaid, until nothing on it is new."""
    has_number = query_value(page.url, "currpage") is not None
    if split_address(page.url)[1] is None and not has_number:
        return None
    number = query_number(page.url, "currpage", 1)
    pages = _PAGES.search(page.tree.body.text()) if page.tree.body else None
    if pages is not None and number >= int(pages[1]):
        return None
    return replace_query(page.url, currpage=number + 1)


def _disclosed_row(row: LexborNode, column: Column) -> Row:
    anchor = row.css_first("a[mc]")
    return read_row(row, column.options) if anchor is None else _disclosed(anchor)


def _disclosed(anchor: LexborNode) -> Row:
    """mc 名称, rq 日期, wh 文号."""
    said = anchor.attributes
    return Row(
        href=href_of(anchor) or None,
        title=clean(said.get("mc") or ""),
        published_on=find_date(said.get("rq") or ""),
        document_number=said.get("wh") or None,
    )


def _fragments(text: str, tag: str) -> Iterator[str]:
    """What stands between ``<tag>`` and ``</tag>``, its CDATA opened; by plain search."""
    opening, closing = f"<{tag}>", f"</{tag}>"
    end = 0
    for _ in range(LEAD_LIMIT):
        start = text.find(opening, end)
        stop = text.find(closing, start + 1)
        if start < 0 or stop < 0:
            return
        inner = text[start + len(opening) : stop].strip()
        end = stop + len(closing)
        if inner.startswith("<![CDATA["):
            yield inner.removeprefix("<![CDATA[").removesuffix("]]>")
        else:
            yield html.unescape(inner)


def _rows(fragment: str, column: Column) -> Iterator[Row]:
    """The rows of one record: one as a rule, several where the template nests a list."""
    from selectolax.lexbor import LexborHTMLParser

    # Cells outside a table are dropped by HTML's rules: a record of <tr> needs one around it.
    is_cells = fragment.lstrip()[:3].lower() in ("<tr", "<td")
    tree = LexborHTMLParser(f"<table>{fragment}</table>" if is_cells else fragment)
    items = [item for item in tree.css("li, tr") if item.css_first("a") is not None]
    for item in items if len(items) > 1 else [tree.body] if tree.body else []:
        if clean(item.text()):
            yield read_row(item, {k: v for k, v in column.options.items() if k != "rows"})


def _next_url(page: ListPage, count: int, total: int | None) -> str | None:
    """The next group of records.

    The pager's own settings come first: ``<nextgroup>`` carries encrypted ids on some sites
    (nhsa.gov.cn), which stop working.
    """
    if "startrecord=" in page.url:
        return _next_group(page.url, count, total)
    return _first_group(page, count, total) or _told_group(page)


def _next_group(url: str, count: int, total: int | None) -> str | None:
    start = query_number(url, "startrecord", 1)
    size = query_number(url, "endrecord", start + count - 1) - start + 1
    if total is None or start + size > total or size < 1:
        return None
    return replace_query(url, startrecord=start + size, endrecord=start + 2 * size - 1)


def _first_group(page: ListPage, count: int, total: int | None) -> str | None:
    proxy, parameters = _PROXY.search(page.text), _PARAMETERS.search(page.text)
    if not proxy or not parameters or total is None or count >= total:
        return None
    size = _setting(page.text, "perPage", 15) * _setting(page.text, "groupSize", 3)
    asked = [
        f"startrecord={count + 1}",
        f"endrecord={count + size}",
        f"perpage={_setting(page.text, 'perPage', 15)}",
    ]
    for name, quoted, plain in _PARAMETER.findall(parameters[1]):
        asked.append(f"{name}={quote(quoted or plain, safe='/')}")
    return find_url(f"{proxy[1]}?{'&'.join(asked)}", page.base)


def _setting(text: str, name: str, default: int) -> int:
    found = re.search(_SETTING.format(name), text)
    return int(found[1]) if found else default


def _told_group(page: ListPage) -> str | None:
    for group in _fragments(page.text, "nextgroup"):
        link = re.search(r"href\s{0,4}=\s{0,4}[\"']([^\"']{1,2000})[\"']", group)
        if link:
            return find_url(html.unescape(link[1]), page.base)
    return None
