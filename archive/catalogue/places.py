"""Which counties and cities a notice names as its own, and whether two bodies are one."""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import lru_cache

from archive.notice.official_bodies import body_through_time, central_body
from archive.notice.regions import region_names

#: Two characters before the level suffice to tell neighbours apart: 巴南区, 坪坝区, 尔滨市. What
#: follows must not make another word of it: 房地产市场 is no city, 山区域 no district.
_PLACE = re.compile(
    r"[一-鿿]{2}(?:自治)?"
    r"(?:省(?![级直内外会际力略])|市(?![场值价级直内外面容])|[州盟](?![级内])"
    r"|[县区](?![级域内外间块别分位])|旗(?![舰帜下]))"
)
#: 高县, 和县: counties of one character, at the beginning of a name or behind what it lies in.
_SHORT_PLACE = re.compile(r"(?:^|(?<=[省市州区盟、《]))[一-鿿]县(?![级域城])")
#: 地区, 社区, 各县, 我市 … are no names; 佛山市 is one, 山区 is none.
_NO_NAMES = {
    **dict.fromkeys(
        "县区旗",
        frozenset("地社园辖城市景学灾山牧疫小校厂片各全我本该病治上县区直省新级型大地整跨分"),
    ),
    **dict.fromkeys("市州盟省", frozenset("城各全我本该县区市直地省辖级个超外强")),
}
#: The signature: a short line before the date at the end.
_SIGNATURE = re.compile(r"\n([^\n]{4,40})\n[^\n\d]{0,4}(?:19|20)\d\d年\d{1,2}月\d{1,2}日")
#: Characters at the end of a text in which its signature is looked for.
TAIL = 600
_STATE = "中华人民共和国"


@lru_cache(maxsize=4096)
def places_in(text: str) -> tuple[str, ...]:
    """Place names in a title, a body's name or a signature, in order, shortened alike."""
    head = text[:500]
    found = [(one.start(), one[0]) for one in _PLACE.finditer(head) if _is_name(one[0])]
    short = ((one.start(), one[0]) for one in _SHORT_PLACE.finditer(head))
    found += [one for one in short if one[1] in _short_counties()]
    return tuple(dict.fromkeys(name for _, name in sorted(found)))


@lru_cache(maxsize=1)
def _short_counties() -> frozenset[str]:
    return frozenset(name for name in region_names() if len(name) == 2)


def level_of(place: str) -> str:
    """The level of a place by its last character; 自治区 is a province's, 自治州 a city's."""
    return "省" if place.endswith("自治区") else place[-1]


def _is_name(name: str) -> bool:
    stem = name[:-1].removesuffix("自治")
    return bool(stem) and stem[-1] not in _NO_NAMES[name[-1]]


def places_of(title: str, issuing_bodies: Iterable[str], text: str) -> tuple[str, ...]:
    """The places a notice names in its title, as its bodies, and in its signature."""
    signature = _SIGNATURE.findall(text[-TAIL:])
    parts = (title, *issuing_bodies, *signature[-1:])
    return tuple(dict.fromkeys(place for part in parts for place in places_in(part)))


@lru_cache(maxsize=4096)
def is_one_body(a: str, b: str) -> bool:
    """Whether two names mean one body: 国家卫健委 is 国家卫生健康委员会.

    Not 重庆市人民政府 and 重庆市巴南区人民政府, although the one's letters are in the other.
    """
    a, b = a.removeprefix(_STATE), b.removeprefix(_STATE)
    shorter, longer = sorted((a, b), key=len)
    if shorter == longer:
        return True
    if len(shorter) < 4 or not _is_within(shorter, longer):
        return False
    lowest = places_in(longer)[-1:]
    return not lowest or lowest[0] in places_in(shorter)


def may_be_one_body(a: str, b: str) -> bool:
    """Whether two names can mean one body, one of them leaving its place to the reader.

    市卫生健康委 is 深圳市卫生健康委员会 where Shenzhen says so, and every other city's elsewhere:
    it makes no two notices one, but keeps none apart.
    """
    shorter, longer = sorted((a, b), key=len)
    if is_one_body(a, b) or body_through_time(a) == body_through_time(b):
        return True  # its site shows what it issued under its former name as its own
    may_be = len(shorter) >= 4 and not is_specific(shorter) and _is_within(shorter, longer)
    return may_be or _is_damaged(a, b)


def _is_damaged(a: str, b: str) -> bool:
    """国家卫生键康委办公厅: one character of a long name misread, none of its place."""
    if len(a) != len(b) or len(a) < 8 or places_in(a) != places_in(b):
        return False
    return sum(one != other for one, other in zip(a, b, strict=True)) == 1


def is_specific(body: str) -> bool:
    """Whether a body's name says where it is: 人民政府办公室 alone is everywhere."""
    return (
        bool(places_in(body))
        or body.startswith(("国家", "国务院", "中华人民共和国", "中共中央"))
        or _is_central(body)
    )


def _is_central(body: str) -> bool:
    """财政部 is one body wherever it is named; 统计局 and 医保局 are also every county's."""
    row = central_body(body)
    return row is not None and not body.endswith(("局", "委", "办"))


def _is_within(shorter: str, longer: str) -> bool:
    letters = iter(longer)
    return all(letter in letters for letter in shorter)
