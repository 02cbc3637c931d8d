"""Reading processes side by side, in front of the one that decides.

Reading a page is most of the work on it, needs nothing of the catalogue, and may hit a page that
kills or holds its process. So it is done by as many processes as there are cores to spare; the
order of arrival is kept by those who ask.
"""

from __future__ import annotations

import asyncio
import os
import pickle
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from archive.notice import Capture, Home
from crawler.companion import LASTING, Companion, CompanionDied
from crawler.perusal import Perusal

#: More would not be kept busy by one process that decides.
MOST_READERS = 8


@dataclass(frozen=True, kw_only=True)
class ReadingOrder:
    """What a reading process needs to begin."""

    home: Home
    source_folders: tuple[Path, ...] = ()


def readers_for_this_machine() -> int:
    """A reading process for every core but one, which fetches and decides."""
    return max(1, min(MOST_READERS, (os.cpu_count() or 1) - 1))


class ReadingRoom:
    """Has captures read; as many at a time as there are readers."""

    def __init__(self, order: ReadingOrder, *, readers: int, page_seconds: float) -> None:
        self._companions = [
            Companion(_open_desk, order, name=f"hongtou-reader-{number}")
            for number in range(1, readers + 1)
        ]
        self._idle = list(self._companions)  # the last one first: it is the warmest
        self._free = asyncio.Semaphore(readers)
        self._page_seconds = page_seconds

    async def start(self) -> None:
        """Start one reader; the others start when there is more than it can do."""
        await self._idle[-1].start()

    async def stop(self) -> None:
        """Have all readers end."""
        await asyncio.gather(*(companion.stop() for companion in self._companions))

    async def peruse(self, capture: Capture) -> bytes:
        """What a capture holds, as a pickled `Perusal`: it is for another process to open.

        Whatever the page does to its reader costs that page.

        Raises:
            HomeError, CatalogueError, SourceError: What no page brings about.
        """
        async with self._free:
            companion = self._idle.pop()
            try:
                return await self._ask(companion, capture)
            finally:
                self._idle.append(companion)

    async def _ask(self, companion: Companion, capture: Capture) -> bytes:
        """Twice, for a process can also be killed from outside, by no fault of the page."""
        reason = ""
        for _ in range(2):
            try:
                answer = await companion.ask((capture,), self._page_seconds)
            except LASTING:
                raise
            except CompanionDied as error:
                reason = str(error)
            except Exception as error:  # noqa: BLE001 - its words become the reason
                reason = f"Reading it failed: {error}"
                break
            else:
                assert isinstance(answer, bytes)
                return answer
        return pickle.dumps(Perusal(killed=reason))


class _Desk:
    """The reading process's own side."""

    def __init__(self, order: ReadingOrder) -> None:
        from crawler.guidance import load_guidance
        from crawler.peruser import Peruser

        sources, topics = load_guidance(order.home, order.source_folders)
        self._peruser = Peruser(sources=sources, topics=topics)

    def answer(self, question: tuple[Any, ...]) -> bytes | None:
        """Read the capture that is asked about; nothing of ``ready``."""
        (capture,) = question
        if capture == "ready":
            return None
        return pickle.dumps(self._peruser.peruse(capture), protocol=pickle.HIGHEST_PROTOCOL)

    def close(self) -> None:
        """Nothing is held."""


def _open_desk(order: ReadingOrder) -> _Desk:
    return _Desk(order)
