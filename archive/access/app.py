"""The server: pages, API and feeds of one archive."""

from __future__ import annotations

import threading
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

from fastapi import FastAPI
from starlette.middleware.gzip import DEFAULT_EXCLUDED_CONTENT_TYPES, GZipMiddleware
from starlette.staticfiles import StaticFiles

from archive.access.api import api
from archive.access.capture_routes import WARC, captures
from archive.access.desk import Desk
from archive.access.feed_routes import Rendered, feeds
from archive.access.index import SearchIndex
from archive.access.library import Library
from archive.access.middleware import HeadAsGet, SecurityHeaders
from archive.access.package_routes import packages
from archive.access.packing.wacz import MEDIA_TYPE as WACZ
from archive.access.pages import pages
from archive.access.problems import add_problem_handlers
from archive.access.research_api import research_api
from archive.access.research_pages import research_pages
from archive.notice import Home

DESCRIPTION = """Read-only access to an archive of Chinese government notices.

Poll `/api/v1/changes?after=SEQ` to miss nothing, or `/feeds/fresh.atom`. `/api/v1/health` tells
no news from nobody could look. Errors are problem JSON (RFC 9457)."""

SMALLEST_COMPRESSED = 600  #: octets


class Server(FastAPI):
    """FastAPI, whose description says what is answered here: 400 where it would say 422."""

    def openapi(self) -> dict[str, Any]:
        """The description of the API."""
        described = super().openapi()
        for methods in described["paths"].values():
            for operation in methods.values():
                operation["responses"].pop("422", None)
        for name in ("HTTPValidationError", "ValidationError"):
            described["components"]["schemas"].pop(name, None)
        return described


def make_app(
    home: Home,
    catalogue_url: str,
    *,
    site_name: str = "红头 Hongtou",
    base_url: str = "",
    replay_url: str = "",
    library: Library | None = None,
) -> FastAPI:
    """Make the server of an archive home; it only reads the catalogue and the WARCs.

    Args:
        home: Where the WARCs and the index are.
        catalogue_url: SQLAlchemy URL of the catalogue.
        site_name: The name the pages and feeds bear.
        base_url: The public address, for absolute links; "" for the one the reader asked.
        replay_url: Where pywb shows the captures as they were; "" when it does not.
        library: What to read instead of the catalogue at the URL.

    Raises:
        CatalogueUnavailable: The catalogue cannot be read.
    """
    desk = Desk(
        home=home,
        library=library or _open(catalogue_url),
        index=SearchIndex.open(home.index),
        site_name=site_name,
        base_url=base_url.rstrip("/"),
        replay_url=replay_url.rstrip("/"),
    )
    app = Server(
        title=f"{site_name} API",
        description=DESCRIPTION,
        version="1",
        openapi_url="/api/v1/openapi.json",
        docs_url=None,  # it would load scripts from another host
        redoc_url=None,
        lifespan=_following,
    )
    app.state.desk, app.state.rendered = desk, Rendered()
    for router in (api, packages, captures, research_api, feeds, research_pages, pages):
        app.include_router(router)
    app.mount("/static", StaticFiles(directory=Path(__file__).with_name("static")))
    add_problem_handlers(app)
    app.add_middleware(
        GZipMiddleware,
        minimum_size=SMALLEST_COMPRESSED,
        compresslevel=5,
        exclude_content_types=(*DEFAULT_EXCLUDED_CONTENT_TYPES, WARC, WACZ),
    )
    app.add_middleware(HeadAsGet)
    app.add_middleware(SecurityHeaders)
    return app


def _open(catalogue_url: str) -> Library:
    from archive.catalogue import Catalogue

    return Catalogue.open(catalogue_url, read_only=True)


@asynccontextmanager
async def _following(app: FastAPI) -> AsyncIterator[None]:
    """Bring the index up to date beside the first requests."""
    thread = threading.Thread(target=app.state.desk.follow_all, name="index", daemon=True)
    thread.start()
    yield
