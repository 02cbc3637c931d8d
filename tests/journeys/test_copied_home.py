"""A home that is copied while a crawl writes in it: the copy is whole, or is made so."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from walking import ROOT

from archive.catalogue import Catalogue
from archive.commands import make_home
from archive.notice import Home
from crawler.replica import Replica

pytestmark = [pytest.mark.journey, pytest.mark.xdist_group("copied")]
SOURCES = ("banan", "harbin")


@pytest.fixture(scope="module")
def dialled() -> Iterator[dict[str, str]]:
    """The environment of a crawl that dials a replica web, slowly."""
    with Replica() as web:
        yield {
            **os.environ,
            "HONGTOU_DIAL": web.dial,
            "HONGTOU_CA_FILE": str(web.ca_file),
            "HONGTOU_HOST_DELAY_SECONDS": "0.1",
        }


def _command(home: Path, *words: str) -> list[str]:
    return [sys.executable, "-m", "hongtou", *words, "--home", str(home)]


def _run(home: Path, *words: str, env: dict[str, str]) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        _command(home, *words), cwd=ROOT, env=env, capture_output=True, text=True, timeout=180
    )


def test_a_copy_recovers_verifies_rebuilds_and_ends_as_the_home_did(
    tmp_path: Path, dialled: dict[str, str]
) -> None:
    home, copy = Home(tmp_path / "home"), tmp_path / "copy"
    make_home(home)
    crawl = subprocess.Popen(
        _command(home.path, "crawl", *SOURCES), cwd=ROOT, env=dialled, stdout=subprocess.DEVNULL
    )
    while not list(home.path.rglob("*.open")):
        assert crawl.poll() is None
        time.sleep(0.02)
    time.sleep(0.6)
    done = subprocess.run(["cp", "-a", str(home.path), str(copy)], capture_output=True, check=False)
    assert done.returncode in (0, 1)  # a file that is renamed just then may be missing
    assert crawl.wait(120) == 0

    again = _run(copy, "crawl", *SOURCES, env=dialled)
    assert again.returncode == 0, again.stderr
    checked = _run(copy, "verify", env=dialled)
    assert checked.returncode == 0, checked.stdout + checked.stderr
    same = _run(copy, "rebuild", "--check", env=dialled)
    assert same.returncode == 0, same.stdout + same.stderr
    with Catalogue.open(home.catalogue_url, read_only=True) as catalogue:
        notices = catalogue.count_notices()
    with Catalogue.open(Home(copy).catalogue_url, read_only=True) as catalogue:
        assert catalogue.count_notices() == notices
