# ruff: noqa: N802 - Twisted names the methods it calls
"""The HTTP protocol with a tape running: octets are taken at the transport, above TLS."""

from __future__ import annotations

from collections.abc import Hashable, Iterable
from typing import TYPE_CHECKING, Any

from scrapy.core.downloader.handlers.http11 import _LenientHTTP11ClientProtocol
from twisted.internet.defer import Deferred
from twisted.web.client import HTTPConnectionPool, _HTTP11ClientFactory
from zope.interface import directlyProvides, providedBy

from crawler.wire.tape import Tape

if TYPE_CHECKING:
    from twisted.internet.interfaces import IAddress, IStreamClientEndpoint
    from twisted.web._newclient import Request as TxRequest
    from twisted.web.iweb import IResponse


class WireProtocol(_LenientHTTP11ClientProtocol):
    """Keeps what is sent and received for the request under way on this connection."""

    _tape: Tape | None = None

    def makeConnection(self, transport: Any) -> None:
        """Have the transport tell us what is written to it."""
        super().makeConnection(_TapedTransport(transport, self))  # type: ignore[no-untyped-call]  # Twisted has no types here

    def request(self, request: TxRequest) -> Deferred[IResponse]:
        """Send a request; its tape came with it from the pool."""
        self._tape = getattr(request, "hongtou_tape", None)
        if self._tape is not None:
            peer: Any = self.transport
            self._tape.begin(getattr(peer.getPeer(), "host", None))
        return super().request(request)

    def dataReceived(self, octets: bytes) -> None:
        """Tape first, parse then; hang up on a response that never ends."""
        tape = self._tape
        if tape is not None:
            tape.received(octets)
            if tape.is_full:
                assert self.transport is not None
                self.transport.abortConnection()
                return
        super().dataReceived(octets)  # type: ignore[no-untyped-call]  # Twisted has no types here

    def taped(self, octets: bytes) -> None:
        """Take in what our transport writes."""
        if self._tape is not None:
            self._tape.sent(octets)

    def _finishResponse_WAITING(self, rest: bytes) -> None:
        """The response is whole; `rest` came behind its end and belongs to no request.

        Twisted would keep such a connection and take the next octets for the next answer.
        """
        if rest:
            if self._tape is not None:
                self._tape.has_surplus = True
            if self._currentRequest is not None:
                self._currentRequest.persistent = False
        self._tape = None
        super()._finishResponse_WAITING(rest)

    _finishResponse_TRANSMITTING = _finishResponse_WAITING  # noqa: N815 - Twisted's own name


class WireFactory(_HTTP11ClientFactory):
    """Builds `WireProtocol`s for the connection pool."""

    noisy = False

    def buildProtocol(self, addr: IAddress | None) -> WireProtocol:
        """One protocol a connection."""
        return WireProtocol(self._quiescentCallback)  # type: ignore[no-untyped-call]  # Twisted has no types here


class TapedPool:
    """A pool's face for one request: puts the request's tape on it.

    Twisted's agent asks its pool for a connection and gives that the request; there is no other
    public way from the one to the other.
    """

    def __init__(self, pool: HTTPConnectionPool, tape: Tape) -> None:
        self._pool, self._tape = pool, tape
        self.persistent: bool = pool.persistent

    def getConnection(self, key: Hashable, endpoint: IStreamClientEndpoint) -> Deferred[Any]:
        """A connection, kept or new, that will carry the tape's request."""
        connected: Deferred[Any] = self._pool.getConnection(key, endpoint)
        return connected.addCallback(_TapedConnection, self._tape)


class _TapedConnection:
    """A connection for one request; the pool may send it on a second one if the first is dead."""

    def __init__(self, connection: Any, tape: Tape) -> None:
        self._connection, self._tape = connection, tape

    def request(self, request: TxRequest) -> Deferred[IResponse]:
        vars(request)["hongtou_tape"] = self._tape
        sent: Deferred[IResponse] = self._connection.request(request)
        return sent


class _TapedTransport:
    """A transport that shows what is written to it; everything else is the transport's own."""

    def __init__(self, transport: Any, protocol: WireProtocol) -> None:
        self._transport, self._protocol = transport, protocol
        directlyProvides(self, providedBy(transport))

    def write(self, octets: bytes) -> None:
        self._protocol.taped(octets)
        self._transport.write(octets)

    def writeSequence(self, parts: Iterable[bytes]) -> None:
        for octets in parts:
            self.write(octets)

    def __getattr__(self, name: str) -> Any:
        return getattr(self._transport, name)
