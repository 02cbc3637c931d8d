"""Gaps in number series: what an issuer has numbered in a year, and what of it is not here.

Numbers of one issuer and year run from 1 and leave none out, so what was not seen between 1 and
the last number is missing. The last number itself is the highest seen or cited; how sure it is
depends on how closely the numbers below it were seen.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, select

from archive.catalogue.tables import CitationRow, NoticeRow
from archive.notice import DocumentNumber

#: A series longer than this is none: a serial was misread.
MOST_SERIAL = 3_000
#: Missing numbers that are listed of one series.
MOST_LISTED = 500
_NORMALISED = re.compile(r"([^〔]{1,60})〔([0-9]{4})〕([1-9][0-9]{0,8})号")


@dataclass(frozen=True, kw_only=True)
class Series:
    """The numbers of one issuer, year and place."""

    issuer_code: str
    year: int
    scope: str | None  #: GB/T 2260 code; None where it is not known
    seen: tuple[int, ...]
    cited: tuple[int, ...]  #: cited by others, not here
    last: int  #: the highest seen or cited
    is_cut: bool = False  #: a serial far above the others was left out of the count

    @property
    def missing(self) -> tuple[int, ...]:
        """Serials from 1 to the last that are not here."""
        here = set(self.seen)
        return tuple(one for one in range(1, self.last + 1) if one not in here)[:MOST_LISTED]

    @property
    def certainty(self) -> str:
        """How sure the last number is: high when nearly all below it were met, else low."""
        known = len(set(self.seen) | set(self.cited))
        return "high" if self.last and known >= 0.8 * self.last else "low"

    @property
    def missing_numbers(self) -> tuple[str, ...]:
        """The missing ones as document numbers."""
        return tuple(
            str(DocumentNumber(issuer_code=self.issuer_code, year=self.year, serial=serial))
            for serial in self.missing
        )


def series(
    connection: Connection, issuer_code: str | None, year: int | None, scope: str | None = None
) -> tuple[Series, ...]:
    """The series of an issuer or a year, those with the most notices first."""
    statement = (
        select(NoticeRow.issuer_code, NoticeRow.number_year, NoticeRow.scope, NoticeRow.serial)
        .where(NoticeRow.merged_into.is_(None), NoticeRow.number_key.is_not(None))
        .where(NoticeRow.number_year.is_not(None), NoticeRow.issuer_code.is_not(None))
        .distinct()
    )
    if issuer_code:
        statement = statement.where(NoticeRow.issuer_code == issuer_code)
    if year:
        statement = statement.where(NoticeRow.number_year == year)
    if scope:
        statement = statement.where(NoticeRow.scope == scope)
    seen: dict[tuple[str, int, str | None], set[int]] = defaultdict(set)
    for row in connection.execute(statement):
        seen[row.issuer_code, row.number_year, row.scope].add(row.serial)
    codes = {code for code, _, _ in seen}
    cited = _cited(connection, codes) if codes else {}
    found = [_series(key, serials, cited.get(key[:2], set())) for key, serials in seen.items()]
    found.sort(key=lambda one: (-len(one.seen), one.issuer_code, -one.year, one.scope or ""))
    return tuple(found)


def _series(key: tuple[str, int, str | None], seen: Iterable[int], cited: Iterable[int]) -> Series:
    plausible = sorted(one for one in {*seen} if 0 < one <= MOST_SERIAL)
    others = sorted({one for one in cited if 0 < one <= MOST_SERIAL} - set(plausible))
    return Series(
        issuer_code=key[0],
        year=key[1],
        scope=key[2],
        seen=tuple(plausible),
        cited=tuple(others),
        last=max([*plausible, *others], default=0),
        is_cut=len(plausible) < len({*seen}),
    )


def _cited(connection: Connection, codes: set[str]) -> dict[tuple[str, int], set[int]]:
    """Serials that notices cite, by issuer and year; only codes that name one place are sure."""
    found: dict[tuple[str, int], set[int]] = defaultdict(set)
    statement: Any = select(CitationRow.number).where(CitationRow.number.is_not(None)).distinct()
    if len(codes) == 1:
        statement = statement.where(CitationRow.number.startswith(f"{next(iter(codes))}〔"))
    for written in connection.execute(statement).scalars():
        code, year, serial = _parts(written)
        if year and code in codes:
            found[code, year].add(serial)
    return found


def _parts(written: str) -> tuple[str, int, int]:
    """Issuer code, year and serial of a cited number; no year where it has none.

    Nearly all are kept as they are normalised; reading those as a stranger's text would take
    ten times as long, and there are hundreds of thousands.
    """
    plain = _NORMALISED.fullmatch(written)
    if plain is not None:
        return plain[1], int(plain[2]), int(plain[3])
    number = DocumentNumber.parse(written)
    if number is None:
        return "", 0, 0
    return number.issuer_code, number.year or 0, number.serial
