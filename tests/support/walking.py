"""Walking the whole house over the replica web, and looking at what came of it."""

from __future__ import annotations

import base64
import fcntl
import json
import os
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from archive.catalogue import Catalogue
from archive.catalogue.views import NoticeView
from archive.notice import Home

WALK = Path(__file__).parent / "walk.py"
ROOT = Path(__file__).parent.parent.parent


@dataclass(frozen=True, kw_only=True)
class SentBytes:
    """One exchange as the replica's server logged it."""

    host: str
    path: str
    request: bytes
    response: bytes


@dataclass(frozen=True, kw_only=True)
class Walked:
    """A home after a walk, what each step's looks said, and what the server sent."""

    home: Home
    looks: list[list[dict[str, Any]]]
    sent: tuple[SentBytes, ...]

    def look(self, step: int, source: str) -> dict[str, Any]:
        """What one source's look in one step said."""
        return next(look for look in self.looks[step] if look["source"] == source)


#: Lets every process that a walk starts live so many days later as a file says.
CLOCK = """
import datetime as module, os
from pathlib import Path
true = module.datetime
class datetime(true):
    @classmethod
    def now(cls, tz=None):
        now = true.now(tz) + module.timedelta(days=float(Path(CLOCK).read_text()))
        return cls(*now.timetuple()[:6], now.microsecond, tzinfo=now.tzinfo)
datetime.__module__ = "datetime"
CLOCK = os.environ["HONGTOU_TEST_CLOCK"]
module.datetime = datetime
"""


def with_clock(folder: Path) -> dict[str, str]:
    """The environment of a walk whose steps say on which day they happen."""
    place = folder / "clock"
    place.mkdir(parents=True)
    guard = ROOT / "tests" / "network_guard" / "sitecustomize.py"
    (place / "sitecustomize.py").write_text(guard.read_text(encoding="utf-8") + CLOCK)
    (place / "days").write_text("0", encoding="utf-8")
    path = os.pathsep.join((str(place), str(ROOT)))
    return {"PYTHONPATH": path, "HONGTOU_TEST_CLOCK": str(place / "days")}


def walk(folder: Path, *steps: dict[str, Any], also: Mapping[str, str] | None = None) -> Walked:
    """Walk the steps in a process of its own, over the web in the folder where there is one."""
    folder.mkdir(parents=True, exist_ok=True)
    plan = {"home": str(folder / "home"), "log": str(folder / "sent.json"), "steps": steps}
    if (folder / "web").is_dir():
        plan["web"] = [str(folder / "web")]
    done = subprocess.run(
        [sys.executable, str(WALK)],
        input=json.dumps(plan),
        capture_output=True,
        text=True,
        cwd=ROOT,
        env={**os.environ, **(also or {})},
        timeout=300,
    )
    assert done.returncode == 0, done.stderr
    (folder / "looks.json").write_text(done.stdout, encoding="utf-8")
    return read_walk(folder)


def walk_once(folder: Path, *steps: dict[str, Any]) -> Walked:
    """Walk the steps, or read what another of the processes that run the tests has walked."""
    folder.parent.mkdir(parents=True, exist_ok=True)
    with folder.with_suffix(".lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if (folder / "looks.json").exists():
            return read_walk(folder)
        return walk(folder, *steps)


def read_walk(folder: Path) -> Walked:
    """What a walk left in its folder."""
    sent = [
        SentBytes(
            host=one["host"],
            path=one["path"],
            request=base64.b64decode(one["request"]),
            response=base64.b64decode(one["response"]),
        )
        for one in json.loads((folder / "sent.json").read_text(encoding="utf-8"))
    ]
    looks = json.loads((folder / "looks.json").read_text(encoding="utf-8"))
    return Walked(home=Home((folder / "home").resolve()), looks=looks, sent=tuple(sent))


def notices_of(catalogue: Catalogue) -> list[NoticeView]:
    """Every notice of a catalogue, in order of arrival."""
    ids = dict.fromkeys(change.notice_id for change in catalogue.changes(limit=10_000))
    return [notice for notice in map(catalogue.notice, ids) if notice]


def titled(catalogue: Catalogue, *words: str) -> NoticeView:
    """The one notice whose title holds all these words."""
    found = [
        notice
        for notice in notices_of(catalogue)
        if all(word in notice.summary.title for word in words)
    ]
    assert len(found) == 1, [notice.summary.title for notice in found]
    return found[0]
