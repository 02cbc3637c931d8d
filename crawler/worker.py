"""The archive process: decides and records beside the reactor, and may die alone.

One process takes captures in the order in which they were kept, with what readers found in them
(`crawler.reading_room`), and owns the catalogue's only writing connection.
"""

from __future__ import annotations

import asyncio
import logging
import pickle
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from archive.notice import Capture, Home
from archive.storage import HomeLock
from crawler.admitted import Admitted
from crawler.companion import LASTING, START_SECONDS, Companion, CompanionDied
from crawler.reading_room import ReadingOrder, ReadingRoom, readers_for_this_machine

log = logging.getLogger(__name__)


@dataclass(frozen=True, kw_only=True)
class WorkerOrder:
    """What the archive process needs to begin."""

    home: Home
    catalogue_url: str
    source_folders: tuple[Path, ...] = ()
    recheck_all: bool = False
    is_live: bool = False  #: a crawl, which must go on when the depot does not answer
    lock: HomeLock | None = None  #: held by the archive process too, while it lives


class ArchiveWorker:
    """The crawler's side of the processes that read and decide.

    Captures may be read in any order, side by side; they are admitted one batch at a time, in
    the order of the questions. The queue of these is bounded by the crawler's own bound on
    responses under way.
    """

    def __init__(
        self, order: WorkerOrder, *, page_seconds: float, readers: int | None = None
    ) -> None:
        self._page_seconds = page_seconds
        self._turn = asyncio.Lock()
        self._archive = Companion(_Door, order, name="hongtou-archive")
        self._room = ReadingRoom(
            ReadingOrder(home=order.home, source_folders=order.source_folders),
            readers=readers or readers_for_this_machine(),
            page_seconds=page_seconds,
        )

    async def start(self) -> None:
        """Start the processes and wait until they can answer.

        Raises:
            HongtouError: The catalogue, the sources or the topics could not be opened.
        """
        await asyncio.gather(self._archive.start(), self._room.start())

    async def stop(self) -> None:
        """Let the processes finish what they have and end."""
        async with self._turn:
            await asyncio.gather(self._archive.stop(), self._room.stop())

    async def peruse(self, capture: Capture) -> bytes:
        """Have a capture read, ahead of its being admitted; a pickled `Perusal`."""
        return await self._room.peruse(capture)

    async def peruse_all(self, captures: Sequence[Capture]) -> list[bytes]:
        """Have captures read, side by side."""
        return await asyncio.gather(*map(self._room.peruse, captures))

    async def admit(self, captures: Sequence[Capture], perusals: Sequence[bytes]) -> list[Admitted]:
        """Have captures admitted, in their order and in one transaction where that goes.

        When that fails they are admitted one by one, and the one whose fault it is is set aside.

        Raises:
            HomeNotWritable: The catalogue cannot be written.
            CompanionDied: The process dies again and again.
        """
        async with self._turn:
            try:
                return await self._admit(captures, perusals)
            except LASTING:
                raise
            except Exception as error:  # noqa: BLE001 - whatever a page brings about costs that page
                log.warning("%d captures are admitted one by one: %s", len(captures), error)
                pairs = zip(captures, perusals, strict=True)
                return [await self._admit_alone(*pair) for pair in pairs]

    async def _admit(
        self, captures: Sequence[Capture], perusals: Sequence[bytes]
    ) -> list[Admitted]:
        # What they hold was read before; the bytes need not cross another pipe.
        question = ("admit", [capture.without_body() for capture in captures], perusals)
        answer = await self._archive.ask(question, self._page_seconds)
        assert isinstance(answer, list)
        return answer

    async def _admit_alone(self, capture: Capture, perusal: bytes) -> Admitted:
        """Twice, for a process can also be killed from outside, by no fault of the page."""
        reason = ""
        for _ in range(2):
            try:
                return (await self._admit([capture], [perusal]))[0]
            except LASTING:
                raise
            except Exception as error:  # noqa: BLE001 - its words become the reason
                reason = str(error)
        log.error("%s (%s) is set aside: %s", capture.url, capture.record_id, reason)
        question = ("set_aside", capture.without_body(), reason)
        answer = await self._archive.ask(question, START_SECONDS)
        assert isinstance(answer, Admitted)
        return answer

    async def tell(self, method: str, *args: Any, **named: Any) -> Any:
        """Have the catalogue's writer do one thing, such as ``start_run``."""
        question = ("call", method, args, named)
        async with self._turn:
            try:
                return await self._archive.ask(question, START_SECONDS)
            except CompanionDied:
                return await self._archive.ask(question, START_SECONDS)


class _Door:
    """The archive process's own side: the catalogue's writer and the admission."""

    def __init__(self, order: WorkerOrder) -> None:
        from crawler.rooms import open_admission

        self._rooms = open_admission(
            order.home,
            catalogue_url=order.catalogue_url,
            source_folders=order.source_folders,
            recheck_all=order.recheck_all,
            is_live=order.is_live,
        )
        self._verbs: dict[str, Callable[..., Any]] = {
            "ready": lambda: None,
            "admit": self._admit,
            "set_aside": self._rooms.admission.set_aside,
            "call": self._call,
        }

    def answer(self, question: tuple[Any, ...]) -> Any:
        """Do what was asked."""
        verb, *rest = question
        return self._verbs[verb](*rest)

    def _admit(self, captures: Sequence[Capture], perusals: Sequence[bytes]) -> list[Admitted]:
        # Pickled by our own readers, and carried here unopened.
        opened = [pickle.loads(perusal) for perusal in perusals]  # noqa: S301
        return self._rooms.admission.admit_all(captures, opened)

    def _call(self, method: str, args: Sequence[Any], named: dict[str, Any]) -> Any:
        return getattr(self._rooms.catalogue, method)(*args, **named)

    def close(self) -> None:
        """Close the catalogue."""
        self._rooms.catalogue.close()
