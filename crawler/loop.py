"""Scrapy's reactor around one coroutine, with signals that end it cleanly."""

from __future__ import annotations

import asyncio
import signal
from collections.abc import Callable, Coroutine
from typing import Any, TypeVar

T = TypeVar("T")

ASYNCIO_REACTOR = "twisted.internet.asyncioreactor.AsyncioSelectorReactor"


def run(main: Callable[[asyncio.Event], Coroutine[Any, Any, T]]) -> T:
    """Run ``main(stop)`` inside the asyncio reactor and return what it returns.

    The first Ctrl-C (or SIGTERM) sets ``stop``, for `main` to finish what is under way; the second
    one cancels it. An exception of `main` is raised here.
    """
    from scrapy.utils.reactor import install_reactor

    install_reactor(ASYNCIO_REACTOR)
    from twisted.internet import reactor as installed

    # The module stands for the reactor that was installed; its stubs know only an interface.
    reactor: Any = installed

    results: list[T] = []
    errors: list[BaseException] = []

    async def body() -> None:
        stop = asyncio.Event()
        _listen_for_signals(stop)
        try:
            results.append(await main(stop))
        except BaseException as error:  # noqa: BLE001 - carried out of the reactor, raised below
            errors.append(error)
        finally:
            reactor.stop()

    tasks: list[asyncio.Task[None]] = []
    reactor.callWhenRunning(lambda: tasks.append(asyncio.ensure_future(body())))
    reactor.run(installSignalHandlers=False)
    if errors:
        raise errors[0] if not isinstance(errors[0], asyncio.CancelledError) else KeyboardInterrupt
    return results[0]


def _listen_for_signals(stop: asyncio.Event) -> None:
    loop = asyncio.get_running_loop()
    task = asyncio.current_task()

    def asked() -> None:
        if stop.is_set() and task is not None:
            task.cancel()
        stop.set()

    for number in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(number, asked)
