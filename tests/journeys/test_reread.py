"""reread: a newer reader's readings are shown first, then count; no feed tells of a revision."""

from __future__ import annotations

import asyncio
import pickle
import shutil
import subprocess
import sys
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from alembic import command
from walking import ROOT, Walked

from archive import ingest
from archive.catalogue import Catalogue
from archive.catalogue.conclusions import differences
from archive.catalogue.database import Database
from archive.catalogue.rereading import ReadBefore
from archive.catalogue.schema import config_for
from archive.notice import Capture, Home, Reading
from archive.storage import read_capture
from crawler.admission import Admission
from crawler.guidance import load_guidance
from crawler.peruser import Peruser
from crawler.rereading import Reread, Rereading, Tally, apply, preview

pytestmark = pytest.mark.journey
MARK = "\n（本行由新阅读器读出）"


@pytest.fixture
def home(walked: Walked, tmp_path: Path) -> Home:
    """A copy of the home after two crawls."""
    shutil.copytree(walked.home.path, tmp_path / "home")
    return Home(tmp_path / "home")


@pytest.fixture
def newer_reader(monkeypatch: pytest.MonkeyPatch) -> None:
    """A reader that reads one line more, and an 索引号 where there was none."""
    whole = ingest.read

    def read(*args: Any, **named: Any) -> Reading:
        reading = whole(*args, **named)
        return replace(reading, text=reading.text + MARK, index_number="new", reader_version="next")

    monkeypatch.setattr(ingest, "read", read)


def _reread(home: Home, do: Callable[..., Any]) -> tuple[Tally, list[Reread]]:
    """As the command does it, with the reader of this process."""
    sources, topics = load_guidance(home)
    peruser = Peruser(sources=sources, topics=topics)

    async def peruse(capture: Capture) -> bytes:
        return pickle.dumps(peruser.peruse(capture))

    tally: Tally = Tally()
    told: list[Reread] = []

    def tell(one: Reread) -> None:
        tally.add(one)
        told.append(one)

    url = home.catalogue_url
    with Catalogue.open(url, read_only=True) as known, Catalogue.open(url) as catalogue:
        before: list[ReadBefore] = list(known.read_before())
        asyncio.run(do(Rereading(home, catalogue, peruse), before, tell))
    return tally, told


def test_the_same_reader_changes_nothing(home: Home, walked: Walked) -> None:
    tally, _ = _reread(home, apply)
    assert tally.captures > 20
    assert not any(tally.counts.values())
    assert list(differences(walked.home.catalogue_url, home.catalogue_url)) == []


def test_what_would_change_is_told_and_nothing_is_changed(
    home: Home, walked: Walked, newer_reader: None
) -> None:
    tally, told = _reread(home, preview)
    changed = [one for one in told if one.changes]
    assert tally.counts["changed"] == len(changed) == tally.fields["text"]
    assert all(one.changes["text"][1].endswith(MARK.strip()) for one in changed)
    assert all(one.changes["index_number"][1] == "new" for one in changed)
    assert list(differences(walked.home.catalogue_url, home.catalogue_url)) == []


def test_what_is_applied_counts_and_no_feed_tells_of_it(home: Home, newer_reader: None) -> None:
    with Catalogue.open(home.catalogue_url, read_only=True) as catalogue:
        before = catalogue.changes(limit=1000)
    _reread(home, apply)
    with Catalogue.open(home.catalogue_url, read_only=True) as catalogue:
        assert catalogue.changes(limit=1000) == before
        views = [catalogue.notice(change.notice_id) for change in before]
    assert all(view is not None and view.text.endswith(MARK.strip()) for view in views)
    assert not any(_reread(home, preview)[0].counts.values())


def test_a_page_that_comes_again_to_a_newer_reader_is_no_revision(
    home: Home, newer_reader: None
) -> None:
    """Only its counter of visits has changed; the two readers differ in every page."""
    sources, topics = load_guidance(home)
    peruser = Peruser(sources=sources, topics=topics)
    with Catalogue.open(home.catalogue_url) as catalogue:
        before = catalogue.changes(limit=1000)
        read = [one for one in catalogue.read_before() if one.notice_id is not None]

        def read_again(record_id: str) -> Capture | None:
            place = catalogue.place_of(record_id)
            assert place is not None
            return read_capture(home, place, find_place=catalogue.place_of)

        admission = Admission(
            catalogue=catalogue, sources=sources, topics=topics, read_again=read_again
        )
        again = [_counted(read_again(one.record_id)) for one in read]
        admission.admit_all(again, [peruser.peruse(capture) for capture in again])
        assert catalogue.changes(limit=1000) == before
        views = [catalogue.notice(change.notice_id) for change in before]
    assert all(view is not None and view.text.endswith(MARK.strip()) for view in views)


def _counted(capture: Capture | None) -> Capture:
    """The same page a year later, with other bytes outside its text."""
    assert capture is not None
    return replace(
        capture,
        record_id=f"urn:uuid:{uuid4()}",
        captured_at=capture.captured_at + timedelta(days=365),
        body=capture.body + b"<!-- 1025 -->",
        payload_digest=f"sha256:{uuid4().hex}",
    )


def test_a_page_that_was_set_aside_can_be_a_notice_after_all(
    home: Home, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Peruser, "_why_not", lambda *_: None)
    tally, told = _reread(home, preview)
    taken = [one for one in told if one.is_taken_in]
    assert tally.counts["taken in"] == len(taken) > 0
    assert all(one.before.set_aside for one in taken)


def test_the_command_shows_applies_and_is_then_content(home: Home) -> None:
    done = _hongtou(home, "reread", "--json")
    assert done.returncode == 0, done.stderr
    assert '"fields": {}' in done.stdout
    assert "all as before" in _hongtou(home, "reread", "--apply").stdout


def test_a_home_of_an_earlier_version_is_brought_up_to_date_and_read_again(home: Home) -> None:
    database = Database(home.catalogue_url, create=False, read_only=False)
    with database.writing() as connection:
        command.downgrade(config_for(connection), "0002")
    database.close()
    done = _hongtou(home, "reread", "--apply")
    assert done.returncode == 0, done.stderr
    # When unlisted pages are due again, and what files say, was not known then: a rebuild knows.
    done = _hongtou(home, "rebuild", "--check")
    kinds = {line.split(":")[0] for line in done.stdout.splitlines()}
    assert kinds <= {"sighting", "attachment_text"}, done.stderr
    assert "does not answer" not in done.stderr


def test_who_only_reads_an_older_catalogue_names_the_command_that_brings_it_up(home: Home) -> None:
    database = Database(home.catalogue_url, create=False, read_only=False)
    with database.writing() as connection:
        command.downgrade(config_for(connection), "0002")
    database.close()
    for arguments in (("status",), ("show", "巴南府办〔2024〕5号"), ("verify",)):
        done = _hongtou(home, *arguments)
        assert done.returncode != 0, arguments
        assert "`hongtou upgrade`" in done.stderr, arguments
    assert "Its pointers were not checked" in done.stderr
    assert _hongtou(home, "upgrade").stdout == "The catalogue was brought up to date.\n"
    assert _hongtou(home, "upgrade").stdout == "The catalogue is up to date.\n"
    assert _hongtou(home, "verify").returncode == 0


def test_a_source_that_there_is_not_is_told_with_the_nearest(home: Home) -> None:
    done = _hongtou(home, "reread", "--source", "harbim")
    assert done.returncode == 2
    assert "There is no source 'harbim'. Did you mean" in done.stderr


def _hongtou(home: Home, *words: str) -> subprocess.CompletedProcess[str]:
    asked = [sys.executable, "-m", "hongtou", *words, "--home", str(home.path)]
    return subprocess.run(asked, capture_output=True, text=True, cwd=ROOT, timeout=120)
