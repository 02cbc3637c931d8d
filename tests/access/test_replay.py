"""Replay through pywb: pages as they were, Memento, on this machine alone.

Skipped where the extra `replay` is not installed.
"""

from __future__ import annotations

import importlib.util
import re
import shutil
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from dataclasses import dataclass
from email.message import Message
from pathlib import Path

import pytest
from kept_notices import Made, fill

from archive.notice import Home

pytestmark = pytest.mark.skipif(
    importlib.util.find_spec("pywb") is None, reason="pywb is not installed"
)

PAGE = "http://www.cqbn.gov.cn/t1.html"
ROOT = Path(__file__).parent.parent.parent


@dataclass(frozen=True)
class Answer:
    """What the replay said."""

    status: int
    headers: Message
    body: bytes

    def links(self) -> dict[str, str]:
        """The first link of each relation."""
        found = re.findall(r'<([^>]+)>; rel="([^"]+)"', self.headers.get("Link", ""))
        return {rel: url for url, rel in reversed(found)}


class Replay:
    """A replay that is running."""

    def __init__(self, home: Home) -> None:
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            self.port = int(free.getsockname()[1])
        command = [sys.executable, "-m", "hongtou", "replay", "--home", str(home.path)]
        self.process = subprocess.Popen(
            [*command, "--port", str(self.port)],
            cwd=ROOT,
            stderr=subprocess.PIPE,
            stdout=subprocess.PIPE,
        )

    def get(self, path: str, **headers: str) -> Answer:
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        url = f"http://127.0.0.1:{self.port}/{path}"
        try:
            with urllib.request.urlopen(urllib.request.Request(url, headers=named)) as said:
                return Answer(said.status, said.headers, said.read())
        except urllib.error.HTTPError as error:
            with error:
                return Answer(error.code, error.headers, error.read())

    def wait(self) -> None:
        """Until it answers."""
        for _ in range(600):
            assert self.process.poll() is None, self.process.communicate()
            try:
                self.get("hongtou/")
                return
            except OSError:
                time.sleep(0.2)
        raise AssertionError("the replay did not answer")


@pytest.fixture(scope="module")
def kept(tmp_path_factory: pytest.TempPathFactory) -> tuple[Home, Made]:
    home = Home(tmp_path_factory.mktemp("replay") / "home")
    return home, fill(home)


@pytest.fixture(scope="module")
def replay(kept: tuple[Home, Made]) -> Iterator[Replay]:
    running = Replay(kept[0])
    try:
        running.wait()
        yield running
    finally:
        running.process.kill()
        running.process.communicate()


def test_a_page_is_shown_as_it_was_at_its_moment(replay: Replay) -> None:
    first = replay.get(f"hongtou/20240401011233id_/{PAGE}")
    revised = replay.get(f"hongtou/20240401011733id_/{PAGE}")
    page = '<html><meta charset="utf-8">关于第1件事的通知\n推进医共体改革，第1条。</html>'
    assert first.body.decode() == page
    assert "改为医联体" in revised.body.decode()
    assert "推进医共体改革" in replay.get(f"hongtou/20240401011233/{PAGE}").body.decode()


def test_what_is_being_written_is_shown_before_and_after_its_file_is_closed(
    kept: tuple[Home, Made], tmp_path: Path
) -> None:
    home = Home(tmp_path / "home")
    shutil.copytree(kept[0].path, home.path)
    paths = list(home.warc.rglob("*.warc.gz"))
    for path in paths:
        path.rename(f"{path}.open")
    shutil.rmtree(home.path / "cdxj", ignore_errors=True)
    running = Replay(home)
    try:
        running.wait()
        before = running.get(f"hongtou/20240401011233id_/{PAGE}")
        for path in paths:
            Path(f"{path}.open").rename(path)
        after = running.get(f"hongtou/20240401011233id_/{PAGE}")
    finally:
        running.process.kill()
        running.process.communicate()
    assert (before.status, after.status) == (200, 200)
    assert "推进医共体改革" in before.body.decode()
    assert after.body == before.body


def test_a_copy_kept_as_revisit_shows_what_it_refers_to(replay: Replay) -> None:
    answer = replay.get("hongtou/20240401011333id_/http://www.ylqxzb.com/t1.html")
    assert "推进医共体改革" in answer.body.decode()
    assert answer.headers["Memento-Datetime"] == "Mon, 01 Apr 2024 01:13:33 GMT"


def test_a_memento_names_its_moment_its_original_and_its_lists(replay: Replay) -> None:
    answer = replay.get(f"hongtou/20240401011233id_/{PAGE}")
    assert answer.headers["Memento-Datetime"] == "Mon, 01 Apr 2024 01:12:33 GMT"
    links = answer.links()
    assert links["original"] == PAGE
    assert links["timegate"].endswith(f"/hongtou/{PAGE}")
    assert links["timemap"].endswith(f"/hongtou/timemap/link/{PAGE}")


@pytest.mark.parametrize(
    ("asked", "shown"),
    [
        ("Mon, 01 Apr 2024 01:13:00 GMT", "Mon, 01 Apr 2024 01:12:33 GMT"),
        ("Fri, 01 Jan 2010 00:00:00 GMT", "Mon, 01 Apr 2024 01:12:33 GMT"),
        ("Tue, 01 Jan 2030 00:00:00 GMT", "Mon, 01 Apr 2024 01:17:33 GMT"),
    ],
)
def test_the_timegate_gives_the_nearest_capture(replay: Replay, asked: str, shown: str) -> None:
    answer = replay.get(f"hongtou/{PAGE}", Accept_Datetime=asked)
    assert answer.status == 200
    assert answer.headers["Memento-Datetime"] == shown
    assert "accept-datetime" in answer.headers.get("Vary", "").lower()


def test_the_timemap_lists_the_captures_without_the_304(replay: Replay) -> None:
    answer = replay.get(f"hongtou/timemap/link/{PAGE}")
    assert answer.headers.get_content_type() == "application/link-format"
    moments = re.findall(
        r'rel="(?:first |last )?memento"; datetime="([^"]+)"', answer.body.decode()
    )
    assert moments == ["Mon, 01 Apr 2024 01:12:33 GMT", "Mon, 01 Apr 2024 01:17:33 GMT"]


def test_what_was_not_kept_is_not_found(replay: Replay) -> None:
    assert replay.get("hongtou/mp_/http://nowhere.gov.cn/").status == 404


def test_only_this_machine_is_listened_to(replay: Replay) -> None:
    with socket.socket() as other:
        other.settimeout(2)
        assert other.connect_ex(("127.0.0.2", replay.port)) != 0


def test_ctrl_c_ends_it_and_leaves_nothing_behind(kept: tuple[Home, Made]) -> None:
    running = Replay(kept[0])
    running.wait()
    running.process.send_signal(signal.SIGINT)
    _, said = running.process.communicate(timeout=30)
    assert b"Traceback" not in said
    assert running.process.returncode in (0, 130)
    with socket.socket() as port:
        assert port.connect_ex(("127.0.0.1", running.port)) != 0


def test_a_port_that_is_taken_is_told(kept: tuple[Home, Made]) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        command = [sys.executable, "-m", "hongtou", "replay", "--home", str(kept[0].path)]
        port = str(taken.getsockname()[1])
        done = subprocess.run([*command, "--port", port], cwd=ROOT, capture_output=True, timeout=60)
    assert b"Traceback" not in done.stderr
    assert done.returncode == 1
    assert port.encode() in done.stderr
