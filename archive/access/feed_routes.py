"""Where the feeds stand."""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Annotated, Any

from fastapi import APIRouter, Path, Request, Response

from archive.access.addresses import asked_path, base_url, desk_of
from archive.access.api import PROBLEMS
from archive.access.conditional import answer
from archive.access.feeds.atom import render_atom
from archive.access.feeds.channel import MEDIA_TYPES, Channel, Format
from archive.access.feeds.json_feed import render_json_feed
from archive.access.feeds.make import (
    CHANGES,
    FRESH,
    Asked,
    archive_channel,
    current_channel,
    search_channel,
)
from archive.access.feeds.rss import render_rss
from archive.access.query import LARGEST_SEQ, Query

RENDERERS: dict[str, Callable[[Channel], bytes]] = {
    "atom": render_atom,
    "rss": render_rss,
    "json": render_json_feed,
}
MAX_AGE = 60  #: seconds that a feed may be shown without asking again
REMEMBERED = 32  #: rendered feeds

State = tuple[int, int]  #: the last change of the catalogue, and of the index

feeds = APIRouter(prefix="/feeds", tags=["feeds"])


@dataclass(frozen=True)
class Rendered:
    """Feeds as they were rendered last: a poll without news costs one question."""

    kept: OrderedDict[tuple[str, str], tuple[State, bytes, datetime]] = field(
        default_factory=OrderedDict
    )
    lock: threading.Lock = field(default_factory=threading.Lock)

    def recall(self, key: tuple[str, str], state: State) -> tuple[bytes, datetime] | None:
        """The feed as rendered, if nothing has happened since."""
        with self.lock:
            found = self.kept.get(key)
        return found[1:] if found is not None and found[0] == state else None

    def keep(self, key: tuple[str, str], state: State, body: bytes, at: datetime) -> None:
        """Remember a feed; the oldest is forgotten."""
        with self.lock:
            self.kept[key] = (state, body, at)
            self.kept.move_to_end(key)
            while len(self.kept) > REMEMBERED:
                self.kept.popitem(last=False)


_SPEC: dict[int | str, dict[str, Any]] = PROBLEMS | {
    200: {"content": {kind.partition(";")[0]: {} for kind in MEDIA_TYPES.values()}},
    304: {"description": "Nothing is new since the tag or date given."},
}


@feeds.get("/fresh.{form}", responses=_SPEC, response_class=Response)
def fresh(request: Request, form: Format) -> Response:
    """New notices and revisions, in order of arrival: Atom, RSS 2.0 or JSON Feed 1.1."""
    desk = desk_of(request)
    return _respond(request, form, lambda asked: current_channel(desk, asked, FRESH))


@feeds.get("/archive/{end}.{form}", responses=_SPEC, response_class=Response)
def archive(
    request: Request, end: Annotated[int, Path(ge=1, le=LARGEST_SEQ)], form: Format
) -> Response:
    """An archive document (RFC 5005, 4): a part of the feed that changes no more."""
    desk = desk_of(request)
    return _respond(request, form, lambda asked: archive_channel(desk, asked, FRESH, end))


@feeds.get("/changes.{form}", responses=_SPEC, response_class=Response)
def changes(request: Request, form: Format) -> Response:
    """Every line of the change log: new, revised, copy, status, withdrawn, merged, split …"""
    desk = desk_of(request)
    return _respond(request, form, lambda asked: current_channel(desk, asked, CHANGES))


@feeds.get("/changes/{end}.{form}", responses=_SPEC, response_class=Response)
def changes_archive(
    request: Request, end: Annotated[int, Path(ge=1, le=LARGEST_SEQ)], form: Format
) -> Response:
    """An archive document of the changes (RFC 5005, 4)."""
    desk = desk_of(request)
    return _respond(request, form, lambda asked: archive_channel(desk, asked, CHANGES, end))


@feeds.get("/search.{form}", responses=_SPEC, response_class=Response)
def search(request: Request, form: Format) -> Response:
    """What a search finds, in order of arrival; the parameters are those of `/api/v1/notices`."""
    desk = desk_of(request)
    query = Query.of_parameters(request.query_params)
    desk.catch_up()
    return _respond(request, form, lambda asked: search_channel(desk, asked, query))


def _respond(request: Request, form: Format, make: Callable[[Asked], Channel]) -> Response:
    desk, rendered = desk_of(request), request.app.state.rendered
    asked = Asked(format=form, base_url=base_url(request), self_path=asked_path(request))
    key = (asked.base_url, asked.self_path)
    state = (desk.library.last_seq(), desk.index.seq)
    found = rendered.recall(key, state)
    if found is None:
        channel = make(asked)
        found = RENDERERS[form](channel), channel.updated
        rendered.keep(key, state, *found)
    body, changed_at = found
    return answer(request, body, MEDIA_TYPES[form], changed_at=changed_at, max_age=MAX_AGE)
