# ruff: noqa: N802 - Twisted names the methods it calls
"""Where connections go: names resolved and judged, or a stand-in for the whole network."""

from __future__ import annotations

import ipaddress
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from twisted.internet.defer import Deferred, fail
from twisted.internet.endpoints import HostnameEndpoint, wrapClientTLS
from twisted.internet.error import DNSLookupError
from twisted.internet.interfaces import IResolutionReceiver, IStreamClientEndpoint
from twisted.web.error import SchemeNotSupported
from twisted.web.iweb import IAgentEndpointFactory
from zope.interface import implementer

from archive.errors import BadSetting, PrivateAddress
from crawler.wire.addresses import Address, is_public, literal

if TYPE_CHECKING:
    from scrapy.settings import BaseSettings
    from twisted.internet.interfaces import IAddress, IHostResolution
    from twisted.web.client import URI

#: Addresses of one name that are tried one after the other.
ADDRESSES_TRIED = 4


@dataclass(frozen=True, kw_only=True)
class Route:
    """How connections are made, from the settings."""

    dial: tuple[str, int] | None  #: HONGTOU_DIAL: every host is dialled there
    allow_private: bool  #: HONGTOU_ALLOW_PRIVATE


def read_route(settings: BaseSettings) -> Route:
    """Read HONGTOU_DIAL and HONGTOU_ALLOW_PRIVATE.

    Raises:
        BadSetting: HONGTOU_DIAL is not ``address:port``.
    """
    said = settings.get("HONGTOU_DIAL")
    dial = None
    if said:
        host, _, port = str(said).rpartition(":")
        if not host or not port.isdigit() or not 0 < int(port) < 65536:
            raise BadSetting(f"HONGTOU_DIAL is {said!r}, which is not ADDRESS:PORT.")
        dial = host.strip("[]"), int(port)
    return Route(dial=dial, allow_private=settings.getbool("HONGTOU_ALLOW_PRIVATE"))


@implementer(IAgentEndpointFactory)
class WireEndpoints:
    """Makes the endpoint for a URL."""

    def __init__(
        self,
        reactor: Any,
        policy: Any,
        route: Route,
        *,
        timeout: float,
        bind_address: tuple[str, int] | None = None,
    ) -> None:
        self._reactor, self._policy, self._route = reactor, policy, route
        self._timeout, self._bind_address = timeout, bind_address

    def endpointForURI(self, uri: URI) -> _Endpoint:
        """An endpoint; nothing is resolved until it connects.

        Raises:
            SchemeNotSupported: It is neither http nor https.
        """
        if uri.scheme not in (b"http", b"https"):
            raise SchemeNotSupported(f"Unsupported scheme: {uri.scheme!r}")
        return _Endpoint(self, uri)

    def connect(self, uri: URI, factory: Any) -> Deferred[Any]:
        """Connect to a URL's host, or to what stands in for it."""
        host = uri.host.decode("ascii")
        spelled = literal(host)
        if spelled is not None and not self._is_allowed(spelled):
            return fail(_private(host, spelled))
        if self._route.dial is not None:
            return self._connect_to(*self._route.dial, uri, factory)
        if self._route.allow_private:
            return self._connect_to(host, uri.port, uri, factory)
        resolved = _resolve(self._reactor, host, uri.port)
        return resolved.addCallback(self._connect_to_public, uri, factory)

    def _is_allowed(self, address: Address) -> bool:
        return self._route.allow_private or is_public(address)

    def _connect_to_public(self, addresses: list[Address], uri: URI, factory: Any) -> Deferred[Any]:
        """Connect to the addresses that were judged, never to the name: it may change its mind."""
        host = uri.host.decode("ascii")
        public = [address for address in addresses if is_public(address)]
        if not addresses:
            return fail(DNSLookupError(f"no address for {host}"))
        if not public:
            return fail(_private(host, addresses[0]))
        return self._try(public[:ADDRESSES_TRIED], uri, factory)

    def _try(self, addresses: list[Address], uri: URI, factory: Any) -> Deferred[Any]:
        connected = self._connect_to(str(addresses[0]), uri.port, uri, factory)
        if len(addresses) > 1:
            connected.addErrback(lambda _: self._try(addresses[1:], uri, factory))
        return connected

    def _connect_to(self, host: str, port: int, uri: URI, factory: Any) -> Deferred[Any]:
        endpoint: Any = HostnameEndpoint(
            self._reactor, host, port, timeout=self._timeout, bindAddress=self._bind_address
        )
        if uri.scheme == b"https":
            # Server name and certificate stay those of the URL, wherever we dial.
            creator = self._policy.creatorForNetloc(uri.host, uri.port)
            endpoint = wrapClientTLS(creator, endpoint)
        connected: Deferred[Any] = endpoint.connect(factory)
        return connected


@implementer(IStreamClientEndpoint)
class _Endpoint:
    """One URL's endpoint. Agents make one a request; only a new connection costs anything."""

    def __init__(self, endpoints: WireEndpoints, uri: URI) -> None:
        self._endpoints, self._uri = endpoints, uri

    def connect(self, protocolFactory: Any) -> Deferred[Any]:  # noqa: N803 - Twisted's own name
        return self._endpoints.connect(self._uri, protocolFactory)

    def __repr__(self) -> str:
        return f"<{self._uri.host.decode('ascii', 'replace')}:{self._uri.port}>"


def _resolve(reactor: Any, host: str, port: int) -> Deferred[list[Address]]:
    """All addresses of a name."""
    receiver = _Receiver()
    reactor.nameResolver.resolveHostName(receiver, host, portNumber=port)
    return receiver.done


@implementer(IResolutionReceiver)
class _Receiver:
    def __init__(self) -> None:
        self.done: Deferred[list[Address]] = Deferred()
        self._addresses: list[Address] = []

    def resolutionBegan(self, resolutionInProgress: IHostResolution) -> None:  # noqa: N803 - Twisted's own name
        """Nothing to do yet."""

    def addressResolved(self, address: IAddress) -> None:
        host: str = getattr(address, "host", "")
        self._addresses.append(ipaddress.ip_address(host.partition("%")[0]))

    def resolutionComplete(self) -> None:
        self.done.callback(self._addresses)


def _private(host: str, address: Address) -> PrivateAddress:
    return PrivateAddress(
        f"{host} is at {address}, which is not an address of the open Internet.", host=host
    )
