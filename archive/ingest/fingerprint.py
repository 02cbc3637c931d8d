"""What a wording is recognised by, whatever it is dressed in.

One-permutation MinHash (Li, Owen, Zhang 2012; empty bins filled by rotation, Shrivastava and Li
2014) over character 5-grams of the folded text, and a bottom-k sample of the same grams, from
which containment can be estimated where two texts differ much in length.
"""

from __future__ import annotations

import hashlib
import re
from typing import TYPE_CHECKING

from archive.ingest.title_core import title_core
from archive.notice.character_fold import in_one_width
from archive.notice.identity import Fingerprint
from archive.notice.one_script import in_one_script

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Hashes = NDArray[np.uint64]

GRAM = 5  #: characters; two of three Chinese words long, so that boilerplate still differs
BINS = 128  #: standard error of a resemblance of 0.5 is about 0.044
SAMPLE = 1024  #: values kept at most; a notice of 15,000 characters keeps one gram in fifteen
FIGURES = 64  #: figures kept at most

_NOT_WORDS = re.compile(r"[\W_]+")
_SPACE = re.compile(r"\s+")
_FIGURE = re.compile(r"(?<![\d.])\d{1,18}(?:\.\d{1,9})?(?:%|‰)?")


def fingerprint(title: str | None, text: str) -> Fingerprint:
    """Make the fingerprint of a clean text; the same text gives the same one in either script."""
    plain = in_one_width(in_one_script(text))
    folded = _words(plain)
    hashes = _gram_hashes(folded)
    return Fingerprint(
        text_digest=hashlib.sha256(folded.encode()).hexdigest(),
        title_core=title_core(in_one_script(title)) if title else "",
        length=len(folded),
        minhash=_minhash(hashes),
        sample=_sample(hashes),
        figures=_figures(plain),
    )


def fold(text: str) -> str:
    """The text as it is compared: NFKC, lower case, without white space and punctuation."""
    return _words(in_one_width(in_one_script(text)))


def _words(plain: str) -> str:
    return _NOT_WORDS.sub("", plain).casefold()


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
    return _distinct(_mixed(hashes))


def _distinct(values: Hashes) -> Hashes:
    """The values sorted, each once; `np.unique` takes twice as long on a few thousand."""
    import numpy as np

    ordered = np.sort(values)
    is_first = np.ones(len(ordered), dtype=bool)
    is_first[1:] = ordered[1:] != ordered[:-1]
    distinct: Hashes = ordered[is_first]
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
    # The hashes are sorted and a bin is their highest bits: the first of a bin is its least.
    bins = (hashes >> np.uint64(57)).astype(np.int64)
    places = np.arange(BINS)
    firsts = np.searchsorted(bins, places)
    full = np.flatnonzero(np.bincount(bins, minlength=BINS))
    nearest = full[np.searchsorted(full, places) % len(full)]
    values = (hashes[firsts[nearest]] >> np.uint64(25)) & np.uint64(0xFFFFFFFF)
    distance = ((nearest - places) % BINS).astype(np.uint64)
    filled = (values + distance * np.uint64(0x9E3779B1)) & np.uint64(0xFFFFFFFF)
    return tuple(filled.tolist())


def _sample(hashes: Hashes) -> tuple[int, ...]:
    """The least `SAMPLE` values of all grams, sorted."""
    import numpy as np

    return tuple(_distinct(hashes & np.uint64(0xFFFFFFFF))[:SAMPLE].tolist())


def _figures(plain: str) -> str:
    """Short hashes of each number with two characters on either side, sorted, at most 64."""
    plain = _SPACE.sub("", plain)
    found = set()
    for figure in _FIGURE.finditer(plain):
        before = _NOT_WORDS.sub("", plain[max(0, figure.start() - 4) : figure.start()])[-2:]
        after = _NOT_WORDS.sub("", plain[figure.end() : figure.end() + 4])[:2]
        if before or after:
            written = f"{before}|{figure[0]}|{after}"
            found.add(hashlib.sha256(written.encode("utf-8", "surrogatepass")).hexdigest()[:8])
    return " ".join(sorted(found)[:FIGURES])
