"""The WARCs suffice: a catalogue made again from them is the same, row by row."""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from walking import ROOT, Walked

from archive.catalogue import Catalogue
from archive.catalogue.conclusions import differences
from archive.notice import Home

pytestmark = pytest.mark.journey


@pytest.fixture
def home(walked: Walked, tmp_path: Path) -> Home:
    """A copy of the home after two crawls, to do with as one likes."""
    shutil.copytree(walked.home.path, tmp_path / "home")
    return Home(tmp_path / "home")


def _hongtou(home: Home, *words: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "hongtou", *words, "--home", str(home.path)]
    return subprocess.run(command, capture_output=True, text=True, cwd=ROOT, timeout=120)


def test_a_rebuild_gives_the_same_notices_decisions_leads_and_change_log(
    walked: Walked, home: Home
) -> None:
    done = _hongtou(home, "rebuild", "--json")
    assert done.returncode == 0, done.stderr
    assert list(differences(walked.home.catalogue_url, home.catalogue_url)) == []


def test_a_rebuild_keeps_the_book_of_runs_and_alarms(walked: Walked, home: Home) -> None:
    assert _hongtou(home, "rebuild").returncode == 0
    with (
        Catalogue.open(walked.home.catalogue_url, read_only=True) as before,
        Catalogue.open(home.catalogue_url, read_only=True) as after,
    ):
        assert before.runs()
        assert after.runs() == before.runs()
        assert after.watches() == before.watches()
        assert after.alarms(open_only=False) == before.alarms(open_only=False)


def test_a_catalogue_that_was_lost_comes_back(walked: Walked, home: Home) -> None:
    for path in home.path.glob("catalogue.sqlite*"):
        path.unlink()
    assert _hongtou(home, "rebuild").returncode == 0
    assert list(differences(walked.home.catalogue_url, home.catalogue_url)) == []


def test_check_says_what_differs_and_changes_nothing(home: Home) -> None:
    import sqlite3

    database = home.path / "catalogue.sqlite"
    with sqlite3.connect(database) as connection:
        connection.execute("UPDATE notice SET title = 'forged' WHERE seq = 1")
    done = _hongtou(home, "rebuild", "--check")
    assert done.returncode == 1
    assert "forged" in done.stdout
    assert "1 rows differ" in done.stderr
    with sqlite3.connect(database) as connection:
        assert connection.execute("SELECT title FROM notice WHERE seq = 1").fetchone() == (
            "forged",
        )
    assert not list(home.path.glob("catalogue.compared*"))


def test_captures_that_a_killed_process_left_are_taken_in_first(walked: Walked, home: Home) -> None:
    """A catalogue that has seen nothing catches up, in the order of keeping."""
    (home.path / "all-admitted").unlink()
    for path in home.path.glob("catalogue.sqlite*"):
        path.unlink()
    Catalogue.open(home.catalogue_url, create=True).close()
    nothing = home.path / "nothing.warc.gz"
    nothing.write_bytes(b"")
    done = _hongtou(home, "ingest", str(nothing))
    assert done.returncode in (0, 1)
    assert "it had kept came into the catalogue now" in done.stderr
    assert list(differences(walked.home.catalogue_url, home.catalogue_url)) == []


def test_a_rebuild_in_a_database_server_asks_for_an_empty_database(home: Home) -> None:
    home.settings_file.write_text('database_url = "postgresql://nobody@127.0.0.1:9/none"\n')
    done = _hongtou(home, "rebuild")
    assert done.returncode == 2
    assert "--into" in done.stderr
    other = home.path / "other.sqlite"
    done = _hongtou(home, "rebuild", "--into", f"sqlite:///{other}")
    assert done.returncode == 0, done.stderr
    done = _hongtou(home, "rebuild", "--into", f"sqlite:///{other}")
    assert (done.returncode, "not empty" in done.stderr) == (2, True)
    assert list(differences(home.catalogue_url, f"sqlite:///{other}")) == []
