"""Files are closed by their age and put away while nothing is kept."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from warc_paths import warc_paths

from archive.notice import CaptureFacts, Exchange, Home, Purpose
from archive.storage import WarcWriter
from scheduler.file_rounds import files_kept_up

BEGIN = datetime(2026, 11, 21, 10, tzinfo=UTC)


class Session:
    """The part of a session that rounds use; its disk may fail."""

    def __init__(self, writer: WarcWriter, *, fails: int = 0) -> None:
        self._writer, self._fails = writer, fails
        self.rounds = 0

    def close_when_due(self) -> None:
        self._writer.close_when_due()

    async def put_away(self) -> None:
        self.rounds += 1
        if self.rounds <= self._fails:
            raise OSError("the disk fails")


def _watch(session: Session, rounds: int) -> None:
    async def main() -> None:
        async with files_kept_up(session, pause=timedelta(0)):  # type: ignore[arg-type]  # a part of one
            while session.rounds < rounds:
                await asyncio.sleep(0)

    asyncio.run(asyncio.wait_for(main(), 20))


@pytest.mark.parametrize(("hours", "is_closed"), [(23, False), (25, True)])
def test_a_file_is_closed_when_it_is_old_though_nothing_comes(
    tmp_path: Path, hours: int, is_closed: bool
) -> None:
    home, now = Home(tmp_path), BEGIN
    writer = WarcWriter(home, software="x", operator="x", user_agent="x", clock=lambda: now)
    writer.write(
        Exchange(
            url="http://a.example/",
            started_at=BEGIN,
            request=b"GET / HTTP/1.1\r\n\r\n",
            response=b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok",
        ),
        CaptureFacts(purpose=Purpose.OTHER),
    )
    now += timedelta(hours=hours)
    _watch(Session(writer), 2)
    assert len(list(home.warc.rglob("*.warc.gz"))) == is_closed
    writer.close()
    assert len(list(warc_paths(home))) == 1


def test_a_round_that_fails_does_not_end_the_rounds(tmp_path: Path) -> None:
    writer = WarcWriter(Home(tmp_path), software="x", operator="x", user_agent="x")
    session = Session(writer, fails=1)
    _watch(session, 3)
    assert session.rounds >= 3
