"""Journeys: the whole house walked over the replica web, once for many tests."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from walking import Walked, walk

from archive.catalogue import Catalogue


@pytest.fixture(scope="session")
def walked(tmp_path_factory: pytest.TempPathFactory) -> Walked:
    """The replica web crawled twice, as the demo does it."""
    folder = tmp_path_factory.mktemp("walked")
    return walk(folder, {"stage": 1}, {"stage": 2, "recheck": True})


@pytest.fixture
def catalogue(walked: Walked) -> Iterator[Catalogue]:
    """The catalogue after the two crawls."""
    with Catalogue.open(walked.home.catalogue_url, read_only=True) as opened:
        yield opened
