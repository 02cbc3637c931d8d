"""Lines that a break-in left on a page: first form, see `find_spam`."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True, kw_only=True)
class SpamFindings:
    """Which lines are spam, and what is left of the title."""

    lines: frozenset[int] = frozenset()
    title_is_spam: bool = False
    title_without_spam: str | None = None
    reasons: tuple[str, ...] = ()


def find_spam(lines: Sequence[str], *, title: str | None = None) -> SpamFindings:
    """First form."""
    return SpamFindings()
