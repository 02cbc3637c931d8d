"""Kills crawls with SIGKILL at random moments and counts what was lost, doubled or unreadable.

Run: ``python benchmarks/kill_crawls.py [KILLS] [--seed N] [--keep DIR]``

A replica web serves in a process that survives. Each trial makes a new home, kills the crawl (or
only its archive process) at a random moment, sometimes the one after it too, and then lets one
run through. Then every WARC must be whole for us and for ``warcio check``, the notices must be
those of a crawl that nobody disturbed, none twice, and a catalogue rebuilt from the WARCs must be
the same row by row. Exit code 1 when anything is not so.
"""

from __future__ import annotations

import argparse
import contextlib
import json
import os
import random
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from archive.catalogue import Catalogue
from archive.commands import make_home
from archive.notice import Home
from archive.storage import Damage, Fixity, warc_files

ROOT = Path(__file__).parent.parent
SOURCES = ("harbin", "banan", "xizang-wjw", "taimao", "szmargarita", "shenzhen-wjw")


@dataclass(frozen=True, kw_only=True)
class Trial:
    """What is done to one home before it is let run through."""

    number: int
    kills: tuple[tuple[float, str], ...]  #: seconds after the start, and who: all, archive, crawler


@dataclass(frozen=True, kw_only=True)
class Found:
    """What was wrong after a trial; empty when nothing was."""

    trial: Trial
    faults: tuple[str, ...]
    recovered: int  #: crawls that were killed before they had ended by themselves


@contextlib.contextmanager
def replica() -> Iterator[dict[str, str]]:
    """A replica web in a process of its own; the settings that make a crawl dial it."""
    with tempfile.TemporaryDirectory() as folder:
        ca_file = Path(folder) / "ca.pem"
        command = [sys.executable, "-m", "crawler.replica", "--ca-file", str(ca_file)]
        serving = subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True)
        try:
            assert serving.stdout is not None
            dial = serving.stdout.readline().split()[1]
            yield {
                "HONGTOU_DIAL": dial,
                "HONGTOU_CA_FILE": str(ca_file),
                "HONGTOU_HOST_DELAY_SECONDS": "0",
            }
        finally:
            serving.terminate()
            serving.wait()


def start(home: Home, settings: dict[str, str]) -> subprocess.Popen[bytes]:
    """A crawl of every site of the replica web."""
    command = [sys.executable, "-m", "hongtou", "crawl", *SOURCES, "--home", str(home.path)]
    return subprocess.Popen(
        command,
        cwd=ROOT,
        env={**os.environ, **settings},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        start_new_session=True,
    )


def kill(process: subprocess.Popen[bytes], who: str) -> bool:
    """Kill a crawl, its archive process, or both at once; whether it was still at it."""
    if process.poll() is not None:
        return False
    if who == "all":
        os.killpg(process.pid, signal.SIGKILL)
    elif who == "crawler":
        process.kill()
    else:
        for child in _archive_processes(process.pid):
            with contextlib.suppress(ProcessLookupError):
                os.kill(child, signal.SIGKILL)
    return True


def _archive_processes(parent: int) -> list[int]:
    """Children that were spawned to run code of ours (not multiprocessing's tracker)."""
    listed = Path(f"/proc/{parent}/task/{parent}/children").read_text().split()
    return [int(pid) for pid in listed if b"spawn_main" in _command_line(pid)]


def _command_line(pid: str) -> bytes:
    try:
        return Path(f"/proc/{pid}/cmdline").read_bytes()
    except OSError:
        return b""


def run_trial(trial: Trial, folder: Path, settings: dict[str, str], expected: Shape) -> Found:
    """Kill, run through, look."""
    home = Home(folder)
    make_home(home)
    recovered = 0
    for seconds, who in trial.kills:
        process = start(home, settings)
        time.sleep(seconds)
        recovered += kill(process, who)
        process.communicate(timeout=120)
    faults = list(_run_through(home, settings))
    faults += check(home, settings, expected)
    return Found(trial=trial, faults=tuple(faults), recovered=recovered)


def _run_through(home: Home, settings: dict[str, str]) -> Iterator[str]:
    process = start(home, settings)
    said = process.communicate(timeout=120)[0]
    if process.returncode:
        yield f"the crawl after it ended with {process.returncode}: {said.decode()[-600:]}"


@dataclass(frozen=True, kw_only=True)
class Shape:
    """What is known of the notices of a home, without what depends on the moment."""

    notices: Counter[tuple[object, ...]]
    sightings: Counter[tuple[object, ...]]
    attachments: Counter[tuple[object, ...]]
    set_aside: Counter[tuple[object, ...]]


def shape_of(home: Home) -> Shape:
    """The shape of a home's catalogue."""
    with Catalogue.open(home.catalogue_url, read_only=True) as catalogue:
        ids = dict.fromkeys(change.notice_id for change in catalogue.changes(limit=100_000))
        views = [view for view in map(catalogue.notice, ids) if view is not None]
        asides = catalogue.set_asides(limit=100_000)
    return Shape(
        notices=Counter(
            (view.summary.title, view.summary.document_number, view.text, len(view.versions))
            for view in views
        ),
        sightings=Counter((s.url, s.source, s.is_original) for v in views for s in v.sightings),
        attachments=Counter(
            (a.attachment.url, bool(a.record_id)) for v in views for a in v.attachments
        ),
        set_aside=Counter((row.url, row.reason) for row in asides),
    )


def check(home: Home, settings: dict[str, str], expected: Shape) -> Iterator[str]:
    """Everything that may be wrong with a home, in words."""
    yield from _unreadable(home)
    shape = shape_of(home)
    for name in vars(expected):
        lost = getattr(expected, name) - getattr(shape, name)
        more = getattr(shape, name) - getattr(expected, name)
        yield from (f"lost of {name}: {one[:2]}" for one in lost)
        yield from (f"doubled or other in {name}: {one[:2]}" for one in more)
    command = [sys.executable, "-m", "hongtou", "rebuild", "--check", "--home", str(home.path)]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True)
    if done.returncode:
        yield f"a rebuild differs: {done.stdout[:600]} {done.stderr[-300:]}"


def _unreadable(home: Home) -> Iterator[str]:
    damages: list[Damage] = []
    fixity = Fixity(home, damages.append)
    fixity.check_files(warc_files(home.warc))
    fixity.check_links()
    yield from map(str, damages)
    warcio = Path(sys.executable).parent / "warcio"
    files = [str(path) for path in warc_files(home.warc)]
    done = subprocess.run([warcio, "check", *files], capture_output=True, text=True)
    if done.returncode:
        yield f"warcio check: {done.stdout[:300]}"


def trials(count: int, seed: int, seconds: float) -> Iterator[Trial]:
    """Moments spread over a whole crawl, from its first import to after its end."""
    dice = random.Random(seed)
    for number in range(count):
        kills = 1 if dice.random() < 0.8 else 2
        yield Trial(
            number=number,
            kills=tuple(
                (dice.uniform(0.3, seconds), dice.choice(("all", "all", "crawler", "archive")))
                for _ in range(kills)
            ),
        )


def undisturbed(folder: Path, settings: dict[str, str]) -> tuple[Shape, float]:
    """The shape of two crawls that nobody disturbed, and how long one takes."""
    home = Home(folder)
    make_home(home)
    begun = time.monotonic()
    faults = list(_run_through(home, settings))
    seconds = time.monotonic() - begun
    faults += check(home, settings, shape_of(home))
    if faults:
        raise SystemExit("\n".join(faults))
    return shape_of(home), seconds


def kill_crawls(count: int, *, seed: int, folder: Path) -> list[Found]:
    """Do all trials, telling each."""
    found = []
    with replica() as settings:
        expected, seconds = undisturbed(folder / "undisturbed", settings)
        print(
            f"an undisturbed crawl takes {seconds:.1f} s and finds {len(expected.notices)} notices"
        )
        for trial in trials(count, seed, seconds):
            place = folder / f"trial-{trial.number}"
            one = run_trial(trial, place, settings, expected)
            found.append(one)
            print(
                json.dumps(
                    {"trial": trial.number, "kills": trial.kills, "faults": one.faults},
                    ensure_ascii=False,
                ),
                flush=True,
            )
            if not one.faults:
                shutil.rmtree(place)
    return found


def main(arguments: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("kills", type=int, nargs="?", default=50)
    parser.add_argument("--seed", type=int, default=int(time.time()))
    parser.add_argument("--keep", type=Path, help="folder for the homes that went wrong")
    asked = parser.parse_args(arguments)
    with tempfile.TemporaryDirectory() as scratch:
        folder = asked.keep or Path(scratch)
        folder.mkdir(parents=True, exist_ok=True)
        found = kill_crawls(asked.kills, seed=asked.seed, folder=folder)
    bad = [one for one in found if one.faults]
    killed = sum(one.recovered for one in found)
    print(f"{len(found)} homes, {killed} crawls killed while they ran, seed {asked.seed}")
    print(f"{len(bad)} homes with something lost, doubled, unreadable or different")
    return 1 if bad else 0


if __name__ == "__main__":
    sys.exit(main())
