"""The text of a PDF, page by page, with pypdf."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from archive.ingest.formats.refusal import Refusal


def read_pdf(file: Path) -> Iterator[str]:
    """Each page's text; a file that opens without a password counts as open."""
    from pypdf import PdfReader

    reader = PdfReader(file)
    if reader.is_encrypted and not reader.decrypt(""):
        raise Refusal("locked")
    for page in reader.pages:
        yield page.extract_text()
