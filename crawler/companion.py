"""A process beside this one: asked one question at a time, and started anew when it has died."""

from __future__ import annotations

import asyncio
import contextlib
import ctypes
import multiprocessing
import pickle
import signal
import sys
import threading
from collections.abc import Callable
from multiprocessing.connection import Connection
from multiprocessing.process import BaseProcess
from typing import Any, Protocol

from archive.errors import CatalogueError, HomeError, HongtouError, SourceError

START_SECONDS = 60.0
STOP_SECONDS = 20.0
PR_SET_PDEATHSIG = 1  # of linux/prctl.h
#: Errors that no page brings about, and that asking again does not mend.
LASTING = (HomeError, CatalogueError, SourceError)


class CompanionDied(HongtouError):
    """The process ended, or was ended, over a question."""


class Desk(Protocol):
    """The process's own side: answers, and lets go of what it holds."""

    def answer(self, question: tuple[Any, ...]) -> Any:
        """Do what was asked; errors are raised again on the other side."""

    def close(self) -> None:
        """Nothing more is asked."""


class Companion:
    """One process behind a pipe.

    Args:
        open_desk: Run in the process, with ``order``; a function that can be pickled.
        name: What the process is called where processes are listed.
    """

    def __init__(self, open_desk: Callable[[Any], Desk], order: Any, *, name: str) -> None:
        self._open_desk = open_desk
        self._order = order
        self._name = name
        self._process: BaseProcess | None = None
        self._pipe: Connection | None = None
        self._asked = 0

    async def start(self) -> None:
        """Start the process and wait until it can answer; nothing when it runs already.

        Raises:
            HongtouError: What the process could not begin without.
        """
        if self._pipe is not None:
            return
        context = multiprocessing.get_context("spawn")
        ours, theirs = context.Pipe()
        arguments = (theirs, self._open_desk, self._order)
        self._process = context.Process(target=_serve, args=arguments, daemon=True, name=self._name)
        self._process.start()
        theirs.close()
        self._pipe = ours
        try:
            await self.ask(("ready",), START_SECONDS)
        except BaseException:
            self.end()
            raise

    async def ask(self, question: tuple[Any, ...], seconds: float) -> Any:
        """Ask, of a new process when the one before has died.

        Raises:
            CompanionDied: It ended, or took longer than ``seconds`` and was ended.
        """
        await self.start()
        assert self._pipe is not None
        self._asked += 1
        asking = _roundtrip(self._pipe, self._asked, question)
        try:
            kind, value = await asyncio.wait_for(asking, seconds)
        except (TimeoutError, EOFError, OSError) as error:
            reason = "took too long" if isinstance(error, TimeoutError) else "ended its process"
            self.end()
            raise CompanionDied(f"Reading it {reason}.") from error
        if kind == "error":
            raise value
        return value

    async def stop(self) -> None:
        """Let the process finish what it has and end."""
        if self._pipe is None or self._process is None:
            return
        with contextlib.suppress(OSError):  # it may be gone already, which is what we want
            self._pipe.send(None)
        await asyncio.to_thread(self._process.join, STOP_SECONDS)
        self.end()

    def end(self) -> None:
        """End the process now, if it runs."""
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


def _serve(pipe: Connection, open_desk: Callable[[Any], Desk], order: Any) -> None:
    """The process: answer until told to stop or left alone."""
    # Ctrl-C goes to the whole group; the crawler decides when we end, so that nothing is cut.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    assert threading.current_thread() is threading.main_thread()
    _die_with_parent()
    with contextlib.suppress(EOFError, OSError):  # the crawler is gone: so are we
        number, _ = pipe.recv()
        try:
            desk = open_desk(order)
        except Exception as error:  # noqa: BLE001 - it is raised again on the other side
            pipe.send((number, "error", _portable(error)))
            return
        pipe.send((number, "answer", None))
        while (asked := pipe.recv()) is not None:
            number, question = asked
            pipe.send((number, *_answer(desk, question)))
        desk.close()


def _answer(desk: Desk, question: tuple[Any, ...]) -> tuple[str, Any]:
    try:
        return "answer", desk.answer(question)
    except Exception as error:  # noqa: BLE001 - it is raised again on the other side
        return "error", _portable(error)


def _die_with_parent() -> None:
    """Have the kernel end us when the crawler is killed: nothing is recorded behind its back.

    Linux alone can; elsewhere we end with the question under way, while the home is locked.
    """
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGKILL)


def _portable(error: Exception) -> Exception:
    """The error itself where it can cross the pipe, else its words."""
    try:
        pickle.loads(pickle.dumps(error))  # noqa: S301 - our own bytes, made on this line
    except Exception:  # noqa: BLE001 - whatever pickling raises, the words can always cross
        return HongtouError(f"{type(error).__name__}: {error}")
    return error
