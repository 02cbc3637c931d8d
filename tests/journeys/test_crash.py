"""Killed, on a full disk, beside another process: nothing kept is harmed, nothing is lost."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from walking import ROOT

from archive.commands import make_home
from archive.notice import Home
from archive.storage import Damage, Fixity, Holdings, HomeLock
from crawler.replica import Replica

pytestmark = [pytest.mark.journey, pytest.mark.xdist_group("crash")]

#: Lets the crawler's process write files up to a size, once its archive process is running.
LIMIT_WARC = """
import resource, sys
from crawler.session import Session
whole = Session._open
async def limited(self):
    await whole(self)
    resource.setrlimit(resource.RLIMIT_FSIZE, ({octets}, {octets}))
Session._open = limited
import hongtou
sys.argv = ["hongtou", *{words!r}]
hongtou.main()
"""
#: Lets both processes do so from the start: the catalogue's files are the larger.
LIMIT_ALL = """
import resource, sys
resource.setrlimit(resource.RLIMIT_FSIZE, ({octets}, {octets}))
import hongtou
sys.argv = ["hongtou", *{words!r}]
hongtou.main()
"""
#: Kills the reading process whenever it reads a page with these words.
DEADLY = """
import os
from archive import ingest
read = ingest.read
def deadly(capture, *rest, **named):
    if {url!r} in capture.url:
        os._exit(9)
    return read(capture, *rest, **named)
ingest.read = deadly
"""
#: Kills the archive process once, after it has recorded a list and before it can say so.
DEADLY_LIST = """
import os
from pathlib import Path
from crawler.admission import Admission
take = Admission._take_list
def deadly(self, capture, listing):
    admitted = take(self, capture, listing)
    mark = Path({mark!r})
    if not mark.exists():
        mark.touch()
        os._exit(9)
    return admitted
Admission._take_list = deadly
"""


@pytest.fixture(scope="module")
def settings() -> Iterator[dict[str, str]]:
    """The environment of a crawl that dials a replica web."""
    with Replica() as replica:
        yield {
            **os.environ,
            "HONGTOU_DIAL": replica.dial,
            "HONGTOU_CA_FILE": str(replica.ca_file),
            "HONGTOU_HOST_DELAY_SECONDS": "0",
        }


@pytest.fixture
def home(tmp_path: Path) -> Home:
    """A new home."""
    home = Home(tmp_path / "home")
    make_home(home)
    return home


def _run(
    settings: dict[str, str], program: str, **said: object
) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-c", program.format(**said)]
    return subprocess.run(
        command, cwd=ROOT, env=settings, capture_output=True, text=True, timeout=120
    )


def _with(settings: dict[str, str], folder: Path, program: str) -> dict[str, str]:
    """The environment in which every Python runs a program at its start."""
    guard = Path(__file__).parent.parent / "network_guard" / "sitecustomize.py"
    shutil.copy(guard, folder / "guard.py")
    (folder / "sitecustomize.py").write_text(f"import guard\n{program}")
    return {**settings, "PYTHONPATH": f"{folder}{os.pathsep}{ROOT}"}


def _crawl(settings: dict[str, str], home: Home) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "hongtou", "crawl", "banan", "harbin", "--home"]
    return subprocess.run(
        [*command, str(home.path)], cwd=ROOT, env=settings, capture_output=True, text=True,
        timeout=120,
    )  # fmt: skip


def _faults(home: Home) -> list[Damage]:
    faults: list[Damage] = []
    fixity = Fixity(home, faults.append)
    fixity.check_files(Holdings(home).volumes())
    fixity.check_links()
    return faults


def _is_rebuilt_the_same(home: Home) -> bool:
    command = [sys.executable, "-m", "hongtou", "rebuild", "--check", "--home", str(home.path)]
    return subprocess.run(command, cwd=ROOT, capture_output=True, timeout=120).returncode == 0


@pytest.mark.parametrize(("program", "octets"), [(LIMIT_WARC, 20_000), (LIMIT_ALL, 700_000)])
def test_a_full_disk_ends_the_crawl_with_one_sentence_and_harms_nothing(
    home: Home, settings: dict[str, str], program: str, octets: int
) -> None:
    words = ["crawl", "banan", "harbin", "--home", str(home.path)]
    done = _run(settings, program, octets=octets, words=words)
    assert done.returncode == 3, done.stderr
    assert "Traceback" not in done.stderr
    assert done.stderr.splitlines()[-1].startswith("hongtou: ")
    again = _crawl(settings, home)
    assert again.returncode == 0, again.stderr
    assert _faults(home) == []
    assert _is_rebuilt_the_same(home)


def test_a_page_that_kills_its_reader_is_set_aside_and_the_others_are_taken(
    home: Home, settings: dict[str, str], tmp_path: Path
) -> None:
    environment = _with(settings, tmp_path, DEADLY.format(url="t20240329_13083322.html"))
    done = _crawl(environment, home)
    assert done.returncode == 0, done.stderr
    from archive.catalogue import Catalogue

    with Catalogue.open(home.catalogue_url, read_only=True) as catalogue:
        reasons = {row.reason for row in catalogue.set_asides(limit=1000)}
        assert "Reading it ended its process." in reasons
        assert catalogue.count_notices() > 3


def test_a_list_recorded_by_a_process_that_dies_is_followed_to_its_next_page(
    home: Home, settings: dict[str, str], tmp_path: Path
) -> None:
    other = Home(tmp_path / "other")
    make_home(other)
    assert _crawl(settings, other).returncode == 0
    mark = tmp_path / "mark"
    environment = _with(settings, tmp_path, DEADLY_LIST.format(mark=str(mark)))
    assert _crawl(environment, home).returncode == 0
    assert mark.exists()
    from archive.catalogue import Catalogue

    with (
        Catalogue.open(home.catalogue_url, read_only=True) as here,
        Catalogue.open(other.catalogue_url, read_only=True) as there,
    ):
        assert here.count_notices() == there.count_notices()
        assert len(here.set_asides(limit=1000)) == len(there.set_asides(limit=1000))


def test_a_second_process_is_refused_and_told_who_holds_the_home(
    home: Home, settings: dict[str, str]
) -> None:
    with HomeLock(home):
        done = _crawl(settings, home)
    assert done.returncode == 3
    assert f"process {os.getpid()}" in done.stderr


def test_a_home_that_is_missing_or_newer_is_refused_in_one_sentence(
    home: Home, settings: dict[str, str], tmp_path: Path
) -> None:
    import sqlite3

    missing = _crawl(settings, Home(tmp_path / "nowhere"))
    assert (missing.returncode, missing.stderr.count("\n")) == (3, 1)
    with sqlite3.connect(home.path / "catalogue.sqlite") as connection:
        connection.execute("UPDATE alembic_version SET version_num = '9999'")
    newer = _crawl(settings, home)
    assert (newer.returncode, newer.stderr.count("\n")) == (3, 1)
    assert "9999. Upgrade" in newer.stderr


def test_killed_crawls_lose_and_double_nothing(tmp_path: Path) -> None:
    """A short form of benchmarks/kill_crawls.py, which does this hundreds of times.

    In a process of its own: it forks, and the threads that libraries have begun in this one (by
    whatever test ran before) do not live on in a fork.
    """
    program = [sys.executable, str(ROOT / "benchmarks" / "kill_crawls.py")]
    asked = ["3", "--a-home", "3", "--seed", "7", "--keep", str(tmp_path)]
    done = subprocess.run([*program, *asked], capture_output=True, text=True, timeout=300)
    assert done.returncode == 0, done.stdout + done.stderr
    assert done.stdout.endswith("0 lost, 0 doubled, 0 unreadable, 0 other faults\n")
