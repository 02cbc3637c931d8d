"""Captures of other tools, which do not say what they were fetched for."""

from __future__ import annotations

from dataclasses import replace
from urllib.parse import unquote, urlsplit

from archive import ingest
from archive.ingest.attachment_text import is_document
from archive.notice import Capture, Purpose
from archive.storage import is_adopted

PAGES = {"text/html", "application/xhtml+xml", "text/plain", "application/json"}


def as_page(capture: Capture) -> Capture:
    """A page of another tool's WARC as a notice's page, a document as a file of one.

    A page is read as one of the source whose host it is; what is no notice is set aside by the
    same judgement as ever. A later page of a split article belongs to its first one. A file
    belongs to the notices that name its address, whichever of them came first.
    """
    if not is_adopted(capture.place) or capture.facts.purpose is not Purpose.OTHER:
        return capture
    if capture.status != 200:
        return capture
    if capture.media_type not in PAGES:
        name = unquote(urlsplit(capture.url).path.rpartition("/")[2])
        if not is_document(capture.body, name):
            return capture
        return replace(capture, facts=replace(capture.facts, purpose=Purpose.ATTACHMENT))
    first = ingest.find_first_page(capture.body, capture.url)
    if first is not None:
        facts = replace(capture.facts, purpose=Purpose.CONTINUATION, via=first)
        return replace(capture, facts=facts)
    return replace(capture, facts=replace(capture.facts, purpose=Purpose.NOTICE))
