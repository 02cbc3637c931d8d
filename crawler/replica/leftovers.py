"""Folders that killed replica webs left in the system's temporary folder."""

from __future__ import annotations

import contextlib
import os
import re
import shutil
from pathlib import Path

PREFIX = "hongtou-replica-"
_LEFT = re.compile(rf"{PREFIX}(\d{{1,9}})-\w{{1,20}}")


def sweep(folder: Path) -> None:
    """Remove the folders of this user whose process is gone; each bears its number."""
    for path in folder.glob(f"{PREFIX}*"):
        named = _LEFT.fullmatch(path.name)
        with contextlib.suppress(OSError):  # another sweep was quicker
            is_ours = path.is_dir() and not path.is_symlink() and path.stat().st_uid == os.getuid()
            if named and is_ours and not _is_alive(int(named[1])):
                shutil.rmtree(path, ignore_errors=True)


def _is_alive(process: int) -> bool:
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    except OSError:
        return True  # somebody else's
    return True
