"""Is a text Traditional because a machine converted it from Simplified?

Such a machine turns characters over one by one, and leaves what is written alike in both scripts
but means another word in one: 關于 (a hand writes 關於), 規范 (規範), 奮斗 (奮鬥). Each slip listed
here has one character of either script: it is neither Simplified nor Traditional, and a page that
shows several kinds of them was converted.
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Any

from archive.notice import in_one_script

_SLIP = re.compile(
    "關于|對于|規范|范圍|師范|術后|后備|后續|沖擊|余額|斗爭|奮斗|這里|云計算|云平臺|批準|關系|聯系|"
    "復雜|征稅|適用于|應當于|屬于"
)
_LEAST_SLIPS = 3  #: different ones
_TRADITIONAL_AT_LEAST = 12  #: one character in so many


def was_converted(text: str) -> bool:
    """Whether the text bears the slips of a machine that made it Traditional."""
    return len({slip[0] for slip in _SLIP.finditer(text)}) >= _LEAST_SLIPS


def what_is_traditional_simplified(text: str) -> str:
    """The text in Simplified where it is Traditional: all of it, or those of its lines that are.

    A Simplified text holds a few such characters too, 显著 and 乾隆; converting it would spoil
    these.
    """
    if _is_traditional(text, at_least=1):
        return to_simplified(text)
    lines = text.split("\n")
    return "\n".join(to_simplified(x) if _is_traditional(x, at_least=3) else x for x in lines)


def _is_traditional(text: str, *, at_least: int) -> bool:
    """Whether enough characters differ: of a Traditional text it is one in three."""
    differing = sum(one != other for one, other in zip(text, in_one_script(text), strict=True))
    hanzi = sum(one >= "\u4e00" for one in text)
    return differing >= at_least and differing * _TRADITIONAL_AT_LEAST >= hanzi


def to_simplified(text: str) -> str:
    """The text in Simplified, by OpenCC's words and characters."""
    try:
        simplified: str = _converter("t2s").convert(text)
    except UnicodeEncodeError:  # lone surrogates, which OpenCC does not take
        pieces = re.split("([\ud800-\udfff]+)", text)
        pieces[::2] = map(to_simplified, pieces[::2])
        return "".join(pieces)
    return simplified


@lru_cache(maxsize=20_000)
def traditional(character: str) -> str:
    """One character as a machine makes it Traditional."""
    turned: str = _converter("s2t").convert(character)
    return turned


@lru_cache(maxsize=2)
def _converter(way: str) -> Any:  # opencc_pyo3 ships no types
    from opencc_pyo3 import OpenCC

    return OpenCC(way)
