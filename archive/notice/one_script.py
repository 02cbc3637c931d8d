"""One script for what is compared: Traditional characters folded to their Simplified ones."""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path

from archive.notice.character_fold import CharacterFold

_PAIRS = Path(__file__).with_name("one_script.txt")


def in_one_script(text: str) -> str:
    """The text with each Traditional character as its Simplified one; for comparing only.

    Character by character, so that both sides of a comparison always fold alike, and each stays
    in its place: 發 and 髮 are both 发, and 乾 is 干 also in 乾隆. What a person reads is converted
    by words, elsewhere.
    """
    return text if text.isascii() else _fold()(text)


@lru_cache(maxsize=1)
def _fold() -> CharacterFold:
    """The pairs of ``script/build-one-script``, which come from OpenCC."""
    return CharacterFold({pair[0]: pair[1] for pair in _PAIRS.read_text("utf-8").split()})
