"""Text that XML and JSON can carry."""

from __future__ import annotations

import re

_ILLEGAL = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def legal_text(text: str) -> str:
    """The text without the characters XML 1.0 forbids: controls, lone surrogates."""
    return _ILLEGAL.sub("", text)
