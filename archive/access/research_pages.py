"""Pages for research: differences, chains, series with their gaps, the want list, places."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from itertools import groupby
from urllib.parse import quote

from fastapi import APIRouter, Request, Response

from archive.access.addresses import desk_of
from archive.access.asked_notice import the_notice, the_version
from archive.access.pages import render
from archive.access.places import places
from archive.access.query import Query
from archive.access.research import (
    MOST_WANTED,
    AskedSeries,
    check_cited,
    issuer_code,
    number_series,
    want_list,
)
from archive.access.research_api import DEEPEST
from archive.catalogue.chain import DEPTH, chain
from archive.catalogue.differences import Differences, Row, differences
from archive.catalogue.gaps import Series
from archive.errors import BadQuery, UnknownNotice
from archive.notice.document_number import LATEST_YEAR
from archive.notice.regions import LEVELS

MOST_ROWS = 1_000  #: of a comparison; the API has them all
SERIES_A_PAGE = 100
WANTS_A_PAGE = 100
MOST_CITING = 200

research_pages = APIRouter(include_in_schema=False)


@dataclass(frozen=True, kw_only=True)
class _Stretch:
    """Sentences of a comparison that stand together: unchanged ones, or one change."""

    rows: tuple[Row, ...]

    @property
    def is_same(self) -> bool:
        return self.rows[0].is_same

    @property
    def kind(self) -> str:
        """Whether a sentence was changed, has gone or has come."""
        row = self.rows[0]
        return "changed" if row.before and row.after else "gone" if row.before else "come"


@research_pages.get("/notices/{notice_id}/diff")
def diff(request: Request, notice_id: str) -> Response:
    """Two versions of a notice side by side, by sentence and by character."""
    view = the_notice(request, notice_id)
    before, after = (_number(request, name, 10**6) for name in ("before", "after"))
    in_time = sorted(view.versions, key=lambda version: (version.captured_at, version.number))
    old = the_version(view, before) if before else in_time[max(0, len(in_time) - 2)]
    new = the_version(view, after) if after else in_time[-1]
    is_whole = request.query_params.get("whole", "") not in ("", "0")
    found = differences(old.text, new.text)
    stretches = _stretches(found, whole=is_whole)
    return render(
        request,
        "diff.html",
        view=view,
        versions=in_time,
        old=old,
        new=new,
        found=found,
        changes=sum(not row.is_same for row in found.rows),
        stretches=stretches[:MOST_ROWS],
        is_shortened=len(stretches) > MOST_ROWS,
        most=MOST_ROWS,
        is_whole=is_whole,
    )


def _stretches(found: Differences, *, whole: bool) -> list[_Stretch]:
    listed: list[_Stretch] = []
    for is_same, rows in groupby(found.rows, key=lambda row: row.is_same):
        if is_same and not whole:
            listed.append(_Stretch(rows=tuple(rows)))
        else:
            listed += [_Stretch(rows=(row,)) for row in rows]
    return listed


@research_pages.get("/notices/{notice_id}/chain")
def citation_chain(request: Request, notice_id: str) -> Response:
    """What a notice rests on and what rests on it, as a tree."""
    view = the_notice(request, notice_id)
    depth = min(_number(request, "depth", 99) or DEPTH, DEEPEST)
    found = chain(desk_of(request).library.notice, view, depth=depth)
    return render(request, "chain.html", view=view, found=found, depth=depth, deepest=DEEPEST)


@research_pages.get("/numbers/{number:path}")
def numbered(request: Request, number: str) -> Response:
    """The notice of a document number; a list where several bear it."""
    if not number.isprintable() or len(number) > 100:
        raise UnknownNotice("That is no document number.")
    found = desk_of(request).library.by_number(number)
    if len(found) == 1:
        language = request.query_params.get("lang", "")
        asked = f"?lang={language}" if language in ("zh", "en") else ""
        onward = {"Location": f"/notices/{found[0].id}{asked}", "Cache-Control": "no-cache"}
        return Response(status_code=302, headers=onward)
    if not found and not desk_of(request).library.citing(number, 1):
        raise UnknownNotice(f"No notice has the number {number}.")
    return render(
        request, "number.html", status=200 if found else 404, number=number, found=found,
    )  # fmt: skip


@research_pages.get("/series")
def series(request: Request) -> Response:
    """Number series: what of each is here, what is missing, how sure its end is."""
    asked = AskedSeries(
        issuer=request.query_params.get("issuer", "").strip(),
        year=_number(request, "year", LATEST_YEAR),
        region=request.query_params.get("region", "").strip(),
        least=_number(request, "least", 10_000) or 2,
    )
    offset = _number(request, "offset", 10**6)
    found = number_series(desk_of(request), asked)
    return render(
        request,
        "series.html",
        asked=asked,
        code=issuer_code(desk_of(request), asked.issuer) if asked.issuer else None,
        total=len(found),
        found=found[offset : offset + SERIES_A_PAGE],
        following=offset + SERIES_A_PAGE if offset + SERIES_A_PAGE < len(found) else 0,
        offset=offset,
        runs=_runs,
        address=number_address,
    )


def _runs(one: Series) -> Iterator[tuple[str, int, int]]:
    """The serials of a series, as runs of those that are here, cited only, or missing."""
    seen, cited = set(one.seen), set(one.cited)
    states = (
        ("seen" if serial in seen else "cited" if serial in cited else "missing", serial)
        for serial in range(1, one.last + 1)
    )
    for state, run in groupby(states, key=lambda pair: pair[0]):
        serials = [serial for _, serial in run]
        if state == "missing":
            yield state, serials[0], serials[-1]
        else:
            yield from ((state, serial, serial) for serial in serials)


def number_address(issuer_code: str, year: int, serial: int) -> str:
    """The page of a document number."""
    return "/numbers/" + quote(f"{issuer_code}〔{year}〕{serial}号", safe="")


@research_pages.get("/wanted")
def wanted(request: Request) -> Response:
    """What notices cite and the archive does not hold; or who cites one of those."""
    desk = desk_of(request)
    if written := request.query_params.get("of", ""):
        citing = desk.library.citing(check_cited(written), MOST_CITING)
        return render(
            request, "citing.html", written=written.strip(), found=citing, most=MOST_CITING
        )
    offset = _number(request, "offset", MOST_WANTED)
    numbers_only = request.query_params.get("numbers", "") not in ("", "0")
    found = want_list(desk, numbers_only=numbers_only)
    following = offset + WANTS_A_PAGE
    return render(
        request,
        "wanted.html",
        found=list(enumerate(found, start=1))[offset:following],
        numbers_only=numbers_only,
        offset=offset,
        following=following if following < len(found) else 0,
    )


@research_pages.get("/places")
def by_place(request: Request) -> Response:
    """Notices by level and place: the nation, its provinces, cities, counties."""
    query = Query.of_parameters(request.query_params)
    found = places(desk_of(request), replace(query, level=None))
    words = {name: value for name, value in query.parameters().items() if name != "region"}
    return render(request, "places.html", found=found, query=query, words=words, levels=LEVELS)


def _number(request: Request, name: str, most: int) -> int:
    """A whole number among a page's parameters; 0 where it is not given."""
    written = request.query_params.get(name, "").strip()
    if not written:
        return 0
    if not re.fullmatch(r"[0-9]{1,8}", written) or int(written) > most:
        raise BadQuery(f"`{name}` is no whole number from 0 to {most}.")
    return int(written)
