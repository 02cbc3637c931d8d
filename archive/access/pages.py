"""The pages for people: made here whole, without scripts."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta, timezone
from functools import cache, partial
from http import HTTPStatus
from pathlib import Path
from typing import Any
from urllib.parse import urlencode, urlsplit

import jinja2
from fastapi import APIRouter, Request, Response

from archive.access.addresses import base_url, desk_of
from archive.access.asked_notice import the_notice
from archive.access.conditional import answer
from archive.access.entry_row import EntryRow
from archive.access.feeds.content import evidence_path
from archive.access.feeds.make import ANNOUNCED
from archive.access.finding import Finding, find
from archive.access.health import source_health
from archive.access.packing.consignment import MOST_NOTICES
from archive.access.places import places
from archive.access.query import Query, Ranking, region_prefix
from archive.access.reasons import tell
from archive.access.wording import current_version, text_below
from archive.access.words import HTML_LANGUAGE, Language, choose_language, say, say_named
from archive.catalogue.views import CaptureView
from archive.errors import BadQuery, UnknownNotice
from archive.notice.regions import LEVELS, provinces, region_name

BEIJING = timezone(timedelta(hours=8), "UTC+8")
HTML = "text/html; charset=utf-8"
FRESH = 20  #: notices on the home page
KINDS = ("通知", "意见", "公告", "通告", "决定", "方案", "办法", "规划", "函", "批复", "解读")

pages = APIRouter(include_in_schema=False)


@cache
def _environment() -> jinja2.Environment:
    environment = jinja2.Environment(
        loader=jinja2.FileSystemLoader(Path(__file__).with_name("templates")),
        autoescape=True,
        trim_blocks=True,
        lstrip_blocks=True,
        undefined=jinja2.StrictUndefined,
    )
    filters: dict[str, Callable[..., Any]] = {
        "beijing": beijing,
        "rfc3339": lambda at: at.isoformat(),
        "region": lambda code: region_name(code) or code,
        "evidence": evidence_path,
        "web": web_address,
        "is_notice": lambda evidence: re.fullmatch(r"[0-9a-f]{8,64}", evidence) is not None,
        "notice_ids": lambda told: dict.fromkeys(re.findall(r"\b[0-9a-f]{16}\b", told)),
        "without_id": lambda reason: re.sub(r": [0-9a-f]{8,64}$", "", reason),
        "beginning": region_prefix,
        "span": span,
        "replayed": replayed,
    }
    environment.filters |= filters
    return environment


def beijing(at: datetime | None) -> str:
    """A moment as people in China read it."""
    return "" if at is None else at.astimezone(BEIJING).strftime("%Y-%m-%d %H:%M")


def web_address(url: str) -> str | None:
    """The URL if it may be a link: a page's own words never make another kind."""
    try:
        scheme = urlsplit(url).scheme
    except ValueError:
        return None
    return url if scheme in ("http", "https") else None


def replayed(capture: CaptureView, replay_url: str) -> str:
    """Where pywb shows a capture as it was: collection, 14 digits, URL."""
    return f"{replay_url}/{capture.captured_at.astimezone(UTC):%Y%m%d%H%M%S}/{capture.url}"


def span(duration: timedelta) -> str:
    """A rhythm in short: 6 h, 30 min, 1 d."""
    minutes = int(duration.total_seconds() // 60)
    for size, unit in ((1440, "d"), (60, "h")):
        if minutes >= size and minutes % size == 0:
            return f"{minutes // size} {unit}"
    return f"{minutes} min"


@pages.get("/")
def home(request: Request) -> Response:
    """Fresh notices, counts, and the search box."""
    desk = desk_of(request)
    rows = [EntryRow.of_change(c) for c in desk.library.latest_changes(FRESH, ANNOUNCED)]
    summaries = {s.id: s for s in desk.library.summaries([row.notice_id for row in rows])}
    fresh = [(row, summaries[row.notice_id]) for row in rows if row.notice_id in summaries]
    health = source_health(desk.library, desk.sources())
    return render(
        request,
        "home.html",
        fresh=fresh,
        notices=desk.library.count_notices(),
        changes=desk.library.last_seq(),
        sources=len(health),
        alarms=len(desk.library.alarms()),
    )


@pages.get("/search")
def search(request: Request) -> Response:
    """What was found, with filters, snippets, pages and feeds."""
    given = dict(request.query_params)
    desk, error, finding = desk_of(request), None, None
    try:
        query = Query.of_parameters({"order": "relevance"} | given)
        finding = find(desk, query)
    except BadQuery as bad:
        query, error = Query(), bad
    words = query.parameters()
    return render(
        request,
        "search.html",
        status=400 if error else 200,
        query=query,
        error=error,
        finding=finding,
        feed_query=urlencode(words),
        next_query=_next_query(finding, words) if finding else None,
        provinces=provinces(),
        kinds=KINDS,
        sources=desk.sources(),
        Ranking=Ranking,
        levels=LEVELS,
        most_packed=MOST_NOTICES,
        below=places(desk, query).below if finding and finding.notices else (),
    )


def _next_query(finding: Finding, words: dict[str, str]) -> dict[str, str] | None:
    """The parameters of the following page."""
    query = finding.query
    if not finding.has_more:
        return None
    following = words | {"order": query.order.value}
    if query.order is Ranking.RELEVANCE and query.phrases:
        return following | {"offset": str(query.offset + query.limit)}
    return following | {"before": str(finding.last_seq)}


@pages.get("/notices/{notice_id}")
def notice(request: Request, notice_id: str) -> Response:
    """One notice: metadata, text, versions, sightings, evidence, citations, decisions."""
    view = the_notice(request, notice_id)
    current = shown = current_version(view)
    if wanted := request.query_params.get("version", ""):
        numbered = {str(version.number): version for version in view.versions}
        if (shown := numbered.get(wanted)) is None:
            raise UnknownNotice("That notice has no version of that number.", next_step="")
    is_current = shown is None or shown is current
    title = view.summary.title if shown is None or is_current else shown.title
    text = view.text if shown is None else shown.text
    paragraphs = [line.split("\t") for line in text_below(title, text)]
    return render(
        request,
        "notice.html",
        view=view,
        shown=shown,
        title=title,
        is_current=is_current,
        paragraphs=paragraphs,
    )


@pages.get("/sources")
def sources(request: Request) -> Response:
    """How the sources are, and what a person should look at."""
    library = desk_of(request).library
    return render(request, "sources.html", health=source_health(library), alarms=library.alarms())


@pages.get("/about")
def about(request: Request) -> Response:
    """Feeds and API: what there is to follow."""
    return render(request, "about.html", base=base_url(request))


@pages.get("/robots.txt")
def robots(request: Request) -> Response:
    """Crawlers are welcome to the notices, not to every search."""
    body = b"User-agent: *\nDisallow: /search\nDisallow: /api/\n"
    return answer(request, body, "text/plain; charset=utf-8", max_age=86_400)


def render(request: Request, template: str, *, status: int = 200, **facts: Any) -> Response:
    """A page in the reader's language."""
    asked = request.query_params.get("lang")
    language = choose_language(asked, request.headers.get("accept-language", ""))
    desk = desk_of(request)
    page = _environment().get_template(template)
    body = page.render(
        say=partial(say, language),
        tell=partial(tell, language),
        relation=partial(say_named, language),
        told_status=partial(say_named, language, "fate"),
        language=language,
        html_language=HTML_LANGUAGE[language],
        here=_linker(asked),
        other_language=_other_language(request, language),
        path=request.url.path,
        site_name=desk.site_name,
        replay_url=desk.replay_url,
        today=date.today,
        **facts,
    ).encode("utf-8", "replace")
    headers = {"Vary": "Accept-Language", "Content-Language": HTML_LANGUAGE[language]}
    if status != HTTPStatus.OK:
        return Response(body, status_code=status, media_type=HTML, headers=headers)
    return answer(request, body, HTML, headers=headers)


def _linker(asked: str | None) -> Callable[..., str]:
    """Makes links within the site that keep a language which the reader chose."""

    def here(path: str, **parameters: object) -> str:
        given = {name: str(value) for name, value in parameters.items() if value not in (None, "")}
        if asked in ("zh", "en"):
            given["lang"] = asked
        return path + ("?" + urlencode(given) if given else "")

    return here


def _other_language(request: Request, language: Language) -> str:
    given = [(key, value) for key, value in request.query_params.multi_items() if key != "lang"]
    other = "en" if language == "zh" else "zh"
    return request.url.path + "?" + urlencode([*given, ("lang", other)])


def render_error(request: Request, status: int, title: str, detail: str) -> Response:
    """The page that says what went wrong."""
    key = f"error_{status}" if status in (400, 404, 500, 503) else "error_other"
    return render(
        request, "error.html", status=status, key=key, code=status, title=title, detail=detail
    )
