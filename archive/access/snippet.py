"""A piece of a text around what was searched for, with the finds marked."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from archive.access.tokens import fold

LENGTH = 120  #: characters of a snippet
LEAD = 30  #: characters before the first find
MOST_MARKS = 12


@dataclass(frozen=True, kw_only=True)
class Piece:
    """A stretch of a snippet."""

    text: str
    is_mark: bool


def find_marks(text: str, phrases: Sequence[str]) -> tuple[tuple[int, int], ...]:
    """Where the phrases stand in the text, without overlaps, in order."""
    folded = fold(text)
    spots = sorted({spot for phrase in phrases for spot in _spots(folded, phrase)})
    kept: list[tuple[int, int]] = []
    for start, end in spots:
        if not kept or start >= kept[-1][1]:
            kept.append((start, end))
    return tuple(kept)


def mark(text: str, phrases: Sequence[str]) -> tuple[Piece, ...]:
    """The whole text in pieces, the finds marked."""
    return tuple(_pieces(text, find_marks(text, phrases)))


def snippet(text: str, phrases: Sequence[str], *, length: int = LENGTH) -> tuple[Piece, ...]:
    """A piece of the text around the first find, or its beginning when there is none."""
    marks = find_marks(text, phrases)
    start = max(0, marks[0][0] - LEAD) if marks else 0
    end = min(len(text), start + length)
    inside = tuple((a - start, min(b, end) - start) for a, b in marks if a < end)
    shown = re.sub(r"\s", " ", text[start:end])
    pieces = list(_pieces(shown, inside[:MOST_MARKS]))
    if start:
        pieces.insert(0, Piece(text="…", is_mark=False))
    if end < len(text):
        pieces.append(Piece(text="…", is_mark=False))
    return tuple(pieces)


def _spots(folded: str, phrase: str) -> Iterator[tuple[int, int]]:
    """Where a phrase stands: punctuation is any punctuation, as in the index."""
    words = re.findall(r"\w", fold(phrase))
    if not words:
        return
    # Bounded gaps between single characters: linear however the text was made.
    pattern = re.compile(r"[^\w\n]{0,4}".join(map(re.escape, words)))
    for count, match in enumerate(pattern.finditer(folded)):
        if count >= MOST_MARKS:
            return
        yield match.start(), match.end()


def _pieces(text: str, marks: Sequence[tuple[int, int]]) -> Iterator[Piece]:
    at = 0
    for start, end in marks:
        if start > at:
            yield Piece(text=text[at:start], is_mark=False)
        yield Piece(text=text[start:end], is_mark=True)
        at = end
    if at < len(text):
        yield Piece(text=text[at:], is_mark=False)
