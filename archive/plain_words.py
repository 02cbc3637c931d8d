"""What a validator says, in words for a person."""

from __future__ import annotations

import re
from collections.abc import Iterable
from difflib import get_close_matches


def plain_words(said: str) -> str:
    """A validator's message as the rest of a sentence: no jargon, no capital, no full stop.

    >>> plain_words("Input should be a valid integer, unable to parse string as an integer")
    'it should be a whole number'
    """
    said = re.sub(r"^(Value error|Assertion failed), ", "", said.strip().rstrip("."))
    said = re.sub(r"^Input should ", "it should ", said)
    said = said.partition(", unable to parse")[0]
    return said.replace("a valid integer", "a whole number").replace("a valid ", "a ")


def did_you_mean(name: str, known: Iterable[str]) -> str:
    """A sentence that offers the nearest known name, with a space before it; or nothing."""
    near = get_close_matches(name, list(known), n=1)
    return f" Did you mean '{near[0]}'?" if near else ""
