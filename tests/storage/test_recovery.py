"""After a crash: whatever octet the writer stopped at, every kept exchange is whole."""

import signal
import subprocess
import sys
from pathlib import Path

import pytest
from exchanges import FACTS, PAGE, exchange, response
from warc_paths import warc_paths

from archive.errors import HomeNotWritable
from archive.storage import Fixity, Holdings, iter_captures, recover


@pytest.fixture
def left_open(home, new_writer):
    """The octets of a file that a killed process left, and its captures."""
    writer = new_writer()
    captures = [
        writer.write(exchange(f"/{n}", response(PAGE + bytes([n])), second=n), FACTS)
        for n in range(3)
    ]
    path = warc_paths(home)[0]
    return path, path.read_bytes(), captures


def test_a_whole_file_is_only_renamed(home, left_open):
    path, octets, captures = left_open
    (recovery,) = recover(home)
    assert (recovery.records, recovery.cut_octets, recovery.cut_file) == (10, 0, None)
    assert (home.warc / recovery.file).read_bytes() == octets
    assert not path.exists()
    assert list(iter_captures(home)) == captures
    assert recover(home) == ()


def test_wherever_the_file_ends_only_whole_exchanges_stay_and_nothing_is_lost(home, left_open):
    path, octets, captures = left_open
    ends = [capture.place.offset for capture in captures[1:]] + [len(octets)]
    cuts = sorted({*range(0, len(octets), 97), *ends, *(end - 1 for end in ends)})
    for size in cuts:
        path.write_bytes(octets[:size])
        (recovery,) = recover(home)
        whole = sum(end <= size for end in ends)
        assert [c.record_id for c in iter_captures(home)] == [c.record_id for c in captures[:whole]]
        final = home.warc / recovery.file
        kept = final.read_bytes() if final.exists() else b""
        aside = (home.warc / recovery.cut_file).read_bytes() if recovery.cut_file else b""
        assert kept + aside == octets[:size]
        assert recovery.cut_octets == len(aside)
        for left in (final, home.warc / (recovery.cut_file or "none")):
            left.unlink(missing_ok=True)


def test_a_recovered_file_has_no_fault(home, left_open):
    path, octets, _ = left_open
    path.write_bytes(octets[:-5])
    recover(home)
    faults = []
    fixity = Fixity(home, faults.append)
    fixity.check_files(Holdings(home).volumes())
    assert faults == []


def test_an_existing_file_is_not_overwritten(home, left_open):
    path, octets, _ = left_open
    path.with_suffix("").write_bytes(b"somebody's")
    with pytest.raises(HomeNotWritable, match="overwritten"):
        recover(home)
    assert path.read_bytes() == octets
    assert path.with_suffix("").read_bytes() == b"somebody's"


KILLED = """
import sys
sys.path.insert(0, {tests!r})
from pathlib import Path
from archive.notice import Home
from archive.storage import WarcWriter
from exchanges import FACTS, PAGE, exchange, response
writer = WarcWriter(Home(Path({home!r})), software="x", operator="x", user_agent="x")
for n in range(100000):
    writer.write(exchange(f"/{{n}}", response(PAGE + str(n).encode()), second=n), FACTS)
    writer.sync()
    print(n, flush=True)
"""


@pytest.mark.parametrize("lines", [1, 7, 40])
def test_what_was_synced_before_a_kill_is_there_after_it(home, lines):
    tests = str(Path(__file__).parent)
    script = KILLED.format(tests=tests, home=str(home.path))
    process = subprocess.Popen([sys.executable, "-c", script], stdout=subprocess.PIPE)
    for _ in range(lines):
        last = int(process.stdout.readline())
    process.send_signal(signal.SIGKILL)
    last = max([last, *(int(line) for line in process.stdout.read().split())])
    process.wait()
    process.stdout.close()
    recover(home)
    urls = [capture.url for capture in iter_captures(home)]
    assert len(urls) == len(set(urls))
    assert len(urls) in (last + 1, last + 2)
