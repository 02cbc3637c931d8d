"""reread: old captures through the present reader, first to see what would change, then for good.

Law 6: what is read otherwise is no revision. Nothing of it comes into the change log, but a page
that was set aside and is a notice after all.
"""

from __future__ import annotations

import asyncio
import pickle
import shutil
from collections import Counter
from collections.abc import Awaitable, Callable, Iterable, Iterator, Sequence
from contextlib import ExitStack, closing
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from itertools import islice
from typing import Any

from archive.catalogue import Arrival, Catalogue
from archive.catalogue.rereading import ReadBefore
from archive.errors import DamagedWarc
from archive.notice import Capture, Home
from archive.storage import HomeLock, read_capture, recover
from crawler.admission import Admission
from crawler.foreign import as_page
from crawler.guidance import load_guidance
from crawler.perusal import Perusal

#: Captures that are read side by side and recorded in one transaction.
BATCH = 64

Peruse = Callable[[Capture], Awaitable[bytes]]  # a pickled `Perusal`, as the reading room gives it
Progress = Callable[[Iterable[ReadBefore]], Iterable[ReadBefore]]


@dataclass(frozen=True, kw_only=True)
class Reread:
    """What the present reader makes of one capture, held against what was read before."""

    before: ReadBefore
    changes: dict[str, tuple[Any, Any]] = field(default_factory=dict)
    is_taken_in: bool = False  #: it was set aside, and is a notice now
    set_aside: str | None = None  #: it is a notice, and would be set aside now: it stays one
    unreadable: str | None = None  #: its bytes are damaged, or reading them failed

    @property
    def is_otherwise(self) -> bool:
        """Whether anything is to be said of it."""
        return bool(self.changes or self.is_taken_in or self.set_aside or self.unreadable)


@dataclass(kw_only=True)
class Tally:
    """What came of all captures."""

    captures: int = 0
    counts: Counter[str] = field(default_factory=Counter)  #: notices by what came of them
    fields: Counter[str] = field(default_factory=Counter)  #: notices whose field is read otherwise

    def add(self, one: Reread) -> None:
        """Count one capture."""
        self.captures += 1
        self.fields.update(one.changes.keys())
        self.counts["changed"] += bool(one.changes)
        self.counts["taken in"] += one.is_taken_in
        self.counts["would be set aside"] += one.set_aside is not None
        self.counts["unreadable"] += one.unreadable is not None

    def as_json(self) -> dict[str, Any]:
        """The tally as a JSON value."""
        counts = {name: count for name, count in self.counts.items() if count}
        return {"captures": self.captures, **counts, "fields": dict(self.fields.most_common())}


class Rereading:
    """Reads captures again, and records what came of it when it is told to.

    Args:
        home: The archive.
        catalogue: To read from; to write to as well, when `record` is called.
        peruse: Reads a capture; in a process that it may harm.
    """

    def __init__(self, home: Home, catalogue: Catalogue, peruse: Peruse) -> None:
        self._home, self._catalogue, self._peruse = home, catalogue, peruse
        sources, topics = load_guidance(home)
        self._admission = Admission(
            catalogue=catalogue, sources=sources, topics=topics, read_again=self._read_again
        )

    async def reread(self, batch: Sequence[ReadBefore]) -> list[tuple[Reread, Arrival | None]]:
        """Read a batch again; an arrival where there is something to record."""
        return list(await asyncio.gather(*map(self._reread, batch)))

    def record(self, arrivals: Sequence[Arrival]) -> None:
        """Make these readings the ones that count."""
        self._catalogue.record_all([replace(one, is_reread=True) for one in arrivals])

    async def _reread(self, before: ReadBefore) -> tuple[Reread, Arrival | None]:
        try:
            capture = as_page(self._read(before))
        except (DamagedWarc, OSError) as error:
            return Reread(before=before, unreadable=str(error)), None
        # Pickled by our own readers.
        perusal: Perusal = pickle.loads(await self._peruse(capture))  # noqa: S301
        failed = perusal.unreadable or perusal.killed
        if failed or not perusal.is_page:
            reason = failed or perusal.challenge or perusal.incomplete
            return Reread(before=before, unreadable=None if before.set_aside else reason), None
        arrival = self._admission.arrive(capture, perusal)
        if before.set_aside is not None:
            return self._of_set_aside(before, arrival)
        if arrival.reading is None or arrival.set_aside is not None:
            return Reread(before=before, set_aside=arrival.set_aside), None
        one = Reread(before=before, changes=before.changes(arrival.reading))
        is_same = not one.changes and before.reader_version == arrival.reading.reader_version
        return one, None if is_same else arrival

    def _of_set_aside(self, before: ReadBefore, arrival: Arrival) -> tuple[Reread, Arrival | None]:
        is_taken_in = arrival.reading is not None and arrival.set_aside is None
        return Reread(before=before, is_taken_in=is_taken_in), arrival if is_taken_in else None

    def _read(self, before: ReadBefore) -> Capture:
        return read_capture(self._home, before.place, find_place=self._catalogue.place_of)

    def _read_again(self, record_id: str) -> Capture | None:
        place = self._catalogue.place_of(record_id)
        if place is None:
            return None
        return read_capture(self._home, place, find_place=self._catalogue.place_of)


async def preview(
    rereading: Rereading, readings: Iterable[ReadBefore], tell: Callable[[Reread], None]
) -> None:
    """Tell what the present reader makes of captures; nothing is changed."""
    for batch in _batches(readings):
        for one, _ in await rereading.reread(batch):
            tell(one)


async def apply(
    rereading: Rereading, readings: Iterable[ReadBefore], tell: Callable[[Reread], None]
) -> None:
    """Have the present reader's readings count, batch by batch, and tell what changed."""
    for batch in _batches(readings):
        done = await rereading.reread(batch)
        rereading.record([arrival for _, arrival in done if arrival is not None])
        for one, _ in done:
            tell(one)


def reread_home(
    home: Home,
    catalogue_url: str,
    *,
    source: str | None,
    is_applied: bool,
    page_seconds: float,
    progress: Progress,
    tell: Callable[[Reread], None],
    is_off_topic: bool = False,
) -> None:
    """Read a home's captures again; with ``is_applied``, what comes of it counts from now on.

    What was applied before an interruption stays; the next time goes on from there. With
    ``is_off_topic`` only pages that were set aside as off topic are read.

    Raises:
        HomeInUse: Another process writes to the home, where something is to be applied.
    """
    with ExitStack() as ending:
        if is_applied:
            ending.enter_context(HomeLock(home))
            recover(home)
        # The one that may write first: it brings an older home's catalogue up to date.
        catalogue = ending.enter_context(_opened(catalogue_url, is_applied=is_applied))
        # What streams the captures has a connection of its own.
        known = ending.enter_context(Catalogue.open(catalogue_url, read_only=True))
        readings = ending.enter_context(
            closing(known.read_before(source, is_off_topic=is_off_topic))
        )
        do = apply if is_applied else preview
        _run(home, catalogue, page_seconds, lambda one: do(one, progress(readings), tell))
        if is_applied and not is_off_topic:
            # It follows the change log, which says nothing of this: it makes itself again.
            shutil.rmtree(home.index, ignore_errors=True)


def _opened(url: str, *, is_applied: bool) -> Catalogue:
    if is_applied:
        return Catalogue.open(url, taking_over_at=datetime.now(UTC))
    return Catalogue.open(url, read_only=True)


def _run(
    home: Home,
    catalogue: Catalogue,
    page_seconds: float,
    do: Callable[[Rereading], Awaitable[None]],
) -> None:
    from crawler.reading_room import ReadingOrder, ReadingRoom, readers_for_this_machine

    async def main() -> None:
        order = ReadingOrder(home=home)
        room = ReadingRoom(order, readers=readers_for_this_machine(), page_seconds=page_seconds)
        await room.start()
        try:
            await do(Rereading(home, catalogue, room.peruse))
        finally:
            await room.stop()

    asyncio.run(main())


def _batches(readings: Iterable[ReadBefore]) -> Iterator[list[ReadBefore]]:
    coming = iter(readings)
    while batch := list(islice(coming, BATCH)):
        yield batch
