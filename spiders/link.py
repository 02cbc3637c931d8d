"""From an href, as pages write it, to a URL the archive keeps things under."""

from __future__ import annotations

import re
from urllib.parse import SplitResult, quote, urljoin, urlsplit, urlunsplit

from archive.notice.posting import MARK

#: Longer ones are no addresses (servers answer 414 from 8,000 octets on).
URL_LIMIT = 4_000
_DEFAULT_PORTS = {"http": "80", "https": "443"}
_WHITE = re.compile(r"[\t\r\n]")
_STRAY_PERCENT = re.compile(r"%(?![0-9A-Fa-f]{2})")
#: RFC 3986: what may stand in a path or query as it is, and % of what is encoded already.
_PATH = "/%:@!$&'()*+,;=~-._"
_QUERY = _PATH + "?"


def find_url(href: str, base: str, *, encoding: str = "utf-8") -> str | None:
    """The absolute, percent-encoded URL of a link, without its fragment.

    None for what leads to no page: javascript:, mailto:, data:, an empty or bare-fragment
    link, an address that cannot be read, or one that would have us post a form. A query is
    encoded as a browser does it, in the page's own `encoding`; a path always in UTF-8 (WHATWG
    URL).
    """
    href = _WHITE.sub("", href).strip()
    if not href or href.startswith("#") or len(href) > URL_LIMIT or MARK in href:
        return None
    try:
        parts = urlsplit(urljoin(base, href.replace("\\", "/")))
        host = _host(parts)
    except ValueError:
        return None
    if parts.scheme not in _DEFAULT_PORTS or not host:
        return None
    path = quote(_STRAY_PERCENT.sub("%25", parts.path or "/"), safe=_PATH)
    return urlunsplit((parts.scheme, host, path, _query(parts.query, encoding), ""))


def _host(parts: SplitResult) -> str:
    """Host and port in their one spelling; names outside ASCII as IDNA."""
    name = parts.hostname or ""
    if not name.isascii():
        name = name.encode("idna").decode("ascii")
    if ":" in name:
        name = f"[{name}]"
    port = str(parts.port or "")
    return name if port in ("", _DEFAULT_PORTS.get(parts.scheme)) else f"{name}:{port}"


def _query(query: str, encoding: str) -> str:
    octets = _STRAY_PERCENT.sub("%25", query).encode(encoding, errors="xmlcharrefreplace")
    return quote(octets, safe=_QUERY)
