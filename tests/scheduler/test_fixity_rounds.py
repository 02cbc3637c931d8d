"""Rounds of checks: a share a day, at a quiet moment; what is damaged is an alarm until mended."""

from __future__ import annotations

import asyncio
import json
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from warc_paths import warc_paths

from archive.catalogue import Catalogue
from archive.commands import make_home
from archive.notice import AlarmKind, CaptureFacts, Exchange, Home, Purpose
from archive.storage import WarcWriter
from crawler.verifying import Verification
from scheduler.fixity_rounds import FixityRounds

BEGIN = datetime(2026, 11, 21, 10, tzinfo=UTC)


@dataclass
class Session:
    """The part of a session that rounds use, over a catalogue that is there."""

    home: Home
    settings: Any = field(default_factory=lambda: SimpleNamespace(verify_days=30))

    async def tell(self, method: str, *args: Any) -> None:
        with Catalogue.open(self.home.catalogue_url) as catalogue:
            getattr(catalogue, method)(*args)

    def alarms(self) -> list[Any]:
        with Catalogue.open(self.home.catalogue_url, read_only=True) as catalogue:
            return [row.alarm for row in catalogue.alarms()]


@pytest.fixture
def session(tmp_path: Path) -> Session:
    """A home with one closed file, last checked long ago. Its pages are robots.txt."""
    home = Home(tmp_path / "home")
    make_home(home)
    with WarcWriter(home, software="x", operator="x", user_agent="x") as writer:
        exchange = Exchange(
            url="ftp://a.example/file",  # no page: the catalogue need not know it
            started_at=BEGIN,
            request=b"GET / HTTP/1.1\r\n\r\n",
            response=b"HTTP/1.1 200 OK\r\nContent-Length: 500\r\n\r\n" + b"page " * 100,
        )
        writer.write(exchange, CaptureFacts(purpose=Purpose.ROBOTS))
    _age(home)
    return Session(home)


def _age(home: Home) -> None:
    """Have all that the journal tells of be long ago."""
    journal = home.journal / "fixity.jsonl"
    lines = [json.loads(line) for line in journal.read_text().splitlines()]
    journal.write_text(
        "".join(json.dumps(one | {"at": "2020-01-01T00:00:00Z"}) + "\n" for one in lines)
    )


def _events(home: Home) -> list[Any]:
    lines = (home.journal / "fixity.jsonl").read_text().splitlines()
    return [json.loads(line) for line in lines]


def _round(session: Session) -> Any:
    return asyncio.run(FixityRounds(session, is_quiet=lambda: True).go_round())


def test_a_round_checks_what_is_due_and_notes_it(session: Session) -> None:
    assert _round(session).faults == 0
    event = _events(session.home)[-1]
    assert (event["type"], event["outcome"]) == ("fixity check", "success")
    assert event["agent"].startswith("Hongtou/")
    assert "0 records in 0 files" in _round(session).said  # not due again


def test_damage_is_an_alarm_until_it_is_mended(session: Session) -> None:
    (path,) = warc_paths(session.home)
    whole = path.read_bytes()
    path.write_bytes(whole[:300] + bytes([whole[300] ^ 1]) + whole[301:])
    assert _round(session).faults
    (alarm,) = session.alarms()
    assert alarm.kind is AlarmKind.DAMAGE
    assert path.name in alarm.came
    assert "Restore" in alarm.to_do
    assert _events(session.home)[-1]["outcome"] == "failure"
    path.write_bytes(whole)
    assert _round(session).faults == 0
    assert session.alarms() == []


def test_a_round_waits_for_a_quiet_moment_and_ends_with_the_watch(session: Session) -> None:
    looks = [False]

    async def watch() -> None:
        rounds = FixityRounds(session, is_quiet=lambda: looks[0], pause=timedelta(milliseconds=10))
        async with rounds.kept_up():
            await asyncio.sleep(0.2)
            assert _events(session.home)[-1]["type"] == "message digest calculation"
            looks[0] = True
            for _ in range(600):
                await asyncio.sleep(0.1)
                if _events(session.home)[-1]["type"] == "fixity check":
                    return

    asyncio.run(watch())
    assert _events(session.home)[-1]["type"] == "fixity check"


def test_the_files_checked_longest_ago_come_first(session: Session) -> None:
    home = session.home
    first = warc_paths(home)[0]
    later = first.with_name(first.name.replace("hongtou-", "hongtou-9", 1))
    later.write_bytes(first.read_bytes())  # nobody has ever checked it
    verification = Verification(home, lambda _: None)
    for most, chosen in ((1, [later]), (10**9, [first, later])):
        due = verification.due(without_open=True, most_octets=most)
        assert [home.warc / volume.name for volume in due] == chosen


def test_zero_days_check_nothing(session: Session) -> None:
    session.settings.verify_days = 0

    async def watch() -> None:
        pause = timedelta(0)
        async with FixityRounds(session, is_quiet=lambda: True, pause=pause).kept_up():
            await asyncio.sleep(0.05)

    asyncio.run(watch())
    assert _events(session.home)[-1]["type"] == "message digest calculation"
