"""What a wording is recognised by, whatever it is dressed in.

One-permutation MinHash (Li, Owen, Zhang 2012; empty bins filled by rotation, Shrivastava and Li
2014) over character 5-grams of the folded text, and a bottom-k sample of the same grams, from
which containment can be estimated where two texts differ much in length.
"""

from __future__ import annotations

import hashlib
import re
import unicodedata
from typing import TYPE_CHECKING

from archive.ingest.title_core import title_core
from archive.notice.identity import Fingerprint

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Hashes = NDArray[np.uint64]

GRAM = 5  #: characters; two of three Chinese words long, so that boilerplate still differs
BINS = 128  #: standard error of a resemblance of 0.5 is about 0.044
SAMPLE = 1024  #: values kept at most; a notice of 15,000 characters keeps one gram in fifteen
FIGURES = 64  #: figures kept at most

_NOT_WORDS = re.compile(r"[\W_]+")
_FIGURE = re.compile(r"(?<![\d.])\d{1,18}(?:\.\d{1,9})?(?:%|‰)?")


def fingerprint(title: str | None, text: str) -> Fingerprint:
    """Make the fingerprint of a clean Simplified text; the same text gives the same one."""
    folded = fold(text)
    hashes = _gram_hashes(folded)
    return Fingerprint(
        text_digest=hashlib.sha256(folded.encode()).hexdigest(),
        title_core=title_core(title) if title else "",
        length=len(folded),
        minhash=_minhash(hashes),
        sample=_sample(hashes),
        figures=_figures(text),
    )


def fold(text: str) -> str:
    """The text as it is compared: NFKC, lower case, without white space and punctuation."""
    return _NOT_WORDS.sub("", unicodedata.normalize("NFKC", text)).casefold()


def resemblance(a: Fingerprint, b: Fingerprint) -> float:
    """Estimated Jaccard resemblance of the two texts' grams, 0 to 1."""
    if a.text_digest == b.text_digest:
        return 1.0
    if not a.minhash or not b.minhash or len(a.minhash) != len(b.minhash):
        return 0.0
    same = sum(x == y for x, y in zip(a.minhash, b.minhash, strict=True))
    return same / len(a.minhash)


def containment(a: Fingerprint, b: Fingerprint) -> float:
    """Estimated part of the shorter text that also stands in the longer one, 0 to 1."""
    if a.text_digest == b.text_digest:
        return 1.0
    if not a.sample or not b.sample:
        return 0.0
    limit = min(_reach(a.sample), _reach(b.sample))
    mine = {value for value in a.sample if value <= limit}
    theirs = {value for value in b.sample if value <= limit}
    shorter = mine if a.length <= b.length else theirs
    return len(mine & theirs) / len(shorter) if shorter else 0.0


def figure_resemblance(a: Fingerprint, b: Fingerprint) -> float:
    """Jaccard resemblance of the two texts' figures with their context, 0 to 1.

    Low between this year's and last year's form of the same yearly notice, whose words agree.
    """
    mine, theirs = set(a.figures.split()), set(b.figures.split())
    if not mine and not theirs:
        return 1.0
    return len(mine & theirs) / len(mine | theirs)


def _reach(sample: tuple[int, ...]) -> int:
    """Up to which value a sample holds every gram of its text."""
    return sample[-1] if len(sample) == SAMPLE else 2**32 - 1


def _gram_hashes(folded: str) -> Hashes:
    """One well-mixed 64-bit hash for each distinct 5-gram."""
    import numpy as np

    padded = folded if len(folded) >= GRAM or not folded else folded.ljust(GRAM, "\0")
    points = np.frombuffer(padded.encode("utf-32-le", "surrogatepass"), dtype=np.uint32)
    count = max(0, len(points) - GRAM + 1)
    hashes = np.zeros(count, dtype=np.uint64)
    for offset in range(GRAM):
        hashes = hashes * np.uint64(0x100000001B3) + points[offset : offset + count]
    distinct: Hashes = np.unique(_mixed(hashes))
    return distinct


def _mixed(hashes: Hashes) -> Hashes:
    """The finaliser of splitmix64 (Steele, Lea, Flood 2014): every bit depends on all."""
    import numpy as np

    mixed = hashes + np.uint64(0x9E3779B97F4A7C15)
    mixed = (mixed ^ (mixed >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    mixed = (mixed ^ (mixed >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    result: Hashes = mixed ^ (mixed >> np.uint64(31))
    return result


def _minhash(hashes: Hashes) -> tuple[int, ...]:
    """The least value in each of 128 bins; an empty bin borrows from the next full one."""
    import numpy as np

    if not len(hashes):
        return ()
    bins = (hashes >> np.uint64(57)).astype(np.int64)
    values = (hashes >> np.uint64(25)) & np.uint64(0xFFFFFFFF)
    least = np.full(BINS, 2**63, dtype=np.uint64)
    np.minimum.at(least, bins, values)
    full = np.flatnonzero(least != 2**63)
    filled = []
    for place in range(BINS):
        nearest = int(full[np.searchsorted(full, place) % len(full)])
        distance = (nearest - place) % BINS
        filled.append((int(least[nearest]) + distance * 0x9E3779B1) % 2**32)
    return tuple(filled)


def _sample(hashes: Hashes) -> tuple[int, ...]:
    """The least `SAMPLE` values of all grams, sorted."""
    import numpy as np

    values = np.unique(hashes & np.uint64(0xFFFFFFFF))[:SAMPLE]
    return tuple(int(value) for value in values)


def _figures(text: str) -> str:
    """Short hashes of each number with two characters on either side, sorted, at most 64."""
    plain = re.sub(r"\s+", "", unicodedata.normalize("NFKC", text))
    found = set()
    for figure in _FIGURE.finditer(plain):
        before = _NOT_WORDS.sub("", plain[max(0, figure.start() - 4) : figure.start()])[-2:]
        after = _NOT_WORDS.sub("", plain[figure.end() : figure.end() + 4])[:2]
        if before or after:
            written = f"{before}|{figure[0]}|{after}"
            found.add(hashlib.sha256(written.encode("utf-8", "surrogatepass")).hexdigest()[:8])
    return " ".join(sorted(found)[:FIGURES])
