"""Put a mangled text back as it was."""

from __future__ import annotations

import re
from dataclasses import dataclass

from archive.notice.reading import Repair

_NOTE = re.compile(r"(?<=[㐀-鿿])(?:\([a-zāáǎàōóǒòēéěèīíǐìūúǔùǖǘǚǜü]{1,7} ?\)){1,4}")


@dataclass(frozen=True, kw_only=True)
class Mended:
    """A text with its damage undone, and what was undone where."""

    text: str
    repairs: tuple[Repair, ...] = ()
    flags: tuple[str, ...] = ()


def mend(text: str) -> Mended:
    """First form: takes pinyin notes out of text that is full of them, then simplifies."""
    notes = list(_NOTE.finditer(text))
    if len(notes) < 10:
        return Mended(text=text)
    from opencc_pyo3 import OpenCC

    repairs = tuple(
        Repair(
            kind="pinyin",
            before=text[n.start() - 1 : n.end()],
            after=text[n.start() - 1],
            where=f"character {n.start()}",
        )
        for n in notes
    )
    return Mended(
        text=OpenCC("t2s").convert(_NOTE.sub("", text)), repairs=repairs, flags=("was-traditional",)
    )
