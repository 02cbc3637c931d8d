"""The REST API for research: differences, chains, series, wants, facets."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import APIRouter, Request, Response
from fastapi import Query as Parameter
from fastapi.responses import JSONResponse

from archive.access import research_models as models
from archive.access.addresses import desk_of
from archive.access.api import MOVED, PROBLEMS, Level, NoticeId, Region
from archive.access.api_models import NoticeList
from archive.access.as_json import moment, series_json, summary_json, wanted_json
from archive.access.asked_notice import the_notice, two_versions
from archive.access.places import places, places_json
from archive.access.query import Query
from archive.access.research import (
    LONGEST_CITED,
    LONGEST_CODE,
    MOST_WANTED,
    AskedSeries,
    check_cited,
    issuer_code,
    number_series,
    want_list,
)
from archive.catalogue.chain import as_graphml, as_json, chain
from archive.catalogue.differences import as_json as row_json
from archive.catalogue.differences import differences
from archive.catalogue.learnt_codes import as_json as code_json
from archive.catalogue.views import VersionView
from archive.notice.document_number import LATEST_YEAR

MOST_SERIES = 500
MOST_CODES = 500
DEEPEST = 6  #: links that a chain is followed

research_api = APIRouter(prefix="/api/v1", tags=["research"], responses=PROBLEMS)

VersionNumber = Annotated[int, Parameter(ge=0, le=10**6)]
Depth = Annotated[int, Parameter(ge=1, le=DEEPEST, description="Links followed each way.")]


@research_api.get("/notices/{notice_id}/diff", response_model=models.Differences, responses=MOVED)
def diff(
    request: Request,
    notice_id: NoticeId,
    before: VersionNumber = 0,
    after: VersionNumber = 0,
    whole: Annotated[bool, Parameter(description="Unchanged sentences too.")] = False,
) -> Response:
    """What changed between two versions; 0 stands for the one before the last, and the last."""
    view = the_notice(request, notice_id)
    old, new = two_versions(view, before, after)
    found = differences(old.text, new.text)
    return JSONResponse(
        {
            "notice_id": view.summary.id,
            "before": _version(old),
            "after": _version(new),
            "rows": [row_json(row) for row in found.rows if whole or not row.is_same],
            "is_cut": found.is_cut,
            "is_coarse": found.is_coarse,
        }
    )


def _version(version: VersionView) -> dict[str, Any]:
    return {
        "number": version.number,
        "captured_at": moment(version.captured_at),
        "digest": version.digest,
    }


@research_api.get("/notices/{notice_id}/chain", response_model=models.Chain, responses=MOVED)
def citation_chain(request: Request, notice_id: NoticeId, depth: Depth = 4) -> Response:
    """What a notice rests on, and what rests on it, from the State Council to a district."""
    view = the_notice(request, notice_id)
    return JSONResponse(as_json(chain(desk_of(request).library.notice, view, depth=depth)))


@research_api.get(
    "/notices/{notice_id}/chain.graphml",
    response_class=Response,
    responses=MOVED | {200: {"content": {"application/graphml+xml": {}}}},
)
def citation_graph(request: Request, notice_id: NoticeId, depth: Depth = 4) -> Response:
    """The same chain as GraphML, for Gephi, yEd and networkx."""
    view = the_notice(request, notice_id)
    found = chain(desk_of(request).library.notice, view, depth=depth)
    name = f'attachment; filename="chain-{view.summary.id}.graphml"'
    return Response(
        as_graphml(found).encode("utf-8", "replace"),
        media_type="application/graphml+xml",
        headers={"Content-Disposition": name},
    )


@research_api.get("/series", response_model=models.SeriesPage)
def series(
    request: Request,
    issuer: Annotated[
        str, Parameter(description="机关代字, such as 国办发.", max_length=LONGEST_CODE)
    ] = "",
    year: Annotated[int, Parameter(ge=0, le=LATEST_YEAR, description="0: all.")] = 0,
    region: Annotated[
        str,
        Parameter(description="GB/T 2260 code of the jurisdiction.", pattern="^([0-9]{6})?$"),
    ] = "",
    least: Annotated[int, Parameter(ge=1, le=10_000, description="Numbers here.")] = 2,
    limit: Annotated[int, Parameter(ge=1, le=MOST_SERIES)] = 50,
    offset: Annotated[int, Parameter(ge=0, le=10**6)] = 0,
) -> dict[str, Any]:
    """Number series: what of each is here, what is missing, how sure its last number is."""
    asked = AskedSeries(issuer=issuer.strip(), year=year, region=region.strip(), least=least)
    found = number_series(desk_of(request), asked)
    following = offset + limit
    return {
        "total": len(found),
        "series": [series_json(one) for one in found[offset:following]],
        "next_offset": following if following < len(found) else None,
    }


@research_api.get("/codes", response_model=models.CodePage)
def codes(
    request: Request,
    code: Annotated[
        str, Parameter(description="One 机关代字, here or not.", max_length=LONGEST_CODE)
    ] = "",
    standing: Annotated[str, Parameter(pattern="^(listed|learnt|shared|open)?$")] = "",
    after: Annotated[
        str, Parameter(description="`next_after` of the last page.", max_length=LONGEST_CODE)
    ] = "",
    limit: Annotated[int, Parameter(ge=1, le=MOST_CODES)] = 100,
) -> dict[str, Any]:
    """Issuer codes that notices here bear: whose each is, and what says so."""
    desk = desk_of(request)
    if code:
        return {"codes": [code_json(issuer_code(desk, code))], "next_after": None}
    behind = AskedSeries(issuer=after).issuer
    found = desk.library.codes_here(standing=standing, after=behind, limit=limit + 1)
    return {
        "codes": [code_json(one) for one in found[:limit]],
        "next_after": found[limit - 1].code if len(found) > limit else None,
    }


@research_api.get("/wanted", response_model=models.WantedList)
def wanted(
    request: Request,
    numbers_only: bool = False,
    limit: Annotated[int, Parameter(ge=1, le=MOST_WANTED)] = 100,
) -> dict[str, Any]:
    """What notices cite and the archive does not hold, the most cited first."""
    found = want_list(desk_of(request), numbers_only=numbers_only)
    return {"wanted": [wanted_json(one) for one in found[:limit]]}


@research_api.get("/citing", response_model=NoticeList)
def citing(
    request: Request,
    of: Annotated[
        str, Parameter(description="A number or a title, here or not.", max_length=LONGEST_CITED)
    ],
    limit: Annotated[int, Parameter(ge=1, le=500)] = 100,
) -> dict[str, Any]:
    """Who cites a number or a title, whether it is here or not; the latest change first."""
    found = desk_of(request).library.citing(check_cited(of), limit)
    return {"notices": [summary_json(summary) for summary in found]}


@research_api.get("/places", response_model=models.PlaceFacets)
def place_facets(
    request: Request,
    region: Region = "",
    level: Level = "",
    q: str = "",
    source: str = "",
    kind: str = "",
    body: str = "",
    topic: str = "",
) -> dict[str, Any]:
    """How many notices stand at each level and under each place right below a region."""
    given = {
        "region": region, "level": level, "q": q, "source": source, "kind": kind, "body": body,
        "topic": topic,
    }  # fmt: skip
    return places_json(places(desk_of(request), Query.of_parameters(given)))


@research_api.get("/facets", response_model=models.Facets)
def facets(
    request: Request, most: Annotated[int, Parameter(ge=1, le=1_000)] = 100
) -> dict[str, Any]:
    """How many notices share a kind, jurisdiction, issuing body, topic, year or source."""
    desk = desk_of(request)
    found = desk.remembered.recall("facets", desk.library.last_seq(), desk.library.facets)
    fields: dict[str, list[dict[str, Any]]] = {}
    for one in found:
        values = fields.setdefault(one.field, [])
        if len(values) < most:
            values.append({"value": one.value, "notices": one.notices})
    return {"facets": fields}
