"""Which counties and cities a notice names as its own, and whether two bodies are one."""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import lru_cache

#: Two characters before the level suffice to tell neighbours apart: 巴南区, 坪坝区, 尔滨市.
_PLACE = re.compile(r"[一-鿿]{2}(?:自治)?[省市州盟县区旗]")
#: 地区, 社区, 各县, 我市 … are no names; 佛山市 is one, 山区 is none.
_NO_NAMES = {
    **dict.fromkeys(
        "县区旗",
        frozenset("地社园辖城市景学灾山牧疫小校厂片各全我本该病治上县区直省新级型大地整跨分"),
    ),
    **dict.fromkeys("市州盟省", frozenset("城各全我本该县区市直地省辖级个超外")),
}
#: The signature: a short line before the date at the end.
_SIGNATURE = re.compile(r"\n([^\n]{4,40})\n[^\n\d]{0,4}(?:19|20)\d\d年\d{1,2}月\d{1,2}日")
#: Characters at the end of a text in which its signature is looked for.
TAIL = 600
_CENTRAL = ("国家", "国务院", "中华人民共和国", "中共中央")


@lru_cache(maxsize=4096)
def places_in(text: str) -> tuple[str, ...]:
    """Place names in a title, a body's name or a signature, in order, shortened alike."""
    found = (match[0] for match in _PLACE.finditer(text[:500]))
    return tuple(dict.fromkeys(name for name in found if _is_name(name)))


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
    shorter, longer = sorted((a, b), key=len)
    if len(shorter) < 4 or not _is_within(shorter, longer):
        return False
    lowest = places_in(longer)[-1:]
    return shorter == longer or not lowest or lowest[0] in places_in(shorter)


def may_be_one_body(a: str, b: str) -> bool:
    """Whether two names can mean one body, one of them leaving its place to the reader.

    市卫生健康委 is 深圳市卫生健康委员会 where Shenzhen says so, and every other city's elsewhere:
    it makes no two notices one, but keeps none apart.
    """
    shorter, longer = sorted((a, b), key=len)
    return is_one_body(a, b) or (
        len(shorter) >= 4 and not is_specific(shorter) and _is_within(shorter, longer)
    )


def is_specific(body: str) -> bool:
    """Whether a body's name says where it is: 人民政府办公室 alone is everywhere."""
    return bool(places_in(body)) or body.startswith(
        ("国家", "国务院", "中华人民共和国", "中共中央")
    )


def _is_within(shorter: str, longer: str) -> bool:
    letters = iter(longer)
    return all(letter in letters for letter in shorter)
