"""Runs some crawls with the wire handler in a process of its own; prints pickled exchanges.

Used by test_wire.py: ``python wire_crawl.py < order.json > exchanges.pickle``. A reactor cannot
be started twice; all crawls of an order run in it side by side.
"""

import json
import pickle
import sys

from scrapy import Request, Spider
from scrapy.crawler import CrawlerProcess


class WireSpider(Spider):
    """Asks for what it was told, and keeps the exchange of each answer or failure."""

    name = "wire"

    def __init__(self, requests, found):
        super().__init__()
        self.requests, self.found = requests, found

    async def start(self):
        for number, order in enumerate(self.requests):
            yield Request(
                order["url"],
                method=order.get("method", "GET"),
                body=order.get("body", "").encode(),
                headers=order.get("headers"),
                meta={"number": number, **order.get("meta", {})},
                callback=self.take,
                errback=self.fail,
                dont_filter=True,
            )

    def take(self, response):
        self.keep(response.request, response.status, response.flags)

    def fail(self, failure):
        self.keep(failure.request, type(failure.value).__name__, [])

    def keep(self, request, outcome, flags):
        self.found.append(
            {
                "number": request.meta["number"],
                "outcome": outcome,
                "flags": flags,
                "exchange": request.meta.get("exchange"),
            }
        )


def main() -> None:
    process = CrawlerProcess({"LOG_LEVEL": "CRITICAL"})
    crawls = []
    for order in json.load(sys.stdin):
        found: list[dict] = []
        spider = type("WireSpider", (WireSpider,), {"custom_settings": settings_of(order)})
        process.crawl(spider, requests=order["requests"], found=found)
        crawls.append(found)
    process.start()
    for found in crawls:
        found.sort(key=lambda one: one["number"])
    sys.stdout.buffer.write(pickle.dumps(crawls))


def settings_of(order) -> dict:
    handler = "crawler.wire.WireDownloadHandler"
    return {
        "DOWNLOAD_HANDLERS": {"http": handler, "https": handler},
        "DOWNLOAD_VERIFY_CERTIFICATES": True,
        "HONGTOU_ALLOW_PRIVATE": True,
        "RETRY_ENABLED": False,
        "HTTPERROR_ALLOW_ALL": True,
        "ROBOTSTXT_OBEY": False,
        "DOWNLOAD_DELAY": 0,
        "TELNETCONSOLE_ENABLED": False,
        "LOG_LEVEL": "CRITICAL",
        **order["settings"],
    }


if __name__ == "__main__":
    main()
