"""Numbers that notices cite and the archive lacks, looked up in the State Council's library.

The search of 国务院政策文件库 answers for its own numbers and those of the ministries. What was
asked stands in the WARCs like any list; when a number was asked for last is therefore known from
the captures, and one that was not found is left alone for a while.
"""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from urllib.parse import urlencode

from archive.catalogue import Catalogue
from archive.errors import UnknownSource
from archive.notice import DocumentNumber, NumberForm
from archive.notice.issuer_codes import built_in_codes
from crawler.look import look_at
from crawler.session import Session

LIBRARY = "govcn"
COLUMN = "wanted"
#: A number that was not found is not asked for again for so long; the library grows slowly.
REST = timedelta(days=30)
_SEARCH = "https://sousuo.www.gov.cn/search-gov/data"
#: Codes that the search has as a parameter of its own (pcodeJiguan).
_STATE_COUNCIL = frozenset(("国令", "国发", "国函", "国发明电", "国办发", "国办函", "国办发明电"))


class LookUp(StrEnum):
    """What came of looking a number up."""

    FOUND = "found"
    NOT_FOUND = "not_found"
    NO_ANSWER = "no_answer"
    ASKED_BEFORE = "asked_before"
    ELSEWHERE = "elsewhere"  #: no number of the State Council's or a ministry's


@dataclass(frozen=True, kw_only=True)
class LookedUp:
    """One wanted number, and what came of it."""

    number: str
    outcome: LookUp
    notice_id: str | None = None
    asked_at: datetime | None = None


async def look_up(
    session: Session, numbers: Sequence[str], *, stop: asyncio.Event | None = None
) -> list[LookedUp]:
    """Look numbers up, one search each, and take in what is found.

    Raises:
        UnknownSource: The home's sources lack the library, or its column for this.
    """
    library = session.sources.get(LIBRARY)
    if library is None or COLUMN not in {column.id for column in library.columns}:
        raise UnknownSource(f"No source '{LIBRARY}' with a column '{COLUMN}' is here to ask.")
    searches = {number: url for number in numbers if (url := search_for(number))}
    since = datetime.now(UTC) - REST
    before = session.known.last_answered(list(searches.values()))
    due = [url for url in searches.values() if url not in before or before[url] < since]
    if due:
        await look_at(session, library, [COLUMN], searches=due, stop=stop)
    return [_came_of(session.known, number, searches.get(number), due) for number in numbers]


def search_for(written: str) -> str | None:
    """The search that would find a number; None when the library has no such numbers."""
    number = DocumentNumber.parse(written)
    if number is None or number.form is not NumberForm.BRACKET or number.year is None:
        return None
    code = built_in_codes().find(number.issuer_code)
    if number.issuer_code in _STATE_COUNCIL:
        parts = {"pcodeJiguan": number.issuer_code, "pcodeYear": number.year}
        asked = {"t": "zhengcelibrary_gw", "q": "", **parts, "pcodeNum": number.serial}
    elif code is not None and code.is_central:
        asked = {"t": "zhengcelibrary_bm", "q": str(number)}
    else:
        return None
    usual = {"timetype": "timeqb", "sort": "score", "sortType": 1, "p": 1, "n": 5}
    return f"{_SEARCH}?{urlencode({**asked, **usual, 'type': 'gwyzcwjk'})}"


def _came_of(known: Catalogue, number: str, url: str | None, due: Sequence[str]) -> LookedUp:
    here = known.by_number(number)
    if here:
        return LookedUp(number=number, outcome=LookUp.FOUND, notice_id=here[0].id)
    if url is None:
        return LookedUp(number=number, outcome=LookUp.ELSEWHERE)
    asked_at = known.last_answered([url]).get(url)
    if url not in due:
        return LookedUp(number=number, outcome=LookUp.ASKED_BEFORE, asked_at=asked_at)
    outcome = LookUp.NO_ANSWER if asked_at is None else LookUp.NOT_FOUND
    return LookedUp(number=number, outcome=outcome, asked_at=asked_at)
