"""Closing WARC files and putting them away while an archive is watched.

A single crawl does both at its end.
"""

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
async def files_kept_up(session: Session, *, pause: timedelta = PAUSE) -> AsyncIterator[None]:
    """Close the file that is old enough and put closed ones away, while something else is done."""
    task = asyncio.ensure_future(_go_on(session, pause))
    try:
        yield
    finally:
        task.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await task


async def _go_on(session: Session, pause: timedelta) -> None:
    while True:
        await asyncio.sleep(pause.total_seconds())
        try:
            session.close_when_due()
            await session.put_away()
        except Exception:
            # A home that cannot be written has failed its session, which ends the watch; a store
            # that is silent has raised its alarm. What else there may be ends no watch.
            log.exception("A WARC file could not be closed or put away; the next time goes on")
