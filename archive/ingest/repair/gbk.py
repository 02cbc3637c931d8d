"""GBK as a table: which two octets stand for which character.

The whole square is used (lead 81-FE, trail 40-FE without 7F), with the user-defined areas as the
private-use characters they are read as (F9BD is U+E2AE), since damage runs through those too.
"""

from __future__ import annotations

from functools import lru_cache

LEADS = range(0x81, 0xFF)
TRAILS = (*range(0x40, 0x7F), *range(0x80, 0xFF))


@lru_cache(maxsize=1)
def decoding() -> dict[int, str]:
    """Character by lead * 256 + trail, for every pair that stands for one."""
    table = {}
    for lead in LEADS:
        for trail in TRAILS:
            character = bytes((lead, trail)).decode("gb18030", "ignore")
            if len(character) == 1:
                table[lead << 8 | trail] = character
    return table


@lru_cache(maxsize=1)
def encoding() -> dict[str, tuple[int, int]]:
    """The two octets of a character."""
    return {character: (pair >> 8, pair & 255) for pair, character in decoding().items()}


def is_private(character: str) -> bool:
    """Whether a character stands in the private-use area, where GBK's user-defined octets go."""
    return "\ue000" <= character <= "\uf8ff"
