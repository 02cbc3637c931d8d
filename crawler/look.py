"""One look at a source: a run from its opening in the book to its closing."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from archive.errors import UnknownSource
from archive.notice import AlarmKind, Source
from archive.plain_words import did_you_mean
from crawler.operator_settings import scrapy_values
from crawler.tally import Tally

if TYPE_CHECKING:
    from scrapy.crawler import Crawler
    from scrapy.settings import Settings as ScrapySettings

    from crawler.session import Session


@dataclass(frozen=True, kw_only=True)
class Look:
    """What one look at a source brought."""

    source: str
    run: str
    outcome: str  #: ok, partial, blocked, failed, interrupted
    counts: Mapping[str, int] = field(default_factory=dict)
    blocked_by: str | None = None


async def look_at(
    session: Session,
    source: Source,
    columns: Sequence[str] = (),
    *,
    searches: Sequence[str] = (),
    stop: asyncio.Event | None = None,
) -> Look:
    """Look at a source once: lists, what is new on them, and what is due to be seen again.

    Args:
        session: The session on the archive home.
        source: Whose columns are looked at.
        columns: Ids of columns; none: all that are watched.
        searches: Addresses that are asked for in place of the first column's own list.
        stop: Set when the look is to end early: what is under way is finished, nothing is begun.
    """
    from scrapy.crawler import AsyncCrawlerRunner

    from crawler.spider import spider_of

    run: str = await session.tell("start_run", source.id, _only(columns), _now())
    runner = AsyncCrawlerRunner(_scrapy_settings(session, source))
    crawler = runner.create_crawler(spider_of(source))
    try:
        async with _stopping(crawler, stop, session.failed):
            named = {"columns": ",".join(columns), "searches": searches}
            await runner.crawl(crawler, **named, run=run, session=session)
    finally:
        # Without a spider Scrapy did not even begin: an empty tally of a failed look.
        tally = getattr(crawler.spider, "tally", None) or _failed()
        if stop is not None and stop.is_set():
            tally.is_interrupted = True
        await _end(session, run, tally)
    if tally.failure is not None:
        raise tally.failure
    look = Look(
        source=source.id,
        run=run,
        outcome=tally.outcome,
        counts=tally.counts(),
        blocked_by=tally.blocked_by,
    )
    if look.outcome == "ok":
        kinds = (AlarmKind.UNREACHABLE, AlarmKind.EMPTY_LISTING, AlarmKind.CHALLENGE)
        for column in columns or [c.id for c in source.columns]:
            await session.tell("close_alarms", source.id, column, kinds, _now())
    return look


async def _end(session: Session, run: str, tally: Tally) -> None:
    """Close the run in the book.

    Raises:
        HomeNotWritable: What ended the session; the next session marks the run as interrupted.
    """
    session.check()
    await session.tell("end_run", run, _now(), tally.outcome, tally.book())


@contextlib.asynccontextmanager
async def _stopping(crawler: Crawler, *events: asyncio.Event | None) -> AsyncIterator[None]:
    """Stop the crawler when one of these is set."""

    async def wait(event: asyncio.Event) -> None:
        await event.wait()
        await crawler.stop_async()

    waiting = [asyncio.ensure_future(wait(event)) for event in events if event is not None]
    try:
        yield
    finally:
        for one in waiting:
            one.cancel()


def _failed() -> Tally:
    tally = Tally()
    tally.add("errors")
    return tally


def _scrapy_settings(session: Session, source: Source) -> ScrapySettings:
    """Scrapy's settings for one source: the project's, with the operator's and the source's."""
    from scrapy.settings import Settings

    settings = Settings()
    settings.setmodule("crawler.settings", priority="project")
    values = scrapy_values(session.home, session.settings, source)
    settings.setdict(values, priority="cmdline")
    return settings


def choose_sources(session: Session, names: Sequence[str]) -> list[Source]:
    """The sources of these names, or all that are enabled.

    Raises:
        UnknownSource: A name is no source; the message offers the nearest.
    """
    if not names:
        return [source for source in session.sources.values() if source.enabled]
    return [_known(session, name) for name in dict.fromkeys(names)]


def _known(session: Session, name: str) -> Source:
    if name in session.sources:
        return session.sources[name]
    raise UnknownSource(f"There is no source '{name}'.{did_you_mean(name, session.sources)}")


def _only(columns: Sequence[str]) -> str | None:
    return columns[0] if len(columns) == 1 else None


def _now() -> datetime:
    return datetime.now(UTC)


async def look_at_all(
    session: Session, sources: Sequence[Source], stop: asyncio.Event
) -> list[Look]:
    """Look at sources, as many at a time as the settings allow, until done or told to stop.

    Raises:
        HomeNotWritable: Nothing more could be kept; what was kept is whole.
    """
    places = asyncio.Semaphore(session.settings.parallel_sources)

    async def one(source: Source) -> Look | None:
        async with places:
            if stop.is_set() or session.failed.is_set():
                return None
            return await look_at(session, source, stop=stop)

    # All are let end before a failure is raised: the session must not close under a look.
    looks = await asyncio.gather(*(one(source) for source in sources), return_exceptions=True)
    session.check()  # what ended the session says more than what came of it
    for look in looks:
        if isinstance(look, BaseException):
            raise look
    return [look for look in looks if isinstance(look, Look)]
