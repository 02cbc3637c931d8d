"""The notice's title: not the column's, not cut, not doubled."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from itertools import islice

from archive.ingest.claims import Claim, table_lines
from archive.ingest.dates import find_dates, is_date_line
from archive.ingest.furniture import is_column_name, is_no_title
from archive.ingest.lines import Line
from archive.ingest.page import Page
from archive.ingest.trim import squeeze
from archive.notice import Found
from archive.notice.document_number import DocumentNumber, NumberForm

_SITE_TAIL = re.compile(
    r"\s{0,3}(?:[_|]{1,2}|(?<=[^\d—])[－—–](?=[^\d—])|\s-\s?|(?<=[^\x00-\x7f])】?-(?=[一-鿿]))\s{0,3}"
)
_SITE_WORD = re.compile(
    r"(?:政府|委员会|局|厅|网|网站|门户|部|院|首页|中心|平台|办公室|新闻|频道|动态|公开|公开目录|文件|通知公告|政策)$"
)
_TITLE_PLACE = re.compile(
    r"^h[1-3]$|(?:^|[.#_\s-])(?:[\w-]{0,20}(?:title|tit|biaoti|headline|heading)|bt|h1)(?:$|[\s.#_-]|\d)",
    re.IGNORECASE,
)
_CUT = re.compile(r"(?:…|\.{3,}|。{3,}|．{3,})\s*$")
_TRAILING_DATE = re.compile(r"\s*[（(\[]\s*20\d\d[-/.年]\d{1,2}[-/.月]\d{1,2}日?\s*[)）\]]\s*$")
#: 文种 with which a title ends; the rest of the title is above it.
_KINDS = (
    r"(?:通知|公告|通告|意见|决定|决议|命令|令|公报|通报|报告|请示|批复|复函|函|纪要|议案|办法|规定|方案|细则|规划|条例"
    r"|公示|解读|计划|要点|指南|规则|章程|答复|目录|清单|标准|规范|措施|预案|说明|启事|解释|制度|纲要|问答|答记者问|任务|指引|政策|名单)"
)
_ENDS = re.compile(rf"{_KINDS}(?:\s?[（(【\[][^（()）】\]]{{1,40}}[)）】\]]){{0,3}}$")
#: A site's name behind a whole title, held apart by what may stand in titles as well.
_BEFORE_SITE = re.compile(
    rf"(.{{6,160}}?{_KINDS})\s?(?:-{{2,3}}|—{{1,2}}|[·／/>»【\s])\s?(.{{2,40}})"
)
#: The second of joint issuers, on a line of its own within a broken title.
_NEXT_ISSUER = re.compile(
    r"[一-鿿]{2,20}(?:委员会|委|部|局|厅|院|署|政府|办公室|办公厅)(?:\s|关于|$)"
)
#: A site's own name above a title.
_BANNER = re.compile(r"(?:网站?|门户|首页|频道|平台|信息公开)$")
_LONGEST = 300
_SHORT = re.compile(
    "贺[电信词]|唁[电函]|讣告|公告|通告|布告|声明|启事|倡议书|公报|决定|命令|慰问[电信]|社论"
)
#: A source or a day of publication that stands on the title's line.
_DATELINE_BEHIND = re.compile(
    r"(?<=[一-鿿）)》”])[\s\u3000【\[]{0,6}"
    r"(?:(?:文章|信息|稿件)?来源|(?:发布|公开|更新)(?:时间|日期)|浏览次数|责任编辑)\s{0,3}[:：].{0,120}$"
)
#: Nearest headings, and all candidates: a page has a handful, a hostile one as many as it likes.
_MOST_HEADINGS, _MOST_CANDIDATES = 30, 60


def find_title(page: Page, claims: Sequence[Claim], start: int) -> tuple[str | None, Found | None]:
    """Find the title among what claims to be it.

    A heading on the page that says more wins over a tag that was cut; a tag that the page
    nowhere repeats (the name of a column) loses to the heading above the text.

    Args:
        page: The opened page.
        claims: What meta tags, tables and JSON say, the best first.
        start: Index of the line where the body begins.
    """
    possible = (one for one in _candidates(page, claims, start) if _is_possible(*one))
    candidates = list(islice(possible, _MOST_CANDIDATES))
    if not candidates:  # a page whose title says only where it stands
        candidates = [one for one in _first_line(page.lines[start:]) if _is_possible(*one)]
    if not candidates:
        return None, None
    value, how = max(candidates, key=lambda one: _trust(one, candidates))
    value = _whole(value, page, start, candidates)
    others = [
        f"{other} ({place})" for other, place in candidates if squeeze(other) != squeeze(value)
    ]
    return value, Found(field="title", how=how, instead_of=tuple(dict.fromkeys(others))[:5])


def _candidates(page: Page, claims: Sequence[Claim], start: int) -> Iterator[tuple[str, str]]:
    if page.hinted_title:
        yield page.hinted_title, "source selector"
    for claim in claims:
        if claim.field == "title":
            yield _without_date(claim.value), claim.how
    if page.form != "html" and not any(claim.field == "title" for claim in claims):
        yield from _printed_title(page.lines)
        yield from _first_line(page.lines)
        return
    stated = frozenset(squeeze(claim.value) for claim in claims if claim.field == "title")
    for index in islice(_heading_places(page.lines, start), _MOST_HEADINGS):
        where = page.lines[index].where
        yield _without_date(page.lines[index].text), f"heading {where}"
        if broken := _joined(page.lines, index, stated):
            yield _without_date(broken), f"heading {where}"
    yield from _standing_above(page, start)
    for claim in claims:
        if claim.field == "title_tag":
            yield _without_site(claim.value), "shared title"
    if page.title_tag:
        yield _printed_in_tag(page, start) or _without_site(page.title_tag), "title tag"
    yield from _printed_title(page.lines[start:])


_HEADINGS = frozenset({"h1", "h2", "h3", "h4", "h5"})


def _heading_places(lines: Sequence[Line], start: int) -> Iterator[int]:
    """Lines in h1–h3 or in an element called title, the nearest above the body first."""
    for index in sorted(range(min(start + 4, len(lines))), key=lambda i: abs(i - start)):
        line = lines[index]
        is_title = line.tag in _HEADINGS or _TITLE_PLACE.search(line.where)
        if is_title and not line.is_hidden and line.linked * 2 <= len(line.text):
            yield index


def _joined(lines: Sequence[Line], start: int, stated: frozenset[str]) -> str | None:
    """A title that is broken over lines of one element, from its first line on; up to where a
    tag or a table says the same."""
    if start and _is_one_element(lines[start - 1], lines[start]):
        return None
    text = lines[start].text
    if _BANNER.search(text):
        return None
    for line in lines[start + 1 : start + 6]:
        if not _is_one_element(lines[start], line) or line.linked or line.is_hidden:
            break
        if is_no_title(line.text):
            break
        if is_date_line(line.text) or _is_beginning_of_text(line.text):
            break
        text += f" {line.text}" if _NEXT_ISSUER.match(line.text) else line.text
        if squeeze(text) in stated:
            return text
    return text if text != lines[start].text and _ENDS.search(text) else None


def _is_one_element(one: Line, other: Line) -> bool:
    return (one.where, one.tag) == (other.where, other.tag)


def _printed_in_tag(page: Page, start: int) -> str | None:
    """The line of the page that the title tag holds among the names of site and column."""
    tag, own = squeeze(page.title_tag or ""), _without_site(page.title_tag or "")
    around = squeeze("".join(line.text for line in page.lines[max(0, start - 6) : start + 6]))
    if _ENDS.search(own) and squeeze(own) in around:
        return own  # printed whole, be it over several lines
    shown = [
        line.text
        for line in page.lines[: start + 4]
        if 8 <= len(line.text) <= len(page.title_tag or "") + 4
        and not (line.is_hidden or line.linked or _SITE_WORD.search(line.text))
        and not _CUT.search(line.text)
        and squeeze(line.text) in tag
    ]
    return max(shown, key=lambda text: (bool(_ENDS.search(text)), len(text)), default=None)


def _standing_above(page: Page, start: int) -> Iterator[tuple[str, str]]:
    """The line above the text that reads like a title, on pages without headings.

    What ends in a 文种 does; where the title tag names no line of the page, so does the
    nearest line that is nothing else.
    """
    top = max(0, start - 12)
    table = table_lines(page.lines[top:start])
    near = [
        _from_its_first_line(page.lines, top + index)
        for index, line in enumerate(page.lines[top:start])
        if not (index in table or line.is_hidden or line.linked)
        and len(line.text) >= 6
        and not is_no_title(line.text)
        and not is_date_line(line.text)
    ][::-1]
    named = (text for text in near if _ENDS.search(text) and not _SITE_WORD.search(text))
    ended = next((text for text in named if len(text) >= 9), None)
    if ended:
        yield _without_date(ended), "above the text"
    elif near and not _printed_in_tag(page, start) and not [*_printed_title(page.lines[start:])]:
        own = [text for text in near if not _SITE_WORD.search(text)]
        yield from ((_without_date(text), "above the text") for text in own[:1])


def _from_its_first_line(lines: Sequence[Line], index: int) -> str:
    """A line, or the heading broken over two of which it is the second."""
    text = lines[index].text
    if index and lines[index].tag in _HEADINGS and _is_one_element(lines[index - 1], lines[index]):
        whole = _joined(lines, index - 1, frozenset())
        return whole if whole and whole.endswith(text) else text
    return text


def _printed_title(lines: Sequence[Line]) -> Iterator[tuple[str, str]]:
    """The title printed above the text, over one line or several."""
    for start, line in enumerate(lines[:40]):
        if line.is_hidden or is_no_title(line.text) or "\t" in line.text:
            continue
        if _is_beginning_of_text(line.text):
            return
        joined = ""
        for below in lines[start : start + 6]:
            if _is_beginning_of_text(below.text) or DocumentNumber.parse(below.text):
                break
            if is_no_title(below.text) or is_date_line(below.text):
                break
            joined += f" {below.text}" if joined and _NEXT_ISSUER.match(below.text) else below.text
            if len(joined) >= 9 and _ENDS.search(joined):
                yield joined, "printed above the text"
                return


def _first_line(lines: Sequence[Line]) -> Iterator[tuple[str, str]]:
    """Of a text without 文种 above it: its first line that is not the page's."""
    table = table_lines(lines[:40])
    for index, line in enumerate(lines[:40]):
        if index in table or is_no_title(line.text) or DocumentNumber.parse(line.text):
            continue
        if line.is_hidden or line.linked * 2 > len(line.text):
            continue
        if len(line.text) <= 100 and not line.text.endswith(("：", ":", "。", "；", "，")):
            yield line.text, "first line"
        return


def _is_beginning_of_text(text: str) -> bool:
    return text.endswith(("：", ":", "。", "；")) or len(text) > 140


def _is_possible(title: str, how: str) -> bool:
    least = 2 if how.startswith(("source", "json", "table", "label")) else 4  # 标题：贺电
    is_short = least <= len(title) < 4 and _SHORT.fullmatch(title)
    if not (is_short or 4 <= len(title) <= _LONGEST):
        return False
    number = DocumentNumber.parse(title)  # 令第5号 and 公告2024年第5号 are titles, too
    is_number = number is not None and number.form is NumberForm.BRACKET
    return not (is_number or is_no_title(title) or is_column_name(title) or find_only_date(title))


def find_only_date(text: str) -> bool:
    """Whether nothing but a date is said."""
    return bool(find_dates(text)) and is_date_line(text)


_RANK = (
    "source",
    "json",
    "meta",
    "heading",
    "table",
    "label",
    "above",
    "title tag",
    "shared",
    "printed",
    "first",
)


def _trust(one: tuple[str, str], candidates: Sequence[tuple[str, str]]) -> tuple[int, int, int]:
    """Agreement first: how many other places say the same; then the kind of place."""
    value, how = one
    wanted = squeeze(value)
    rank = next((i for i, word in enumerate(_RANK) if how.startswith(word)), len(_RANK))
    if how.startswith(("source", "json")):
        return 9, -rank, len(wanted)
    places = {place.split(" ")[0] for other, place in candidates if squeeze(other) == wanted}
    is_agreed = len(places) > 1 and len(wanted) > 6 and not _SITE_WORD.search(value)
    is_document = is_agreed or bool(_ENDS.search(value)) or len(wanted) > 12
    score = min(len(places), 2) + 2 * is_document - 2 * bool(_CUT.search(value))
    return score, -rank, len(wanted)


def _whole(title: str, page: Page, start: int, candidates: Sequence[tuple[str, str]]) -> str:
    """A title that was cut, completed from a line of the page that begins with it, or from
    another place that says more."""
    if not _CUT.search(title):
        return title
    stem = squeeze(_CUT.sub("", title))
    for line in page.lines[: start + 6]:
        text = squeeze(line.text)
        if text.startswith(stem) and len(text) > len(stem) and not _CUT.search(line.text):
            return _without_date(line.text)
    longer = (one for one, _ in candidates if squeeze(one).startswith(stem))
    return next((one for one in longer if not _CUT.search(one)), title)


def date_behind(line: str) -> str | None:
    """The date in brackets behind a title: 关于…的通知 ( 2024-05-11)."""
    match = _TRAILING_DATE.search(line)
    return match.group() if match and _ENDS.search(line[: match.start()]) else None


def _without_date(title: str) -> str:
    """A title without the date behind it, and what a site pins to it or says twice."""
    title = _TRAILING_DATE.sub("", _DATELINE_BEHIND.sub("", title.strip()))
    bare = _DAY_BEHIND.sub("", title)
    title = bare if _ENDS.search(bare) else title
    title = _BADGE.sub("", title, count=1).strip()
    half = len(title) // 2
    is_twice = half >= _LEAST_TWICE and title[:half].strip() == title[half:].strip()
    return title[:half].strip() if is_twice else title


_DAY_BEHIND = re.compile(r"\s*20\d\d-\d\d?-\d\d?(?:\s\d\d?:\d\d(?::\d\d)?)?$")
#: What a site pins to a title; 【图解】, [视频] and [失效] say what the page is and stay.
_BADGE = re.compile(
    r"^[■●◆▪·>»\s]{1,4}(?=[一-鿿《“])|^(?:[\[【（(](?:置顶|原创|转载|推荐|图文|热门|最新|头条|顶|荐|热|新|new|hot)[\]】）)]\s?"
    r"|(?:置顶|new|hot)\s)",
    re.IGNORECASE,
)
_LEAST_TWICE = 8


def _without_site(title: str) -> str:
    """A title tag without the names of column and site, which stand behind it or before it."""
    match = _BEFORE_SITE.fullmatch(title.strip())
    if match and _SITE_WORD.search(match[2].rstrip("】 ")):
        title = match[1]
    parts = [part for part in _SITE_TAIL.split(title.strip(" 【】")) if part.strip()]
    own = [part for part in parts if not _SITE_WORD.search(part)]
    if not own:
        return parts[0] if parts else title
    if ended := [part for part in own if _ENDS.search(part)]:
        return ended[0]
    return own[-1] if _SITE_WORD.search(parts[0]) else own[0]
