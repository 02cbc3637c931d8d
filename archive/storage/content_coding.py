"""Undoing content codings, with a bound on what comes out."""

from __future__ import annotations

import zlib
from collections.abc import Iterable

#: Octets that a body may have once decoded. A page of 50 MB is read; a bomb is not.
BODY_LIMIT = 64 << 20
CODINGS_LIMIT = 3


def undo_codings(
    entity: bytes, codings: Iterable[str], *, limit: int = BODY_LIMIT
) -> tuple[bytes, tuple[str, ...]]:
    """The entity with its codings undone, last one first.

    Flags: ``body-limit`` (cut at `limit`), ``content-coding-broken`` (what could be decoded is
    given, or the entity itself when nothing could), ``content-coding-unknown``.
    """
    wanted = [coding for coding in codings if coding not in ("identity", "")]
    if len(wanted) > CODINGS_LIMIT:
        return entity[:limit], ("content-coding-unknown",)
    body, flags = entity, []
    for coding in reversed(wanted):
        if not body:
            break
        body, flag = _undo(body, coding, limit)
        if flag:
            flags.append(flag)
            break
    if len(body) > limit:
        body, flags = body[:limit], [*flags, "body-limit"]
    return body, tuple(flags)


def _undo(coded: bytes, coding: str, limit: int) -> tuple[bytes, str]:
    if coding in ("gzip", "x-gzip"):
        return _inflate(coded, 31, limit)
    if coding == "deflate":
        # RFC 9110 8.4.1.2 means zlib; servers that send the bare stream are as old as the name.
        is_zlib = len(coded) > 1 and coded[0] & 15 == 8 and (coded[0] << 8 | coded[1]) % 31 == 0
        return _inflate(coded, 15 if is_zlib else -15, limit)
    if coding == "br":
        return _unbrotli(coded, limit)
    return coded, "content-coding-unknown"


def _inflate(coded: bytes, window: int, limit: int) -> tuple[bytes, str]:
    """Inflate all members of a stream; octets after the last one are left, as browsers do."""
    parts: list[bytes] = []
    size = 0
    while coded:
        decoder = zlib.decompressobj(window)
        try:
            part = decoder.decompress(coded, limit - size + 1)
        except zlib.error:
            return (b"".join(parts), "") if parts else _salvage(coded, window, limit)
        parts.append(part)
        size += len(part)
        if size > limit:
            return b"".join(parts)[:limit], "body-limit"
        if not decoder.eof:
            return b"".join(parts), "content-coding-broken"
        coded = decoder.unused_data if window == 31 else b""
    return b"".join(parts), ""


def _salvage(coded: bytes, window: int, limit: int) -> tuple[bytes, str]:
    """What comes out before the fault; the octets themselves when nothing does."""
    decoder = zlib.decompressobj(window)
    out = bytearray()
    for at in range(0, len(coded), 1024):
        try:
            out += decoder.decompress(coded[at : at + 1024], limit - len(out) + 1)
        except zlib.error:
            break
        if len(out) > limit:
            break
    return bytes(out[:limit]) or coded, "content-coding-broken"


def _unbrotli(coded: bytes, limit: int) -> tuple[bytes, str]:
    """Brotli, where its library is there: we never ask for it, foreign WARCs hold it."""
    try:
        import brotli  # type: ignore[import-untyped]  # it ships no types
    except ImportError:
        return coded, "content-coding-unknown"
    decoder = brotli.Decompressor()
    out = bytearray()
    for at in range(0, len(coded), 4096):
        try:
            # Brotli's own bound, so that a few octets cannot become gigabytes in one call.
            out += decoder.process(coded[at : at + 4096], output_buffer_limit=limit + 1)
        except brotli.error:
            return bytes(out) or coded, "content-coding-broken"
        if len(out) > limit:
            return bytes(out[:limit]), "body-limit"
    return bytes(out), "" if decoder.is_finished() else "content-coding-broken"
