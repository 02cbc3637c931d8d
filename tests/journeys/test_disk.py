"""Real disks: one that fills up in the middle of a crawl, and one that cannot be written."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from walking import ROOT, Walked

from archive.commands import make_home
from archive.notice import Home
from archive.storage import Damage, Fixity, Holdings, index_lines
from archive.storage.fixity_journal import FixityJournal
from archive.storage.mirror import NOTED_THERE
from crawler.replica import Replica

pytestmark = [pytest.mark.journey, pytest.mark.xdist_group("disk")]
DISK = 12_000_000  # octets

Mount = Callable[..., None]


@pytest.fixture
def mount() -> Iterator[Mount]:
    """Mounts, where this process may; everything is unmounted at the end."""
    mounted: list[Path] = []

    def do(place: Path, *words: str) -> None:
        done = subprocess.run(["mount", *words, str(place)], capture_output=True, text=True)
        if done.returncode:
            pytest.skip(f"mounting is not possible here: {done.stderr.strip()}")
        if place not in mounted:
            mounted.append(place)

    if not shutil.which("mount"):
        pytest.skip("there is no mount")
    yield do
    for place in reversed(mounted):
        subprocess.run(["umount", str(place)], check=True)


@pytest.fixture(scope="module")
def replica() -> Iterator[dict[str, str]]:
    """The environment of a crawl that dials a replica web."""
    with Replica() as web:
        yield {
            **os.environ,
            "HONGTOU_DIAL": web.dial,
            "HONGTOU_CA_FILE": str(web.ca_file),
            "HONGTOU_HOST_DELAY_SECONDS": "0",
        }


def _hongtou(
    home: Home, *words: str, settings: dict[str, str] | None = None
) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "hongtou", *words, "--home", str(home.path)]
    return subprocess.run(
        command, cwd=ROOT, env=settings, capture_output=True, text=True, timeout=180
    )


def _is_one_sentence(done: subprocess.CompletedProcess[str]) -> bool:
    told = [line for line in done.stderr.splitlines() if line.startswith("hongtou: ")]
    return len(told) == 1 and "Traceback" not in done.stderr and "bug" not in done.stderr


@pytest.mark.parametrize("left", [30_000, 250_000])
def test_a_disk_that_fills_up_ends_the_crawl_in_one_sentence_and_room_lets_it_go_on(
    tmp_path: Path, mount: Mount, replica: dict[str, str], left: int
) -> None:
    mount(tmp_path, "-t", "tmpfs", "-o", f"size={DISK}", "tmpfs")
    home = Home(tmp_path / "home")
    make_home(home)
    filler = tmp_path / "filler"
    room = os.statvfs(tmp_path)
    filler.write_bytes(bytes(room.f_bavail * room.f_frsize - left))
    full = _hongtou(home, "crawl", "banan", "harbin", settings=replica)
    assert full.returncode == 3, full.stderr
    assert _is_one_sentence(full), full.stderr
    filler.unlink()
    again = _hongtou(home, "crawl", "banan", "harbin", settings=replica)
    assert again.returncode == 0, again.stderr
    damages: list[Damage] = []
    fixity = Fixity(home, damages.append)
    fixity.check_files(Holdings(home).volumes())
    fixity.check_links()
    assert damages == []
    same = _hongtou(home, "rebuild", "--check")
    assert same.returncode == 0, same.stdout + same.stderr


@pytest.fixture
def read_only(walked: Walked, tmp_path: Path, mount: Mount) -> Home:
    """A home after two crawls, on a disk that cannot be written."""
    shutil.copytree(walked.home.path, tmp_path / "home")
    mount(tmp_path / "home", "--bind", str(tmp_path / "home"))
    mount(tmp_path / "home", "-o", "remount,bind,ro")
    return Home(tmp_path / "home")


@pytest.mark.parametrize(
    "words",
    [
        ("crawl", "banan"),
        ("rebuild",),
        ("reread", "--apply"),
        ("ingest", "pyproject.toml", "--url", "http://a.example/"),
    ],
)
def test_what_writes_says_in_one_sentence_that_it_cannot(
    read_only: Home, replica: dict[str, str], words: tuple[str, ...]
) -> None:
    done = _hongtou(read_only, *words, settings=replica)
    assert done.returncode == 3, done.stderr
    assert _is_one_sentence(done), done.stderr


@pytest.mark.parametrize(
    "words", [("status",), ("search", "改革"), ("explain", "http://a.example/")]
)
def test_what_only_reads_reads(read_only: Home, words: tuple[str, ...]) -> None:
    done = _hongtou(read_only, *words)
    assert "unable to open" not in done.stderr
    assert _is_one_sentence(done) or "hongtou: " not in done.stderr
    assert "cannot be written" not in done.stderr


def test_a_check_says_that_its_events_are_not_kept(read_only: Home) -> None:
    before = (read_only.journal / "fixity.jsonl").read_bytes()
    done = _hongtou(read_only, "verify")
    assert done.returncode == 0, done.stdout + done.stderr
    assert "events of this check are not kept" in done.stderr
    assert (read_only.journal / "fixity.jsonl").read_bytes() == before


def test_the_index_for_replay_is_printed_where_it_cannot_be_kept(read_only: Home) -> None:
    done = _hongtou(read_only, "cdxj")
    assert done.returncode == 0, done.stderr
    assert done.stdout.splitlines() == list(index_lines(read_only))
    assert "not kept" in done.stderr


def test_a_copy_is_made_of_a_home_that_cannot_be_written(read_only: Home, tmp_path: Path) -> None:
    copy = tmp_path / "copy"
    done = _hongtou(read_only, "mirror", str(copy))
    assert done.returncode == 0, done.stderr
    assert str(copy / NOTED_THERE) in done.stderr
    again = _hongtou(read_only, "mirror", str(copy), "--check", "--json")
    files = FixityJournal(read_only).manifest()
    assert json.loads(again.stdout) == {"stands": len(files)}
    noted = FixityJournal(Home(copy), path=copy / NOTED_THERE).events()
    assert {event.file for event in noted} == set(files)
    journal = (read_only.journal / "fixity.jsonl").read_bytes()
    assert (copy / "journal" / "fixity.jsonl").read_bytes() == journal
