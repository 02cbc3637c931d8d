"""URLs as WARC records carry them (RFC 3986), and as CDXJ lines sort them (SURT)."""

from __future__ import annotations

import re
from urllib.parse import quote, unquote_to_bytes, urlsplit

_BARE_PERCENT = re.compile(r"%(?![0-9A-Fa-f]{2})")
_WWW = re.compile(r"^www\d{0,3}\.")
_DEFAULT_PORTS = {"http": 80, "https": 443}


def rfc3986(url: str) -> str:
    """The URL with everything percent-encoded that RFC 3986 does not allow, without fragment."""
    bare = url.partition("#")[0].strip()
    return quote(
        _BARE_PERCENT.sub("%25", bare), safe="%/?:@!$&'()*+,;=[]-._~", errors="surrogatepass"
    )


def surt(url: str) -> str:
    """The key by which CDXJ sorts a URL: ``cn,gov,harbin)/art/1.html``.

    As pywb and cdxj-indexer make it: lower case, without scheme and ``www.``, host turned
    round, query arguments sorted.
    """
    try:
        parts = urlsplit(url)
        host, port = (parts.hostname or "").rstrip("."), parts.port
    except ValueError:
        return url.lower()
    if not host:
        return url.lower()
    turned = ",".join(reversed(_WWW.sub("", host).split(".")))
    if port and port != _DEFAULT_PORTS.get(parts.scheme.lower()):
        turned += f":{port}"
    path = _plain(parts.path).rstrip("/") or "/"
    arguments = sorted(_plain(parts.query).split("&"), key=lambda one: one.split("=", 1))
    query = "&".join(arguments)
    return f"{turned}){path}{'?' + query if query else ''}"


def _plain(text: str) -> str:
    """Lower case, with escapes in one form only."""
    once = unquote_to_bytes(text.encode("utf-8", "surrogatepass"))
    return quote(once, safe="/?:@!$&'()*+,;=[]-._~|").lower()
