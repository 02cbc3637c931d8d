"""How a notice stands to what it cites, where its own words say so.

Read from the few words around the citation: 根据…, 转发…, 贯彻落实…, …同时废止, 修改…. Where
the words say nothing of the kind, it is merely cited; nothing is guessed.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import islice

from archive.notice import DocumentNumber, Reading

CITES = "cites"
BASIS = "basis"  #: 根据, 依据, 按照: its power comes from there
FORWARDS = "forwards"  #: 转发, 批转
IMPLEMENTS = "implements"  #: 贯彻落实
AMENDS = "amends"  #: 修改, 修订, 补充
REPEALS = "repeals"  #: 废止, 失效

#: Characters looked at on either side of a citation; sentences of notices run to a hundred.
_BEFORE, _AFTER = 80, 60
_MOST = 500
#: Lines of a list that are read, and the length of a line that can head a part of it.
_MOST_LINES, _HEADING = 5_000, 40
_LIST_TITLE = re.compile(r"(?:废止|失效|修改|清理)[^。]{0,60}(?:决定|通知|公告|通告|目录|令)")
_ITEM = re.compile(r"\s{0,4}(?:[（(]?[\d一二三四五六七八九十百]{1,5}[)）]?[、.．\s\t]|《)")
_MOST_NUMBERS, _MOST_MENTIONS = 200, 20
_STOP = re.compile(r"[。；;！\n]")
_REPEALED = re.compile(
    r"(?:同时|即行|自行|予以|均|现行|一并|已经?|即)(?:予以)?(?:废止|失效|停止执行)|不再执行|废止"
)
_REPEALS = re.compile(r"(?:废止|停止执行)(?:了)?[^。；;]{0,20}$")
_AMENDED = re.compile(r"^[^。；;\n]{0,12}(?:作(?:出)?如下修改|修改为|予以修[改订]|进行修[改订])")
_AMENDS = re.compile(r"(?:修改|修订|修正|补充)[^。；;]{0,12}$")
_FORWARDS = re.compile(r"(?:转发|批转)[^。；;]{0,40}$")
_IMPLEMENTS = re.compile(r"(?:贯彻|落实|实施)[^。；;]{0,40}$")
_BASIS = re.compile(r"(?:根据|依据|按照|依照|遵照)[^。；;]{0,70}$")
_FORWARDED = re.compile(r"^[^。；;\n]{0,20}(?:转发|批转)给")


def relations(reading: Reading) -> dict[str, str]:
    """The relation to each cited number and title of which the text says one."""
    found = dict(_listed(reading))
    for cited, before, after in _mentions(reading):
        relation = relation_of(before, after)
        if relation != CITES and found.get(cited) != REPEALS:
            found.setdefault(cited, relation)
            if relation == REPEALS:
                found[cited] = relation
    return found


def _listed(reading: Reading) -> Iterator[tuple[str, str]]:
    """What a decision lists: 关于废止部分文件的决定, with the documents line by line.

    A heading says what becomes of those below it; without one the title does, unless it speaks of
    more than one fate. Only lines of the list count: 根据《…》 above it is no item.
    """
    fate = _fate_told_by(reading.title or "") if _LIST_TITLE.search(reading.title or "") else None
    if fate is None:
        return
    cited = (*reading.cited_numbers[:_MOST], *reading.cited_titles[:_MOST])
    for line in islice(reading.text.split("\n"), 1, _MOST_LINES):
        if len(line) <= _HEADING and (told := _fate_told_by(line)):
            fate = told
        if not _ITEM.match(line):
            continue
        for one in cited:
            if one in line and fate != CITES:
                yield one, fate


def _fate_told_by(words: str) -> str | None:
    """The one fate that a title or heading tells; `CITES` for none or for several."""
    kept = re.search("继续有效|保留|继续执行", words)
    repealed, amended = re.search("废止|失效", words), re.search("修改|修订|修正", words)
    if not (kept or repealed or amended):
        return None
    told = [fate for fate, is_told in ((REPEALS, repealed), (AMENDS, amended)) if is_told]
    return told[0] if len(told) == 1 and not kept else CITES


def relation_of(before: str, after: str) -> str:
    """What the words before and after a citation say of it."""
    after = _STOP.split(after, maxsplit=1)[0]
    before = _STOP.split(before)[-1]
    if _REPEALED.search(after) or _REPEALS.search(before):
        return REPEALS
    if _AMENDED.search(after) or _AMENDS.search(before):
        return AMENDS
    if _FORWARDS.search(before) or _FORWARDED.search(after):
        return FORWARDS
    if _BASIS.search(before):
        return BASIS
    return IMPLEMENTS if _IMPLEMENTS.search(before) else CITES


def _mentions(reading: Reading) -> Iterator[tuple[str, str, str]]:
    """Each cited number and title with the words around it, title line and text alike."""
    text = f"{reading.title or ''}\n{reading.text}"
    for cited in reading.cited_numbers[:_MOST_NUMBERS]:
        for mention in _written_as(cited, text):
            yield cited, *_around(text, *mention)
    for cited in reading.cited_titles[:_MOST]:
        start = text.find(f"《{cited}》")
        if start >= 0:
            yield cited, *_around(text, start, start + len(cited) + 2)


def _written_as(cited: str, text: str) -> Iterator[tuple[int, int]]:
    """Where a number stands, as it is written by the book or with other brackets and blanks."""
    start = text.find(cited)
    if start >= 0:
        while start >= 0:
            yield start, start + len(cited)
            start = text.find(cited, start + len(cited))
        return
    number = DocumentNumber.parse(cited)
    if number is None or number.year is None or str(number.year) not in text:
        return
    pattern = rf"{number.year}[^\w\s]?\s?(?:年?第)?0{{0,3}}{number.serial}\s?[号號]"
    for match in islice(re.finditer(pattern, text), _MOST_MENTIONS):
        head = text[max(0, match.start() - len(number.issuer_code) - 1) : match.start()]
        lead = (
            len(head) - head.find(number.issuer_code[:1]) if number.issuer_code[:1] in head else 1
        )
        yield match.start() - lead, match.end()


def _around(text: str, start: int, end: int) -> tuple[str, str]:
    """The words before and after, without the title in front of a number and the number behind."""
    before = re.sub(r"(?:《[^《》]{1,150}》)?[（(]?$", "", text[max(0, start - 240) : start])
    after = re.sub(r"^(?:[（(][^（()）]{1,60}[)）])", "", text[end : end + _AFTER + 60])
    return before[-_BEFORE:], after.lstrip("）)、，")[:_AFTER]
