"""The control room: looks at every column when it is due, until stopped."""

from __future__ import annotations

import asyncio
import logging
import random
from collections import defaultdict
from collections.abc import Awaitable, Callable, Sequence
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

from apscheduler.schedulers.asyncio import AsyncIOScheduler
from apscheduler.triggers.date import DateTrigger

from archive.errors import CatalogueError, HomeError
from archive.notice import Column, Source
from crawler.look import Look, look_at
from scheduler.rhythm import REST_AFTER_CHALLENGE, latest_due, next_due, out_of_quiet_hours

if TYPE_CHECKING:
    from crawler.session import Session

log = logging.getLogger(__name__)

Looker = Callable[..., Awaitable[Look]]  # called as `look_at` is
# Columns of one source that fall due this close together share a look, one connection, one run.
TOGETHER = timedelta(minutes=1)


class ControlRoom:
    """Keeps one APScheduler job for each watched column; due times live in the catalogue.

    A look that was due while nothing ran is made once, at the start. A source has one look at a
    time; its columns that are due together are looked at together.
    """

    def __init__(
        self,
        session: Session,
        sources: Sequence[Source],
        *,
        look: Looker = look_at,
        told: Callable[[Look], None] = lambda look: None,
        resting: Callable[[str, datetime], None] = lambda source, until: None,
    ) -> None:
        self._session = session
        self._sources = {source.id: source for source in sources}
        self._look = look
        self._told = told
        self._resting = resting  # told whose look is next, and when, while nothing is to be done
        self._clock = AsyncIOScheduler(timezone=UTC)
        self._turns: dict[str, asyncio.Lock] = defaultdict(asyncio.Lock)
        self._places = asyncio.Semaphore(session.settings.parallel_sources)
        self._due: dict[tuple[str, str], datetime] = {}
        self._under_way: set[asyncio.Task[None]] = set()
        self._stop = asyncio.Event()
        self._fatal: Exception | None = None

    @property
    def is_quiet(self) -> bool:
        """Whether no look is under way."""
        return not self._under_way

    async def watch(self, stop: asyncio.Event) -> None:
        """Watch until `stop` is set, then let the looks under way end.

        Raises:
            HomeError: The home cannot be written any more.
            CatalogueError: The catalogue cannot be used any more.
        """
        self._stop = stop
        await self._restore()
        self._clock.start()
        self._tell_next()
        await stop.wait()
        self._clock.shutdown(wait=False)
        if self._under_way:
            await asyncio.wait(self._under_way)
        if self._fatal is not None:
            raise self._fatal

    async def _restore(self) -> None:
        """Take up due times from the catalogue; a column that is new there is due now."""
        now = datetime.now(UTC)
        latest: dict[tuple[str, str], datetime] = {}
        for source in self._sources.values():
            for column in filter(_is_watched, source.columns):
                latest[source.id, column.id] = latest_due(now, column.rhythm)
                first = out_of_quiet_hours(now, column.rhythm)
                await self._session.tell(
                    "schedule", source.id, column.id, column.rhythm.every, first
                )
        for watch in self._session.known.watches():
            if watch.source in self._sources:
                due_at = min(watch.due_at, latest.get((watch.source, watch.column), watch.due_at))
                self._set_alarm_clock(watch.source, watch.column, due_at)

    def _set_alarm_clock(self, source: str, column: str, due_at: datetime) -> None:
        self._due[source, column] = due_at
        self._clock.add_job(
            self._fire,
            # A moment that has passed would be dropped as a misfire: a missed look runs now.
            DateTrigger(run_date=max(due_at, datetime.now(UTC))),
            args=(source,),
            id=f"{source}/{column}",
            replace_existing=True,
            misfire_grace_time=None,
            coalesce=True,
        )

    async def _fire(self, source_id: str) -> None:
        task = asyncio.ensure_future(self._look_when_free(self._sources[source_id]))
        self._under_way.add(task)
        task.add_done_callback(self._under_way.discard)
        await asyncio.shield(task)

    async def _look_when_free(self, source: Source) -> None:
        async with self._turns[source.id], self._places:
            columns = self._columns_due(source)
            if not columns:
                return  # another column's look has just taken this one along
            look = await self._try_look(source, columns)
            if self._fatal is not None:
                return
            rest = REST_AFTER_CHALLENGE if look and look.blocked_by else timedelta(0)
            for column in columns:
                chance = random.random()  # noqa: S311 - spreads load, guards nothing
                due = next_due(datetime.now(UTC), column.rhythm, chance=chance, at_least=rest)
                await self._session.tell("set_due", source.id, column.id, due)
                self._set_alarm_clock(source.id, column.id, due)
            if look:
                self._told(look)
        if len(self._under_way) <= 1 and not self._stop.is_set():  # this look alone
            self._tell_next()

    def _tell_next(self) -> None:
        """Say what is waited for, unless it is about to begin."""
        if not self._due:
            return
        (source, _), due_at = min(self._due.items(), key=lambda item: item[1])
        if due_at > datetime.now(UTC) + TOGETHER:
            self._resting(source, due_at)

    def _columns_due(self, source: Source) -> list[Column]:
        soon = datetime.now(UTC) + TOGETHER
        watched = filter(_is_watched, source.columns)
        return [column for column in watched if self._due[source.id, column.id] <= soon]

    async def _try_look(self, source: Source, columns: Sequence[Column]) -> Look | None:
        """A look that breaks is logged and tried at its next due time; the others go on.

        An archive that can keep nothing more ends the watch: fetching on would be for nothing.
        """
        try:
            names = [column.id for column in columns]
            return await self._look(self._session, source, names, stop=self._stop)
        except (HomeError, CatalogueError) as error:
            self._fatal = self._fatal or error
            self._stop.set()
            return None
        except Exception:
            log.exception("The look at %s failed", source.id)
            return None


def _is_watched(column: Column) -> bool:
    return column.watched
