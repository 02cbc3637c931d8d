"""An archive whose WARC files lie in an object store: crawled, killed, proved and made again."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
import zipfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from object_store import BUCKET, ObjectStore, object_store
from walking import ROOT

from archive.commands import make_home
from archive.notice import Home
from archive.storage.object_depot import ObjectDepot
from crawler.replica import Replica

pytestmark = [pytest.mark.journey, pytest.mark.xdist_group("depot")]

KEYS = {
    "AWS_ACCESS_KEY_ID": "test",
    "AWS_SECRET_ACCESS_KEY": "test",
    "AWS_DEFAULT_REGION": "us-east-1",
}


@pytest.fixture(scope="module")
def store() -> Iterator[ObjectStore]:
    with pytest.MonkeyPatch.context() as patch:
        for name, value in KEYS.items():
            patch.setenv(name, value)
        with object_store() as store:
            yield store


@pytest.fixture(scope="module")
def settings(store: ObjectStore) -> Iterator[dict[str, str]]:
    """The environment of a crawl that dials a replica web."""
    with Replica() as replica:
        yield {
            **os.environ,
            **KEYS,
            "HONGTOU_DIAL": replica.dial,
            "HONGTOU_CA_FILE": str(replica.ca_file),
            "HONGTOU_HOST_DELAY_SECONDS": "0",
            "HONGTOU_WARC_DEPOT": f"s3://{BUCKET}/archive",
            "HONGTOU_WARC_DEPOT_ENDPOINT": store.endpoint,
        }


@pytest.fixture
def home(tmp_path: Path) -> Home:
    home = Home(tmp_path / "home")
    make_home(home)
    return home


def _hongtou(settings: dict[str, str], home: Home, *words: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "hongtou", *words, "--home", str(home.path)]
    return subprocess.run(
        command, cwd=ROOT, env=settings, capture_output=True, text=True, timeout=120
    )


def _kill_in_the_middle(settings: dict[str, str], home: Home) -> None:
    command = [sys.executable, "-m", "hongtou", "crawl", "banan", "harbin", "--home"]
    process = subprocess.Popen(
        [*command, str(home.path)], cwd=ROOT, env=settings, start_new_session=True,
        stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
    )  # fmt: skip
    patience = time.monotonic() + 60
    while time.monotonic() < patience and process.poll() is None:
        if any(path.stat().st_size > 20_000 for path in home.warc.rglob("*.open")):
            break
        time.sleep(0.01)
    os.killpg(process.pid, signal.SIGKILL)
    process.wait()


def _here(home: Home) -> list[str]:
    return [path.name for path in home.warc.rglob("*.warc.gz*") if ".cut-" not in path.name]


def test_an_archive_in_a_store_gives_the_answers_of_one_in_a_folder(
    settings: dict[str, str], home: Home, store: ObjectStore, tmp_path: Path
) -> None:
    _kill_in_the_middle(settings, home)
    done = _hongtou(settings, home, "crawl", "banan", "harbin")
    assert done.returncode == 0, done.stderr
    assert not _here(home)
    depot = ObjectDepot(settings["HONGTOU_WARC_DEPOT"], store.endpoint)
    assert len(depot.listing()) >= 2
    for words in (("verify",), ("rebuild", "--check")):
        done = _hongtou(settings, home, *words)
        assert done.returncode == 0, done.stdout + done.stderr

    # A mirror is the same archive in a folder, and gives the same index for replay.
    second = Home(tmp_path / "second")
    done = _hongtou(settings, home, "mirror", str(second.path), "--check")
    assert done.returncode == 0, done.stderr
    alone = {name: value for name, value in settings.items() if "DEPOT" not in name}
    indexes = []
    for where, at in ((settings, home), (alone, second)):
        done = _hongtou(where, at, "cdxj")
        assert done.returncode == 0, done.stderr
        indexes.append(Path(done.stdout.strip()).read_text())
    assert indexes[0] == indexes[1] != ""
    package = tmp_path / "all.wacz"
    assert _hongtou(settings, home, "export", "-o", str(package)).returncode == 0
    with zipfile.ZipFile(package) as packed:
        assert any(name.startswith("archive/") for name in packed.namelist())

    # The store loses a file; the mirror mends it. It waits in the home for the next crawl.
    bad = min(depot.listing())
    depot.take_down(bad)
    assert _hongtou(settings, home, "verify").returncode == 1
    done = _hongtou(settings, home, "mirror", str(second.path), "--check", "--repair", "--json")
    assert json.loads(done.stdout)["mended"] == 1
    assert _here(home) == [Path(bad).name]


def test_a_store_that_does_not_answer_stops_no_crawl(
    settings: dict[str, str], home: Home, store: ObjectStore
) -> None:
    settings = {**settings, "HONGTOU_WARC_DEPOT": f"s3://{BUCKET}/second"}
    assert _hongtou(settings, home, "crawl", "banan").returncode == 0
    assert not _here(home)
    silent = {**settings, "HONGTOU_WARC_DEPOT_ENDPOINT": "http://127.0.0.1:9"}
    done = _hongtou(silent, home, "crawl", "banan", "harbin", "--recheck")
    assert done.returncode == 0, done.stderr
    assert "stay in the home" in done.stderr
    assert len(_here(home)) == 1
    state = json.loads(_hongtou(silent, home, "status", "--json").stdout)
    assert state["depot"]["waiting"] == 1
    assert [alarm["kind"] for alarm in state["alarms"]] == ["unreachable"]
    done = _hongtou(silent, home, "verify")
    assert done.returncode == 1
    assert "what lies there was not checked" in done.stdout
    assert _hongtou(silent, home, "rebuild").returncode != 0  # and the old catalogue stays
    done = _hongtou(settings, home, "put-away", "--json")
    assert json.loads(done.stdout) == {"done": 1, "waiting": 0}
    assert not _here(home)
    done = _hongtou(settings, home, "rebuild", "--check")
    assert done.returncode == 0, done.stdout + done.stderr
