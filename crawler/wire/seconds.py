"""One second, one capture of a URL: replay tools tell captures apart by whole seconds."""

from __future__ import annotations

import time
from collections import OrderedDict
from collections.abc import Callable

URLS_REMEMBERED = 4096


class Seconds:
    """Tells how long a request must wait so that its URL has no other capture in its second.

    Redirects to itself with a cookie and quick retries would otherwise hide one another.
    """

    def __init__(self, now: Callable[[], float] = time.time) -> None:
        self._now = now
        self._last: OrderedDict[str, int] = OrderedDict()

    def wait(self, url: str) -> float:
        """Seconds to wait, at most one: a clock that was set back is not waited for."""
        last, now = self._last.get(url), self._now()
        return 0.0 if last is None or int(now) != last else last + 1.0 - now

    def used(self, url: str, moment: float | None = None) -> None:
        """A capture of a URL began at a moment (now)."""
        self._last[url] = int(self._now() if moment is None else moment)
        self._last.move_to_end(url)
        if len(self._last) > URLS_REMEMBERED:
            self._last.popitem(last=False)
