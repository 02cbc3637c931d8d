"""Every exchange becomes a capture before anyone else sees the response."""

from __future__ import annotations

from dataclasses import replace
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
    kept first. What was kept goes on in ``request.meta["kept"]``.
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
        request.meta.pop("kept", None)

    def process_response(self, request: Request, response: Response) -> Response:
        """Keep the exchange; hand on the body with its content coding undone."""
        capture = self._keep(request)
        if capture is None or b"Content-Encoding" not in response.headers:
            return response
        headers = response.headers.copy()
        del headers[b"Content-Encoding"]
        return response.replace(body=capture.body, headers=headers)

    def process_exception(self, request: Request, exception: Exception) -> None:
        """Keep what came before the failure, and its reason; the failure goes on its way."""
        self._keep(request, failure=said_of(exception))

    def _keep(self, request: Request, failure: str | None = None) -> Capture | None:
        exchange: Exchange | None = request.meta.get("exchange")
        if exchange is None:
            return None
        spider = self._crawler.spider
        assert spider is not None
        session: Session = spider.session  # type: ignore[attr-defined]  # SourceSpider's own
        facts = replace(facts_of(request), failure=failure)
        kept = session.keep(exchange, facts, not_modified_of(request))
        request.meta["kept"] = kept
        return kept.capture


def facts_of(request: Request) -> CaptureFacts:
    """What the spider said of the request; robots.txt requests are Scrapy's own."""
    facts: CaptureFacts | None = request.meta.get("facts")
    if facts is not None:
        return facts
    is_robots = request.url.endswith("/robots.txt")
    return CaptureFacts(purpose=Purpose.ROBOTS if is_robots else Purpose.OTHER)


def said_of(error: BaseException) -> str:
    """A failure in a few words for a person."""
    return f"{type(error).__name__}: {str(error)[:300]}".rstrip(": ")


def not_modified_of(request: Request) -> Original | None:
    """The capture that a 304 would stand for."""
    original: Original | None = request.meta.get("original")
    return original
