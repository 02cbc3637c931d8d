"""The text of a piece of HTML inside another file."""

from __future__ import annotations

from lxml import html

_BLOCKS = ["p", "div", "tr", "li", "h1", "h2", "h3", "h4", "h5", "h6", "table", "br"]


def read_markup(body: bytes, *, charset: str | None = None) -> str:
    """One line a block, cells apart by tabs; scripts and styles left out."""
    parser = html.HTMLParser(encoding=charset, remove_comments=True, no_network=True)
    tree = html.fromstring(body, parser=parser) if body.strip() else None
    if tree is None:
        return ""
    for element in tree.iter("script", "style", "head"):
        element.clear(keep_tail=True)
    for element in tree.iter("td", "th"):
        element.tail = "\t" + (element.tail or "")
    for element in tree.iter(*_BLOCKS):
        element.tail = "\n" + (element.tail or "")
    lines = (" ".join(line.split(" ")).strip() for line in tree.text_content().split("\n"))
    return "\n".join(filter(None, lines))
