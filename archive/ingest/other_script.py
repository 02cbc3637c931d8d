"""What rules hear of a page in Traditional characters, and what they found as the page has it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from archive.ingest.claims import Claim
from archive.notice import in_one_script


@dataclass(frozen=True, kw_only=True)
class Heard:
    """Title, text and claims with their characters simplified, one for one.

    The rules for kind, bodies and dates are written once, in Simplified; a page of Hong Kong, or
    the Traditional face of any site, keeps its script in what is stored.
    """

    title: str | None
    rows: tuple[str, ...]
    claims: tuple[Claim, ...]
    as_shown: str  #: all of it as the page has it, or empty where that is the same
    folded: str

    def as_written(self, values: Iterable[str]) -> tuple[str, ...]:
        """Values that rules found, in the script in which the page has them."""
        return tuple(map(self._as_written, values))

    def _as_written(self, value: str) -> str:
        at = self.folded.find(value) if self.as_shown else -1
        return self.as_shown[at : at + len(value)] if at >= 0 else value


def hear(title: str | None, rows: Sequence[str], claims: Sequence[Claim]) -> Heard:
    """Fold what the rules are to hear; for most pages that changes nothing."""
    whole = "\n".join((title or "", *rows, *(claim.value for claim in claims)))
    folded = in_one_script(whole)
    if folded == whole:
        return Heard(title=title, rows=tuple(rows), claims=tuple(claims), as_shown="", folded="")
    return Heard(
        title=title and in_one_script(title),
        rows=tuple(map(in_one_script, rows)),
        claims=tuple(claim._replace(value=in_one_script(claim.value)) for claim in claims),
        as_shown=whole,
        folded=folded,
    )
