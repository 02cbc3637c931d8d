"""Showing the archived pages in a browser, through pywb."""

from __future__ import annotations

import json
import os
import shutil
import sys
from datetime import timedelta
from importlib.util import find_spec
from pathlib import Path
from typing import NoReturn

from archive.errors import UsageError
from archive.notice import Home
from archive.storage.holdings import Holdings
from archive.storage.replay_index import ReplayIndex

COLLECTION = "hongtou"

#: How soon after a capture was written a replay that is running shows it.
FOLLOWS = timedelta(minutes=5)

#: pywb as `wayback` starts it. Ctrl-C ends it at once, whichever of its greenlets runs just then.
#: The index is brought up to date meanwhile, in a process of its own, since pywb serves all
#: requests in one thread; or it is removed at the end, where the home could not take it.
_PYWB = """
import os, shutil, signal, subprocess
from pywb.apps.cli import wayback
from gevent import sleep, spawn

def end(number, frame):
    if {removed!r}:
        shutil.rmtree({removed!r}, ignore_errors=True)
    os._exit(0)

def follow():
    while True:
        sleep({pause!r})
        subprocess.run({command!r}, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL,
                       start_new_session=True)

signal.signal(signal.SIGINT, end)
signal.signal(signal.SIGTERM, end)
if not {removed!r}:
    spawn(follow)
wayback()
"""


def replay_settings(home: Home, index: ReplayIndex) -> str:
    """pywb's config.yaml; JSON is YAML, and quotes any path rightly."""
    return json.dumps(
        {
            "collections": {
                COLLECTION: {
                    "index_paths": str(index.file),
                    "archive_paths": [*Holdings(home).archive_paths(), str(index.paths)],
                }
            },
            "enable_memento": True,
            "framed_replay": False,
            "redirect_to_exact": False,
        },
        indent=1,
    )


def need_pywb() -> None:
    """Say it in one sentence when pywb is not installed.

    Raises:
        UsageError: It is not.
    """
    if find_spec("pywb") is None:
        raise UsageError(
            "Replay needs pywb, which is not installed.",
            next_step=f"Install it with `{sys.executable} -m pip install 'hongtou[replay]'`.",
        )


def become_pywb(home: Home, folder: Path, port: int, *, is_index_kept: bool) -> NoReturn:
    """Have this process become pywb, on the loopback address alone.

    pywb listens on every address unless it is told otherwise.

    Args:
        home: The archive.
        folder: Where the index and pywb's settings stand.
        port: To listen on.
        is_index_kept: The folder is the home's, and is followed; else it is removed at the end.
    """
    words = ["-b", "127.0.0.1", "-p", str(port), "-d", str(folder)]
    if home.warc_depot_endpoint:
        # pywb's loader of s3:// names none itself
        os.environ["AWS_ENDPOINT_URL_S3"] = home.warc_depot_endpoint
    command = [sys.executable, "-m", "hongtou", "cdxj", "--home", str(home.path)]
    pywb = _PYWB.format(
        command=[*lowest_priority(), *command],
        pause=FOLLOWS.total_seconds(),
        removed="" if is_index_kept else str(folder),
    )
    os.execv(sys.executable, [sys.executable, "-c", pywb, *words])  # noqa: S606 - our own words


def lowest_priority() -> list[str]:
    """What to put before a command that is to disturb nobody."""
    nice = shutil.which("nice")
    return [nice, "-n", "19"] if nice else []
