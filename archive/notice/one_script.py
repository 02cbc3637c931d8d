"""One script for what is compared: Traditional characters folded to their Simplified ones."""

from __future__ import annotations

from functools import lru_cache

from archive.notice.character_fold import CharacterFold

#: The blocks of the characters that have a Simplified form: CJK, its Extension A, the
#: compatibility characters.
_BLOCKS = ((0x3400, 0x4DC0), (0x4E00, 0xA000), (0xF900, 0xFB00))


def in_one_script(text: str) -> str:
    """The text with each Traditional character as its Simplified one; for comparing only.

    Character by character, so that both sides of a comparison always fold alike: 發 and 髮 are
    both 发, and 乾 is 干 also in 乾隆. What a person reads is converted by words, elsewhere.
    """
    return text if text.isascii() else _fold()(text)


@lru_cache(maxsize=1)
def _fold() -> CharacterFold:
    """OpenCC's character table, some 3,800 entries, made on first use in 60 ms."""
    from opencc_pyo3 import OpenCC

    characters = [chr(point) for block in _BLOCKS for point in range(*block)]
    folded = OpenCC("t2s").convert("\n".join(characters)).split("\n")
    pairs = zip(characters, folded, strict=True)
    return CharacterFold({one: other for one, other in pairs if one != other})
