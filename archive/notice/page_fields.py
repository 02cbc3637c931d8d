"""What a source's own reading finds on a page."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True, kw_only=True)
class Attachment:
    """A file that belongs to a notice."""

    title: str
    url: str


@dataclass(frozen=True, kw_only=True)
class PageFields:
    """Fields that a source's own selectors found; None or empty leaves them to the reader.

    A source states where its fields stand (``[page]`` in source.toml, or ``pages.py``). What
    it does not state, `archive.ingest` finds in the page by what all such pages share.
    """

    title: str | None = None
    document_number: str | None = None  #: as written
    index_number: str | None = None
    issuing_bodies: tuple[str, ...] = ()
    written_on: date | None = None
    published_on: date | None = None
    source_name: str | None = None  #: 信息来源, whom a reprint names
    body_html: str | None = None  #: the element that holds the body, as HTML
    attachments: tuple[Attachment, ...] = ()
    flags: tuple[str, ...] = ()
