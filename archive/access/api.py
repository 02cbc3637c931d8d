"""The REST API."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Path, Request
from fastapi import Query as Parameter

from archive.access import api_models as models
from archive.access.addresses import desk_of
from archive.access.as_json import (
    alarm_json,
    change_json,
    moment,
    notice_json,
    set_aside_json,
    summary_json,
)
from archive.access.asked_notice import the_notice, the_version
from archive.access.finding import Finding, find
from archive.access.health import health_json, source_health
from archive.access.query import DEEPEST_OFFSET, LARGEST_SEQ, Query, Ranking
from archive.errors import BadQuery, UnknownNotice

PROBLEMS: dict[int | str, dict[str, Any]] = {
    status: {"model": models.Problem, "content": {"application/problem+json": {}}}
    for status in (400, 404, 503)
}
#: An id that was merged away leads to its successor.
MOVED: dict[int | str, dict[str, Any]] = {
    308: {"model": models.Problem, "content": {"application/problem+json": {}}}
}
MOST_ROWS = 500

api = APIRouter(prefix="/api/v1", tags=["api"], responses=PROBLEMS)

NoticeId = Annotated[str, Path(description="Such as 3f2a9c0d1e4b5a67.", max_length=64)]
Region = Annotated[
    str,
    Parameter(
        description="GB/T 2260 code or its beginning: 50, 5001, 500113; 000000 is the nation.",
        pattern="^([1-9][0-9]([0-9]{2}){0,2}|000000)?$",
    ),
]
Level = Annotated[
    str,
    Parameter(
        description="nation, province, city or county.",
        pattern="^(nation|province|city|county)?$",
    ),
]
Day = Annotated[
    str,
    Parameter(description="ISO 8601, such as 2024-03-26.", pattern=r"^(\d{4}-\d{2}-\d{2})?$"),
]
Seq = Annotated[int, Parameter(ge=0, le=LARGEST_SEQ)]
Limit = Annotated[int, Parameter(ge=1, le=MOST_ROWS)]


def asked(
    q: Annotated[str, Parameter(description="Words; all must be found, each exactly.")] = "",
    region: Region = "",
    level: Level = "",
    source: Annotated[str, Parameter(description="Id of a source.")] = "",
    kind: Annotated[str, Parameter(description="文种, such as 通知.")] = "",
    body: Annotated[str, Parameter(description="Words of the issuing body's name.")] = "",
    topic: Annotated[str, Parameter(description="Name of a topic.")] = "",
    written_from: Day = "",
    written_to: Day = "",
    published_from: Day = "",
    published_to: Day = "",
    order: Ranking = Ranking.ARRIVAL,
) -> dict[str, str]:
    """Words and filters of a search, as every route that takes one takes them."""
    return {
        "q": q, "region": region, "level": level, "source": source, "kind": kind, "body": body,
        "topic": topic,
        "written_from": written_from, "written_to": written_to, "order": order.value,
        "published_from": published_from, "published_to": published_to,
    }  # fmt: skip


@api.get("/notices", response_model=models.FoundPage)
def notices(
    request: Request,
    given: Annotated[dict[str, str], Depends(asked)],
    limit: Annotated[int, Parameter(ge=1, le=200)] = 20,
    cursor: Annotated[
        str,
        Parameter(description="`next_cursor` of the page before.", pattern="^([so][0-9]{1,15})?$"),
    ] = "",
) -> dict[str, Any]:
    """Search notices; without words and filters, all of them."""
    query = Query.of_parameters(given, limit=limit, **_read_cursor(cursor))
    finding = find(desk_of(request), query)
    return {
        "total": finding.total,
        "notices": [
            summary_json(found.summary)
            | {
                "arrival": found.row.seq,
                "snippet": "".join(p.text for p in found.snippet),
                "in_file": found.in_file,
            }
            for found in finding.notices
        ],
        "next_cursor": _next_cursor(finding),
        "behind": finding.behind,
    }


def _read_cursor(cursor: str) -> dict[str, int]:
    if not cursor:
        return {}
    match = re.fullmatch(r"([so])([0-9]{1,15})", cursor, re.ASCII)
    if match is None:
        raise BadQuery("That is no cursor.", next_step="Give `next_cursor` as it came.")
    return {"before" if match[1] == "s" else "offset": int(match[2])}


def _next_cursor(finding: Finding) -> str | None:
    query = finding.query
    if not finding.has_more:
        return None
    if query.order is Ranking.RELEVANCE and query.phrases:
        following = query.offset + query.limit
        return f"o{following}" if following <= DEEPEST_OFFSET else None
    return f"s{finding.last_seq}"


@api.get("/notices/{notice_id}", response_model=models.NoticeWhole, responses=MOVED)
def notice(request: Request, notice_id: NoticeId) -> dict[str, Any]:
    """Everything that is known of a notice."""
    return notice_json(the_notice(request, notice_id))


@api.get("/notices/{notice_id}/versions/{number}", response_model=models.Version, responses=MOVED)
def version(
    request: Request, notice_id: NoticeId, number: Annotated[int, Path(ge=1, le=10**6)]
) -> dict[str, Any]:
    """One wording of a notice, with its text."""
    wording = the_version(the_notice(request, notice_id), number)
    return vars(wording) | {"captured_at": moment(wording.captured_at)}


@api.get("/numbers/{number:path}", response_model=models.NoticeList)
def by_number(
    request: Request, number: Annotated[str, Path(description="国办发〔2023〕15号, any brackets.")]
) -> dict[str, Any]:
    """The notices of a document number, however it is written."""
    if len(number) > 100 or not number.isprintable():
        raise UnknownNotice("That is no document number.")
    found = desk_of(request).library.by_number(number)
    if not found:
        raise UnknownNotice(f"No notice has the number {number}.")
    return {"notices": [summary_json(summary) for summary in found]}


@api.get("/changes", response_model=models.ChangePage)
def changes(request: Request, after: Seq = 0, limit: Limit = 100) -> dict[str, Any]:
    """The change log after a number, in order of arrival: poll it and miss nothing."""
    library = desk_of(request).library
    found = library.changes(after=after, limit=limit)
    return {
        "changes": [change_json(change) for change in found],
        "last_seq": library.last_seq(),
        "next_after": found[-1].seq if found else after,
    }


@api.get("/health", response_model=models.Health)
def health(request: Request) -> dict[str, Any]:
    """When each source was last looked at with success, and what is wrong with it."""
    desk = desk_of(request)
    sources = source_health(desk.library)
    return {
        "state": "alarm" if any(source.state == "alarm" for source in sources) else "ok",
        "last_seq": desk.library.last_seq(),
        "notices": desk.library.count_notices(),
        "behind": max(0, desk.library.last_seq() - desk.index.seq),
        "sources": [health_json(source) for source in sources],
    }


@api.get("/sources", response_model=list[models.SourceRow])
def sources(request: Request) -> list[dict[str, Any]]:
    """The sources, each with its columns and alarms."""
    return [health_json(source) for source in source_health(desk_of(request).library)]


@api.get("/alarms", response_model=models.Alarms)
def alarms(request: Request, open_only: bool = True) -> dict[str, Any]:
    """Alarms: what was expected, what came, and what to do."""
    found = desk_of(request).library.alarms(open_only=open_only)
    return {"alarms": [alarm_json(view) for view in found]}


@api.get("/set-asides", response_model=models.SetAsides)
def set_asides(
    request: Request, before: datetime | None = None, limit: Limit = 100
) -> dict[str, Any]:
    """What was not taken in, and why; newest first."""
    found = desk_of(request).library.set_asides(limit, _utc(before))
    return {
        "set_asides": [set_aside_json(view) for view in found],
        "next_before": moment(found[-1].at) if len(found) == limit else None,
    }


def _utc(moment_given: datetime | None) -> datetime | None:
    if moment_given is None or moment_given.tzinfo is None:
        return moment_given and moment_given.replace(tzinfo=UTC)
    try:
        return moment_given.astimezone(UTC)
    except OverflowError:
        raise BadQuery("`before` is out of range.") from None
