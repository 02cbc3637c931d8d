"""Putting closed WARC files away while an archive is watched; a single crawl does it at its end."""

from __future__ import annotations

import asyncio
import contextlib
import logging
from collections.abc import AsyncIterator
from datetime import timedelta
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from crawler.session import Session

log = logging.getLogger(__name__)

PAUSE = timedelta(minutes=10)


@contextlib.asynccontextmanager
async def depot_kept_up(session: Session, *, pause: timedelta = PAUSE) -> AsyncIterator[None]:
    """Put files away, again and again, while something else is done."""
    task = asyncio.ensure_future(_go_on(session, pause)) if session.home.warc_depot else None
    try:
        yield
    finally:
        if task is not None:
            task.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await task


async def _go_on(session: Session, pause: timedelta) -> None:
    while True:
        await asyncio.sleep(pause.total_seconds())
        try:
            await session.put_away()
        except Exception:
            log.exception("Files could not be put away; the next time goes on")
