"""What every test has: no network, and the plain words of what is missing."""

from __future__ import annotations

import importlib.util
import os
import sys
from pathlib import Path

import pytest

HERE = Path(__file__).parent
PAGES = HERE.parent.parent / "shared" / "pages"


def _load_guard() -> None:
    folder = HERE / "network_guard"
    spec = importlib.util.spec_from_file_location("hongtou_guard", folder / "sitecustomize.py")
    assert spec is not None
    assert spec.loader is not None
    spec.loader.exec_module(importlib.util.module_from_spec(spec))
    inherited = os.environ.get("PYTHONPATH")
    os.environ["PYTHONPATH"] = os.pathsep.join(filter(None, [str(folder), inherited]))


_load_guard()


@pytest.fixture(scope="session")
def third_party_pages() -> Path:
    """Saved pages of real sites, which are not part of the project."""
    if not PAGES.is_dir():
        pytest.skip("the third-party pages to measure on are not here")
    return PAGES


@pytest.fixture(scope="session")
def hongtou_command() -> list[str]:
    """The command line as a child process starts it."""
    return [sys.executable, "-m", "hongtou"]
