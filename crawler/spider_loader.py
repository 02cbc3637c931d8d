"""One Scrapy spider for each source folder: `scrapy list` and `scrapy crawl <source>`."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING, Self
from urllib.parse import urlsplit

from archive.notice import Home, Source
from archive.plain_words import did_you_mean
from crawler.spider import spider_of
from spiders import load_sources

if TYPE_CHECKING:
    from scrapy import Request, Spider
    from scrapy.settings import BaseSettings


class SourceSpiderLoader:
    """Scrapy's `SpiderLoaderProtocol` over the folders of sources."""

    def __init__(self, sources: dict[str, Source]) -> None:
        self._sources = sources

    @classmethod
    def from_settings(cls, settings: BaseSettings) -> Self:
        """Load the sources that come with Hongtou and those of the home in use."""
        home = settings.get("HONGTOU_HOME") or os.environ.get("HONGTOU_HOME")
        return cls(load_sources(*([Home(Path(home)).sources] if home else [])))

    def list(self) -> list[str]:
        """The ids of all sources, sorted."""
        return sorted(self._sources)

    def load(self, spider_name: str) -> type[Spider]:
        """The spider of one source; KeyError when there is none, as Scrapy expects."""
        if spider_name not in self._sources:
            near = did_you_mean(spider_name, self._sources)
            raise KeyError(f"Spider not found: {spider_name}.{near}")
        return spider_of(self._sources[spider_name])

    # mypy takes `list` for the method above it; Scrapy's protocol fixes that name.
    def find_by_request(self, request: Request) -> list[str]:  # type: ignore[valid-type]
        """Sources whose hosts include the request's."""
        host = urlsplit(request.url).hostname
        return [name for name, source in self._sources.items() if host in source.hosts]
