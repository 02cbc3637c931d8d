"""What the sound rest of a damaged text says about its broken places.

A text repeats itself: its terms, the script that it is written in, the characters that its mirror
annotates. That weighs as much as what Chinese is like in general.
"""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Iterable, Sequence
from functools import lru_cache
from itertools import pairwise

from archive.ingest.repair.language_model import LanguageModel, fold, fold_character
from archive.ingest.repair.notes import NOTE, Note
from archive.ingest.repair.script_marks import traditional

_SHARE = 0.2  #: how far the text's own pairs count beside the language model's
_OTHER_FORM = 8.0  #: bits of a character that the text writes in the other script
#: Bits in favour of two characters that were broken elsewhere; one more for twice as often. From
#: two sure places on: with one, a rare word's break would be read as that of the other.
_BROKEN_ELSEWHERE = 3.5
_LEAST_BROKEN = 2
_LEAST_TRADITIONAL = 0.03  #: share of characters from which a text is Traditional
#: Marks that any text may have, though this one does not yet.
_PLAIN_MARKS = frozenset("，。、；：？！“”‘’《》〈〉（）〔〕【】…—·％")
_FEW_NOTES = 10  #: notes below which they don't show whom the engine annotates
_NEARLY_ALL = 0.9
_BARE = re.compile(rf"[一-鿿](?!{NOTE})")


class Surroundings:
    """The language model, as it holds in one text."""

    def __init__(
        self,
        model: LanguageModel,
        sound: Iterable[str] = (),
        notes: Sequence[Note] = (),
        *,
        shows_losses: bool | None = None,
    ) -> None:
        self._model = model
        #: Whether the mirror shows an octet that it lost as ``?``, or nothing; None: not known
        self.shows_losses = shows_losses
        self._after: dict[str, Counter[str]] = {}
        self._forms: dict[str, set[str]] = {}
        self._broken: Counter[str] = Counter()
        self._bare: set[str] = set()
        self.cost = lru_cache(maxsize=200_000)(self._cost)
        for piece in sound:
            self.learn(piece)
        written = [form for forms in self._forms.values() for form in forms]
        turned = sum(fold_character(form) != form for form in written if "一" <= form <= "鿿")
        self._is_traditional = turned >= _LEAST_TRADITIONAL * max(1, len(written))
        noted = Counter(note.hanzi for note in notes if note.fits)
        self._noted = frozenset(noted) if noted.total() >= _FEW_NOTES else None
        differing = sum(map(_has_two_forms, noted))
        self._only_those_with_two_forms = differing >= _NEARLY_ALL * len(noted)

    def learn(self, piece: str) -> None:
        """Take in a stretch of the text that is sound; a line's end ends it."""
        self._bare.update(match[0] for match in _BARE.finditer(piece))
        bare = re.sub(NOTE, "", piece)
        for character in bare:
            self._forms.setdefault(fold_character(character), set()).add(character)
        for line in bare.split("\n"):
            for before, character in pairwise(fold(line)):
                self._after.setdefault(before, Counter())[character] += 1

    def learn_break(self, after: str) -> None:
        """Take in a break that is sure: the engine breaks the same two characters everywhere."""
        self._broken[fold(after[:2])] += 1
        self.cost.cache_clear()

    def of(self, before: str, character: str) -> float:
        """Bits of a character as it would stand in this text, after two others, folded."""
        return self.cost(before, fold_character(character)) + self._form_cost(character)

    def annotates(self, hanzi: str) -> bool | None:
        """Whether the engine annotates a Hanzi; None when too little of its work is seen.

        One that stands bare elsewhere is none of those; nor is one that is written alike in both
        scripts, where all that are annotated are not.
        """
        if self._noted is None or hanzi in self._noted:
            return None if self._noted is None else True
        if hanzi in self._bare or (self._only_those_with_two_forms and not _has_two_forms(hanzi)):
            return False
        return None

    def _cost(self, before: str, folded: str) -> float:
        general = self._model.cost(before, folded)
        times = self._broken[before[-1:] + folded]
        favour = _BROKEN_ELSEWHERE + math.log2(times) if times >= _LEAST_BROKEN else 0.0
        here = self._after.get(before[-1:])
        if not here:
            return general - favour
        total = here.total()
        share = _SHARE * total / (total + 3)
        own = here[folded] / total
        return -math.log2((1 - share) * 2**-general + share * own) - favour

    def _form_cost(self, character: str) -> float:
        folded = fold_character(character)
        forms = self._forms.get(folded, ())
        if character in forms or character in _PLAIN_MARKS or character.isascii():
            return 0.0
        if forms or not "一" <= character <= "鿿":
            return _OTHER_FORM
        own = traditional(character) if self._is_traditional else folded
        return 0.0 if own == character else _OTHER_FORM


def _has_two_forms(hanzi: str) -> bool:
    simplified = fold_character(hanzi)
    return traditional(simplified) != simplified
