"""Where a list goes on: the call, the link or the pattern that tells the next page."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import replace
from itertools import islice
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qsl, unquote_plus, urlencode, urlsplit, urlunsplit

from archive.notice import posting_address, split_address
from archive.notice.posting import FORM
from spiders.link import find_url
from spiders.list_page import ListPage

if TYPE_CHECKING:
    from archive.notice import Column

#: Characters of script, and paging calls in it, that are looked at; real pages have one.
SCRIPT_LIMIT = 500_000
CALL_LIMIT = 20
#: createPageHTML(9, 0, "index", "html") and its kin. Read the call, never assume: the
#: arguments differ from site to site, and a definition of the function is no call.
_CALL = re.compile(r"createPage(?:HTML|Html)?\s{0,4}\(([^()\n]{1,300})\)")
_SET_PAGE = re.compile(
    r"\.pagination\(\s{0,4}[\"']setPage[\"']\s{0,4},\s{0,4}(\d{1,6})\s{0,4},\s{0,4}(\d{1,6})"
)
_VARIABLE = re.compile(r"\b(\w{1,40})\s{0,4}=\s{0,4}[\"']?(\d{1,7})[\"']?\s{0,4}(?:;|,|//|\n|$)")
_NEXT_WORDS = frozenset(
    ("下一页", "下页", "后一页", "下一頁", "下頁", "next", ">", "›", "»", "后页")
)
_TOTAL = re.compile(r"共\s{0,4}(?:有\s{0,4})?(\d{1,7})\s{0,4}(?:条|項|项|篇|件)")


def find_next(page: ListPage, column: Column) -> str | None:
    """The URL of the following page, as options, script or links tell; None at the end."""
    options = column.options
    if "pages" in options:
        return next_by_pattern(page.url, column.url, str(options["pages"]), options)
    if "next" in options:
        element = page.tree.css_first(str(options["next"]))
        href = element.attributes.get("href") if element else None
        return find_url(href, page.base) if href else None
    return next_by_call(page) or next_by_link(page)


def find_total(page: ListPage) -> int | None:
    """How many rows the column says it has: 共 89 条."""
    found = _TOTAL.search(page.text[-200_000:])
    return int(found[1]) if found else None


def next_by_call(page: ListPage) -> str | None:
    """The next page by a script call.

    TRS counts from 0 (``index_1.html`` is the second page), Kaipuyun and Shanghai from 1
    (``list_2.shtml``). Either way the page after the one numbered n is named n + 1, so what
    differs is only where the list ends.
    """
    scripts = page.scripts[:SCRIPT_LIMIT]
    variables = {name: int(value) for name, value in _VARIABLE.findall(scripts)}
    for call in islice(_CALL.finditer(scripts), CALL_LIMIT):
        found = _read_call(call[1], variables)
        if found:
            return _named_page(page, *found)
    set_page = _SET_PAGE.search(scripts)
    if set_page:
        name, _, extension = _file_name(page.url).partition(".")
        name = re.sub(r"_\d{1,6}$", "", name) or "index"
        return _named_page(page, int(set_page[2]), int(set_page[1]), 1, name, extension or "html")
    return None


def _read_call(
    arguments: str, variables: Mapping[str, int]
) -> tuple[int, int, int, str, str] | None:
    """Pages, current, number of the first page, name, extension; None for no such call."""
    values = [_literal(piece.strip(), variables) for piece in arguments.split(",")]
    if any(value is None for value in values[:5]):
        return None
    # createPageHTML('page_div', 5, 1, 'fg', 'shtml', 89): an element first, counted from 1
    has_element = isinstance(values[0], str)
    rest = values[1:] if has_element else values
    if len(rest) < 4:
        return None
    pages, current, name, extension = rest[:4]
    if not isinstance(pages, int) or not isinstance(current, int):
        return None
    if not isinstance(name, str) or not isinstance(extension, str):
        return None
    return pages, current, int(has_element), name, extension


def _literal(piece: str, variables: Mapping[str, int]) -> int | str | None:
    """A number or quoted text; a variable's number where the script sets one."""
    if piece.isdecimal():
        return int(piece)
    if len(piece) >= 2 and piece[0] == piece[-1] and piece[0] in "\"'":
        return piece[1:-1]
    return variables.get(piece)


def _named_page(
    page: ListPage, pages: int, current: int, first: int, name: str, extension: str
) -> str | None:
    # A first page that calls itself 1 counts from 1, whoever wrote the call.
    is_first = not re.search(r"_\d{1,6}\.\w{2,6}$", _file_name(page.url))
    first = current if is_first and current in (0, 1) else first
    if current + 1 >= pages + first or not name or not extension:
        return None
    return find_url(f"{name}_{current + 1}.{extension.lstrip('.')}", page.base)


def next_by_link(page: ListPage) -> str | None:
    """The next page by a link that says so: ``rel=next`` or the words 下一页."""
    for element in page.tree.css("a[rel=next][href], link[rel=next][href]"):
        return find_url(element.attributes.get("href") or "", page.base)
    for anchor in page.tree.css("a[href]"):
        if anchor.text()[:40].strip(" \n\t[]<").lower() in _NEXT_WORDS:
            url = find_url(anchor.attributes.get("href") or "", page.base)
            if url and url != page.url:
                return url
    return None


def next_by_pattern(
    url: str, first_url: str, pattern: str, options: Mapping[str, Any]
) -> str | None:
    """The next page by a pattern such as ``index_{n}.html``.

    `second` (2 by default; 1 for lists counted from 0) is what the second page is called.
    """
    whole = find_url(pattern.replace("{n}", "PAGENUMBER"), first_url) or ""
    before, _, after = whole.partition("PAGENUMBER")
    number = url.removeprefix(before).removesuffix(after) if url.startswith(before) else ""
    if number.isdecimal() and len(number) <= 6:
        return f"{before}{int(number) + 1}{after}"
    return f"{before}{int(options.get('second', 2))}{after}"


def replace_query(url: str, **values: int | str) -> str:
    """The address with some values of its query and its form changed, the others in their order.

    What is not changed stays octet for octet: it may be GBK. A name that stands there more than
    once, as in the query and in the form of some sites, is changed in each place; of posted JSON,
    the values of those names in its outermost object.
    """
    plain, posting = split_address(url)
    if posting is not None and posting.media_type != FORM:
        changed = _replace_json(posting.body, values)
        if changed is None:
            return posting_address(replace_query(plain, **values), posting)
        return posting_address(plain, replace(posting, body=changed))
    parts = urlsplit(url)
    pieces = parts.query.split("&") if parts.query else []
    names = [_decoded_name(piece) for piece in pieces]
    new = {name: urlencode({name: str(value)}, safe="/:,") for name, value in values.items()}
    pieces = [new.get(name, piece) for name, piece in zip(names, pieces, strict=True)]
    pieces += [piece for name, piece in new.items() if name not in names]
    return urlunsplit(parts._replace(query="&".join(pieces)))


def _decoded_name(piece: str) -> str:
    return unquote_plus(piece.partition("=")[0])


def _replace_json(body: bytes, values: Mapping[str, int | str]) -> bytes | None:
    """Posted JSON with these values changed; None where it has none of the names."""
    said = _posted_object(body)
    if not said.keys() & values.keys():
        return None
    for name in said.keys() & values.keys():
        # Numbers stay as they were written: some sites want them in quotes.
        said[name] = str(values[name]) if isinstance(said[name], str) else values[name]
    return json.dumps(said, ensure_ascii=False, separators=(",", ":")).encode()


def _posted_object(body: bytes) -> dict[str, Any]:
    try:
        said = json.loads(body)
    except (ValueError, RecursionError):
        return {}
    return said if isinstance(said, dict) else {}


def query_value(url: str, name: str) -> str | None:
    """A value of the address's query or of what is posted to it."""
    _, posting = split_address(url)
    if posting is not None and posting.media_type != FORM:
        said = _posted_object(posting.body)
        if isinstance(said.get(name), int | str):
            return str(said[name])
    return dict(parse_qsl(urlsplit(url).query)).get(name)


def query_number(url: str, name: str, default: int) -> int:
    """A number of the address's query or of what is posted to it."""
    value = query_value(url, name) or ""
    return int(value) if value.isdecimal() and len(value) <= 7 else default


def _file_name(url: str) -> str:
    return urlsplit(url).path.rpartition("/")[2]
