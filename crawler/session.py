"""One time of crawling on one archive home: the lock, the WARC writer, the archive process."""

from __future__ import annotations

import asyncio
import contextlib
import logging
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from importlib import import_module
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Any, Self

from archive.errors import CatalogueError, HomeError
from archive.notice import (
    Alarm,
    AlarmKind,
    Capture,
    CaptureFacts,
    Exchange,
    Home,
    Original,
    Source,
)
from archive.settings import Settings, read_settings, software_version
from archive.storage import (
    Holdings,
    HomeLock,
    WarcWriter,
    put_away,
    recover,
    settings_digest,
)
from archive.terminal import say
from crawler.admitted import Admitted
from crawler.arrears import ALL_ADMITTED, arrears
from crawler.companion import CompanionDied
from crawler.worker import ArchiveWorker, WorkerOrder
from spiders import load_sources

if TYPE_CHECKING:
    from archive.catalogue import Catalogue

log = logging.getLogger(__name__)

BATCH = 16  # captures of one transaction; a larger one would hold its first pages back
#: Errors after which nothing more can be kept or known: the session ends with the first of them.
FATAL = (HomeError, CatalogueError, CompanionDied)


@dataclass(frozen=True, kw_only=True)
class Kept:
    """A capture that has been written, and the answer of the archive that will come."""

    capture: Capture
    perusal: asyncio.Future[bytes]  #: what a reader finds in it, while others are written
    answer: asyncio.Future[Admitted]  #: set once its bytes are on the disk (law 1)


class Session:
    """Everything a look needs, opened once and shared by all sources under way.

    Bytes are written and synced here; what they mean is decided in the archive process. What is
    kept is admitted, all of it and in that order, so that a rebuild from the WARCs decides as
    the crawl did.
    """

    def __init__(
        self,
        home: Home,
        settings: Settings,
        *,
        source_folders: Sequence[Path] = (),
        recheck_all: bool = False,
    ) -> None:
        self.home = home
        self.settings = settings
        self.sources: dict[str, Source] = load_sources(home.sources, *source_folders)
        self.failed = asyncio.Event()  #: set when nothing more can be kept; see `check`
        self._error: Exception | None = None
        self._lock = HomeLock(home)
        self._order = WorkerOrder(
            home=home,
            catalogue_url=settings.database_url or home.catalogue_url,
            source_folders=tuple(source_folders),
            recheck_all=recheck_all,
            is_live=True,
            lock=self._lock,
        )
        self._worker = ArchiveWorker(
            self._order, page_seconds=settings.reader_seconds, readers=settings.readers
        )
        self._writer: WarcWriter | None = None
        self._known: Catalogue | None = None
        self._depot_answers = True
        self._waiting: list[Kept] = []
        self._pump: asyncio.Future[None] | None = None

    @classmethod
    def of_home(cls, home: Home, **named: Any) -> Self:
        """A session with the settings of its home."""
        return cls(home, read_settings(home), **named)

    async def __aenter__(self) -> Self:
        """Open the session, and admit what a crash left unadmitted.

        Raises:
            HomeInUse: Another process writes to this home; its PID is named.
            HomeNotWritable: The home cannot be written.
        """
        self._lock.__enter__()
        try:
            await self._open()
        except BaseException:
            with contextlib.suppress(Exception):  # the first error is the one that says why
                await self._close()
            raise
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Finish what was begun and let the home go.

        Raises:
            HomeNotWritable: What was kept last could not be synced.
        """
        with contextlib.ExitStack() as quiet:
            if kind is not None:
                quiet.enter_context(contextlib.suppress(HomeError))
            await self._close()

    async def _open(self) -> None:
        recovered = recover(self.home)
        for recovery in recovered:
            log.warning("%s", recovery)
        starting = asyncio.ensure_future(self._worker.start())
        await asyncio.sleep(0)  # the archive process is under way, and loads beside us
        _load()
        await starting
        from archive.catalogue import Catalogue

        self._known = Catalogue.open(self._order.catalogue_url, read_only=True)
        await self._catch_up()
        await self._ask_depot()
        self._writer = WarcWriter(
            self.home,
            software=f"Hongtou/{software_version()}",
            operator=self.settings.operator or "unnamed",
            user_agent=self.settings.user_agent,
            robots="obey",
            settings_digest=settings_digest(self.settings.model_dump_json()),
            max_bytes=self.settings.warc_megabytes * 1_000_000,
            max_age=timedelta(hours=self.settings.warc_hours),
        )

    async def _catch_up(self) -> None:
        """Admit what was kept before a crash and not yet admitted, in the order of keeping."""
        assert self._known is not None
        for captures in arrears(self.home, self._known):
            await self._worker.admit(captures, await self._worker.peruse_all(captures))
        ALL_ADMITTED.take_down(self.home)

    async def _close(self) -> None:
        """Give everything back, whatever fails on the way; the first failure is raised."""
        async with contextlib.AsyncExitStack() as ending:
            ending.callback(self._lock.__exit__, None, None, None)
            ending.callback(self._put_up_mark)
            ending.push_async_callback(self._worker.stop)
            ending.push_async_callback(self.put_away)
            if self._writer is not None:
                ending.callback(self._writer.close)
            if self._known is not None:
                # Before the archive process, so that SQLite's last connection is one that writes
                # and leaves one whole file.
                ending.callback(self._known.close)
            if self._pump is not None:
                await self._pump

    def _put_up_mark(self) -> None:
        """Say that the next session has nothing to catch up with, where that is so."""
        if self._is_settled():
            ALL_ADMITTED.put_up(self.home)

    def _is_settled(self) -> bool:
        """Whether everything that was kept has been admitted."""
        is_whole = self._writer is not None and not self._writer.is_broken
        return is_whole and not self._error and not self._waiting and self._pump is None

    async def _ask_depot(self) -> None:
        if self.home.warc_depot:
            self._depot_answers = await asyncio.to_thread(Holdings(self.home).answers)

    def close_when_due(self) -> None:
        """Close the WARC file under way where it is old enough, though nothing is kept just now.

        Raises:
            HomeNotWritable: It could not be closed. The session has failed with it.
        """
        assert self._writer is not None
        try:
            self._writer.close_when_due()
        except FATAL as error:
            self._fail(error)
            raise

    async def put_away(self) -> None:
        """Put closed files into the depot, if there is one and they have been admitted.

        A depot that does not answer is an alarm and no failure: the files stay in the home.
        """
        if not self.home.warc_depot or not self._is_settled():
            return
        await self._ask_depot()
        names = [volume.name for volume in Holdings(self.home).waiting()]
        if not names:
            return
        done = await asyncio.to_thread(put_away, self.home, names)
        if done.trouble:
            say(f"{len(names) - len(done.done)} closed WARC files stay in the home. {done.trouble}")
            await self.tell("raise_alarm", _not_put_away(self.home, done.trouble))
        else:
            kinds = [AlarmKind.UNREACHABLE]
            await self.tell("close_alarms", None, None, kinds, datetime.now(UTC))

    def keep(self, exchange: Exchange, facts: CaptureFacts, not_modified: Original | None) -> Kept:
        """Write one exchange to WARC, and have it admitted in its turn.

        Raises:
            HomeNotWritable: It could not be written. The session has failed with it.
        """
        assert self._writer is not None
        assert self._known is not None
        try:
            capture = self._writer.write(
                exchange,
                facts,
                find_original=self._known.original_of,
                find_place=self._known.place_of,
                not_modified=not_modified,
            )
        except FATAL as error:
            self._fail(error)
            raise
        kept = Kept(
            capture=capture,
            perusal=asyncio.ensure_future(self._worker.peruse(capture)),
            answer=asyncio.get_running_loop().create_future(),
        )
        kept.perusal.add_done_callback(_heard)
        kept.answer.add_done_callback(_heard)
        self._waiting.append(kept)
        if self._pump is None:
            self._pump = asyncio.ensure_future(self._admit_waiting())
        return kept

    async def _admit_waiting(self) -> None:
        """Admit what waits, batch by batch: what comes while one is under way forms the next.

        One flush of the WARC and one transaction serve a whole batch, and an idle archive
        answers at once. While it decides on one batch, the readers are at the next.
        """
        while self._waiting:
            batch, self._waiting = self._waiting[:BATCH], self._waiting[BATCH:]
            try:
                results = await self._admit_batch(batch)
            except Exception as error:  # noqa: BLE001 - every one who waits is told of it
                self._fail(error)
                _tell_all(batch, error)
            else:
                for kept, admitted in zip(batch, results, strict=True):
                    if not kept.answer.done():
                        kept.answer.set_result(admitted)
        self._pump = None

    async def _admit_batch(self, batch: Sequence[Kept]) -> list[Admitted]:
        """Sync and admit; after a failure nothing: what is later must not overtake what failed."""
        self.check()
        assert self._writer is not None
        self._writer.sync()
        perusals = await asyncio.gather(*(kept.perusal for kept in batch))
        return await self._worker.admit([kept.capture for kept in batch], perusals)

    def _fail(self, error: Exception) -> None:
        if self._error is None:
            self._error = error
            self.failed.set()

    def check(self) -> None:
        """Raise what ended the session, if anything did.

        Raises:
            HomeNotWritable: The disk is full or fails.
            CatalogueUnavailable: The catalogue does not answer.
        """
        if self._error is not None:
            raise self._error

    async def tell(self, method: str, *args: Any, **named: Any) -> Any:
        """Have the catalogue's writer do one thing."""
        try:
            return await self._worker.tell(method, *args, **named)
        except FATAL as error:
            self._fail(error)
            raise

    def conditional(self, url: str) -> tuple[str | None, str | None, Original | None]:
        """ETag, Last-Modified and the capture they came with, for a conditional request.

        None while the depot does not answer: a 304 would stand for bytes that nobody can read, and
        a rebuild, which can, would know more than the crawl did.
        """
        if not self._depot_answers:
            return None, None, None
        return self.known.conditional(url)

    @property
    def known(self) -> Catalogue:
        """The catalogue, to read from."""
        assert self._known is not None
        return self._known


def _not_put_away(home: Home, trouble: str) -> Alarm:
    return Alarm(
        kind=AlarmKind.UNREACHABLE,
        raised_at=datetime.now(UTC),
        url=home.warc_depot,
        expected="closed WARC files put away, and the same octets given back",
        came=trouble,
        to_do="Look at the store and its credentials. Nothing is lost: the files lie in the home, "
        "and the next crawl, or `hongtou put-away`, tries again.",
    )


def _tell_all(batch: Sequence[Kept], error: Exception) -> None:
    for kept in batch:
        if not kept.answer.done():
            kept.answer.set_exception(error)


def _heard(answer: asyncio.Future[Any]) -> None:
    """Not every answer is waited for (robots.txt, redirects); asyncio would complain of errors."""
    if not answer.cancelled():
        answer.exception()


def _load() -> None:
    """Load what a look will need; it takes a second, as long as the archive process takes."""
    for module in (
        "scrapy.crawler",
        "crawler.spider",
        "crawler.wire",
        "archive.catalogue.catalogue",
    ):
        import_module(module)
