"""What the server sent is what the WARCs hold, byte for byte."""

from __future__ import annotations

import importlib.util
import json
import shutil
import sqlite3
import subprocess
import sys
from collections import Counter
from pathlib import Path

import pytest
from walking import ROOT, Walked
from warcio.archiveiterator import ArchiveIterator

from archive.notice import Home
from archive.storage import index_lines

pytestmark = pytest.mark.journey


def _files(walked: Walked) -> list[Path]:
    return sorted(walked.home.warc.rglob("*.warc.gz"))


def _blocks(walked: Walked, kind: str) -> Counter[bytes]:
    """Every block of a record type, headers and body as written."""
    found: Counter[bytes] = Counter()
    for path in _files(walked):
        with path.open("rb") as stream:
            for record in ArchiveIterator(stream, no_record_parse=True):
                if record.rec_type == kind:
                    found[record.raw_stream.read()] += 1
    return found


def test_no_file_is_left_open(walked: Walked) -> None:
    assert _files(walked)
    assert not list(walked.home.warc.rglob("*.open"))


def test_every_request_is_kept_as_it_was_sent(walked: Walked) -> None:
    assert _blocks(walked, "request") == Counter(one.request for one in walked.sent)


def test_every_response_is_kept_as_it_was_received(walked: Walked) -> None:
    """Of a revisit the head is kept; the body is the original's, kept before."""
    kept = _blocks(walked, "response")
    heads = _blocks(walked, "revisit")
    for one in walked.sent:
        head = one.response.partition(b"\r\n\r\n")[0] + b"\r\n\r\n"
        assert kept[one.response] or heads[head] or heads[one.response], one.path


def test_warcio_finds_nothing_wrong(walked: Walked) -> None:
    check = Path(sys.executable).parent / "warcio"
    for path in _files(walked):
        done = subprocess.run([check, "check", str(path)], capture_output=True, text=True)
        assert done.returncode == 0, done.stdout


@pytest.fixture
def copy(walked: Walked, tmp_path: Path) -> Home:
    """The home, to be damaged."""
    shutil.copytree(walked.home.path, tmp_path / "home")
    return Home(tmp_path / "home")


def _verify(home: Home, *words: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "hongtou", "verify", "--json", *words]
    return subprocess.run(
        [*command, "--home", str(home.path)], capture_output=True, text=True, cwd=ROOT
    )


def _change(home: Home, statement: str) -> None:
    with sqlite3.connect(home.path / "catalogue.sqlite") as connection:
        assert connection.execute(statement).rowcount == 1


def test_verify_finds_every_row_and_every_record_in_its_place(copy: Home) -> None:
    done = _verify(copy)
    assert (done.returncode, done.stdout) == (0, ""), done.stdout


@pytest.mark.parametrize(
    ("statement", "what"),
    [
        (
            "UPDATE capture SET offset = offset + 1 WHERE rowid = 5",
            "the catalogue points there, and no such record begins there",
        ),
        (
            "DELETE FROM capture WHERE rowid = 1 AND purpose = 'robots'",
            "the catalogue does not know this record",
        ),
    ],
)
def test_verify_finds_rows_without_bytes_and_bytes_without_a_row(
    copy: Home, statement: str, what: str
) -> None:
    _change(copy, statement)
    done = _verify(copy)
    (fault,) = map(json.loads, done.stdout.splitlines())
    assert done.returncode == 1
    assert fault["what"] == what
    assert fault["record_id"]
    assert fault["to_do"]


def test_verify_knows_a_file_that_was_swapped_or_is_missing(copy: Home) -> None:
    """Whole in itself, and yet not the file that was closed."""
    first, *_ = sorted(copy.warc.rglob("*.warc.gz"))
    last = max(copy.warc.rglob("*.warc.gz"))
    first.write_bytes(last.read_bytes())
    last.unlink()
    said = [json.loads(line)["what"] for line in _verify(copy).stdout.splitlines()]
    assert "it is not the file that was closed" in said
    assert "it is missing" in said


def test_a_verify_that_was_stopped_goes_on_where_it_was(copy: Home) -> None:
    files = len(list(copy.warc.rglob("*.warc.gz")))
    assert f"in {files} files" in _verify(copy).stderr
    assert "in 0 files" in _verify(copy, "--older-than", "1").stderr
    events = (copy.journal / "fixity.jsonl").read_text().splitlines()
    checks = [json.loads(line) for line in events if '"fixity check"' in line]
    assert [event["outcome"] for event in checks] == ["success"] * files


def test_the_index_holds_every_page_that_replay_can_show(copy: Home) -> None:
    command = [sys.executable, "-m", "hongtou", "cdxj", "--home", str(copy.path)]
    done = subprocess.run(command, capture_output=True, text=True, cwd=ROOT)
    lines = Path(done.stdout.strip()).read_text(encoding="utf-8").splitlines()
    assert lines == list(index_lines(copy))
    assert not [line for line in lines if '"status": "304"' in line]


def test_replay_says_in_one_sentence_that_pywb_is_missing(copy: Home) -> None:
    if importlib.util.find_spec("pywb"):
        pytest.skip("pywb is installed")
    command = [sys.executable, "-m", "hongtou", "replay", "--home", str(copy.path)]
    done = subprocess.run(command, capture_output=True, text=True, cwd=ROOT)
    assert (done.returncode, done.stderr.count("\n")) == (2, 1)
    assert "pip install" in done.stderr
