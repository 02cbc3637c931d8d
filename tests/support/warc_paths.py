"""Where a home's WARC files stand, for tests that damage them or hand them to other tools."""

from pathlib import Path

from archive.notice import Home
from archive.storage import Holdings


def warc_paths(home: Home) -> list[Path]:
    """Paths of all WARC files in a home, in the order of keeping."""
    return [path for _, path, _ in Holdings(home).at_home.walk()]
