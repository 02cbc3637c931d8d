"""Attachments are read in a process that may die alone."""

from __future__ import annotations

import io
import zipfile

import pytest
from docx import Document
from pypdf import PdfWriter

from archive.ingest.attachment_text import read_attachment


def docx() -> bytes:
    document = Document()
    document.add_paragraph("附件：重点工作任务")
    table = document.add_table(rows=1, cols=2)
    table.cell(0, 0).text, table.cell(0, 1).text = "任务", "责任单位"
    out = io.BytesIO()
    document.save(out)
    return out.getvalue()


def pdf(password: str | None = None) -> bytes:
    writer = PdfWriter()
    writer.add_blank_page(100, 100)
    if password:
        writer.encrypt(password, algorithm="RC4-128")
    out = io.BytesIO()
    writer.write(out)
    return out.getvalue()


def bomb() -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("word/document.xml", b" " * 210_000_000)
    return out.getvalue()


def test_a_docx_is_read_with_its_tables() -> None:
    found = read_attachment(docx(), "附件.docx")
    assert found.kind == "docx"
    assert found.text == "附件：重点工作任务\n任务\t责任单位"
    assert not found.flags


@pytest.mark.parametrize(
    ("body", "name", "kind", "flag"),
    [
        (pdf(), "a.pdf", "pdf", "no-text"),
        (pdf("secret"), "a.pdf", "pdf", "locked"),
        (b"%PDF-1.4 junk", "a.pdf", "pdf", "broken"),
        (b"PK\x03\x04word/", "a.docx", "docx", "broken"),
        (b"\xd0\xcf\x11\xe0rest", "a.xls", "xls", "broken"),
        (b"\x89PNG", "a.png", "image", "not-read-yet"),
        (b"", "a.pdf", "pdf", "empty"),
    ],
)
def test_what_cannot_be_read_is_a_flag(body: bytes, name: str, kind: str, flag: str) -> None:
    found = read_attachment(body, name)
    assert (found.kind, found.flags) == (kind, (flag,))


def test_a_bomb_is_refused() -> None:
    assert read_attachment(bomb(), "a.docx").flags == ("too-big",)


def test_a_name_does_not_decide_what_a_file_is() -> None:
    assert read_attachment(docx(), "report.pdf").kind == "docx"
