"""Captures that are kept already go through the door again: ingest and rebuild."""

from __future__ import annotations

import asyncio
import sqlite3
from collections import Counter
from collections.abc import Awaitable, Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING

from archive.catalogue import Catalogue
from archive.catalogue.journal import read_journal
from archive.errors import CatalogueUnavailable, UsageError
from archive.notice import Capture, Home
from archive.settings import Settings, read_settings
from archive.storage import Damage, HomeLock, Volume, adopt, iter_captures, recover
from archive.storage.arc_file import adopt_arc, is_arc
from archive.storage.repacking import Packing, adopt_repacked, packing_of
from archive.storage.saved_pages import adopt_saved_page, is_saved_page
from crawler.admitted import Admitted
from crawler.arrears import ALL_ADMITTED, arrears
from crawler.foreign import as_page
from crawler.worker import ArchiveWorker, WorkerOrder

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from archive.catalogue.conclusions import Difference

#: Captures of one transaction. A page takes milliseconds, and a batch all of `reader_seconds`.
BATCH = 64

Progress = Callable[[Iterator[Capture]], Iterable[Capture]]
OnDamage = Callable[[Damage], None]


@dataclass(frozen=True, kw_only=True)
class Taking:
    """How captures are taken in: into which catalogue, and who is told what."""

    home: Home
    settings: Settings
    catalogue_url: str
    progress: Progress
    on_damage: OnDamage

    @classmethod
    def of_home(cls, home: Home, *, progress: Progress, on_damage: OnDamage) -> Taking:
        """Into the home's own catalogue."""
        settings = read_settings(home)
        return cls(
            home=home,
            settings=settings,
            catalogue_url=settings.database_url or home.catalogue_url,
            progress=progress,
            on_damage=on_damage,
        )


def take_in(taking: Taking, files: Sequence[Path], *, url: str | None = None) -> Mapping[str, int]:
    """Admit the captures of WARC files or saved pages in their order; count what came of them.

    Files of other tools are copied into the home first. What is damaged is told; the good
    captures around it are taken. What was taken in before changes nothing.

    Args:
        url: Where a saved page was saved from, when it does not say so itself.

    Raises:
        UsageError: Nobody says so. Nothing was taken in.
    """
    with HomeLock(taking.home) as lock:
        recover(taking.home)
        copies = [copy for path in files if (copy := _adopt(taking, path, url)) is not None]
        return asyncio.run(_take_in(taking, lock, copies))


def _adopt(taking: Taking, path: Path, url: str | None) -> Volume | None:
    """The file's place in the home; None for one that holds nothing that could be kept."""
    if is_saved_page(path):
        return adopt_saved_page(taking.home, path, url)
    if is_arc(path):
        return adopt_arc(taking.home, path, taking.on_damage)
    packing = packing_of(path)
    if packing is Packing.NO_RECORD:
        what, to_do = "no WARC record in it can be read", "Nothing of it was taken in."
        taking.on_damage(Damage(file=str(path), offset=0, what=what, to_do=to_do))
        return None
    if packing is Packing.SHARED:
        return adopt_repacked(taking.home, path, taking.on_damage)
    return adopt(taking.home, path)


def rebuild_catalogue(taking: Taking, *, into: str | None = None) -> Mapping[str, int]:
    """Make the catalogue again from the WARCs; the embedded one stays until that is done.

    Runs, due times and alarms are carried over from the old one, where it can be read.

    Args:
        into: The URL of an empty database to make it in, instead of taking the old one's place.

    Raises:
        UsageError: The catalogue is in a server, where it cannot be put aside; or the database
            that ``into`` names is not empty.
    """
    home = taking.home
    if into is None and taking.catalogue_url != home.catalogue_url:
        raise UsageError(
            "The catalogue is in a database server, whose tables stay until you drop them.",
            next_step="Name an empty database with --into, then make it the database_url.",
        )
    with HomeLock(home) as lock:
        recover(home)
        if into is not None:
            _check_empty(into)
            return _rebuild(taking, lock, into)
        fresh = home.path / "catalogue.rebuilt.sqlite"
        _remove_database(fresh)
        counts = _rebuild(taking, lock, f"sqlite:///{fresh}")
        _settle(fresh)
        _remove_log(home.path / "catalogue.sqlite")
        fresh.replace(home.path / "catalogue.sqlite")
    return counts


def _check_empty(url: str) -> None:
    """Refuse a database that holds something: what stands there would be mixed with what comes.

    Raises:
        UsageError: It holds captures.
    """
    with Catalogue.open(url, create=True) as catalogue:
        if next(catalogue.pointers(), None) is not None:
            raise UsageError(
                "The database that --into names is not empty.",
                next_step="Name one that is; the catalogue in it stays as it is.",
            )


def compare_rebuilt(taking: Taking) -> Iterator[Difference]:
    """Make the catalogue again beside the one that stands, and tell in what they differ."""
    from archive.catalogue.conclusions import differences

    fresh = taking.home.path / "catalogue.compared.sqlite"
    url = f"sqlite:///{fresh}"
    with HomeLock(taking.home) as lock:
        _remove_database(fresh)
        Catalogue.open(taking.catalogue_url).close()  # an older home's is brought up to date
        try:
            _rebuild(taking, lock, url)
            yield from differences(taking.catalogue_url, url)
        finally:
            _remove_database(fresh)


def _rebuild(taking: Taking, lock: HomeLock, url: str) -> Mapping[str, int]:
    from archive.catalogue.conclusions import carry_over

    Catalogue.open(url, create=True).close()
    counts = asyncio.run(_admit_home(replace(taking, catalogue_url=url), lock))
    with Catalogue.open(url) as catalogue:
        catalogue.judge(read_journal(taking.home))  # what was judged after the last capture
    try:
        carry_over(taking.catalogue_url, url)
    except CatalogueUnavailable:
        # It was lost or damaged: that is why it is made again. Nobody knows the old alarms.
        return counts
    return counts


async def _take_in(taking: Taking, lock: HomeLock, copies: Sequence[Volume]) -> Mapping[str, int]:
    async with _worker(taking, lock) as worker:
        with Catalogue.open(taking.catalogue_url, read_only=True) as known:
            for late in arrears(taking.home, known, but=copies):
                await worker.admit(late, await worker.peruse_all(late))
            ALL_ADMITTED.take_down(taking.home)
            captures = iter_captures(
                taking.home, volumes=copies, find_place=known.place_of, on_damage=taking.on_damage
            )
            counts = await _admit_all(worker, taking.progress(captures))
    ALL_ADMITTED.put_up(taking.home)
    return counts


async def _admit_home(taking: Taking, lock: HomeLock) -> Mapping[str, int]:
    async with _worker(taking, lock) as worker:
        captures = iter_captures(taking.home, on_damage=taking.on_damage)
        return await _admit_all(worker, taking.progress(captures))


@asynccontextmanager
async def _worker(taking: Taking, lock: HomeLock) -> AsyncIterator[ArchiveWorker]:
    order = WorkerOrder(home=taking.home, catalogue_url=taking.catalogue_url, lock=lock)
    worker = ArchiveWorker(
        order, page_seconds=taking.settings.reader_seconds, readers=taking.settings.readers
    )
    await worker.start()
    try:
        yield worker
    finally:
        await worker.stop()


async def _admit_all(worker: ArchiveWorker, captures: Iterable[Capture]) -> Mapping[str, int]:
    """Three batches at a time: one comes from the WARCs, one is read, one is admitted."""
    counts: Counter[str] = Counter()
    coming = map(as_page, captures)
    deciding: asyncio.Task[list[Admitted]] | None = None
    while batch := await _next(coming):
        reading = asyncio.ensure_future(worker.peruse_all(batch))
        if deciding is not None:
            _count(counts, await deciding)
        deciding = asyncio.ensure_future(_admit(worker, batch, reading))
    if deciding is not None:
        _count(counts, await deciding)
    return counts


async def _next(coming: Iterator[Capture]) -> list[Capture]:
    """A batch from the WARCs; readers are handed their next pages meanwhile."""
    batch = []
    for capture in islice(coming, BATCH):
        batch.append(capture)
        await asyncio.sleep(0)
    return batch


async def _admit(
    worker: ArchiveWorker, batch: Sequence[Capture], reading: Awaitable[Sequence[bytes]]
) -> list[Admitted]:
    return await worker.admit(batch, await reading)


def _count(counts: Counter[str], admitted: Sequence[Admitted]) -> None:
    counts["captures"] += len(admitted)
    counts.update(str(one.receipt.outcome) for one in admitted if one.receipt is not None)


def _remove_database(path: Path) -> None:
    path.unlink(missing_ok=True)
    _remove_log(path)


def _remove_log(path: Path) -> None:
    for suffix in ("-wal", "-shm"):
        Path(f"{path}{suffix}").unlink(missing_ok=True)


def _settle(path: Path) -> None:
    """Have all that was written stand in the one file, before it is renamed."""
    connection = sqlite3.connect(path)
    connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    connection.close()
