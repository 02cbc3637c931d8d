"""The archive process: reads and records beside the reactor, and may die alone.

One process takes captures in the order in which they were kept and owns the catalogue's only
writing connection. When a page kills it or holds it too long, it is started again, and that
page's capture is set aside with the reason.
"""

from __future__ import annotations

import asyncio
import contextlib
import multiprocessing
import signal
import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from multiprocessing.connection import Connection
from multiprocessing.process import BaseProcess
from pathlib import Path
from typing import Any

from archive.errors import HongtouError
from archive.notice import Capture, Home
from crawler.admission import Admitted

START_SECONDS = 60.0
STOP_SECONDS = 20.0


class ArchiveProcessDied(HongtouError):
    """The archive process ended while it was reading a page."""


@dataclass(frozen=True, kw_only=True)
class WorkerOrder:
    """What the archive process needs to begin."""

    home: Home
    catalogue_url: str
    source_folders: tuple[Path, ...]
    recheck_all: bool = False


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

        When their reading dies or takes too long they are admitted one by one, and the one whose
        fault it is is set aside.
        """
        async with self._turn:
            try:
                return await self._admit(captures)
            except ArchiveProcessDied as death:
                await self._start()
                if len(captures) == 1:
                    return [await self._set_aside(captures[0], str(death))]
        return [admitted for capture in captures for admitted in await self.admit([capture])]

    async def _admit(self, captures: Sequence[Capture]) -> list[Admitted]:
        answer = await self._ask(("admit", captures), self._page_seconds)
        assert isinstance(answer, list)
        return answer

    async def _set_aside(self, capture: Capture, reason: str) -> Admitted:
        answer = await self._ask(("set_aside", capture, reason), START_SECONDS)
        assert isinstance(answer, Admitted)
        return answer

    async def tell(self, method: str, *args: Any, **named: Any) -> Any:
        """Have the catalogue's writer do one thing, such as ``start_run``."""
        async with self._turn:
            return await self._ask(("call", method, args, named), START_SECONDS)

    async def _ask(self, question: tuple[Any, ...], seconds: float) -> Any:
        if self._pipe is None:
            raise ArchiveProcessDied
        pipe = self._pipe
        try:
            kind, value = await asyncio.wait_for(_roundtrip(pipe, question), seconds)
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
        await self._ask(("ready",), START_SECONDS)

    def _end(self) -> None:
        if self._pipe is not None:
            self._pipe.close()
        if self._process is not None and self._process.is_alive():
            self._process.kill()
            self._process.join()
        self._pipe = self._process = None


async def _roundtrip(pipe: Connection, question: tuple[Any, ...]) -> tuple[str, Any]:
    """Send and wait for the answer without blocking the loop."""
    loop = asyncio.get_running_loop()
    pipe.send(question)
    answered = loop.create_future()

    def ready() -> None:
        if not answered.done():
            answered.set_result(None)

    loop.add_reader(pipe.fileno(), ready)
    try:
        await answered
    finally:
        loop.remove_reader(pipe.fileno())
    kind, value = pipe.recv()
    return kind, value


def _serve(pipe: Connection, order: WorkerOrder) -> None:
    """The archive process: answer until told to stop or left alone."""
    # Ctrl-C goes to the whole group; the crawler decides when we end, so that nothing is cut.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    assert threading.current_thread() is threading.main_thread()
    try:
        door = _Door(order)
    except HongtouError as error:
        pipe.recv()
        pipe.send(("error", _portable(error)))
        return
    with contextlib.suppress(EOFError):  # the crawler is gone: so are we
        while (question := pipe.recv()) is not None:
            pipe.send(door.answer(question))
    door.close()


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
            "ready": lambda: None,
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
