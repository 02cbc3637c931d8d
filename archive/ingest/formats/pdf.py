"""The text of a PDF, page by page, with pypdf."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from archive.ingest.formats.refusal import Refusal

#: Fewer characters than these on a page with a picture are a stamp or a page number on a scan.
_LEAST_TEXT = 10


def read_pdf(file: Path) -> Iterator[str]:
    """Each page's text; a file that opens without a password counts as open.

    What stands only in a picture is not guessed at: the flag says how many pages are pictures.
    """
    from pypdf import PdfReader

    reader = PdfReader(file)
    if reader.is_encrypted and not reader.decrypt(""):
        raise Refusal("locked")
    pictures = 0
    for page in reader.pages:
        text = page.extract_text()
        pictures += len(text.strip()) < _LEAST_TEXT and _shows_a_picture(page)
        yield text
    if pictures:
        raise Refusal("images-only" if pictures == len(reader.pages) else f"image-pages:{pictures}")


def _shows_a_picture(page: Any) -> bool:
    """Whether a page has an image of its own, also within a form; none is unpacked."""
    waiting, seen = [page.get("/Resources")], 0
    while waiting and seen < 200:
        resources = waiting.pop()
        resources = resources.get_object() if resources is not None else {}
        objects = resources.get("/XObject") if hasattr(resources, "get") else None
        for one in (objects.get_object() if objects is not None else {}).values():
            seen += 1
            found = one.get_object()
            if found.get("/Subtype") == "/Image":
                return True
            waiting.append(found.get("/Resources"))
    return False
