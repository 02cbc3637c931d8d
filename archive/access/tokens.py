"""Text to search tokens: character bigrams of Chinese, whole words of everything else.

A run of Chinese characters such as 医疗卫生 becomes ``医疗 疗卫 卫生 生``: its bigrams, and its
last character alone. So any two characters or more are found exactly, as a phrase of
neighbouring bigrams, and one character is the beginning of a token wherever it stands.
Segmenting into words would lose 36-73 % of arbitrary substrings.

Punctuation ends a run and leaves no token, so 国办发〔2023〕15号 and 国办发[2023] 15号 are the
same tokens. White space between two Chinese characters is a matter of layout (通　知) and is
ignored; a line break or a table cell's tab is not.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from operator import add

LONGEST_TOKEN = 64  #: characters; a longer word is cut, so that hostile text makes no huge terms

_CHINESE = "\u3007\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\U00020000-\U0003ffff"
_LETTERS = "0-9a-z\u00b5-\u02af\u0370-\u0eff\u0f15-\u1fff\ua000-\uabff\uac00-\ud7a3"
_RUNS = re.compile(f"[{_CHINESE}]+|[{_LETTERS}]+")
_LAYOUT_SPACE = re.compile(f"(?<=[{_CHINESE}])[ \\u00a0\\u3000]{{1,40}}(?=[{_CHINESE}])")


def _folded_form(code: int) -> str | None:
    """The one character that a compatibility character stands for, when it is one."""
    character = chr(code)
    folded = unicodedata.normalize("NFKC", character).lower()
    return folded if len(folded) == 1 and folded != character else None


_FOLDING = {
    code: folded
    for start, end in ((0xB2, 0xBA), (0x2070, 0x209C), (0x2460, 0x2500), (0x2E80, 0x2FE0),
                       (0xF900, 0xFB00), (0xFF01, 0xFF5F), (0x2F800, 0x2FA20))
    for code in range(start, end)
    if (folded := _folded_form(code)) is not None
}  # fmt: skip
# Full-width punctuation is in nearly every text and needs no folding: it ends a run anyway.
_NEEDS_FOLDING = re.compile(
    "[\u00b2-\u00ba\u2070-\u209b\u2460-\u24ff\u2e80-\u2fdf\uf900-\ufaff"
    "\uff10-\uff19\uff21-\uff3a\uff41-\uff5a\U0002f800-\U0002fa1f]"
)


def fold(text: str) -> str:
    """Fold width, case and compatibility forms, one character for one.

    The length stays, so that a place found in the folded text is the same place in the text.
    """
    lowered = text.lower()
    if len(lowered) != len(text):  # a few letters, such as İ, grow when lowered
        lowered = "".join(low if len(low := c.lower()) == 1 else c for c in text)
    return lowered.translate(_FOLDING) if _NEEDS_FOLDING.search(lowered) else lowered


def _runs(text: str) -> Iterator[str]:
    folded = fold(text)
    return (match[0] for match in _RUNS.finditer(_LAYOUT_SPACE.sub("", folded)))


def _is_chinese(run: str) -> bool:
    first = run[0]
    return first >= "\u3007" and not "\ua000" <= first <= "\ud7a3"


def index_tokens(text: str) -> str:
    """The tokens of a text to be found, parted by spaces."""
    tokens: list[str] = []
    for run in _runs(text):
        if _is_chinese(run):
            tokens += map(add, run, run[1:])
            tokens.append(run[-1])
        else:
            tokens.append(run[:LONGEST_TOKEN])
    return " ".join(tokens)


@dataclass(frozen=True, kw_only=True)
class Phrase:
    """What one phrase of a search asks for: tokens that stand side by side."""

    tokens: tuple[str, ...]
    is_open: bool  #: the last token is one character, and any token beginning with it will do


def phrase_tokens(text: str) -> Phrase | None:
    """The tokens of a phrase to look for; None when it holds nothing that can be found."""
    runs = list(_runs(text))
    if not runs:
        return None
    tokens = index_tokens(text).split(" ")
    last = runs[-1]
    is_open = False
    if _is_chinese(last):
        # The text may go on where the question ends: 医疗 is also in 医疗卫生.
        if len(last) > 1:
            tokens.pop()
        else:
            is_open = True
    return Phrase(tokens=tuple(tokens), is_open=is_open)
