"""Questions of research as the pages and the API ask them: series with their gaps, wants."""

from __future__ import annotations

from dataclasses import dataclass

from archive.access.desk import Desk
from archive.catalogue.gaps import Series
from archive.catalogue.learnt_codes import CodeView
from archive.catalogue.wanted import Wanted
from archive.errors import BadQuery
from archive.notice.regions import NATION

LONGEST_CODE = 60  #: characters of an issuer code
LONGEST_CITED = 1_000  #: characters of a number or title that is asked for
MOST_WANTED = 1_000


@dataclass(frozen=True, kw_only=True)
class AskedSeries:
    """Which number series are asked for."""

    issuer: str = ""
    year: int = 0
    region: str = ""  #: GB/T 2260 code
    least: int = 2  #: only series with so many numbers here, unless an issuer is named

    def __post_init__(self) -> None:
        if len(self.issuer) > LONGEST_CODE or not (self.issuer or "-").isprintable():
            raise BadQuery("That is no issuer code.", next_step="Such as 国办发.")
        is_code = self.region.isascii() and self.region.isdigit() and len(self.region) == 6
        if self.region and not (is_code or self.region == NATION):
            raise BadQuery("That is no region.", next_step="Give a GB/T 2260 code such as 500113.")

    @property
    def is_one(self) -> bool:
        """Whether one issuer's year is asked for."""
        return bool(self.issuer and self.year)


def number_series(desk: Desk, asked: AskedSeries) -> tuple[Series, ...]:
    """The series that are asked for, those with the most notices first."""
    found = desk.remembered.recall(
        ("series", asked.issuer, asked.year, asked.region),
        desk.library.last_seq(),
        lambda: desk.library.series(asked.issuer or None, asked.year or None, asked.region or None),
    )
    return tuple(one for one in found if asked.issuer or len(one.seen) >= asked.least)


def issuer_code(desk: Desk, code: str) -> CodeView:
    """One issuer code, here or not.

    Raises:
        BadQuery: It cannot be one.
    """
    return desk.library.codes([AskedSeries(issuer=code.strip()).issuer])[0]


def want_list(desk: Desk, *, numbers_only: bool) -> tuple[Wanted, ...]:
    """What is cited and not here, the most cited first; at most `MOST_WANTED`."""
    return desk.remembered.recall(
        ("wanted", numbers_only),
        desk.library.last_seq(),
        lambda: desk.library.wanted(MOST_WANTED, numbers_only=numbers_only),
    )


def check_cited(written: str) -> str:
    """A number or title as somebody asks for it.

    Raises:
        BadQuery: It cannot be one.
    """
    written = written.strip()
    if not written or len(written) > LONGEST_CITED or not written.isprintable():
        raise BadQuery(
            "That is neither a document number nor a title.",
            next_step="Such as 国办发〔2023〕15号, or a title in 《》.",
        )
    return written
