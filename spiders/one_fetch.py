"""One polite look at one page, for a person who probes it; crawling is the crawler's."""

from __future__ import annotations

import http.client
import socket
import ssl
import urllib.error
import urllib.request
import urllib.robotparser
from dataclasses import dataclass
from functools import partial
from typing import Any
from urllib.parse import urljoin

from archive.errors import UsageError
from spiders.link import find_url

USER_AGENT = "Hongtou (archiver of public notices; one look by a person)"
_ROBOTS_LIMIT = 500_000
_NEXT_STEP = "Save the page with a browser and give the file with --url."


@dataclass(frozen=True)
class Answer:
    """What came: where it stands at last, what it says it is, its octets."""

    url: str
    content_type: str
    body: bytes


@dataclass(frozen=True, kw_only=True)
class Dialling:
    """Whom a look is to dial, where that is not the site itself: a replica web."""

    dial: str = ""  #: HOST:PORT in place of every site; "" dials the site
    ca_file: str = ""  #: a file of further certificate authorities to trust

    def opener(self) -> urllib.request.OpenerDirector:
        """What opens URLs so."""
        context = ssl.create_default_context()
        if self.ca_file:
            context.load_verify_locations(self.ca_file)
        if not self.dial:
            return urllib.request.build_opener(urllib.request.HTTPSHandler(context=context))
        host, _, port = self.dial.rpartition(":")
        address = (host, int(port))
        return urllib.request.build_opener(
            urllib.request.ProxyHandler({}), _Dialler(address), _SecureDialler(address, context)
        )


class _Dialler(urllib.request.HTTPHandler):
    """Opens http URLs at one address, whatever their host."""

    def __init__(self, address: tuple[str, int]) -> None:
        super().__init__()
        self._address = address

    def http_open(self, req: urllib.request.Request) -> http.client.HTTPResponse:
        return self.do_open(partial(_dialled, http.client.HTTPConnection, self._address), req)


class _SecureDialler(urllib.request.HTTPSHandler):
    """Opens https URLs at one address; the certificate is the named host's all the same."""

    def __init__(self, address: tuple[str, int], context: ssl.SSLContext) -> None:
        super().__init__(context=context)
        self._address = address
        self._chosen = context

    def https_open(self, req: urllib.request.Request) -> http.client.HTTPResponse:
        make = partial(_dialled, http.client.HTTPSConnection, self._address, context=self._chosen)
        return self.do_open(make, req)


def _dialled(
    kind: type[http.client.HTTPConnection], address: tuple[str, int], host: str, **named: Any
) -> http.client.HTTPConnection:
    connection = kind(host, **named)
    # The one place where http.client asks for a socket; the name stays for Host and SNI.
    vars(connection)["_create_connection"] = lambda _, *rest: socket.create_connection(
        address, *rest
    )
    return connection


def fetch_once(
    url: str,
    *,
    seconds: float,
    octets: int,
    dialling: Dialling = Dialling(),
) -> Answer:
    """Fetch a page unless the site's robots.txt forbids it.

    An address as a person copies it, with Chinese in it, is encoded as a browser does.

    Raises:
        UsageError: It is forbidden, or did not come; says what to do instead.
    """
    whole = find_url(url, url)
    if whole is None:
        raise UsageError(f"{url} is no address that can be asked for.", next_step=_NEXT_STEP)
    opener = dialling.opener()
    if not _is_allowed(opener, whole, seconds):
        raise UsageError(f"robots.txt of the site forbids {url}.", next_step=_NEXT_STEP)
    return _get(opener, whole, seconds, octets)


def _is_allowed(opener: urllib.request.OpenerDirector, url: str, seconds: float) -> bool:
    """RFC 9309: no robots.txt (4xx) is no restriction; one that fails (5xx) forbids."""
    try:
        answer = _get(opener, urljoin(url, "/robots.txt"), seconds, _ROBOTS_LIMIT)
    except UsageError as error:
        status = getattr(error, "status", None)
        if status is None:
            raise
        return 400 <= int(status) < 500
    rules = urllib.robotparser.RobotFileParser()
    rules.parse(answer.body.decode("utf-8", errors="replace").splitlines())
    return rules.can_fetch(USER_AGENT, url)


def _get(opener: urllib.request.OpenerDirector, url: str, seconds: float, octets: int) -> Answer:
    request = urllib.request.Request(url, headers={"User-Agent": USER_AGENT})  # noqa: S310, http(s) was checked
    try:
        with opener.open(request, timeout=seconds) as response:
            body = response.read(octets)
            return Answer(response.url, response.headers.get("Content-Type", ""), body)
    except urllib.error.HTTPError as error:
        raise UsageError(
            f"{url} answered {error.code}.", next_step=_NEXT_STEP, status=error.code
        ) from error
    except (OSError, http.client.HTTPException, ValueError) as error:
        raise UsageError(f"{url} did not come: {error}.", next_step=_NEXT_STEP) from error
