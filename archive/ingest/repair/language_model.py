"""How likely one character follows another in official Chinese.

A small model of pairs and triples of characters, learnt from public notices and laws by
``script/build-language-model``; it holds statistics, no sentences. It judges which reading of
damaged octets is a text.
"""

from __future__ import annotations

import json
import lzma
import unicodedata
from array import array
from collections.abc import Iterator
from functools import lru_cache
from itertools import accumulate, pairwise
from pathlib import Path
from typing import Any

MODEL_FILE = Path(__file__).with_name("official-chinese.xz")
STEPS_PER_BIT = 5  #: costs are kept in fifths of a bit, 0 to 51
BOUNDARY = "\n"  #: stands before the first and after the last character of a line
UNKNOWN_COST = 21.0  #: bits: a character that no text showed
LEAST_SIGNED = 8.0  #: bits by which costs that may be below zero are lifted

_CLASSES = {**dict.fromkeys("0123456789", "0"), **dict.fromkeys("“”„‟«»\"'‘’", '"')}
_LETTERS = dict.fromkeys("abcdefghijklmnopqrstuvwxyz", "a")


def fold(text: str) -> str:
    """The text as the model sees it: one form of width, script, digit, letter and quote."""
    return "".join(folded for c in text if (folded := fold_character(c)))


@lru_cache(maxsize=70_000)
def fold_character(character: str) -> str:
    """One character as the model sees it; "" when it is white space or cannot be seen."""
    if "一" <= character <= "鿿":
        return _to_simplified(character)
    plain = unicodedata.normalize("NFKC", character)[:1].lower()[:1]
    if not plain or plain.isspace() or unicodedata.category(plain) in {"Cf", "Cc", "Mn"}:
        return ""
    return _CLASSES.get(plain) or _LETTERS.get(plain) or plain


class LanguageModel:
    """Costs in bits: the lower, the likelier. Loaded once, by `load_language_model`."""

    def __init__(self, packed: bytes) -> None:
        head, _, body = lzma.decompress(packed).partition(b"\n")
        header = json.loads(head)
        parts = _cut(body, header["lengths"])
        self._alphabet: str = header["alphabet"]
        self._place = {character: index for index, character in enumerate(self._alphabet)}
        self._single, self._left = parts[0], parts[1]
        self._pairs = _Rows(self._alphabet, *parts[3:6])
        self._pair_starts = [0, *accumulate(array("H", parts[2]))]
        self._followers = parts[6]  #: how many triples each pair begins
        self._context_left = parts[7]
        self._triples = _Rows(self._alphabet, *parts[8:11])
        self._triple_starts, self._context_starts = self._sums()
        self._rows: dict[str, dict[str, float]] = {}
        self._contexts: dict[str, dict[str, tuple[float, dict[str, float]]]] = {}

    def knows(self, character: str) -> bool:
        """Whether any text showed the character."""
        return fold_character(character) in self._place

    def cost(self, before: str, character: str) -> float:
        """Bits of a character after one or two others, all as `fold_character` gives them."""
        by_pair = self._pair_cost(before[-1:], character)
        context = self._context(before[-2]).get(before[-1]) if len(before) > 1 else None
        if context is None:
            return by_pair
        left, row = context
        found = row.get(character)
        return left + by_pair if found is None else found

    def single_cost(self, character: str) -> float:
        """Bits of a character by itself, without what stands before it."""
        return self._single_cost(fold_character(character))

    def _pair_cost(self, before: str, character: str) -> float:
        index = self._place.get(before)
        if index is None:
            return 0.5 + self._single_cost(character)
        row = self._rows.get(before)
        if row is None:
            start, end = self._pair_starts[index : index + 2]
            row = self._rows[before] = dict(self._pairs.row(start, end))
        found = row.get(character)
        if found is not None:
            return found
        return _signed(self._left[index]) + self._single_cost(character)

    def _single_cost(self, character: str) -> float:
        index = self._place.get(character)
        return UNKNOWN_COST if index is None else self._single[index] / STEPS_PER_BIT

    def _context(self, first: str) -> dict[str, tuple[float, dict[str, float]]]:
        known = self._contexts.get(first)
        if known is None:
            known = self._contexts[first] = dict(self._unpacked(first))
        return known

    def _unpacked(self, first: str) -> Iterator[tuple[str, tuple[float, dict[str, float]]]]:
        """Second characters with what may follow both: the cost of the rest, costs."""
        index = self._place.get(first)
        if index is None:
            return
        start, end = self._pair_starts[index : index + 2]
        at, context = self._triple_starts[index], self._context_starts[index]
        seconds = (second for second, _ in self._pairs.row(start, end))
        for second, count in zip(seconds, self._followers[start:end], strict=True):
            if count:
                left = _signed(self._context_left[context])
                yield second, (left, dict(self._triples.row(at, at + count)))
                at, context = at + count, context + 1

    def _sums(self) -> tuple[list[int], list[int]]:
        """Where each first character's triples, and its pairs that begin any, start."""
        follow = self._followers
        ends = list(pairwise(self._pair_starts))
        triples = (sum(follow[start:end]) for start, end in ends)
        contexts = (end - start - follow.count(0, start, end) for start, end in ends)
        return [0, *accumulate(triples)], [0, *accumulate(contexts)]


class _Rows:
    """Characters with costs, as the script packs them; unpacked one row at a time."""

    def __init__(self, alphabet: str, low: bytes, high: bytes, costs: bytes) -> None:
        self._alphabet = alphabet
        self._low, self._high, self._costs = low, high, costs

    def row(self, start: int, end: int) -> Iterator[tuple[str, float]]:
        """Each character of a row with its cost in bits."""
        place = 0
        for n in range(start, end):
            place += self._low[n] | self._high[n] << 8
            yield self._alphabet[place], self._costs[n] / STEPS_PER_BIT


def _signed(step: int) -> float:
    return step / STEPS_PER_BIT - LEAST_SIGNED


def _cut(body: bytes, lengths: list[int]) -> list[bytes]:
    ends = [0, *accumulate(lengths)]
    return [body[start:end] for start, end in pairwise(ends)]


@lru_cache(maxsize=1)
def load_language_model() -> LanguageModel:
    """The model that comes with Hongtou."""
    return LanguageModel(MODEL_FILE.read_bytes())


@lru_cache(maxsize=70_000)
def _to_simplified(character: str) -> str:
    simplified: str = _converter().convert(character)
    return simplified


@lru_cache(maxsize=1)
def _converter() -> Any:  # opencc_pyo3 ships no types
    from opencc_pyo3 import OpenCC

    return OpenCC("t2s")
