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
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

OTHER, CHINESE, LETTER = 0, 1, 2

_CHINESE_RANGES = (
    (0x3007, 0x3007),  # 〇
    (0x3040, 0x30FF),  # kana, in names and quotations
    (0x3400, 0x4DBF),
    (0x4E00, 0x9FFF),
    (0x20000, 0x3FFFF),
)
_LETTER_RANGES = (
    (ord("0"), ord("9")),
    (ord("a"), ord("z")),
    (0x00B5, 0x02AF),
    (0x0370, 0x0EFF),
    (0x0F15, 0x1FFF),  # Tibetan from its letters on, Mongolian
    (0xA000, 0xABFF),  # Yi
    (0xAC00, 0xD7A3),
)
_CHINESE = "".join(f"{chr(start)}-{chr(end)}" for start, end in _CHINESE_RANGES)
_SPACES = (" ", "\u3000", "\u00a0")
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


def _kinds() -> npt.NDArray[np.uint8]:
    """Of every character, whether it is Chinese, a letter or digit, or ends a run."""
    table = np.zeros(0x11_0000, dtype=np.uint8)
    for start, end in _LETTER_RANGES:
        table[start : end + 1] = LETTER
    for start, end in _CHINESE_RANGES:
        table[start : end + 1] = CHINESE
    return table


_KIND = _kinds()


def _characters(text: str) -> npt.NDArray[np.uint32]:
    folded = fold(text)
    if any(space in folded for space in _SPACES):
        folded = _LAYOUT_SPACE.sub("", folded)
    return np.frombuffer(folded.encode("utf-32-le", "surrogatepass"), dtype="<u4")


def index_tokens(text: str) -> str:
    """The tokens of a text to be found, parted by spaces.

    All characters at once: each Chinese one is followed by its neighbour, if that is Chinese
    too, and a space; each letter by a space where its word ends.
    """
    codes = _characters(text)
    if not codes.size:
        return ""
    kind = _KIND[codes]
    following = np.append(kind[1:], np.uint8(OTHER))
    laid_out = np.empty((codes.size, 3), dtype="<u4")
    laid_out[:, 0] = codes
    laid_out[:-1, 1] = codes[1:]
    laid_out[:, 2] = ord(" ")
    is_chinese = kind == CHINESE
    is_kept = np.empty(laid_out.shape, dtype=bool)
    is_kept[:, 0] = kind != OTHER
    is_kept[:, 1] = is_chinese & (following == CHINESE)
    is_kept[:, 2] = is_chinese | ((kind == LETTER) & (following != LETTER))
    return laid_out[is_kept].tobytes().decode("utf-32-le").rstrip(" ")


@dataclass(frozen=True, kw_only=True)
class Phrase:
    """What one phrase of a search asks for: tokens that stand side by side."""

    tokens: tuple[str, ...]
    is_open: bool  #: the last token is one character, and any token beginning with it will do


def phrase_tokens(text: str) -> Phrase | None:
    """The tokens of a phrase to look for; None when it holds nothing that can be found."""
    tokens = index_tokens(text).split()
    if not tokens:
        return None
    is_open = len(tokens[-1]) == 1 and bool(_KIND[ord(tokens[-1])] == CHINESE)
    if is_open and len(tokens) > 1 and _is_within_run(tokens[-2], tokens[-1]):
        # The text may go on where the question ends: 医疗 is also in 医疗卫生.
        return Phrase(tokens=tuple(tokens[:-1]), is_open=False)
    return Phrase(tokens=tuple(tokens), is_open=is_open)


def _is_within_run(before: str, last: str) -> bool:
    return len(before) == 2 and before[1] == last and bool(_KIND[ord(before[0])] == CHINESE)
