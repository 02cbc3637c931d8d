"""Journeys: the whole house walked over the replica web, once for many tests."""

from __future__ import annotations

import os
from collections.abc import Iterator

import pytest
from walking import Walked, walk_once

from archive.catalogue import Catalogue


@pytest.fixture(scope="session")
def walked(tmp_path_factory: pytest.TempPathFactory) -> Walked:
    """The replica web crawled twice, as the demo does it."""
    root = tmp_path_factory.getbasetemp()
    # Under xdist each process has a folder of its own, below one that they share.
    shared = root.parent if "PYTEST_XDIST_WORKER" in os.environ else root
    return walk_once(shared / "walked", {"stage": 1}, {"stage": 2, "recheck": True})


@pytest.fixture
def catalogue(walked: Walked) -> Iterator[Catalogue]:
    """The catalogue after the two crawls."""
    with Catalogue.open(walked.home.catalogue_url, read_only=True) as opened:
        yield opened
