"""One time of crawling on one archive home: the lock, the WARC writer, the archive process."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Sequence
from datetime import timedelta
from pathlib import Path
from typing import Any, Self

from archive.catalogue import Catalogue
from archive.notice import Capture, CaptureFacts, Exchange, Home, Original, Place, Source
from archive.settings import Settings, read_settings, software_version
from archive.storage import Damage, HomeLock, WarcWriter, iter_captures, recover
from crawler.admission import Admitted
from crawler.worker import ArchiveWorker, WorkerOrder
from spiders import load_sources

log = logging.getLogger(__name__)

Batch = list[tuple[Capture, asyncio.Future[Admitted]]]
BATCH = 64  # captures of one transaction; a larger one would hold its first pages back
# Captures in files closed shortly before a crash may not have been admitted: see `_catch_up`.
CLOSED_FILES_CHECKED = 2


class Session:
    """Everything a look needs, opened once and shared by all sources under way.

    Bytes are written and synced here; what they mean is decided in the archive process.
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
        self._lock = HomeLock(home)
        self._order = WorkerOrder(
            home=home,
            catalogue_url=settings.database_url or home.catalogue_url,
            source_folders=tuple(source_folders),
            recheck_all=recheck_all,
        )
        self._worker = ArchiveWorker(self._order, page_seconds=settings.reader_seconds)
        self._writer: WarcWriter | None = None
        self._known: Catalogue | None = None
        self._waiting: Batch = []
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
            await self._close()
            raise
        return self

    async def __aexit__(self, *_: object) -> None:
        """Finish what was begun and let the home go."""
        await self._close()

    async def _open(self) -> None:
        recovered = recover(self.home)
        for recovery in recovered:
            log.warning("%s", recovery)
        await self._worker.start()
        self._known = Catalogue.open(self._order.catalogue_url, read_only=True)
        self._writer = WarcWriter(
            self.home,
            software=f"Hongtou/{software_version()}",
            operator=self.settings.operator or "unnamed",
            user_agent=self.settings.user_agent,
            robots="obey",
            max_bytes=self.settings.warc_megabytes * 1_000_000,
            max_age=timedelta(hours=self.settings.warc_hours),
        )
        await self._catch_up([self.home.warc / recovery.file for recovery in recovered])

    async def _catch_up(self, recovered: Sequence[Path]) -> None:
        """Admit captures that were kept before a crash and not yet admitted."""
        assert self._known is not None
        closed = sorted(self.home.warc.rglob("*.warc.gz"))[-CLOSED_FILES_CHECKED:]
        for path in sorted({*closed, *(p for p in recovered if p.exists())}):
            for capture in iter_captures(
                self.home, paths=[path], find_place=self._place_of, on_damage=_warn
            ):
                if not self._known.has_capture(capture.record_id):
                    await self._worker.admit([capture])

    def _place_of(self, record_id: str) -> Place | None:
        assert self._known is not None
        return self._known.place_of(record_id)

    async def _close(self) -> None:
        try:
            await self._worker.stop()
        finally:
            if self._writer is not None:
                self._writer.close()
            if self._known is not None:
                self._known.close()
            self._lock.__exit__(None, None, None)

    def keep(
        self, exchange: Exchange, facts: CaptureFacts, not_modified: Original | None
    ) -> Capture:
        """Write one exchange to WARC. It may be concluded from once `admit` has synced it."""
        assert self._writer is not None
        assert self._known is not None
        return self._writer.write(
            exchange,
            facts,
            find_original=self._known.original_of,
            find_place=self._known.place_of,
            not_modified=not_modified,
        )

    async def admit(self, capture: Capture) -> Admitted:
        """Have a kept capture admitted, after its bytes are on the disk (law 1)."""
        waiting = asyncio.get_running_loop().create_future()
        self._waiting.append((capture, waiting))
        if self._pump is None:
            self._pump = asyncio.ensure_future(self._admit_waiting())
        admitted: Admitted = await waiting
        return admitted

    async def _admit_waiting(self) -> None:
        """Admit what waits, batch by batch: what comes while one is under way forms the next.

        One flush of the WARC and one transaction serve a whole batch, and an idle archive
        answers at once.
        """
        while self._waiting:
            batch, self._waiting = self._waiting[:BATCH], self._waiting[BATCH:]
            try:
                assert self._writer is not None
                self._writer.sync()
                results = await self._worker.admit([capture for capture, _ in batch])
            except Exception as error:  # noqa: BLE001 - every one who waits is told of it
                _tell_all(batch, error)
            else:
                for (_, waiting), admitted in zip(batch, results, strict=True):
                    if not waiting.done():
                        waiting.set_result(admitted)
        self._pump = None

    async def tell(self, method: str, *args: Any, **named: Any) -> Any:
        """Have the catalogue's writer do one thing."""
        return await self._worker.tell(method, *args, **named)

    def conditional(self, url: str) -> tuple[str | None, str | None, Original | None]:
        """ETag, Last-Modified and the capture they came with, for a conditional request."""
        assert self._known is not None
        return self._known.conditional(url)

    @property
    def known(self) -> Catalogue:
        """The catalogue, to read from."""
        assert self._known is not None
        return self._known


def _warn(damage: Damage) -> None:
    log.warning("%s", damage)


def _tell_all(batch: Batch, error: Exception) -> None:
    for _, waiting in batch:
        if not waiting.done():
            waiting.set_exception(error)
