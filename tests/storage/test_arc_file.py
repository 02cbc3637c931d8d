"""ARC files come in as WARC: octet for octet, once, with their own dates."""

import gzip
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path

import pytest
from exchanges import PAGE, response

from archive.storage import Fixity, iter_captures
from archive.storage.arc_file import adopt_arc, is_arc

ABOUT = b"1 1 InternetArchive\nURL IP-address Archive-date Content-type Archive-length\n"


def arc_record(url, block, media_type="text/html", at="20040102030405", more=""):
    head = f"{url} 203.0.113.9 {at} {media_type} {more}{len(block)}\n"
    return head.encode() + block + b"\n"


@pytest.fixture(params=["plain", "member a record", "one member"])
def arc(request, tmp_path):
    """An ARC as Heritrix 1 wrote it: its own head, a DNS answer, two pages; one of version 2."""
    records = [
        arc_record("filedesc://IA-20040102.arc", ABOUT, "text/plain"),
        arc_record(
            "dns:www.harbin.gov.cn", b"20040102030405\nwww. 600 IN A 203.0.113.9", "text/dns"
        ),
        arc_record("http://www.harbin.gov.cn/a", response()),
        arc_record("http://www.harbin.gov.cn/b", response(PAGE + b"!"), more="200 - - 99 x.arc "),
    ]
    if request.param == "plain":
        octets = b"".join(records)
    elif request.param == "one member":
        octets = gzip.compress(b"".join(records))
    else:
        octets = b"".join(map(gzip.compress, records))
    path = tmp_path / "IA-20040102.arc.gz"
    path.write_bytes(octets)
    return path


def test_an_arc_comes_in_octet_for_octet_with_its_own_dates(home, arc):
    assert is_arc(arc)
    faults = []
    copy = adopt_arc(home, arc, faults.append)
    first, second = iter_captures(home, volumes=[copy])
    assert (first.url, first.status, first.body) == ("http://www.harbin.gov.cn/a", 200, PAGE)
    assert second.body == PAGE + b"!"
    assert first.captured_at == datetime(2004, 1, 2, 3, 4, 5, tzinfo=UTC)
    assert first.ip_address == "203.0.113.9"
    assert not faults
    assert adopt_arc(home, arc, faults.append) == copy
    check = Path(sys.executable).parent / "warcio"
    done = subprocess.run(
        [check, "check", str(home.warc / copy.name)], capture_output=True, text=True
    )
    assert done.returncode == 0, done.stdout
    Fixity(home, faults.append).check_file(copy)
    assert not faults


@pytest.mark.parametrize("cut", [1, 40, 400])
def test_what_stands_before_a_cut_is_taken_and_the_cut_is_told(home, arc, cut):
    octets = arc.read_bytes()
    arc.write_bytes(octets[: len(octets) - cut])
    faults = []
    urls = [one.url for one in iter_captures(home, volumes=[adopt_arc(home, arc, faults.append)])]
    assert urls in (
        [],
        ["http://www.harbin.gov.cn/a"],
        [f"http://www.harbin.gov.cn/{n}" for n in "ab"],
    )
    assert bool(faults) or len(urls) == 2


@pytest.mark.parametrize("octets", [b"", b"WARC/1.0\r\n", b"\x1f\x8b\x08\x00broken", b"filedesc:/"])
def test_other_files_are_no_arc(tmp_path, octets):
    path = tmp_path / "x.arc"
    path.write_bytes(octets)
    assert not is_arc(path)
