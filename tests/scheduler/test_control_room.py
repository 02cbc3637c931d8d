"""The control room: one look a source, missed looks once, a clean end."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from types import SimpleNamespace
from typing import Any

import pytest

from archive.errors import HomeNotWritable, HongtouError
from archive.notice import Column, Rhythm, Source, Trust
from crawler.look import Look
from scheduler.control_room import ControlRoom

SHORT = Rhythm(every=timedelta(hours=1), jitter=timedelta(0))


@dataclass
class Book:
    """The part of a session that the control room uses: due times, kept in memory."""

    due: dict[tuple[str, str], datetime] = field(default_factory=dict)
    settings: Any = field(default_factory=lambda: SimpleNamespace(parallel_sources=8))

    @property
    def known(self) -> Book:
        return self

    def watches(self) -> list[Any]:
        return [SimpleNamespace(source=s, column=c, due_at=at) for (s, c), at in self.due.items()]

    async def tell(self, method: str, *args: Any) -> None:
        getattr(self, method)(*args)

    def schedule(self, source: str, column: str, every: timedelta, due_at: datetime) -> None:
        self.due.setdefault((source, column), due_at)

    def set_due(self, source: str, column: str, due_at: datetime) -> None:
        self.due[source, column] = due_at


@dataclass
class Looker:
    """Notes what it was asked to look at, and takes its time."""

    seconds: float = 0.05
    fails: bool = False
    blocked_by: str | None = None
    seen: list[tuple[str, tuple[str, ...]]] = field(default_factory=list)
    under_way: set[str] = field(default_factory=set)
    finished: int = 0

    async def __call__(
        self, session: Any, source: Source, columns: Sequence[str], *, stop: asyncio.Event
    ) -> Look:
        assert source.id not in self.under_way, "two looks at one source at a time"
        self.under_way.add(source.id)
        self.seen.append((source.id, tuple(columns)))
        try:
            await asyncio.sleep(self.seconds)
            if self.fails:
                raise HongtouError("it broke")
        finally:
            self.under_way.discard(source.id)
        self.finished += 1
        return Look(source=source.id, run="r", outcome="ok", blocked_by=self.blocked_by)


def _source(name: str, *columns: str) -> Source:
    return Source(
        id=name,
        name=name,
        hosts=(f"{name}.example",),
        level="city",
        trust=Trust.ISSUER,
        columns=tuple(
            Column(id=c, name=c, url=f"http://{name}.example/{c}", dialect="trs", rhythm=SHORT)
            for c in columns
        ),
    )


def _watch(book: Book, looker: Looker, *sources: Source, seconds: float = 0.4) -> None:
    async def main() -> None:
        stop = asyncio.Event()
        asyncio.get_running_loop().call_later(seconds, stop.set)
        # The book stands in for a session: it has the few methods that a control room asks.
        await ControlRoom(book, sources, look=looker).watch(stop)  # type: ignore[arg-type]

    asyncio.run(main())


def test_a_new_column_is_looked_at_now_and_is_due_a_rhythm_later() -> None:
    book, looker = Book(), Looker()
    _watch(book, looker, _source("a", "x"))
    assert looker.seen == [("a", ("x",))]
    assert book.due["a", "x"] > datetime.now(UTC) + timedelta(minutes=50)


def test_columns_of_a_source_that_are_due_together_share_one_look() -> None:
    looker = Looker()
    _watch(Book(), looker, _source("a", "x", "y"))
    assert looker.seen == [("a", ("x", "y"))]


def test_what_was_missed_while_down_is_looked_at_once() -> None:
    missed = datetime.now(UTC) - timedelta(days=3)
    book, looker = Book(due={("a", "x"): missed}), Looker()
    _watch(book, looker, _source("a", "x"))
    assert len(looker.seen) == 1


def test_a_column_that_is_not_due_is_left_alone_after_a_restart() -> None:
    later = datetime.now(UTC) + timedelta(hours=1)
    book, looker = Book(due={("a", "x"): later}), Looker()
    _watch(book, looker, _source("a", "x"))
    assert looker.seen == []
    assert book.due["a", "x"] == later


def test_a_due_time_of_a_clock_that_ran_ahead_puts_nothing_off_for_years() -> None:
    ahead = datetime.now(UTC) + timedelta(days=900)
    book, looker, said = Book(due={("a", "x"): ahead}), Looker(), []

    async def main() -> None:
        stop = asyncio.Event()
        asyncio.get_running_loop().call_later(0.2, stop.set)
        room = ControlRoom(
            book, [_source("a", "x")], look=looker, resting=lambda *due: said.append(due)
        )  # type: ignore[arg-type]  # a book for a session, as above
        await room.watch(stop)

    asyncio.run(main())
    (source, due_at) = said[0]
    assert source == "a"
    assert due_at < datetime.now(UTC) + timedelta(days=2)


def test_stopping_lets_a_look_under_way_end() -> None:
    looker = Looker(seconds=0.6)
    _watch(Book(), looker, _source("a", "x"), seconds=0.2)
    assert looker.finished == 1


def test_a_look_that_breaks_does_not_stop_the_others() -> None:
    book = Book()
    _watch(book, Looker(fails=True), _source("a", "x"), _source("b", "x"))
    assert set(book.due) == {("a", "x"), ("b", "x")}
    assert all(due > datetime.now(UTC) for due in book.due.values())


def test_a_challenged_source_rests_for_hours() -> None:
    book = Book()
    _watch(book, Looker(blocked_by="riversec"), _source("a", "x"))
    assert book.due["a", "x"] > datetime.now(UTC) + timedelta(hours=5)


def test_a_home_that_cannot_be_written_ends_the_watch() -> None:
    async def full(*_: Any, **__: Any) -> Look:
        raise HomeNotWritable("the disk is full")

    with pytest.raises(HomeNotWritable):
        _watch(Book(), full, _source("a", "x"), seconds=5.0)  # type: ignore[arg-type]  # a look


def test_it_says_what_it_waits_for_also_when_it_begins_in_quiet_hours() -> None:
    later = datetime.now(UTC) + timedelta(hours=5)
    book = Book(due={("harbin", "zcwj"): later, ("banan", "zfwj"): later + timedelta(hours=1)})
    rests: list[tuple[str, datetime]] = []
    room = ControlRoom(
        book,  # type: ignore[arg-type]  # the part that is used
        [_source("harbin", "zcwj"), _source("banan", "zfwj")],
        look=Looker(),
        resting=lambda source, until: rests.append((source, until)),
    )

    async def main() -> None:
        stop = asyncio.Event()
        stop.set()
        await room.watch(stop)

    asyncio.run(main())
    assert rests == [("harbin", later)]
