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
    found: dict[str, str] = {}
    for cited, before, after in _mentions(reading):
        relation = relation_of(before, after)
        if relation != CITES and found.get(cited) != REPEALS:
            found.setdefault(cited, relation)
            if relation == REPEALS:
                found[cited] = relation
    return found


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
