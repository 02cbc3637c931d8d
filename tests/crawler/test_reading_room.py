"""Reading processes: what a page does to its reader costs that page, and order is the asker's."""

from __future__ import annotations

import asyncio
import os
import pickle
import time
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from archive.commands import make_home
from archive.errors import BadTopicFile, HongtouError
from archive.notice import Capture, CaptureFacts, Home, Place, Purpose
from crawler.companion import Companion, CompanionDied
from crawler.perusal import Perusal
from crawler.reading_room import ReadingOrder, ReadingRoom, readers_for_this_machine


class Unportable(Exception):
    """An error that cannot be pickled back: its arguments are not what it is made from."""

    def __init__(self, one: str, two: str) -> None:
        super().__init__(f"{one} and {two}")


class Parrot:
    """A desk that repeats what it is asked, and does what it is told to."""

    def answer(self, question: tuple[Any, ...]) -> Any:
        match question:
            case ("die",):
                os._exit(9)
            case ("sleep",):
                time.sleep(60)
            case ("raise", error):
                raise error
            case ("raise unportable",):
                raise Unportable("this", "that")
        return (os.getpid(), question)

    def close(self) -> None:
        """Nothing is held."""


def open_parrot(order: object) -> Parrot:
    if order == "broken":
        raise BadTopicFile("a topic says something wrong")
    return Parrot()


def test_a_companion_answers_and_is_started_anew_after_it_died() -> None:
    async def talk() -> None:
        companion = Companion(open_parrot, None, name="parrot")
        first, said = await companion.ask(("hello",), 30)
        assert said == ("hello",)
        with pytest.raises(CompanionDied, match="ended its process"):
            await companion.ask(("die",), 30)
        with pytest.raises(CompanionDied, match="took too long"):
            await companion.ask(("sleep",), 0.2)
        second, _ = await companion.ask(("hello",), 30)
        assert second != first
        await companion.stop()

    asyncio.run(talk())


def test_errors_of_a_companion_are_raised_here_at_least_in_words() -> None:
    async def talk() -> None:
        companion = Companion(open_parrot, None, name="parrot")
        with pytest.raises(ValueError, match="no such page"):
            await companion.ask(("raise", ValueError("no such page")), 30)
        with pytest.raises(HongtouError, match="Unportable: this and that"):
            await companion.ask(("raise unportable",), 30)
        await companion.stop()

    asyncio.run(talk())


def test_what_a_companion_cannot_begin_without_is_said_at_its_start() -> None:
    with pytest.raises(BadTopicFile):
        asyncio.run(Companion(open_parrot, "broken", name="parrot").start())


@pytest.fixture
def home(tmp_path: Path) -> Home:
    home = Home(tmp_path / "home")
    make_home(home)
    return home


def capture(number: int, body: bytes, purpose: Purpose = Purpose.NOTICE) -> Capture:
    return Capture(
        record_id=f"urn:uuid:{number}",
        url=f"http://www.example.gov.cn/{number}.html",
        captured_at=datetime(2024, 4, 1, tzinfo=UTC),
        status=200,
        headers=(("Content-Type", "text/html; charset=utf-8"),),
        body=body,
        payload_digest=f"sha256:{number:064d}",
        place=Place(file="a.warc.gz", offset=number, length=1),
        facts=CaptureFacts(purpose=purpose),
    )


def page(number: int) -> bytes:
    title = f"关于深化医药卫生体制改革第{number}项工作的通知"
    body = (
        f"<p>各区县卫生健康委：</p><p>现将第{number}项医改工作要求印发给你们，请认真执行。</p>" * 3
    )
    return f"<html><title>{title}</title><h1>{title}</h1>{body}</html>".encode()


def test_many_readers_read_side_by_side_and_each_answer_is_for_its_own_page(home: Home) -> None:
    async def read() -> list[Perusal]:
        room = ReadingRoom(ReadingOrder(home=home), readers=2, page_seconds=30)
        await room.start()
        asked = [room.peruse(capture(number, page(number))) for number in range(12)]
        answers = await asyncio.gather(*asked)
        await room.stop()
        return [pickle.loads(answer) for answer in answers]

    perusals = asyncio.run(read())
    for number, perusal in enumerate(perusals):
        assert perusal.is_page
        assert perusal.reading is not None
        assert f"第{number}项" in (perusal.reading.title or "")
        assert perusal.fingerprint is not None


def test_a_file_and_a_robots_txt_are_evidence_and_nothing_is_read_from_them(home: Home) -> None:
    async def read() -> Perusal:
        room = ReadingRoom(ReadingOrder(home=home), readers=1, page_seconds=30)
        answer = await room.peruse(capture(1, b"User-agent: *\n", Purpose.ROBOTS))
        await room.stop()
        perusal = pickle.loads(answer)
        assert isinstance(perusal, Perusal)
        return perusal

    assert asyncio.run(read()) == Perusal()


def test_a_page_that_holds_its_reader_too_long_is_told_as_such(home: Home) -> None:
    async def read() -> Perusal:
        room = ReadingRoom(ReadingOrder(home=home), readers=1, page_seconds=0.000_001)
        answer = await room.peruse(capture(1, page(1)))
        await room.stop()
        perusal = pickle.loads(answer)
        assert isinstance(perusal, Perusal)
        return perusal

    assert asyncio.run(read()).killed == "Reading it took too long."


def test_there_is_always_a_reader() -> None:
    assert 1 <= readers_for_this_machine() <= 8
