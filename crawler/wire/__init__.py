"""The wire: every exchange kept as it went over it, below Scrapy's Response."""

from crawler.wire.handler import WireDownloadHandler

__all__ = ["WireDownloadHandler"]
