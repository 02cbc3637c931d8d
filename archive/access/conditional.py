"""Conditional answers (RFC 9110, 13): nothing is sent again that the reader has."""

from __future__ import annotations

import hashlib
import re
from datetime import UTC, datetime
from email.utils import format_datetime, parsedate_to_datetime

from fastapi import Request, Response

_TAG = re.compile(r'(?:W/)?"[\x21\x23-\x7e\x80-\xff]{0,200}"')


def answer(
    request: Request,
    body: bytes,
    media_type: str,
    *,
    changed_at: datetime | None = None,
    max_age: int = 0,
    headers: dict[str, str] | None = None,
) -> Response:
    """The body with its validators, or 304 when the reader has it.

    The tag is weak: the same body is also sent compressed.
    """
    tag = f'W/"{hashlib.sha256(body).hexdigest()[:32]}"'
    sent = {"ETag": tag, "Cache-Control": f"max-age={max_age}" if max_age else "no-cache"}
    sent |= headers or {}
    if changed_at is not None:
        whole = changed_at.astimezone(UTC).replace(microsecond=0)
        sent["Last-Modified"] = format_datetime(whole, usegmt=True)
    if _has_it(request, tag, changed_at):
        return Response(status_code=304, headers=sent)
    return Response(body, media_type=media_type, headers=sent)


def _has_it(request: Request, tag: str, changed_at: datetime | None) -> bool:
    """If-None-Match decides alone where it is given (RFC 9110, 13.2.2)."""
    wanted = request.headers.get("if-none-match")
    if wanted is not None:
        opaque = tag.removeprefix("W/")
        given = (found.removeprefix("W/") for found in _TAG.findall(wanted[:4000]))
        return wanted.strip() == "*" or opaque in given
    since = request.headers.get("if-modified-since")
    if since is None or changed_at is None:
        return False
    try:
        moment = parsedate_to_datetime(since[:100])
    except ValueError:
        return False
    aware = moment if moment.tzinfo is not None else moment.replace(tzinfo=UTC)
    return changed_at.replace(microsecond=0) <= aware
