"""How likely one character follows another in official Chinese.

A small character-bigram model, learnt from public notices by ``script/build-language-model``;
it holds statistics, no sentences. It judges which reading of damaged bytes is a text.
"""

from __future__ import annotations

import json
import lzma
import unicodedata
from array import array
from functools import lru_cache
from pathlib import Path
from typing import Any

MODEL_FILE = Path(__file__).with_name("official-chinese.bigrams.xz")
STEPS_PER_BIT = 10  #: costs are kept in tenths of a bit, 0 to 25.5
BOUNDARY = "\n"  #: stands before the first and after the last character of a line
UNKNOWN_COST = 21.0  #: bits: a character that no text showed

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
    plain = unicodedata.normalize("NFKC", character).lower()[:1]
    if not plain or plain.isspace() or unicodedata.category(plain) in {"Cf", "Cc", "Mn"}:
        return ""
    return _CLASSES.get(plain) or _LETTERS.get(plain) or plain


class LanguageModel:
    """Costs in bits: the lower, the likelier. Loaded once, by `load_language_model`."""

    def __init__(self, packed: bytes) -> None:
        raw = lzma.decompress(packed)
        header, _, body = raw.partition(b"\n")
        facts = json.loads(header)
        alphabet: str = facts["alphabet"]
        size, pairs = len(alphabet), int(facts["pairs"])
        self._place = {character: index for index, character in enumerate(alphabet)}
        self._alphabet = alphabet
        self._single = body[:size]
        self._back_off = body[size : 2 * size]
        counts = array("H", body[2 * size : 4 * size])
        rest = body[4 * size :]
        self._high, self._low = rest[pairs : 2 * pairs], rest[:pairs]
        self._costs = rest[2 * pairs :]
        self._starts = [0]
        for count in counts:
            self._starts.append(self._starts[-1] + count)
        self._rows: dict[str, dict[str, float]] = {}

    def knows(self, character: str) -> bool:
        """Whether any text showed the character."""
        return fold_character(character) in self._place

    def cost(self, before: str, character: str) -> float:
        """Bits of a character after another; both as `fold_character` gives them."""
        found = self._row(before).get(character)
        if found is not None:
            return found
        return self._back_off_cost(before) + self._single_cost(character)

    def text_cost(self, text: str) -> float:
        """Bits of a whole line."""
        total, before = 0.0, BOUNDARY
        for character in fold(text):
            total += self.cost(before, character)
            before = character
        return total

    def single_cost(self, character: str) -> float:
        """Bits of a character by itself, without what stands before it."""
        return self._single_cost(fold_character(character))

    def _single_cost(self, character: str) -> float:
        index = self._place.get(character)
        return UNKNOWN_COST if index is None else self._single[index] / STEPS_PER_BIT

    def _back_off_cost(self, before: str) -> float:
        index = self._place.get(before)
        return 0.5 if index is None else self._back_off[index] / STEPS_PER_BIT

    def _row(self, before: str) -> dict[str, float]:
        row = self._rows.get(before)
        if row is None:
            row = self._rows[before] = self._unpack(before)
        return row

    def _unpack(self, before: str) -> dict[str, float]:
        index = self._place.get(before)
        if index is None:
            return {}
        row, place = {}, 0
        for n in range(self._starts[index], self._starts[index + 1]):
            place += self._low[n] | self._high[n] << 8
            row[self._alphabet[place]] = self._costs[n] / STEPS_PER_BIT
        return row


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
