"""The text of HTML and MHT, as files of their own or inside another."""

from __future__ import annotations

from collections.abc import Iterator
from email import message_from_bytes, policy
from pathlib import Path

from lxml import html

from archive.ingest.decode import decode
from archive.ingest.formats.refusal import Refusal

_MOST = 50_000_000  #: octets
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


def read_html(file: Path) -> Iterator[str]:
    """A page that a notice names as its file, or that Word saved under the name of a DOC."""
    yield read_markup(_plain(file).encode(), charset="utf-8")


def read_mht(file: Path) -> Iterator[str]:
    """The pages of an MHT, which Word writes under the name of a DOC, too."""
    yield from read_web_archive(_whole(file))


def read_text(file: Path) -> Iterator[str]:
    """A plain text, or a table with commas, whatever its encoding."""
    yield from _plain(file).splitlines()


def read_web_archive(body: bytes) -> Iterator[str]:
    """The pages of an MHT."""
    for part in message_from_bytes(body, policy=policy.default).walk():
        if part.get_content_type() == "text/html":
            found = part.get_payload(decode=True)
            if isinstance(found, bytes):
                yield read_markup(found, charset=part.get_content_charset())


def _plain(file: Path) -> str:
    return decode(_whole(file)).text


def _whole(file: Path) -> bytes:
    if file.stat().st_size > _MOST:
        raise Refusal("too-big")
    return file.read_bytes()
