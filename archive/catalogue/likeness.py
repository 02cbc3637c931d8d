"""How alike two wordings are, and the values under which like ones are found.

Works on `Fingerprint` values alone: 128 MinHash values, a sorted bottom-k sample and the hashed
figures of a text. Resemblance is their estimated Jaccard similarity; containment is the part of
the shorter text's grams that also stands in the longer one.
"""

from __future__ import annotations

from array import array
from bisect import bisect_right
from collections.abc import Iterable
from dataclasses import dataclass, replace
from operator import eq

from archive.catalogue.keys import number_key, title_key, value_of
from archive.notice import Fingerprint

#: Values of the sample that are kept: 2 kB a wording. Containment is then known to ±0.04 for an
#: excerpt of a fifth.
SAMPLE = 512
#: Figures that a fingerprint keeps at most.
FIGURES = 64
#: Fewer common values than this say nothing about containment.
LEAST_COMPARED = 8
#: Bands of three MinHash values: a resemblance of 0.7 is found in 999 of 1,000 cases, 0.5 in
#: 930, 0.2 in 150.
BANDS, ROWS = 20, 3
#: Least values of the sample, by which an excerpt is found. One common gram is chance; two are a
#: trace, met in 86 of 100 excerpts of a fifth, in 97 of a third, most of which share the title too.
GRAMS = 16
#: What a shared value counts: a band, title or number alone makes a candidate, a gram does not.
ENOUGH = 2
#: What an equal wording counts: more than all bands, so that it comes first in any crowd.
EQUAL = 100
#: No more notices than this are kept under one value; what everybody shares tells nobody apart.
CROWD = 48
#: A gram that so many share is a turn of phrase.
GRAM_CROWD = 12

_MIX = (0x9E3779B97F4A7C15, 0xC2B2AE3D27D4EB4F, 0x165667B19E3779F9, 0x27D4EB2F165667C5)
_MASK = 2**64 - 1


@dataclass(frozen=True, kw_only=True)
class Likeness:
    """How alike two wordings are."""

    is_same_wording: bool
    resemblance: float  #: 0 to 1
    containment: float  #: 0 to 1, of the shorter text in the longer
    figures: float | None  #: part of the fewer figures that the other has too; None: one has none
    figures_compared: int = 0  #: how many figures that part is of
    shorter: int  #: characters of the shorter text
    longer: int = 0  #: characters of the longer text

    @property
    def is_whole(self) -> bool:
        """Whether neither text can be a mere excerpt of the other."""
        return self.shorter >= 0.8 * self.longer

    @property
    def rank(self) -> tuple[bool, float]:
        """For choosing the most alike of several."""
        return (self.is_same_wording, max(self.resemblance, self.containment))


UNLIKE = Likeness(is_same_wording=False, resemblance=0.0, containment=0.0, figures=None, shorter=0)


def likeness(a: Fingerprint, b: Fingerprint) -> Likeness:
    """Compare two wordings. An empty text is like nothing, not even another empty one."""
    shorter = min(a.length, b.length)
    if not shorter:
        return UNLIKE
    if a.text_digest == b.text_digest:
        return Likeness(
            is_same_wording=True,
            resemblance=1.0,
            containment=1.0,
            figures=1.0,
            shorter=shorter,
            longer=shorter,
        )
    mine, theirs = _figures_met(a.figures, b.figures)
    compared = min(len(mine), len(theirs))
    return Likeness(
        is_same_wording=False,
        resemblance=_agreement(a.minhash, b.minhash),
        containment=_containment(a, b),
        figures=len(mine & theirs) / compared if compared else None,
        figures_compared=compared,
        shorter=shorter,
        longer=max(a.length, b.length),
    )


def closest(arriving: Fingerprint, wordings: Iterable[Fingerprint]) -> Likeness:
    """The likeness to the most alike of several wordings."""
    found = (likeness(arriving, wording) for wording in wordings)
    return max(found, key=lambda like: like.rank, default=UNLIKE)


def kept_form(fingerprint: Fingerprint) -> Fingerprint:
    """The fingerprint as it is kept and compared: its sample cut to `SAMPLE` values."""
    return replace(fingerprint, sample=fingerprint.sample[:SAMPLE])


def values_of(fingerprint: Fingerprint) -> dict[int, int]:
    """The signed 64-bit values under which a wording is looked up, and what each counts."""
    values = dict.fromkeys(map(_gram, fingerprint.sample[:GRAMS]), 1)
    if fingerprint.length:
        values[_wording(fingerprint.text_digest)] = EQUAL
    values.update(dict.fromkeys(_bands(fingerprint.minhash), ENOUGH))
    by_title = title_key(fingerprint.title_core)
    if by_title is not None:
        values[by_title] = ENOUGH
    return values


def number_values(number: str | None, scope: str | None) -> dict[int, int]:
    """The values under which a number is looked up: within its jurisdiction, and anywhere."""
    if number is None:
        return {}
    key = number_key(number)
    scoped = {value_of("scoped", f"{key}@{scope}"): 2 * ENOUGH} if scope else {}
    return {**scoped, key: ENOUGH}


def packed(values: Iterable[int]) -> bytes:
    """Unsigned 32- or 64-bit values as bytes, with a letter in front that says which."""
    listed = list(values)
    code = "I" if max(listed, default=0) < 2**32 else "Q"
    return code.encode() + array(code, listed).tobytes()


def unpacked(kept: bytes) -> tuple[int, ...]:
    """Read what `packed` wrote."""
    values = array(kept[:1].decode() or "I")
    values.frombytes(kept[1:])
    return tuple(values)


def _agreement(a: tuple[int, ...], b: tuple[int, ...]) -> float:
    if not a or len(a) != len(b):
        return 0.0
    agreeing: int = sum(map(eq, a, b))
    return agreeing / len(a)


def _containment(a: Fingerprint, b: Fingerprint) -> float:
    limit = min(_reach(a.sample), _reach(b.sample))
    mine = set(a.sample[: bisect_right(a.sample, limit)])
    theirs = set(b.sample[: bisect_right(b.sample, limit)])
    fewer = mine if a.length <= b.length else theirs
    return len(mine & theirs) / len(fewer) if len(fewer) >= LEAST_COMPARED else 0.0


def _figures_met(a: str, b: str) -> tuple[set[str], set[str]]:
    """The figures of either text that the other would show too if it had them.

    Of a text with many only the least are kept: above its last one it says nothing.
    """
    mine, theirs = a.split(), b.split()
    limit = min(_last_figure(mine), _last_figure(theirs))
    return {one for one in mine if one <= limit}, {one for one in theirs if one <= limit}


def _last_figure(figures: list[str]) -> str:
    return figures[-1] if len(figures) >= FIGURES else "~"


def _reach(sample: tuple[int, ...]) -> int:
    """Up to which value a sample holds every gram of its text."""
    return sample[-1] if len(sample) >= SAMPLE else _MASK


def _bands(minhash: tuple[int, ...]) -> list[int]:
    if len(minhash) < BANDS * ROWS:
        return []
    return [
        _signed(
            minhash[start] * _MIX[0]
            + minhash[start + 1] * _MIX[1]
            + minhash[start + 2] * _MIX[2]
            + (start + 1) * _MIX[3]
        )
        for start in range(0, BANDS * ROWS, ROWS)
    ]


def _gram(value: int) -> int:
    return _signed(value * _MIX[3] + 1)


def _wording(text_digest: str) -> int:
    return _signed(int(text_digest[:16], 16) * _MIX[0] + 2)


def _signed(value: int) -> int:
    """Fold into a signed 64-bit number, well mixed (finaliser of splitmix64)."""
    value &= _MASK
    value = ((value ^ (value >> 30)) * 0xBF58476D1CE4E5B9) & _MASK
    value ^= value >> 27
    return value - 2**64 if value >= 2**63 else value
