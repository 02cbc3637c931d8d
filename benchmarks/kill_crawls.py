"""Kills crawls with SIGKILL at random moments and counts what was lost, doubled or unreadable.

Run: ``python benchmarks/kill_crawls.py [KILLS] [--a-home N] [--seed N] [--keep DIR] [--new]``

A replica web serves in a process that survives. On each home crawl after crawl is killed (all of
it, its crawler or its archive process) at moments spread evenly over a crawl's whole length, so
that the recovery from one kill is what the next one hits. Then one crawl is let run through: every
WARC must be whole for us and for ``warcio check``, the notices must be those of a crawl that nobody
disturbed, none twice, and a catalogue rebuilt from the WARCs must be the same row by row. Exit
code 1 when anything is not so.

A crawl is a fork of this process, which has loaded everything: it does the same as one that was
started anew, and spends its time on crawling. ``--new`` starts each one anew.
"""

from __future__ import annotations

import argparse
import contextlib
import json
import multiprocessing
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
from importlib import import_module
from pathlib import Path
from typing import NoReturn

from archive.catalogue import Catalogue
from archive.commands import make_home
from archive.notice import Home
from archive.storage import Damage, Fixity, Holdings

ROOT = Path(__file__).parent.parent
SOURCES = ("harbin", "banan", "xizang-wjw", "taimao", "szmargarita", "shenzhen-wjw")
NAMES = ("lost", "doubled", "unreadable")


@dataclass(frozen=True, kw_only=True)
class Kill:
    """When and whom."""

    seconds: float  #: after the crawl's start
    who: str  #: all, archive, crawler


@dataclass(frozen=True, kw_only=True)
class Trial:
    """What is done to one home before a crawl of it is let run through."""

    number: int
    kills: tuple[Kill, ...]


@dataclass(frozen=True, kw_only=True)
class Found:
    """What was wrong after a trial; empty when nothing was."""

    trial: Trial
    faults: tuple[str, ...]
    killed: int  #: crawls that were killed before they had ended by themselves

    def count(self, *words: str) -> int:
        """Faults that begin with one of these words."""
        return sum(fault.startswith(words) for fault in self.faults)


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


class Crawls:
    """Starts commands on homes of one replica web, as forks of this process or anew."""

    def __init__(self, settings: dict[str, str], *, is_new: bool) -> None:
        self._settings, self._is_new = settings, is_new
        if not is_new:
            _load()

    def start(self, home: Home, *words: str) -> int:
        """Start a command in a process group of its own; its PID. It writes to ``said``."""
        said = home.path.with_suffix(".said")
        command = [*words, "--home", str(home.path)]
        if self._is_new:
            with said.open("wb") as file:
                return subprocess.Popen(
                    [sys.executable, "-m", "hongtou", *command],
                    cwd=ROOT,
                    env={**os.environ, **self._settings},
                    stdout=file,
                    stderr=subprocess.STDOUT,
                    start_new_session=True,
                ).pid
        pid = os.fork()
        if not pid:
            _become(command, said, self._settings)
        return pid

    def crawl(self, home: Home) -> int:
        """Start a crawl of the sites; its PID."""
        return self.start(home, "crawl", *SOURCES)

    def run(self, home: Home, *words: str) -> tuple[int, str]:
        """Run a command to its end: its exit code and what it said."""
        _, status = os.waitpid(self.start(home, *words), 0)
        said = home.path.with_suffix(".said").read_text(errors="replace")
        return os.waitstatus_to_exitcode(status), said


def _load() -> None:
    """Load what a crawl and its archive process load, before the forks."""
    for name in ("hongtou", "crawler.session", "crawler.look", "crawler.rooms", "archive.ingest"):
        import_module(name)
    for name in ("scrapy.crawler", "crawler.spider", "crawler.wire", "crawler.taking_in"):
        import_module(name)
    import_module("archive.ingest.reader")


def _become(command: list[str], said: Path, settings: dict[str, str]) -> NoReturn:
    """In a fork: do what the command line does, and end."""
    code = 70
    try:
        os.setsid()
        os.environ.update(settings)
        written = os.open(said, os.O_WRONLY | os.O_CREAT | os.O_TRUNC)
        for handle in (1, 2):
            os.dup2(written, handle)
        forking = multiprocessing.get_context("fork")
        # The archive process is asked for by "spawn"; it would load everything once more.
        multiprocessing.get_context = lambda method=None: forking  # type: ignore[assignment]  # forks alone
        code = import_module("hongtou").run(command)
        sys.stdout.flush()
    finally:
        os._exit(code)


def kill(pid: int, who: str) -> int | None:
    """Kill a crawl, its archive process, or both at once; its exit code if it had ended."""
    done, status = os.waitpid(pid, os.WNOHANG)
    if done:
        return os.waitstatus_to_exitcode(status)
    if who == "all":
        os.killpg(pid, signal.SIGKILL)
    elif who == "crawler":
        os.kill(pid, signal.SIGKILL)
    else:
        for child in _archive_processes(pid):
            with contextlib.suppress(ProcessLookupError):
                os.kill(child, signal.SIGKILL)
    os.waitpid(pid, 0)
    return None


def _archive_processes(parent: int) -> list[int]:
    """Children that run code of ours (not multiprocessing's tracker)."""
    listed = Path(f"/proc/{parent}/task/{parent}/children").read_text().split()
    return [int(pid) for pid in listed if b"resource_tracker" not in _command_line(pid)]


def _command_line(pid: str) -> bytes:
    try:
        return Path(f"/proc/{pid}/cmdline").read_bytes()
    except OSError:
        return b""


def run_trial(trial: Trial, folder: Path, crawls: Crawls, expected: Shape) -> Found:
    """Kill crawl after crawl, run one through, look."""
    home = Home(folder)
    make_home(home)
    killed = 0
    faults: list[str] = []
    for one in trial.kills:
        pid = crawls.crawl(home)
        time.sleep(one.seconds)
        code = kill(pid, one.who)
        killed += code is None
        if code:
            said = home.path.with_suffix(".said").read_text(errors="replace")
            faults.append(f"a crawl after a kill ended with {code}: {said[-600:]}")
    faults += _run_through(home, crawls)
    faults += check(home, crawls, expected)
    return Found(trial=trial, faults=tuple(faults), killed=killed)


def _run_through(home: Home, crawls: Crawls) -> Iterator[str]:
    code, said = crawls.run(home, "crawl", *SOURCES)
    if code:
        yield f"the crawl after it ended with {code}: {said[-600:]}"


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


def check(home: Home, crawls: Crawls, expected: Shape) -> Iterator[str]:
    """Everything that may be wrong with a home, in words."""
    yield from _unreadable(home)
    shape = shape_of(home)
    for name in vars(expected):
        lost = getattr(expected, name) - getattr(shape, name)
        more = getattr(shape, name) - getattr(expected, name)
        yield from (f"lost of {name}: {one[:2]}" for one in lost)
        yield from (f"doubled or other in {name}: {one[:2]}" for one in more)
    code, said = crawls.run(home, "rebuild", "--check")
    if code:
        yield f"a rebuild differs: {said[:900]}"


def _unreadable(home: Home) -> Iterator[str]:
    damages: list[Damage] = []
    fixity = Fixity(home, damages.append)
    fixity.check_files(Holdings(home).volumes())
    fixity.check_links()
    yield from (f"unreadable: {damage}" for damage in damages)
    warcio = Path(sys.executable).parent / "warcio"
    files = [str(path) for _, path, _ in Holdings(home).at_home.walk()]
    done = subprocess.run([warcio, "check", *files], capture_output=True, text=True)
    if done.returncode:
        yield f"unreadable for warcio check: {done.stdout[:300]}"


def trials(count: int, a_home: int, seed: int, seconds: float) -> Iterator[Trial]:
    """Moments spread over a whole crawl, from its first step to its end."""
    dice = random.Random(seed)
    for number, start in enumerate(range(0, count, a_home)):
        yield Trial(
            number=number,
            kills=tuple(
                Kill(
                    seconds=dice.uniform(0.02, seconds),
                    who=dice.choice(("all", "all", "crawler", "archive")),
                )
                for _ in range(min(a_home, count - start))
            ),
        )


def undisturbed(folder: Path, crawls: Crawls) -> tuple[Shape, float]:
    """The shape of a home that nobody disturbed, and how long its second crawl takes."""
    home = Home(folder)
    make_home(home)
    faults = list(_run_through(home, crawls))
    begun = time.monotonic()
    faults += _run_through(home, crawls)
    seconds = time.monotonic() - begun
    faults += check(home, crawls, shape_of(home))
    if faults:
        raise SystemExit("\n".join(faults))
    return shape_of(home), seconds


def kill_crawls(
    count: int, *, seed: int, folder: Path, a_home: int = 1, is_new: bool = True
) -> list[Found]:
    """Do all trials, telling each."""
    found = []
    with replica() as settings:
        crawls = Crawls(settings, is_new=is_new)
        expected, seconds = undisturbed(folder / "undisturbed", crawls)
        notices = len(expected.notices)
        print(
            f"a crawl that nobody disturbs takes {seconds:.1f} s and finds {notices} notices",
            flush=True,
        )
        for trial in trials(count, a_home, seed, seconds):
            place = folder / f"trial-{trial.number}"
            one = run_trial(trial, place, crawls, expected)
            found.append(one)
            told = {"home": trial.number, "kills": one.killed, "faults": one.faults}
            print(json.dumps(told, ensure_ascii=False), flush=True)
            if not one.faults:
                shutil.rmtree(place)
    return found


def main(arguments: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("kills", type=int, nargs="?", default=50)
    parser.add_argument("--a-home", type=int, default=10, help="crawls killed on each home")
    parser.add_argument("--seed", type=int, default=int(time.time()))
    parser.add_argument("--keep", type=Path, help="folder for the homes that went wrong")
    parser.add_argument("--new", action="store_true", help="start each crawl anew: no forks")
    asked = parser.parse_args(arguments)
    with tempfile.TemporaryDirectory() as scratch:
        folder = asked.keep or Path(scratch)
        folder.mkdir(parents=True, exist_ok=True)
        found = kill_crawls(
            asked.kills, seed=asked.seed, folder=folder, a_home=asked.a_home, is_new=asked.new
        )
    killed = sum(one.killed for one in found)
    counts = {name: sum(one.count(name) for one in found) for name in NAMES}
    other = sum(len(one.faults) for one in found) - sum(counts.values())
    print(f"{len(found)} homes, {killed} crawls killed while they ran, seed {asked.seed}")
    print(
        ", ".join(f"{count} {name}" for name, count in counts.items()) + f", {other} other faults"
    )
    return 1 if any(one.faults for one in found) else 0


if __name__ == "__main__":
    sys.exit(main())
