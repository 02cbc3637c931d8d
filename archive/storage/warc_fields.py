"""``application/warc-fields``: named fields, a line each, exact in both directions."""

from __future__ import annotations

import re
from collections.abc import Iterable
from urllib.parse import quote_from_bytes, unquote_to_bytes

#: What cannot stand in a line as it is: controls, line separators, lone surrogates, spaces at
#: the ends. Escaped with a backslash, not with a percent sign: ``via`` holds escaped URLs.
_SPECIAL = re.compile("[\\\\\x00-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff]|^ | $")
_ESCAPE = re.compile(r"\\(\\|u[0-9a-f]{4})")


def render_fields(fields: Iterable[tuple[str, str]]) -> bytes:
    """Write fields as a block."""
    return "".join(f"{name}: {_escaped(value)}\r\n" for name, value in fields).encode()


def parse_fields(block: bytes) -> tuple[tuple[str, str], ...]:
    """Read a block of fields; lines that are none are left out."""
    fields: list[tuple[str, str]] = []
    for line in block.decode("utf-8", "replace").split("\n"):
        name, colon, value = line.partition(":")
        if line[:1] in (" ", "\t") and fields:
            fields[-1] = fields[-1][0], f"{fields[-1][1]} {line.strip()}"
        elif colon and name.strip():
            fields.append((name.strip(), _unescaped(value.strip(" \t\r"))))
    return tuple(fields)


def escape_octets(octets: bytes) -> str:
    """Octets of any kind as one line."""
    return quote_from_bytes(octets, safe="/:;,.?=&!*'()<>-_")


def unescape_octets(text: str) -> bytes:
    """Read what `escape_octets` wrote."""
    return unquote_to_bytes(text)


def _escaped(value: str) -> str:
    return _SPECIAL.sub(
        lambda found: "\\\\" if found[0] == "\\" else f"\\u{ord(found[0]):04x}", value
    )


def _unescaped(value: str) -> str:
    if "\\" not in value:
        return value
    return _ESCAPE.sub(
        lambda found: "\\" if found[1] == "\\" else chr(int(found[1][1:], 16)), value
    )
