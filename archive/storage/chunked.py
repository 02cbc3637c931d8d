"""Undoing the chunked transfer coding (RFC 9112, 7.1)."""

from __future__ import annotations

SIZE_LINE_LIMIT = 4096  # with its extensions; nginx stops at about the same
TRAILER_LIMIT = 1 << 16


def dechunk(framed: bytes) -> tuple[bytes, tuple[str, ...]]:
    """The entity in a chunked body, and what is to be said of the chunks.

    Flags: ``chunks-absent`` (nothing chunked here: some archives undo the coding and leave the
    header), ``chunks-broken``, ``body-short`` (it ends before the last chunk), ``body-long``
    (more came after it).
    """
    parts: list[bytes] = []
    at = 0
    while True:
        size, at = _size(framed, at)
        if size is None:
            return _broken(framed, parts, at)
        if size == 0:
            return b"".join(parts), _after_last(framed, at)
        parts.append(framed[at : at + size])
        if at + size > len(framed):
            return b"".join(parts), ("body-short",)
        at = _past_line_end(framed, at + size)


def _size(framed: bytes, at: int) -> tuple[int | None, int]:
    """The size that the chunk's first line says, and where its octets begin."""
    end = framed.find(b"\n", at, at + SIZE_LINE_LIMIT)
    if end < 0:
        return None, at
    digits = framed[at:end].partition(b";")[0].strip()
    if not digits or len(digits) > 16:
        return None, at
    try:
        size = int(digits, 16)
    except ValueError:
        return None, at
    # int() also takes +, -, _ and 0x, which are no chunk sizes.
    return (size, end + 1) if digits.isalnum() and b"x" not in digits.lower() else (None, at)


def _past_line_end(framed: bytes, at: int) -> int:
    if framed.startswith(b"\r\n", at):
        return at + 2
    return at + 1 if framed.startswith(b"\n", at) else at


def _broken(framed: bytes, parts: list[bytes], at: int) -> tuple[bytes, tuple[str, ...]]:
    if not parts and framed and b"\n" in framed[:SIZE_LINE_LIMIT]:
        return framed, ("chunks-absent",)
    if not parts and len(framed) > SIZE_LINE_LIMIT:
        return framed, ("chunks-absent",)
    is_cut = len(framed) - at < SIZE_LINE_LIMIT and b"\n" not in framed[at:]
    return b"".join(parts), ("body-short" if is_cut else "chunks-broken",)


def _after_last(framed: bytes, at: int) -> tuple[str, ...]:
    """Walk over the trailers; say whether they end, and whether more follows them."""
    limit = at + TRAILER_LIMIT
    while at < limit:
        end = framed.find(b"\n", at, limit)
        if end < 0:
            return ("body-short",)
        is_blank = not framed[at:end].strip()
        at = end + 1
        if is_blank:
            return ("body-long",) if at < len(framed) else ()
    return ("chunks-broken",)
