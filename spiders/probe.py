"""Finding out how a list page is made: its system, its list, its paging; a first source.toml."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from urllib.parse import parse_qsl, urlsplit

from archive.notice import Column, Listing, PageHints, Source, Trust
from spiders.container import find_container
from spiders.json_values import dig, read_json, records
from spiders.list_page import ListPage
from spiders.reading import read_list_page
from spiders.rows import clean

#: Words of a page that tell its system, with the dialect that reads it.
_MARKS = (
    (
        "jpaas",
        re.compile(r"jpaas-publish-server|parsetype=[\"']bu(?:ild|lid)static", re.IGNORECASE),
    ),
    ("easysite", re.compile(r"/eportal/ui\?|class=[\"'][^\"']{0,100}easysite-")),
    ("boda", re.compile(r"id=[\"']line_?[\w-]{1,60}[\"']|/_vsl/|urltype=tree\.TreeTempUrl")),
    ("hanweb", re.compile(r"<record>|大汉版通|hanweb\.com|dataproxy\.jsp")),
    ("ucap", re.compile(r"<ucap|name=[\"']others[\"'] content=[\"']页面生成时间|/common/search/")),
    ("trs", re.compile(r"createPage(?:HTML)?\s{0,4}\(|_trs_ta_js|/t(?:19|20)\d{6}_\d+\.s?html?")),
)
#: The body's containers of a system's detail pages.
_BODIES = {
    "hanweb": ("#zoom",),
    "ucap": ("ucapcontent", "#UCAP-CONTENT", "#zoomcon"),
    "trs": (".TRS_UEDITOR", ".TRS_Editor", ".trs_editor_view"),
    "jpaas": ("#zoom", ".ccontent"),
    "boda": ("#vsb_content", "[id^=vsb_content]"),
    "easysite": (".easysite-news-text", "#zoom"),
    "gkmlpt": (".article-content",),
    "govcn_search": ("#UCAP-CONTENT", ".pages_content"),
}
_PAGE_NAMES = ("page", "pageno", "pagenum", "pageindex", "curpage", "currentpage", "p")
_META = {"site": "SiteName", "column": "ColumnName"}


@dataclass(frozen=True)
class Findings:
    """What a probe found on a list page."""

    source: Source  #: a first draft; trust and jurisdiction are for a person to say
    listing: Listing  #: what the draft reads from the page
    remarks: tuple[str, ...]  #: what a person should look at


def probe(page: ListPage, *, source_id: str = "") -> Findings:
    """Find dialect, list, paging and dates of a list page."""
    dialect = find_dialect_of(page)
    options: dict[str, Any] = {}
    container = None if dialect in _JSON else find_container(page)
    if dialect == "json_list":
        options = json_options(page)
    column = _column(page, dialect, options)
    listing = read_list_page(column, page)
    if dialect == "table" and container is not None:
        stated = _column(page, dialect, {"rows": container.selector})
        again = read_list_page(stated, page)
        if {lead.url for lead in again.leads} == {lead.url for lead in listing.leads}:
            column, listing = stated, again
    column = _with_promise(column, listing)
    source = _source(page, column, source_id)
    return Findings(source, listing, tuple(_remarks(listing, column)))


_JSON = ("gkmlpt", "govcn_search", "jpaas", "json_list")


def find_dialect_of(page: ListPage) -> str:
    """The dialect that reads a page, by its system's marks."""
    answer, flag = read_json(page)
    if not flag:
        return _json_dialect(answer)
    return next((name for name, mark in _MARKS if mark.search(page.text)), "table")


def _json_dialect(answer: Any) -> str:
    if records(answer, "articles"):
        return "gkmlpt"
    if dig(answer, "searchVO") is not None:
        return "govcn_search"
    if isinstance(dig(answer, "data.html"), str):
        return "jpaas"
    return "ucap" if records(answer, "data.results") else "json_list"


def json_options(page: ListPage) -> dict[str, Any]:
    """Paths of an unknown JSON list: its longest list of objects, and keys that look right."""
    answer, _ = read_json(page)
    path, rows = max(_lists(answer, "", 0), key=lambda found: len(found[1]), default=("", []))
    options: dict[str, Any] = {"items": path} if path else {}
    keys = list(rows[0]) if rows else []
    for option, words in (
        ("title", ("title", "subtitle", "name")),
        ("url", ("url", "link", "href")),
        ("date", ("pubdate", "publishdate", "pubtime", "publishtime", "date", "time")),
        ("number", ("docno", "pcode", "documentnumber", "filenum", "wh")),
    ):
        found = next((k for word in words for k in keys if word in _plain(k)), None)
        if found:
            options[option] = found
    asked = [name for name, _ in parse_qsl(urlsplit(page.url).query, keep_blank_values=True)]
    paged = next((name for name in asked if _plain(name) in _PAGE_NAMES), None)
    return options | ({"page": paged} if paged else {})


def _plain(key: str) -> str:
    return key.lower().replace("_", "")


def _lists(value: Any, path: str, depth: int) -> list[tuple[str, list[dict[str, Any]]]]:
    """Every list of objects within four levels, with its path."""
    if isinstance(value, list):
        return [(path, rows)] if (rows := records(value)) else []
    if not isinstance(value, dict) or depth > 3:
        return []
    inner = (_lists(v, f"{path}.{k}".strip("."), depth + 1) for k, v in value.items())
    return [found for lists in inner for found in lists]


def _column(page: ListPage, dialect: str, options: dict[str, Any]) -> Column:
    path = [part for part in urlsplit(page.url).path.split("/") if part and "." not in part]
    identity = re.sub(r"[^A-Za-z0-9_-]", "", path[-1] if path else "") or "list"
    return Column(
        id=identity[:60],
        name=_meta(page, "column") or identity,
        url=page.url,
        dialect=dialect,
        options=options,
    )


def _with_promise(column: Column, listing: Listing) -> Column:
    """Half of what stands there now: a list seldom halves, and a broken one is empty."""
    return Column(
        id=column.id,
        name=column.name,
        url=column.url,
        dialect=column.dialect,
        options=column.options,
        at_least=max(1, len(listing.leads) // 2),
    )


def _source(page: ListPage, column: Column, source_id: str) -> Source:
    host = (urlsplit(page.url).hostname or "").lower()
    parts = [part for part in host.split(".") if part not in ("www", "gov", "cn", "com", "org")]
    return Source(
        id=source_id or "-".join(reversed(parts[:2])) or "site",
        name=_meta(page, "site") or host,
        hosts=(host,),
        level="city",
        trust=Trust.GOVERNMENT if host.endswith(".gov.cn") else Trust.UNKNOWN,
        delay=timedelta(seconds=1),
        enabled=False,
        notes="Drafted by `hongtou sources probe`. To be looked at by a person: trust,\n"
        "jurisdiction, issuing_bodies, page.body; then set enabled = true.",
        columns=(column,),
        page=PageHints(body=_BODIES.get(column.dialect, ())),
    )


def _meta(page: ListPage, which: str) -> str:
    for element in page.tree.css("meta[name]"):
        if (element.attributes.get("name") or "").lower() == _META[which].lower():
            return clean(element.attributes.get("content") or "")[:100]
    return ""


def _remarks(listing: Listing, column: Column) -> list[str]:
    remarks = [f"The list was read with the flag {flag}." for flag in listing.flags]
    if not listing.leads:
        remarks.append("No list was found: state `rows` (a CSS selector) in [columns.options].")
    if listing.leads and listing.next_url is None:
        remarks.append("No next page was found: one page may be all there is.")
    if column.dialect == "table" and "rows" not in column.options and listing.leads:
        remarks.append("No selector names these rows alone; they are found anew each time.")
    return remarks
