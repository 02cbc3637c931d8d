"""A home and a writer for the storage tests."""

import sys
from datetime import UTC, datetime
from pathlib import Path

import pytest

from archive.notice import Home
from archive.storage import WarcWriter

sys.path.insert(0, str(Path(__file__).parent))


@pytest.fixture
def home(tmp_path):
    return Home(tmp_path / "home")


@pytest.fixture
def new_writer(home):
    """Makes writers with what every one needs said."""

    def make(**named):
        named.setdefault("clock", lambda: datetime(2026, 11, 21, 10, 0, 0, 5000, tzinfo=UTC))
        return WarcWriter(
            home, software="Hongtou/0.1", operator="某大学图书馆", user_agent="Hongtou/0.1", **named
        )

    return make
