"""Showing the archived pages in a browser, through pywb."""

from __future__ import annotations

import json
import os
import sys
from importlib.util import find_spec
from pathlib import Path
from typing import NoReturn

from archive.errors import UsageError
from archive.notice import Home
from archive.storage.holdings import Holdings

COLLECTION = "hongtou"

#: pywb as `wayback` starts it, but Ctrl-C ends it without a traceback.
_PYWB = """
from pywb.apps.cli import wayback
try:
    wayback()
except KeyboardInterrupt:
    pass
"""


def replay_settings(home: Home, index: Path) -> str:
    """pywb's config.yaml; JSON is YAML, and quotes any path rightly."""
    return json.dumps(
        {
            "collections": {
                COLLECTION: {
                    "index_paths": str(index),
                    "archive_paths": Holdings(home).archive_paths(),
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
            next_step="Install it with `pip install 'hongtou[replay]'`.",
        )


def become_pywb(folder: Path, port: int, endpoint: str = "") -> NoReturn:
    """Have this process become pywb, on the loopback address alone.

    pywb listens on every address unless it is told otherwise.
    """
    words = ["-b", "127.0.0.1", "-p", str(port), "-d", str(folder)]
    if endpoint:
        os.environ["AWS_ENDPOINT_URL_S3"] = endpoint  # pywb's loader of s3:// names none itself
    os.execv(sys.executable, [sys.executable, "-c", _PYWB, *words])  # noqa: S606 - our own words
