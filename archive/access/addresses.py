"""The address under which a reader sees the archive."""

from __future__ import annotations

import re
from urllib.parse import quote

from fastapi import Request

from archive.access.desk import Desk
from archive.errors import BadQuery

_HOST = re.compile(r"(?:[A-Za-z0-9._-]{1,253}|\[[0-9A-Fa-f:.]{2,45}\])(?::[0-9]{1,5})?")
_AS_WRITTEN = "%/:=&?~+!$,;'@()*-._[]"  #: what stays as it is in a path with its query


def desk_of(request: Request) -> Desk:
    """The desk that the application was made with."""
    desk: Desk = request.app.state.desk
    return desk


def base_url(request: Request) -> str:
    """The beginning of absolute links: as the operator set it, or as the reader asked.

    Raises:
        BadQuery: The Host header is none.
    """
    if configured := desk_of(request).base_url:
        return configured
    host = request.headers.get("host", "localhost")
    if not _HOST.fullmatch(host):
        raise BadQuery("The Host header is not valid.")
    return f"{request.url.scheme}://{host}"


def asked_path(request: Request) -> str:
    """Path and query as the reader asked, fit to stand in a link."""
    query = request.scope["query_string"].decode("latin-1")
    path = quote(request.url.path, safe=_AS_WRITTEN)
    return path + ("?" + quote(query, safe=_AS_WRITTEN) if query else "")
