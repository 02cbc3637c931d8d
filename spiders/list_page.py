"""A list page as a dialect gets it, and its tree."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING
from urllib.parse import urljoin

from archive.notice import Capture
from spiders.decoding import decode

if TYPE_CHECKING:
    from selectolax.lexbor import LexborHTMLParser

#: Characters of a list page that are read; real ones have 10,000 to 500,000.
TEXT_LIMIT = 20_000_000
#: Open elements at once; real pages stay below 60. The parser's time grows with the square
#: of the depth: 5,000 cost 25 ms, 100,000 would cost 16 s.
DEPTH_LIMIT = 5_000
_NESTING = re.compile(
    r"<(/?)(?:div|span|ul|ol|dl|table|section|article|font|b|i|em|strong|center|blockquote)\b",
    re.IGNORECASE,
)


@dataclass(frozen=True)
class ListPage:
    """One list page: where it stands and what it says.

    `text` is bounded (`TEXT_LIMIT`, `DEPTH_LIMIT`); what was cut off is in `flags`.
    """

    url: str  #: of what answered a POST, its address: `archive.notice.posting`
    text: str
    media_type: str = "text/html"
    source: str = ""  #: id of the `Source` it belongs to
    encoding: str = "utf-8"  #: what it was decoded with
    flags: tuple[str, ...] = ()

    @cached_property
    def tree(self) -> LexborHTMLParser:
        """The page as HTML."""
        from selectolax.lexbor import LexborHTMLParser

        return LexborHTMLParser(self.text)

    @cached_property
    def base(self) -> str:
        """What relative links are relative to: the page, or its ``<base href>``."""
        element = self.tree.css_first("base[href]")
        href = (element.attributes.get("href") or "").strip() if element else ""
        try:
            return urljoin(self.url, href)
        except ValueError:  # such as an unclosed [ in an IPv6 host
            return self.url

    @cached_property
    def scripts(self) -> str:
        """The text of all scripts: none of it from HTML comments, which nobody runs."""
        return "\n".join(script.text() for script in self.tree.css("script"))


def make_list_page(url: str, body: bytes, *, content_type: str = "", source: str = "") -> ListPage:
    """Make a list page of octets, within the bounds."""
    text, encoding = decode(body[: 4 * TEXT_LIMIT], content_type)
    text, flags = _bound(text)
    media_type = content_type.partition(";")[0].strip().lower()
    return ListPage(url, text, media_type, source, encoding, flags)


def page_of(capture: Capture, source: str) -> ListPage:
    """Make a list page of a capture."""
    content_type = capture.header("content-type") or ""
    return make_list_page(capture.url, capture.body, content_type=content_type, source=source)


def _bound(text: str) -> tuple[str, tuple[str, ...]]:
    flags: tuple[str, ...] = ()
    if len(text) > TEXT_LIMIT:
        text, flags = text[:TEXT_LIMIT], ("page-too-long",)
    depth = 0
    for tag in _NESTING.finditer(text):
        depth = max(0, depth - 1) if tag[1] else depth + 1
        if depth > DEPTH_LIMIT:
            return text[: tag.start()], (*flags, "nested-too-deep")
    return text, flags
