"""Scrapy's HTTP/1.1 handler with a tape at the wire."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Any

from scrapy.core.downloader.handlers.http11 import HTTP11DownloadHandler, _ScrapyAgent
from scrapy.exceptions import (
    DownloadCancelledError,
    DownloadTimeoutError,
    StopDownload,
)
from scrapy.utils._download_handlers import normalize_bind_address, wrap_twisted_exceptions
from scrapy.utils.defer import maybe_deferred_to_future
from twisted.web.client import Agent

from archive.notice import Truncation
from crawler.wire.endpoints import Route, WireEndpoints, read_route
from crawler.wire.protocol import TapedPool, WireFactory
from crawler.wire.seconds import Seconds
from crawler.wire.tape import Tape
from crawler.wire.trust import WirePolicy

if TYPE_CHECKING:
    from scrapy import Request
    from scrapy.crawler import Crawler
    from scrapy.http import Response

#: Framing and headers may take this much beside a body of DOWNLOAD_MAXSIZE.
FRAMING_OCTETS = 1 << 20


class WireDownloadHandler(HTTP11DownloadHandler):
    """Downloads as Scrapy does, and leaves an `Exchange` in ``request.meta["exchange"]``.

    It is there before the response or the failure leaves the handler. A failure before anything
    was sent leaves one without octets.

    Settings: HONGTOU_DIAL, HONGTOU_CA_FILE, HONGTOU_ALLOW_PRIVATE, beside Scrapy's own.

    Raises:
        PrivateAddress: From a download: the host is at an address that is not public.
    """

    def __init__(self, crawler: Crawler) -> None:
        super().__init__(crawler)
        self._pool._factory = WireFactory  # noqa: SLF001 - the one way to have a protocol of ours
        self._policy = WirePolicy(self._contextFactory, crawler.settings.get("HONGTOU_CA_FILE"))
        self._route = read_route(crawler.settings)
        self._seconds = Seconds()

    async def download_request(self, request: Request) -> Response:
        """Download, with the tape running."""
        request.meta.pop("exchange", None)
        url = request.url.partition("#")[0]
        while (wait := self._seconds.wait(url)) > 0:
            await asyncio.sleep(wait)
        self._seconds.used(url)
        maxsize = request.meta.get("download_maxsize", self._default_maxsize)
        tape = Tape(url, limit=2 * maxsize + FRAMING_OCTETS if maxsize else 0)
        truncated: Truncation | None = Truncation.UNSPECIFIED
        try:
            response = await self._download(request, tape)
            truncated = _response_truncation(response, tape)
            return response
        except Exception as error:
            truncated = _failure_truncation(error, tape)
            raise
        finally:
            exchange = tape.exchange(truncated)
            self._seconds.used(url, exchange.started_at.timestamp())
            request.meta["exchange"] = exchange

    async def _download(self, request: Request, tape: Tape) -> Response:
        agent = _WireAgent(
            route=self._route,
            contextFactory=self._policy,
            bindAddress=self._bind_address,
            pool=TapedPool(self._pool, tape),
            maxsize=self._default_maxsize,
            warnsize=self._default_warnsize,
            fail_on_dataloss=self._fail_on_dataloss,
            crawler=self._crawler,
            tls_verbose_logging=self._tls_verbose_logging,
        )
        with wrap_twisted_exceptions():
            response: Response = await maybe_deferred_to_future(agent.download_request(request))
        return response


class _WireAgent(_ScrapyAgent):
    """Scrapy's agent with our endpoints; through a proxy, the proxy's operator decides."""

    def __init__(self, *, route: Route, **named: Any) -> None:
        super().__init__(**named)
        self._route = route

    def _get_agent(self, request: Request, timeout: float) -> Agent:
        from twisted.internet import reactor

        if request.meta.get("proxy"):
            return super()._get_agent(request, timeout)
        bind_address = request.meta.get("bindaddress") or self._bindAddress
        endpoints = WireEndpoints(
            reactor,
            self._contextFactory,
            self._route,
            timeout=timeout,
            bind_address=normalize_bind_address(bind_address),
        )
        agent: Agent = Agent.usingEndpointFactory(reactor, endpoints, self._pool)  # type: ignore[no-untyped-call]  # Twisted has no types here
        return agent


def _response_truncation(response: Response, tape: Tape) -> Truncation | None:
    """Why a response that Scrapy takes for good is not whole; None when it is."""
    if tape.is_full or "download_stopped" in response.flags:
        return Truncation.LENGTH
    if "dataloss" in response.flags:
        return Truncation.DISCONNECT
    return Truncation.UNSPECIFIED if tape.has_surplus else None


def _failure_truncation(error: Exception, tape: Tape) -> Truncation:
    """What ended an exchange that failed."""
    if tape.is_full or isinstance(error, DownloadCancelledError | StopDownload):
        return Truncation.LENGTH
    if isinstance(error, DownloadTimeoutError):
        return Truncation.TIME
    return Truncation.DISCONNECT
