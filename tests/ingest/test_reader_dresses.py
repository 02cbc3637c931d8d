"""Golden pages in another dress read alike: other codings, case, blanks, entities, tags."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from golden_pages import GoldenPage, golden_pages

from archive.ingest import read_bytes
from archive.ingest.decode import decode
from archive.notice import Reading

_TAG = re.compile(r"<(/?)([a-zA-Z][\w:-]*)((?:\s[^<>]{0,2000})?)>")
_QUIET = re.compile(r"(<(?:script|style)\b.{0,3000}?</(?:script|style)>)", re.DOTALL)
#: Pages that a script writes into are no longer the same ones with the script's case changed.
PAGES = tuple(page for page in golden_pages() if b"document.write('<span>" not in page.body)
FIELDS = (
    "title",
    "document_number",
    "index_number",
    "issuing_bodies",
    "kind",
    "addressees",
    "written_on",
    "published_on",
    "effective_on",
    "validity",
    "text",
    "cited_numbers",
)


def upper_case(page: str) -> str:
    """Tags and names of attributes in capitals."""

    def louder(tag: re.Match[str]) -> str:
        attributes = re.sub(r"[\w-]+(?==)", lambda name: name.group().upper(), tag[3])
        return f"<{tag[1]}{tag[2].upper()}{attributes}>"

    return _TAG.sub(louder, page)


def collapsed(page: str) -> str:
    """One line, no blanks between tags."""
    return re.sub(r">\s+<", "><", re.sub(r"[ \t\r\n]+", " ", page))


def entities(page: str) -> str:
    """Every character beyond ASCII as an entity, outside scripts."""
    parts = _QUIET.split(page)
    return "".join(
        part if index % 2 else "".join(c if ord(c) < 128 else f"&#x{ord(c):X};" for c in part)
        for index, part in enumerate(parts)
    )


def spans(page: str) -> str:
    """Every longer text split over spans, as Word does."""
    parts = re.split(r"(<(?:script|style|title)\b.{0,3000}?</(?:script|style|title)>)", page)
    return "".join(
        part if index % 2 else re.sub(r">([^<>&]{9,})<", _in_spans, part)
        for index, part in enumerate(parts)
    )


def _in_spans(text: re.Match[str]) -> str:
    third = len(text[1]) // 3
    return (
        f"><span>{text[1][:third]}</span><span lang=EN-US>{text[1][third : 2 * third]}</span>"
        f"{text[1][2 * third :]}<"
    )


def wrapped(page: str) -> str:
    """Everything within one cell of a table that lays out the page."""
    return re.sub(r"(<body[^<>]*>)", r"\1<table><tr><td>", page)


def unnamed(page: str) -> str:
    """No element tells by a class or an id what it is, as on systems never seen."""
    return re.sub(r"\s(?:class|id)\s?=\s?(?:\"[^\"]*\"|'[^']*'|[\w-]+)", "", page)


def paragraphs_in_divs(page: str) -> str:
    """Every paragraph a ``<div>`` with its text in ``<font>``, as old editors write."""
    paragraph = re.compile(r"<p(\s[^<>]*)?>(.*?)</p>", re.DOTALL)
    return paragraph.sub(r"<div\1><font>\2</font></div>", page)


def airy(page: str) -> str:
    """Blank lines between tags, and remarks in between."""
    return re.sub(r"(</(?:p|div|td|tr|li)>)", r"\1\n  <!-- 发布日期：1999-01-01 -->\n", page)


def with_furniture_of_others(page: str) -> str:
    """Bars above and buttons, neighbours, related articles and a footer below, of other sites."""
    page = re.sub(r"(<body[^<>]*>)", rf"\1{BAR}", page)
    return page.replace("</body>", f"{BELOW}</body>")


BAR = (
    "<div class='tb'><a href='/'>首页</a> | <a href='/x'>政务公开</a> <a>无障碍浏览</a>"
    "<span>今天是2024年5月6日 星期一</span></div>"
)
BELOW = (
    "<div class='fx'><span>分享到：</span><a>微信</a><a>微博</a></div><p>扫一扫在手机打开当前页</p>"
    "<p>上一篇：<a href='/1'>关于做好统计工作的通知</a></p><p>下一篇：<a href='/2'>某某方案</a></p>"
    "<div><h3>相关阅读</h3><ul><li><a href='/a'>一图读懂某某政策</a><span>2024-01-02</span></li>"
    "</ul></div><div style='display:none'>您访问的链接即将离开，是否继续？</div>"
    "<div><p>主办：某某市人民政府办公室</p><p>网站标识码：3301000002　某ICP备05000001号</p>"
    "<p>地址：某某路1号　联系电话：0000-1234567</p></div>"
)

DRESSES: dict[str, Callable[[str], bytes]] = {
    "GB18030": lambda page: page.encode("gb18030"),
    "UTF-16": lambda page: page.encode("utf-16"),
    "UTF-16 without its mark": lambda page: page.encode("utf-16-le"),
    "UTF-8 with its mark": lambda page: page.encode("utf-8-sig"),
    "capitals": lambda page: upper_case(page).encode(),
    "one line": lambda page: collapsed(page).encode(),
    "entities": lambda page: entities(page).encode(),
    "spans": lambda page: spans(page).encode(),
    "a table around it": lambda page: wrapped(page).encode(),
    "no classes and ids": lambda page: unnamed(page).encode(),
    "paragraphs in divs": lambda page: paragraphs_in_divs(page).encode(),
    "blank lines and remarks": lambda page: airy(page).encode(),
    "furniture of other sites": lambda page: with_furniture_of_others(page).encode(),
}
MARKUP = DRESSES.keys() - {"GB18030", "UTF-16", "UTF-16 without its mark", "UTF-8 with its mark"}
#: Pages on which only the names of elements tell what of it is the text.
TOLD_BY_NAMES = {"weixin-with-visible-footer", "education-ministry", "life-of-a-person"}


@pytest.mark.parametrize("dress", DRESSES)
@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_a_page_in_another_dress_reads_alike(page: GoldenPage, dress: str) -> None:
    source = decode(page.body).text
    if dress in MARKUP and "<" not in source[:20]:
        pytest.skip("markup is what this page is without")
    if dress == "no classes and ids" and page.name in TOLD_BY_NAMES:
        pytest.skip("only names of elements tell this page's text")
    reading = read_bytes(DRESSES[dress](source), url=page.expected.get("url"))
    listed = page.expected.get("listed_number")
    assert _said(reading, listed) == _said(page.reading, listed)


def _said(reading: Reading, listed: str | None) -> dict[str, object]:
    told_by_list = {"document_number", "cited_numbers"} if listed else set()
    return {field: getattr(reading, field) for field in FIELDS if field not in told_by_list}
