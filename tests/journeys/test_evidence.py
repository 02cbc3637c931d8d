"""What the server sent is what the WARCs hold, byte for byte."""

from __future__ import annotations

import subprocess
import sys
from collections import Counter
from pathlib import Path

import pytest
from walking import Walked
from warcio.archiveiterator import ArchiveIterator

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
