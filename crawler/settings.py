"""Scrapy's settings for every crawl: polite and plain, evidence first.

The operator's settings are in the archive home (`hongtou config`); these are the wiring.
"""

from __future__ import annotations

from typing import Any

BOT_NAME = "hongtou"
SPIDER_LOADER_CLASS = "crawler.spider_loader.SourceSpiderLoader"
SPIDER_MODULES: list[str] = []  # spiders come from source folders, not from modules
TWISTED_REACTOR = "twisted.internet.asyncioreactor.AsyncioSelectorReactor"

ROBOTSTXT_OBEY = True
CONCURRENT_REQUESTS_PER_DOMAIN = 1
DOWNLOAD_DELAY = 1.0
# A delay that varies gives sites nothing they asked for; a steady one is what robots.txt means.
DOWNLOAD_DELAY_JITTER = 0
RETRY_TIMES = 2
REDIRECT_MAX_TIMES = 10
# Every status is an answer: the catalogue decides what it means.
HTTPERROR_ALLOW_ALL = True

DOWNLOAD_HANDLERS = {
    "http": "crawler.wire.WireDownloadHandler",
    "https": "crawler.wire.WireDownloadHandler",
    # A page must not make us read local files or write to other protocols.
    "file": None,
    "ftp": None,
    "s3": None,
    "data": None,
}
DOWNLOAD_VERIFY_CERTIFICATES = True
DOWNLOAD_FAIL_ON_DATALOSS = False  # a cut body is kept as cut (WARC-Truncated), not thrown away
DOWNLOAD_WARNSIZE = 0

DOWNLOADER_MIDDLEWARES: dict[str, int | None] = {
    "scrapy.downloadermiddlewares.robotstxt.RobotsTxtMiddleware": None,
    "crawler.robots.RobotsMiddleware": 100,
    # The evidence middleware decodes once, for WARC and page alike; a second decoder is idle work.
    "scrapy.downloadermiddlewares.httpcompression.HttpCompressionMiddleware": None,
    "scrapy.downloadermiddlewares.httpauth.HttpAuthMiddleware": None,
    "crawler.evidence.EvidenceMiddleware": 990,
}
SPIDER_MIDDLEWARES: dict[str, int | None] = {
    # Every list names its leads once; depth and length limits are the catalogue's and the wire's.
    "scrapy.spidermiddlewares.urllength.UrlLengthMiddleware": None,
    "scrapy.spidermiddlewares.depth.DepthMiddleware": None,
}
# No Referer: a request's headers hold what we chose to say, nothing of where we came from.
REFERRER_POLICY = "no-referrer"
DEFAULT_REQUEST_HEADERS = {
    "Accept": "text/html,application/xhtml+xml,application/json;q=0.9,*/*;q=0.8",
    "Accept-Language": "zh-CN,zh;q=0.9",
    "Accept-Encoding": "gzip, deflate",
}

# Scrapy starts 100 tasks for each response by default; four keep the same order and cost a third
# of the time (docs/speed.md).
CONCURRENT_ITEMS = 4
# Pages that wait to be read hold a source back at 1 MB, not 5: several sources run side by side.
SCRAPER_SLOT_MAX_ACTIVE_SIZE = 1_000_000
TELNETCONSOLE_ENABLED = False
LOGSTATS_INTERVAL = 0.0
LOG_LEVEL = "WARNING"
EXTENSIONS: dict[str, Any] = {
    "scrapy.extensions.memusage.MemoryUsage": None,
    "scrapy.extensions.logstats.LogStats": None,
}
