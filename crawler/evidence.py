"""Every exchange becomes a capture before anyone else sees the response."""

from __future__ import annotations

from typing import TYPE_CHECKING, Self

from archive.notice import Capture, CaptureFacts, Exchange, Original, Purpose

if TYPE_CHECKING:
    from scrapy import Request
    from scrapy.crawler import Crawler
    from scrapy.http import Response

    from crawler.session import Session


class EvidenceMiddleware:
    """Writes the wire's exchange to WARC, success or failure, redirects and robots.txt included.

    It stands nearest the wire, so that what the other middlewares hide, retry or rewrite has been
    kept first. The capture goes on in ``request.meta["capture"]``.
    """

    def __init__(self, crawler: Crawler) -> None:
        self._crawler = crawler

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        """Scrapy's way of making one."""
        return cls(crawler)

    def process_request(self, request: Request) -> None:
        """Forget the exchange of an earlier attempt: a retry copies the request's meta."""
        request.meta.pop("exchange", None)
        request.meta.pop("capture", None)

    def process_response(self, request: Request, response: Response) -> Response:
        """Keep the exchange; hand on the body with its content coding undone."""
        capture = self._keep(request)
        if capture is None or b"Content-Encoding" not in response.headers:
            return response
        headers = response.headers.copy()
        del headers[b"Content-Encoding"]
        return response.replace(body=capture.body, headers=headers)

    def process_exception(self, request: Request, exception: Exception) -> None:
        """Keep what came before the failure; the failure itself goes on its way."""
        self._keep(request)

    def _keep(self, request: Request) -> Capture | None:
        exchange: Exchange | None = request.meta.get("exchange")
        if exchange is None:
            return None
        spider = self._crawler.spider
        assert spider is not None
        session: Session = spider.session  # type: ignore[attr-defined]  # SourceSpider's own
        capture = session.keep(exchange, facts_of(request), not_modified_of(request))
        request.meta["capture"] = capture
        return capture


def facts_of(request: Request) -> CaptureFacts:
    """What the spider said of the request; robots.txt requests are Scrapy's own."""
    facts: CaptureFacts | None = request.meta.get("facts")
    if facts is not None:
        return facts
    is_robots = request.url.endswith("/robots.txt")
    return CaptureFacts(purpose=Purpose.ROBOTS if is_robots else Purpose.OTHER)


def not_modified_of(request: Request) -> Original | None:
    """The capture that a 304 would stand for."""
    original: Original | None = request.meta.get("original")
    return original
