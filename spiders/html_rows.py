"""Rows of an HTML list: by the selectors a source states."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from typing import TYPE_CHECKING, Any

from spiders.list_dates import find_date, is_only_date
from spiders.list_page import TEXT_LIMIT
from spiders.rows import Row, clean

if TYPE_CHECKING:
    from selectolax.lexbor import LexborHTMLParser, LexborNode

#: Characters of one row, with all that hangs in it; real ones stay below 2,000.
ROW_LIMIT = 20_000
_BRACKETED = re.compile(
    r"^\S{1,30}[〔\[［【(（﹝](?:19|20)\d{2}[〕\]］】)）﹞]\s?第?\s?\d{1,5}\s?号?$"
)
_LABEL = re.compile(
    r"(?:发文字号|发文文号|公文字号|文\s{0,4}号)\s{0,4}[\]】]?\s{0,4}[:：]?\s{0,4}(.{0,60})"
)
_IN_ONCLICK = re.compile(r"[\"']([^\"'\s]{4,500}\.s?html?[^\"'\s]{0,200})[\"']")
#: Texts of second links in a row that are no titles.
_FURNITURE = re.compile(r"^(?:更多|详情|查看|下载|附件|解读|图解|阅读|more)", re.IGNORECASE)
_TITLE_LABEL = re.compile(r"(?:文章)?标题\s{0,4}[:：]\s{0,4}(.{1,300})")


def select_rows(tree: LexborHTMLParser | LexborNode, options: Mapping[str, Any]) -> Iterator[Row]:
    """The rows a source's selectors name; head rows of a table are left out.

    What is longer than a row can be counts as one without a link: a selector that names
    elements within each other would read the page many times over.
    """
    budget = 2 * TEXT_LIMIT
    for element in tree.css(str(options["rows"])):
        text = element.text()
        budget -= len(text)
        if budget < 0:
            return
        is_head = element.css_first("th") is not None and element.css_first("a") is None
        if len(text) > ROW_LIMIT:
            yield Row(href=None, title="")
        elif not is_head and clean(text):
            yield read_row(element, options)


def read_row(element: LexborNode, options: Mapping[str, Any]) -> Row:
    """What one row says, by its selectors, and where they are silent by common habit."""
    anchor = find_anchor(element, options.get("link"))
    title_place = element.css_first(str(options["title"])) if "title" in options else None
    title = clean(title_place.text()) if title_place else title_of(anchor) if anchor else ""
    return Row(
        href=href_of(anchor) if anchor else None,
        title=title,
        published_on=_date_of(element, anchor, options.get("date")),
        document_number=_number_of(element, options.get("number")),
    )


def find_anchor(element: LexborNode, selector: str | None) -> LexborNode | None:
    """The row's link: the one stated, else the one with the longest words."""
    if selector is None and element.tag == "a":
        return element
    anchors = element.css(selector or "a")
    # ndrc.gov.cn hangs a list of 相关解读 into a row, with longer titles than the row's own.
    anchors = [a for a in anchors if not _is_in_inner_list(a, element)] or anchors
    worded = [a for a in anchors if not _FURNITURE.match(clean(a.text()))]
    return max(worded or anchors, key=_worth, default=None)


def _is_in_inner_list(anchor: LexborNode, element: LexborNode) -> bool:
    node = anchor.parent
    while node is not None and node.mem_id != element.mem_id:
        if node.tag in ("ul", "ol", "dl"):
            return True
        node = node.parent
    return False


def _worth(anchor: LexborNode) -> tuple[bool, int]:
    return bool(anchor.attributes.get("href")), len(title_of(anchor))


def href_of(anchor: LexborNode) -> str:
    """Where a link leads: its href, or the page its onclick opens when that leads nowhere."""
    href = (anchor.attributes.get("href") or "").strip()
    if href and not href.lower().startswith(("javascript:", "#")):
        return href
    script = f"{anchor.attributes.get('onclick') or ''} {href}"[:2_000]
    opened = _IN_ONCLICK.search(script)
    return opened[1] if opened else href


def title_of(anchor: LexborNode) -> str:
    """The longest form the link gives: its title attribute before its cut words."""
    attribute = anchor.attributes.get("title") or ""
    labelled = _TITLE_LABEL.search(attribute[:600])
    told = clean(labelled[1].split("\n")[0] if labelled else attribute.split("\n\n")[0])
    if "<" in told:
        told = clean(re.sub(r"<[^<>]{0,200}>", "", told))
    shown = words_of(anchor)
    return told if len(told) >= len(shown.rstrip("….． ")) else shown


def words_of(anchor: LexborNode) -> str:
    """The link's words, without the date and number marks that stand inside some links."""
    pieces = (clean(piece) for piece in anchor.text(separator="\n").split("\n"))
    kept = [piece for piece in pieces if piece and not is_only_date(piece)]
    return "".join(kept).lstrip("·•▪■◆●>» ").strip() or clean(anchor.text())


def _date_of(element: LexborNode, anchor: LexborNode | None, selector: str | None) -> date | None:
    if selector is not None:
        return next((d for d in map(_date_in, element.css(selector)) if d), None)
    return date_beside(element, anchor)


def _date_in(element: LexborNode) -> date | None:
    return find_date(element.text(separator=" "))


def date_beside(element: LexborNode, anchor: LexborNode | None) -> date | None:
    """The date of a row without a selector: a piece that is only a date before any other.

    A date inside the title (关于2024年3月5日…的公告) is not the row's.
    """
    pieces = [clean(piece) for piece in element.text(separator="\n").split("\n")]
    alone = [piece for piece in pieces if piece and is_only_date(piece)]
    for text in (*alone, " ".join(alone)):
        found = find_date(text)
        if found:
            return found
    titles = {title_of(anchor), words_of(anchor), clean(anchor.text())} if anchor else set()
    rest = (piece for piece in pieces if piece and not any(piece in title for title in titles))
    return find_date(" ".join(rest))


def _number_of(element: LexborNode, selector: str | None) -> str | None:
    """The document number a row states: its cell, a label, or a piece that is nothing else."""
    if selector is not None:
        cell = element.css_first(selector)
        return _after_label(clean(cell.text())) if cell else None
    pieces = [clean(piece) for piece in element.text(separator="\n").split("\n")]
    for place, piece in enumerate(pieces):
        labelled = _LABEL.match(piece.lstrip("[【 "))
        if labelled:
            following = next((p for p in pieces[place + 1 :] if p), "")
            return _if_number(clean(labelled[1]) or following)
        if _BRACKETED.match(piece):
            return piece
    return None


def _after_label(text: str) -> str | None:
    labelled = _LABEL.search(text)
    return (clean(labelled[1]) if labelled else text) or None


def _if_number(text: str) -> str | None:
    """A labelled value that can be a number at all: 无 and a dash are none."""
    return text if any(c.isdigit() for c in text) and not is_only_date(text) else None


def rows_of(elements: Iterable[LexborNode], options: Mapping[str, Any]) -> list[Row]:
    """Read rows that were found otherwise than by the `rows` selector."""
    return [read_row(element, options) for element in elements]
