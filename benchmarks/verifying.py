"""How fast `verify` reads WARCs of MB a second and core.

Run: ``python benchmarks/verifying.py [HOME | PAGES [OCTETS]]``. With a number it makes a home of
so many synthetic pages, of 52,000 octets or as many as are named, first. It changes nothing in a
home that is named. Seconds are of CPU, one core.
"""

from __future__ import annotations

import hashlib
import sys
import tempfile
import time
from collections.abc import Callable
from contextlib import ExitStack
from pathlib import Path

from warc_writing import PAGE_OCTETS, make_exchanges, write_ours

from archive.notice import Home
from archive.storage import Fixity, Holdings, iter_records
from archive.storage.gzip_member import LEVEL

ROUNDS = 3


def cpu_seconds(work: Callable[[], object]) -> float:
    """The least CPU time of some rounds."""
    spent = []
    for _ in range(ROUNDS):
        begun = time.process_time()
        work()
        spent.append(time.process_time() - begun)
    return min(spent)


def check(home: Home, *, digests_hold: bool) -> Fixity:
    """What `verify` does with the files of a home."""
    fixity = Fixity(home, lambda damage: print(damage))
    for volume in Holdings(home).volumes():
        volume.sha256()
        fixity.check_file(volume, digests_hold=digests_hold)
    fixity.check_links()
    return fixity


def measure(home: Home) -> None:
    """Print what the parts cost."""
    files = Holdings(home).volumes()
    size = sum(one.octets() for one in files)
    records = [len(record.block) for one in files for record in iter_records(one)]
    inflated = sum(records)
    print(f"{len(records)} records, {size / 1e6:.1f} MB in WARC, {inflated / 1e6:.1f} MB inflated")
    blocks = [bytes(length) for length in records]
    parts: list[tuple[str, Callable[[], object]]] = [
        ("sha256 of the files", lambda: [one.sha256() for one in files]),
        ("sha256 of all blocks, once", lambda: [hashlib.sha256(b).digest() for b in blocks]),
        (
            "reading all records",
            lambda: sum(1 for one in files for _ in iter_records(one)),
        ),
        ("verify, first time", lambda: check(home, digests_hold=False)),
        ("verify, every time after", lambda: check(home, digests_hold=True)),
    ]
    for name, work in parts:
        seconds = cpu_seconds(work)
        print(
            f"{name:28} {seconds:7.2f} s CPU   {size / seconds / 1e6:6.0f} MB/s of WARC"
            f"   {inflated / seconds / 1e6:6.0f} MB/s inflated"
        )


def main() -> None:
    named = sys.argv[1] if len(sys.argv) > 1 else "2000"
    with ExitStack() as ending:
        if named.isdigit():
            folder = Path(ending.enter_context(tempfile.TemporaryDirectory()))
            octets = int(sys.argv[2]) if len(sys.argv) > 2 else PAGE_OCTETS
            write_ours(folder, make_exchanges(int(named), octets), LEVEL)
        else:
            folder = Path(named)
        measure(Home(folder))


if __name__ == "__main__":
    main()
