"""Several requests that come to a host at once, as a program of its own: a reactor runs once.

Reads ``[[status, body, path], …]`` as JSON from its input; prints for each the error that every one
of the requests met, or null, and how often robots.txt was asked for.
"""

from __future__ import annotations

import asyncio
import json
import sys

from scrapy import Request
from scrapy.http import Response, TextResponse
from scrapy.utils.test import get_crawler

from crawler.loop import run
from crawler.robots import RobotsMiddleware

REQUESTS = 7


class Downloader:
    """Answers for the engine, late."""

    def __init__(self, status: int, body: str) -> None:
        self.asked: list[str] = []
        self.status, self.body = status, body

    async def download_async(self, request: Request) -> Response:
        """The answer that was ordered; nobody's where the status is 0."""
        self.asked.append(request.url)
        await asyncio.sleep(0.05)
        if not self.status:
            raise ConnectionError("nobody answers")
        return TextResponse(request.url, status=self.status, body=self.body.encode())


async def ask(status: int, body: str, path: str) -> tuple[list[str | None], int]:
    """What became of the requests, and how often the rules were fetched."""
    crawler = get_crawler(settings_dict={"ROBOTSTXT_OBEY": True})
    downloader = Downloader(status, body)
    crawler.engine = downloader  # type: ignore[assignment]  # all that is asked of an engine
    middleware = RobotsMiddleware.from_crawler(crawler)
    requests = (Request(f"http://a.example{path}{number}") for number in range(REQUESTS))
    found = await asyncio.gather(*map(middleware.process_request, requests), return_exceptions=True)
    return [one and type(one).__name__ for one in found], len(downloader.asked)


def main() -> None:
    """Ask one after the other."""

    async def ask_all(stop: asyncio.Event) -> list[tuple[list[str | None], int]]:
        return [await ask(*case) for case in json.load(sys.stdin)]

    sys.stdout.write(json.dumps(run(ask_all)))


if __name__ == "__main__":
    main()
