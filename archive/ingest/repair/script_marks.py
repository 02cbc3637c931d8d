"""Is a text Traditional because a machine converted it from Simplified?

Such a machine turns characters over one by one, and leaves what is written alike in both scripts
but means another word in one: 關于 (a hand writes 關於), 規范 (規範), 干部 (幹部). A hand that writes
Traditional does not make these; a page that shows several kinds of them was converted.
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Any

_SLIP = re.compile(
    "關于|對于|規范|范圍|示范|模范|防范|師范|干部|干預|骨干|后備|之后|以后|術后|最后|征求|制造|復雜|沖擊|"
    "余額|剩余|其余|斗爭|奮斗|這里|云計算|云平臺|旅游|游客|批準|關系|聯系|面粉|松懈|臺帳"
)
_LEAST_SLIPS = 3  #: different ones


def was_converted(text: str) -> bool:
    """Whether the text bears the slips of a machine that made it Traditional."""
    return len({slip[0] for slip in _SLIP.finditer(text)}) >= _LEAST_SLIPS


def to_simplified(text: str) -> str:
    """The text in Simplified, by OpenCC's words and characters."""
    simplified: str = _converter().convert(text)
    return simplified


@lru_cache(maxsize=1)
def _converter() -> Any:  # opencc_pyo3 ships no types
    from opencc_pyo3 import OpenCC

    return OpenCC("t2s")
