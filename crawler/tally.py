"""What one look counts, and what its run is judged to be."""

from __future__ import annotations

from collections import Counter

from archive.notice import Outcome, Receipt

BOOK = {
    "leads": "leads",
    "errors": "errors",
    Outcome.NEW: "new",
    Outcome.REVISED: "revised",
    Outcome.COPY: "copies",
    Outcome.UNCHANGED: "unchanged",
    Outcome.SET_ASIDE: "set_aside",
}


class Tally:
    """Counts of one look: what became of its leads, and what went wrong."""

    def __init__(self) -> None:
        self._counts: Counter[str] = Counter()
        self.blocked_by: str | None = None  #: the product whose challenge ended the look
        self.failure: Exception | None = None  #: what in the archive itself ended the look
        self.is_interrupted = False  #: it was told to end before it was done

    def take(self, receipt: Receipt | None) -> None:
        """Count what the catalogue decided."""
        if receipt is not None:
            self._counts[receipt.outcome] += 1

    def add(self, what: str, number: int = 1) -> None:
        """Count leads, errors, attachments, or leads set aside by their title."""
        self._counts[what] += number

    @property
    def outcome(self) -> str:
        """ok, partial (something is missing), blocked, interrupted or failed (nothing came)."""
        if self.failure is not None:
            return "failed"
        if self.blocked_by:
            return "blocked"
        if self.is_interrupted:
            return "interrupted"
        if not self._counts["errors"]:
            return "ok"
        return "partial" if any(self._counts[outcome] for outcome in Outcome) else "failed"

    def counts(self) -> dict[str, int]:
        """Everything counted, by outcome first."""
        names = [*map(str, Outcome), "leads", "attachments", "errors"]
        return {name: self._counts[name] for name in names}

    def book(self) -> dict[str, int]:
        """What stands in the book of runs, by its names."""
        return {name: self._counts[counted] for counted, name in BOOK.items()}
