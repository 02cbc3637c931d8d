"""Whose a capture is: the source and the column that it was fetched for."""

from __future__ import annotations

from collections.abc import Mapping
from urllib.parse import urlsplit

from archive.notice import Capture, Column, Source


class Watched:
    """The sources, found by what a capture says of itself, or by its host."""

    def __init__(self, sources: Mapping[str, Source]) -> None:
        self._sources = sources
        self._by_host = {host: source for source in sources.values() for host in source.hosts}

    def by(self, capture: Capture) -> tuple[Source | None, Column | None]:
        """The source of a capture, and its column, each where it is known."""
        source = self._sources.get(capture.facts.source or "")
        if source is None:
            source = self._by_host.get(urlsplit(capture.url).hostname or "")
        columns = source.columns if source else ()
        return source, next((c for c in columns if c.id == capture.facts.column), None)
