"""Checks of the kept bytes while an archive is watched: at fixed intervals, a share a day (NDSA).

A round is a `verify` of its own process and of the lowest priority, over the files whose last check
is longest ago. What it did stands in the journal of fixity, so that a round that was broken off,
or a day that was left out, costs nothing.
"""

from __future__ import annotations

import asyncio
import contextlib
import json
import logging
import shutil
import sys
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

from archive.notice import Alarm, AlarmKind
from crawler.verifying import daily_share

if TYPE_CHECKING:
    from pathlib import Path

    from crawler.session import Session

log = logging.getLogger(__name__)

EVERY = timedelta(days=1)
#: How often a quiet moment is looked for, and after how long a round goes ahead without one.
PAUSE = timedelta(minutes=10)
PATIENCE = timedelta(hours=6)
#: More is checked a day than must be, for the days on which nothing runs.
AHEAD = 1.5


@dataclass(frozen=True, kw_only=True)
class Round:
    """What came of one round."""

    faults: int
    first: dict[str, Any] | None  #: the first fault, as `verify --json` says it
    said: str  #: its last line for a person


class FixityRounds:
    """Has a share of the files checked each day, at a moment when no look is under way.

    Args:
        session: Whose home it is; alarms are raised through it.
        is_quiet: Whether no look is under way.
        pause: Between two glances.
    """

    def __init__(
        self, session: Session, *, is_quiet: Callable[[], bool], pause: timedelta = PAUSE
    ) -> None:
        self._session, self._is_quiet, self._pause = session, is_quiet, pause
        self._days = session.settings.verify_days

    @contextlib.asynccontextmanager
    async def kept_up(self) -> AsyncIterator[None]:
        """Keep rounds going while something else is done."""
        task = asyncio.ensure_future(self._go_on()) if self._days else None
        try:
            yield
        finally:
            if task is not None:
                task.cancel()
                with contextlib.suppress(asyncio.CancelledError):
                    await task

    async def _go_on(self) -> None:
        due = datetime.now(UTC)
        while True:
            await asyncio.sleep(self._pause.total_seconds())
            now = datetime.now(UTC)
            if now < due or not (self._is_quiet() or now - due >= PATIENCE):
                continue
            try:
                await self.go_round()
            except Exception:
                log.exception("A round of checks failed; the next one goes on where it was")
            due = datetime.now(UTC) + EVERY

    async def go_round(self) -> Round:
        """Check the share of a day; raise an alarm for what is wrong, or close the one there is."""
        octets = await asyncio.to_thread(daily_share, self._session.home, self._days)
        megabytes = int(octets * AHEAD / 1e6) + 1
        done = await _verify(self._session.home.path, self._days, megabytes)
        if done.first is not None:
            await self._session.tell("raise_alarm", _alarm(done))
        else:
            # What is damaged is never found whole, so it is checked first in every round.
            kinds = [AlarmKind.DAMAGE]
            await self._session.tell("close_alarms", None, None, kinds, datetime.now(UTC))
        log.info("Checked kept bytes: %s", done.said)
        return done


async def _verify(home: Path, days: int, megabytes: int) -> Round:
    """Run one `verify` to its end; it is ended when this is cancelled."""
    nice = [shutil.which("nice") or "", "-n", "19"] if shutil.which("nice") else []
    words = ["--older-than", str(days), "--most-megabytes", str(megabytes), "--json"]
    process = await asyncio.create_subprocess_exec(
        *nice,
        *(sys.executable, "-m", "hongtou", "verify", "--home", str(home), *words),
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
    )
    try:
        out, err = await process.communicate()
    except asyncio.CancelledError:
        with contextlib.suppress(ProcessLookupError):
            process.terminate()
        await process.wait()
        raise
    faults = out.decode("utf-8", "replace").splitlines()
    said = err.decode("utf-8", "replace").strip().rpartition("\n")[2]
    if process.returncode and not faults:
        raise RuntimeError(f"verify ended with {process.returncode}: {said}")
    return Round(faults=len(faults), first=json.loads(faults[0]) if faults else None, said=said)


def _alarm(done: Round) -> Alarm:
    assert done.first is not None
    more = f" ({done.faults} faults in all)" if done.faults > 1 else ""
    where = " ".join(str(done.first[name]) for name in ("file", "record_id") if done.first[name])
    return Alarm(
        kind=AlarmKind.DAMAGE,
        raised_at=datetime.now(UTC),
        expected="the bytes that were kept",
        came=f"{where} at {done.first['offset']}: {done.first['what']}{more}",
        to_do=f"{done.first['to_do']} `hongtou verify` names every fault; "
        "`hongtou mirror DIR --check --repair` mends from a second copy.",
    )
