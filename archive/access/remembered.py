"""Answers that take long to find, kept until the change log goes on."""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Callable, Hashable
from dataclasses import dataclass, field
from typing import Any, TypeVar

MOST = 32

T = TypeVar("T")


@dataclass(frozen=True)
class Remembered:
    """Answers by their question; one that was found at another state is found anew."""

    kept: OrderedDict[Hashable, tuple[int, Any]] = field(default_factory=OrderedDict)
    lock: threading.Lock = field(default_factory=threading.Lock)

    def recall(self, question: Hashable, seq: int, find: Callable[[], T]) -> T:
        """The answer to a question at a number of the change log."""
        with self.lock:
            known = self.kept.get(question)
        if known is not None and known[0] == seq:
            answer: T = known[1]
            return answer
        answer = find()
        with self.lock:
            self.kept[question] = (seq, answer)
            self.kept.move_to_end(question)
            while len(self.kept) > MOST:
                self.kept.popitem(last=False)
        return answer
