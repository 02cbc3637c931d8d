"""robots.txt by RFC 9309: what its absence, its refusal and its failure mean."""

from __future__ import annotations

import asyncio
from collections import defaultdict
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from scrapy.downloadermiddlewares.robotstxt import RobotsTxtMiddleware
from scrapy.exceptions import IgnoreRequest
from scrapy.robotstxt import RobotParser

if TYPE_CHECKING:
    from scrapy import Request
    from scrapy.crawler import Crawler
    from scrapy.http import Response

PARSED_BYTES = 500 * 1024  # RFC 9309, 2.5: at least this much must be read


class ForbiddenByRobots(IgnoreRequest):
    """The site's robots.txt does not allow this URL."""


class UnreachableRobots(IgnoreRequest):
    """The site's robots.txt could not be had, so nothing on it is fetched (RFC 9309, 2.3.1.4)."""


class DisallowAll(RobotParser):
    """Stands for a robots.txt that a server error or a dead host kept from us."""

    @classmethod
    def from_crawler(cls, crawler: Crawler, robotstxt_body: bytes) -> DisallowAll:
        """Make one; the body does not matter."""
        return cls()

    def allowed(self, url: str | bytes, user_agent: str | bytes) -> bool:
        """Nothing is."""
        return False


class RobotsMiddleware(RobotsTxtMiddleware):
    """Scrapy's middleware reads any answer as rules, an error page too, and allows all when the
    host is dead. RFC 9309 wants a 4xx taken as "no restriction" and a 5xx as "nothing"."""

    def __init__(self, crawler: Crawler) -> None:
        super().__init__(crawler)
        self._asking: defaultdict[str, asyncio.Lock] = defaultdict(asyncio.Lock)

    async def robot_parser(self, request: Request) -> RobotParser | None:
        """The rules of a request's host, asked for once.

        Scrapy has all who come meanwhile wait for one Deferred, whose result is gone once the
        first of them has it: the third request to a host was allowed whatever its robots.txt said.
        """
        async with self._asking[urlsplit(request.url).netloc]:
            return await super().robot_parser(request)

    def process_request_2(self, rp: RobotParser | None, request: Request) -> None:
        """Refuse what robots.txt refuses, telling a refusal from a robots.txt out of reach."""
        if isinstance(rp, DisallowAll):
            raise UnreachableRobots(f"robots.txt of {request.url} is out of reach")
        try:
            super().process_request_2(rp, request)
        except IgnoreRequest as error:
            raise ForbiddenByRobots(str(error)) from error

    async def _parse_robots(self, response: Response, netloc: str, request: Request) -> None:
        if response.status >= 500:
            self._settle(netloc, DisallowAll())
        elif response.status >= 400:
            self._settle(netloc, None)
        else:
            await super()._parse_robots(
                response.replace(body=response.body[:PARSED_BYTES]), netloc, request
            )

    def _robots_error(self, exc: Exception, netloc: str) -> None:
        self._settle(netloc, None if isinstance(exc, IgnoreRequest) else DisallowAll())

    def _settle(self, netloc: str, parser: RobotParser | None) -> None:
        waiting = self._parsers[netloc]
        self._parsers[netloc] = parser
        waiting.callback(parser)  # type: ignore[union-attr]  # still the Deferred set by the base
