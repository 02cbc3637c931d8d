"""What a mirror's engine does to a clean text, done anew, with every place where it broke one.

The engine works on GBK octets and does not keep to characters: it takes the A3 out of what it
believes to be a full-width mark, and writes pinyin behind pairs of octets that are no character.
"""

from __future__ import annotations

import random
import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import lru_cache
from itertools import accumulate
from typing import Literal

from opencc_pyo3 import OpenCC

Dialect = Literal["toned", "toneless", "simplified", "bare"]
DIALECTS: tuple[Dialect, ...] = ("toned", "toneless", "simplified", "bare")

#: What the engine behind document 003 annotates, always and with tones.
NOTED = dict(
    zip(
        "醫衛構區業發規質結監優經統養網創聯數態內續調協據現產轉執環節戰側貿",
        [
            "yī",
            "wèi",
            "gòu",
            "qū",
            "yè",
            "fā",
            "guī",
            "zhì",
            "jié",
            "jiān",
            "yōu",
            "jīng",
            "tǒng",
            "yǎng",
            "wǎng",
            "chuàng",
            "lián",
            "shù",
            "tài",
            "nèi",
            "xù",
            "diào",
            "xié",
            "jù",
            "xiàn",
            "chǎn",
            "zhuǎn",
            "zhí",
            "huán",
            "jié",
            "zhàn",
            "cè",
            "mào",
        ],
        strict=True,
    )
)
MARKS = {b"\xa3\xbf": b"?", b"\xa3\xa1": b"!", b"\xa3\xbb": b";"}


@dataclass(frozen=True, kw_only=True)
class Break:
    """One place where two characters were broken apart."""

    line: int
    of: int  #: index, in the clean line, of the character that holds the first octet
    at: int  #: index, in the mangled line, where that octet is read


@dataclass(frozen=True, kw_only=True)
class Mangled:
    """A text as the mirror shows it."""

    text: str
    breaks: tuple[Break, ...]


@dataclass(kw_only=True)
class _Octets:
    """The octets of a line on their way through the engine, each with where it came from."""

    octets: bytes
    origins: list[int]  #: offset in the clean line's octets; -1 for what was put in
    starts: dict[int, int]  #: offset in the clean line's octets where a character starts → index
    broken: set[int] = field(default_factory=set)  #: indexes of characters in the clean line

    def replace(self, old: bytes, new: bytes) -> None:
        """``bytes.replace``, which minds no character's border."""
        at = self.octets.find(old)
        while at >= 0:
            origin = self.origins[at]
            if origin >= 0 and origin not in self.starts:
                self.broken.add(self.starts[origin - 1])
            kept = self.origins[at : at + len(old)]
            kept = (kept + [-1] * len(new))[: len(new)]
            self.octets = self.octets[:at] + new + self.octets[at + len(old) :]
            self.origins[at : at + len(old)] = kept
            at = self.octets.find(old, at + len(new))


def mangle(text: str, dialect: Dialect = "toned", *, seed: int = 0) -> Mangled:
    """The engine's work on each line of a Simplified text.

    ``toned`` writes tones and always annotates, ``toneless`` annotates by chance and repeats
    itself (both turn the text Traditional first), ``simplified`` annotates Simplified text with
    tones, ``bare`` only breaks.
    """
    dice = random.Random(seed)
    lines, breaks = [], []
    for number, line in enumerate(text.split("\n")):
        shown = line if dialect in {"simplified", "bare"} else "".join(map(traditional, line))
        work = _octets(shown)
        for wide, narrow in MARKS.items():
            work.replace(wide, narrow)
        for hanzi, note in notes_of(dialect):
            pair = hanzi.encode("gbk")
            work.replace(pair, pair + f"({note})".encode("gbk"))
        read = read_as_a_browser(work.octets)
        breaks += [Break(line=number, of=of, at=_place(work, of)) for of in sorted(work.broken)]
        lines.append(with_random_notes(read, dice) if dialect == "toneless" else read)
    return Mangled(text="\n".join(lines), breaks=tuple(breaks))


def can_be_mangled(line: str) -> bool:
    """Whether GBK holds a line in either script, so that its damage has one answer."""
    shown = "".join(map(traditional, line))
    return all(one.encode("gbk", "ignore").decode("gbk") == one for one in (line, shown))


def notes_of(dialect: Dialect) -> Iterator[tuple[str, str]]:
    """The characters that a dialect annotates in its octets, with their notes."""
    if dialect == "toned":
        yield from NOTED.items()
    elif dialect == "simplified":
        for hanzi, note in NOTED.items():
            yield simplified(hanzi), note


def read_as_a_browser(octets: bytes) -> str:
    """Octets as they come to us: what cannot be read is a question mark."""
    return octets.decode("gb18030", "replace").replace("\ufffd", "?")


def with_random_notes(text: str, dice: random.Random) -> str:
    """Toneless notes behind some of the noted characters, once or several times over."""
    out = []
    for character in text:
        out.append(character)
        if character in NOTED and dice.random() < 0.4:
            bare = unicodedata.normalize("NFD", NOTED[character])
            note = "".join(c for c in bare if not unicodedata.combining(c))
            out.append(f"({note})" * dice.choice((1, 1, 1, 2, 3)))
    return "".join(out)


def folded(text: str) -> str:
    """What a text says, however it is dressed: Simplified, one width, no white space."""
    return re.sub(r"\s+", "", unicodedata.normalize("NFKC", simplified(text)))


@lru_cache(maxsize=2)
def converter(way: str) -> OpenCC:
    return OpenCC(way)


@lru_cache(maxsize=20_000)
def traditional(character: str) -> str:
    return converter("s2t").convert(character)


def simplified(text: str) -> str:
    return converter("t2s").convert(text)


def _octets(shown: str) -> _Octets:
    each = [character.encode("gbk") for character in shown]
    offsets = accumulate((len(octets) for octets in each), initial=0)
    starts = {offset: index for index, offset in enumerate(offsets)}
    whole = b"".join(each)
    return _Octets(octets=whole, origins=list(range(len(whole))), starts=starts)


def _place(work: _Octets, of: int) -> int:
    offset = next(offset for offset, index in work.starts.items() if index == of)
    found = work.origins.index(offset) if offset in work.origins else 0
    return len(read_as_a_browser(work.octets[:found]))
