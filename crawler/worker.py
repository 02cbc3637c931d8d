"""The archive process: reads and records beside the reactor, and may die alone.

One process takes captures in the order in which they were kept and owns the catalogue's only
writing connection. When a page kills it or holds it too long, it is started again, and that
page's capture is set aside with the reason.
"""

from __future__ import annotations

import asyncio
import contextlib
import ctypes
import logging
import multiprocessing
import signal
import sys
import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from multiprocessing.connection import Connection
from multiprocessing.process import BaseProcess
from pathlib import Path
from typing import Any

from archive.errors import CatalogueError, HomeError, HongtouError, SourceError
from archive.notice import Capture, Home
from archive.storage import HomeLock
from crawler.admitted import Admitted

log = logging.getLogger(__name__)

START_SECONDS = 60.0
STOP_SECONDS = 20.0
PR_SET_PDEATHSIG = 1  # of linux/prctl.h
#: Errors that no page brings about, and that trying again does not mend.
LASTING = (HomeError, CatalogueError, SourceError)


class ArchiveProcessDied(HongtouError):
    """The archive process ended while it was reading a page."""


@dataclass(frozen=True, kw_only=True)
class WorkerOrder:
    """What the archive process needs to begin."""

    home: Home
    catalogue_url: str
    source_folders: tuple[Path, ...] = ()
    recheck_all: bool = False
    lock: HomeLock | None = None  #: held by the archive process too, while it lives


class ArchiveWorker:
    """The crawler's side of the archive process: one question at a time, answers awaited.

    Questions queue in the order they are asked; the queue is bounded by the crawler's own bound
    on responses under way.
    """

    def __init__(self, order: WorkerOrder, *, page_seconds: float) -> None:
        self._order = order
        self._page_seconds = page_seconds
        self._turn = asyncio.Lock()
        self._process: BaseProcess | None = None
        self._pipe: Connection | None = None
        self._asked = 0

    async def start(self) -> None:
        """Start the process and wait until it can answer.

        Raises:
            HongtouError: It could not open the catalogue or the sources.
        """
        async with self._turn:
            await self._start()

    async def stop(self) -> None:
        """Let the process finish what it has and end."""
        async with self._turn:
            if self._pipe is None or self._process is None:
                return
            with contextlib.suppress(OSError):  # it may be gone already, which is what we want
                self._pipe.send(None)
            await asyncio.to_thread(self._process.join, STOP_SECONDS)
            self._end()

    async def admit(self, captures: Sequence[Capture]) -> list[Admitted]:
        """Have captures admitted, in their order and in one transaction where that goes.

        When that fails they are admitted one by one, and the one whose fault it is is set aside.

        Raises:
            HomeNotWritable: The catalogue cannot be written.
            ArchiveProcessDied: The process dies again and again.
        """
        async with self._turn:
            try:
                return await self._admit(captures)
            except LASTING:
                raise
            except Exception as error:  # noqa: BLE001 - whatever a page brings about costs that page
                log.warning("%d captures are admitted one by one: %s", len(captures), error)
                return [await self._admit_alone(capture) for capture in captures]

    async def _admit(self, captures: Sequence[Capture]) -> list[Admitted]:
        answer = await self._ask(("admit", captures), self._page_seconds)
        assert isinstance(answer, list)
        return answer

    async def _admit_alone(self, capture: Capture) -> Admitted:
        """Twice, for a process can also be killed from outside, by no fault of the page."""
        reason = ""
        for _ in range(2):
            try:
                return (await self._admit([capture]))[0]
            except LASTING:
                raise
            except Exception as error:  # noqa: BLE001 - its words become the reason
                reason = str(error)
        log.error("%s (%s) is set aside: %s", capture.url, capture.record_id, reason)
        answer = await self._ask(("set_aside", capture, reason), START_SECONDS)
        assert isinstance(answer, Admitted)
        return answer

    async def tell(self, method: str, *args: Any, **named: Any) -> Any:
        """Have the catalogue's writer do one thing, such as ``start_run``."""
        question = ("call", method, args, named)
        async with self._turn:
            try:
                return await self._ask(question, START_SECONDS)
            except ArchiveProcessDied:
                return await self._ask(question, START_SECONDS)

    async def _ask(self, question: tuple[Any, ...], seconds: float) -> Any:
        """Ask, of a new process when the one before has died."""
        if self._pipe is None:
            await self._start()
        assert self._pipe is not None
        self._asked += 1
        asking = _roundtrip(self._pipe, self._asked, question)
        try:
            kind, value = await asyncio.wait_for(asking, seconds)
        except (TimeoutError, EOFError, OSError) as error:
            reason = "took too long" if isinstance(error, TimeoutError) else "ended its process"
            self._end()
            raise ArchiveProcessDied(f"Reading it {reason}.") from error
        if kind == "error":
            raise value
        return value

    async def _start(self) -> None:
        context = multiprocessing.get_context("spawn")
        ours, theirs = context.Pipe()
        self._process = context.Process(
            target=_serve, args=(theirs, self._order), daemon=True, name="hongtou-archive"
        )
        self._process.start()
        theirs.close()
        self._pipe = ours
        try:
            await self._ask(("ready",), START_SECONDS)
        except BaseException:
            self._end()
            raise

    def _end(self) -> None:
        if self._pipe is not None:
            self._pipe.close()
        if self._process is not None and self._process.is_alive():
            self._process.kill()
            self._process.join()
        self._pipe = self._process = None


async def _roundtrip(pipe: Connection, number: int, question: tuple[Any, ...]) -> tuple[str, Any]:
    """Send and wait for the answer; one that nobody waited for any more is passed over."""
    pipe.send((number, question))
    while True:
        await _readable(pipe)
        answered, kind, value = pipe.recv()
        if answered == number:
            return kind, value


async def _readable(pipe: Connection) -> None:
    """Wait until something can be received, without blocking the loop."""
    loop = asyncio.get_running_loop()
    answered = loop.create_future()

    def ready() -> None:
        if not answered.done():
            answered.set_result(None)

    loop.add_reader(pipe.fileno(), ready)
    try:
        await answered
    finally:
        if not pipe.closed:
            loop.remove_reader(pipe.fileno())


def _serve(pipe: Connection, order: WorkerOrder) -> None:
    """The archive process: answer until told to stop or left alone."""
    # Ctrl-C goes to the whole group; the crawler decides when we end, so that nothing is cut.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    assert threading.current_thread() is threading.main_thread()
    _die_with_parent()
    with contextlib.suppress(EOFError, OSError):  # the crawler is gone: so are we
        number, _ = pipe.recv()
        try:
            door = _Door(order)
        except Exception as error:  # noqa: BLE001 - it is raised again on the other side
            pipe.send((number, "error", _portable(error)))
            return
        pipe.send((number, "answer", None))
        while (asked := pipe.recv()) is not None:
            number, question = asked
            pipe.send((number, *door.answer(question)))
        door.close()


def _die_with_parent() -> None:
    """Have the kernel end us when the crawler is killed: nothing is recorded behind its back.

    Linux alone can; elsewhere we end with the batch under way, which holds the home's lock.
    """
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGKILL)


class _Door:
    """The archive process's own side: the catalogue's writer and the admission."""

    def __init__(self, order: WorkerOrder) -> None:
        from crawler.rooms import open_admission

        self._rooms = open_admission(
            order.home,
            catalogue_url=order.catalogue_url,
            source_folders=order.source_folders,
            recheck_all=order.recheck_all,
        )

    def answer(self, question: tuple[Any, ...]) -> tuple[str, Any]:
        """Do what was asked; errors go back as values."""
        verbs: dict[str, Callable[..., Any]] = {
            "admit": self._rooms.admission.admit_all,
            "set_aside": self._rooms.admission.set_aside,
            "call": lambda method, args, named: getattr(self._rooms.catalogue, method)(
                *args, **named
            ),
        }
        verb, *rest = question
        try:
            return "answer", verbs[verb](*rest)
        except Exception as error:  # noqa: BLE001 - it is raised again on the other side
            return "error", _portable(error)

    def close(self) -> None:
        """Close the catalogue."""
        self._rooms.catalogue.close()


def _portable(error: Exception) -> Exception:
    """The error itself where it can cross the pipe, else its words."""
    import pickle

    try:
        pickle.loads(pickle.dumps(error))  # noqa: S301 - our own bytes, made on this line
    except Exception:  # noqa: BLE001 - whatever pickling raises, the words can always cross
        return HongtouError(f"{type(error).__name__}: {error}")
    return error
