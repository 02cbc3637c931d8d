"""Where on a page the notice stands."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import accumulate

from archive.ingest.attachments import FILE_NAME
from archive.ingest.claims import claims_something
from archive.ingest.dates import is_date_line
from archive.ingest.furniture import CONTACT, furniture_kind
from archive.ingest.lines import Line, Region
from archive.ingest.page import Page


@dataclass(frozen=True, kw_only=True)
class Body:
    """The lines of the notice on its page, ends still untrimmed."""

    start: int
    end: int
    how: str  #: ``source selector``, ``container #zoom``, ``density div.x``, ``whole text``


#: Containers of the CMS families, the most exact first. A name stands for an
#: id or a class.
_NAMES = (
    "given-body UCAP-CONTENT ucapcontent TRS_Editor TRS_UEDITOR trs_editor_view zoom "
    "zoomcon ivs_content vsb_content vsb_content_2 vsb_content_4 v_news_content "
    "wp_articlecontent xw_box ewb-article-info zwxl-article article-content "
    "article_content easysite-news-text news_cont_d_wrap tyxxy_main wzcon c_text "
    "pages_content main-txt article-body ccontent BodyLabel Custom_UnionStyle article_con "
    "articleCon news_content con_text content_text detail-content info-content bt-content "
    "js_content rwb_zw artibody endText left_zw content_area post_body detailContent"
)
KNOWN = tuple(_NAMES.split())
_KNOWN = frozenset(name.lower() for name in KNOWN)
_FILE_HEAD = re.compile(r"(?:相关)?附件(?:下载|列表)?\s{0,2}[:：]?")
_SENTENCE = re.compile(r"[。；！？：]|[一-鿿]，[一-鿿]")
_PUNCTUATED = re.compile(r"[一-鿿][，。；！？：,!?]$")
_STRUCTURE = re.compile(
    r"(?:第[一二三四五六七八九十百零\d]{1,5}[章节条编部]|[（(]?[一二三四五六七八九十]{1,3}[)）、.．]|\d{1,2}[.．、])|附[件表录：:]"
)
_BODY_END = re.compile(r"(?:局|厅|委|委员会|部|府|办公室|办公厅|院|会|署|中心|银行|公司|组|处)$")
#: The judgement by density needs this much; less is a page without a notice on it.
_LEAST_WEIGHT = 15


def find_body(page: Page) -> Body | None:
    """The element that holds the notice; None when no part of the page reads like one.

    Every element is weighed by its lines: prose and tables count for it, links, buttons and
    footers against it; the heaviest element wins, the smaller one on a tie. Containers that
    CMS families are known by go first, unless a stranger holds much more.
    """
    if page.form != "html":
        return Body(start=0, end=len(page.lines), how="whole text") if page.lines else None
    named = [region for region in page.content.regions if region.node in page.body_nodes]
    if named:
        ends = (min(r.start for r in named), max(r.end for r in named))
        return Body(start=ends[0], end=ends[1], how="source selector")
    return _with_files(page, _with_signature(page, _weighed(page)))


def find_hidden_body(page: Page, body: Body | None) -> tuple[Page, Body] | None:
    """The page with its hidden blocks shown, and its body, where the notice is hidden.

    mp.weixin.qq.com and some portals send the text hidden and let a script show it. It is
    looked for where nothing else is found, and where a container of a known system is hidden
    that holds several times as much as what is shown.
    """
    is_known_hidden = any(r.is_hidden and _is_known(r) for r in page.content.regions)
    if (body and not is_known_hidden) or (shown := _show_hidden(page)) is None:
        return None
    hidden = find_body(shown)
    if hidden is None or (body and not hidden.how.startswith("container")):
        return None
    if body is None:
        is_text = hidden.how.startswith("container") or _characters(shown, hidden) >= _LEAST_HIDDEN
        return (shown, hidden) if is_text else None
    least = 1 if body.how.startswith("density") else 2
    is_more = _characters(shown, hidden) >= least * _characters(page, body)
    return (shown, hidden) if is_more else None


#: Characters: dialogs and hints are hidden as well, and say less.
_LEAST_HIDDEN = 60


def _characters(page: Page, body: Body) -> int:
    return sum(len(line.text) for line in page.lines[body.start : body.end] if not line.is_hidden)


def _show_hidden(page: Page) -> Page | None:
    """The page with its hidden blocks shown; None when it has none."""
    if page.form == "text" or not any(line.is_hidden for line in page.lines):
        return None
    lines = [line._replace(is_hidden=False) for line in page.lines]
    regions = [region._replace(is_hidden=False) for region in page.content.regions]
    return replace(page, content=replace(page.content, lines=lines, regions=regions))


def _with_files(page: Page, body: Body | None) -> Body | None:
    """The list of files right behind the text belongs to it."""
    if body is None:
        return None
    end = body.end
    for index in range(end, min(end + 30, len(page.lines))):
        line = page.lines[index]
        if line.is_hidden or not (_FILE_HEAD.fullmatch(line.text) or _is_file_line(line)):
            break
        if _is_file_line(line):
            end = index + 1
    return replace(body, end=end)


def _with_signature(page: Page, body: Body | None) -> Body | None:
    """The signature in an element of its own right behind the text belongs to it."""
    if body is None or any(is_date_line(line.text) for line in page.lines[body.end - 3 : body.end]):
        return body
    for index in range(body.end, min(body.end + 8, len(page.lines))):
        line = page.lines[index]
        if line.is_hidden or line.linked or len(line.text) > 60:
            break
        if is_date_line(line.text) and index > body.end:
            return replace(body, end=index + 1)
        if not _BODY_END.search(line.text):
            break
    return body


def _is_file_line(line: Line) -> bool:
    return bool(line.linked and FILE_NAME.search(line.text))


def _weighed(page: Page) -> Body | None:
    weights = _weights(page.lines)
    sums = [0.0, *accumulate(weights)]
    known = [r for r in page.content.regions if _is_known(r) and not r.is_hidden]
    generic = _heaviest(page.content.regions, sums)
    best = _heaviest(known, sums)
    most = _gain(generic, sums) if generic else 0.0
    if best and _gain(best, sums) > 0 and _gain(best, sums) * 2 >= most:
        return Body(start=best.start, end=best.end, how=f"container {best.mark}")
    if generic and most >= _LEAST_WEIGHT and generic.depth > 0:
        return Body(start=generic.start, end=generic.end, how=f"density {generic.mark}")
    start, end, gain = _heaviest_run(weights)
    if gain >= _LEAST_WEIGHT:
        return Body(start=start, end=end, how="density lines")
    return _only_files(page.lines)


def _only_files(lines: Sequence[Line]) -> Body | None:
    """Of a page without text, the links to files that are what it publishes."""
    places = [i for i, line in enumerate(lines) if _is_file_line(line) and not line.is_hidden]
    if not places or places[-1] - places[0] > _MOST_FILES:
        return None
    return Body(start=places[0], end=places[-1] + 1, how="files")


_MOST_FILES = 30


def _heaviest_run(weights: Sequence[float]) -> tuple[int, int, float]:
    """The run of lines with the greatest sum, for pages whose text has no element of its own."""
    best, total, start = (0, 0, 0.0), 0.0, 0
    for index, weight in enumerate(weights):
        if total <= 0:
            total, start = 0.0, index
        total += weight
        if total > best[2]:
            best = (start, index + 1, total)
    return best


def _heaviest(regions: Sequence[Region], sums: Sequence[float]) -> Region | None:
    visible = [region for region in regions if not region.is_hidden and region.end > region.start]
    return max(visible, key=lambda r: (_gain(r, sums), r.start - r.end, r.depth), default=None)


def _gain(region: Region, sums: Sequence[float]) -> float:
    return sums[region.end] - sums[region.start]


def _is_known(region: Region) -> bool:
    if region.mark == "ucapcontent":
        return True
    names = region.mark.replace("#", " ").replace(".", " ").lower().split()
    return region.mark[:1] in {"#", "."} and any(name in _KNOWN for name in names)


def _weights(lines: Sequence[Line]) -> list[float]:
    """What each line weighs. Short lines do not count against the element whose prose they
    stand in: rosters give every name a line of its own."""
    weights = [_weight(line) for line in lines]
    prose: dict[str, float] = {}
    for line, weight in zip(lines, weights, strict=True):
        if weight > _PROSE_LINE:
            prose[line.where] = prose.get(line.where, 0.0) + weight
    return [
        0.0 if weight == _SHORT_LINE and prose.get(line.where, 0.0) >= _PROSE_PLACE else weight
        for line, weight in zip(lines, weights, strict=True)
    ]


#: A line of prose; the prose that makes a place one of text; a short line elsewhere.
_PROSE_LINE, _PROSE_PLACE, _SHORT_LINE = 20.0, 100.0, -2.0


def _weight(line: Line) -> float:
    """How much a line speaks for being part of a notice; calibrated on whole pages, see
    benchmarks/reading.py: do not tune one value in isolation."""
    text = line.text
    if line.is_hidden:
        return 0.0
    length = len(text)
    if line.linked * 2 >= length:  # rendered lists say each title twice, once as a link
        return 4.0 if FILE_NAME.search(text) else -8.0 - 0.3 * length
    if furniture_kind(text):
        return -min(15.0, 3.0 + length)  # a toolbar of single words weighs little each
    if length < 200 and claims_something(line):
        return -12.0
    if length < 120 and CONTACT.match(text):
        return 0.0  # of a notice or of a footer alike
    if _SENTENCE.search(text) and length > 12:
        return min(length, 400) - 1.5 * line.linked
    if line.is_cell_row:
        return min(length, 60)
    if is_date_line(text) or _STRUCTURE.match(text) or _BODY_END.search(text):
        return 4.0
    if _PUNCTUATED.search(text):
        return float(length)
    return _SHORT_LINE if length < 8 else 0.25 * length
