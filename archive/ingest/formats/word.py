"""The text of a DOCX: paragraphs, table rows, footnotes, and the chunks that others hang in."""

from __future__ import annotations

from collections.abc import Iterator
from io import BytesIO
from pathlib import Path
from typing import Any

from archive.ingest.formats.markup import read_markup, read_web_archive
from archive.ingest.formats.refusal import Refusal, refuse_bomb

#: What stands there for programs that cannot draw the element before it, which says the same.
_FALLBACK = "{http://schemas.openxmlformats.org/markup-compatibility/2006}Fallback"
_DEEPEST = 3  #: documents in documents


def read_docx(file: Path) -> Iterator[str]:
    """Paragraphs in order, table rows with tabs between their cells, ``altChunk`` in its place."""
    refuse_bomb(file)
    yield from _read(str(file), depth=0)


def _read(source: str | BytesIO, *, depth: int) -> Iterator[str]:
    from docx import Document
    from docx.oxml.ns import qn

    document = Document(source)
    table, cell, paragraph, lesser = qn("w:tbl"), qn("w:tc"), qn("w:p"), _FALLBACK
    wanted = (paragraph, qn("w:tr"), qn("w:altChunk"))
    for element in document.element.body.iter(*wanted):
        if _nearest(element, lesser) is not None:
            continue
        if element.tag == paragraph:  # content controls hide paragraphs from python-docx
            if next(element.iterancestors(table), None) is None:
                yield _runs(element)
        elif element.tag == qn("w:altChunk"):
            yield from _chunk(document.part, element.get(qn("r:id")), depth=depth)
        else:
            own = (one for one in element.iter(cell) if _nearest(one, element.tag) is element)
            yield "\t".join(" ".join(_in_cell(one)) for one in own)
    yield from _footnotes(document.part)


def _nearest(element: Any, tag: str) -> Any:
    """The nearest element of a name that this one stands in."""
    return next(element.iterancestors(tag), None)


def _in_cell(cell: Any) -> Iterator[str]:
    """The paragraphs of a cell, but for those of a table within it, whose rows come behind."""
    from docx.oxml.ns import qn

    own = (one for one in cell.iter(qn("w:p")) if _nearest(one, cell.tag) is cell)
    return map(_runs, (one for one in own if _nearest(one, _FALLBACK) is None))


def _footnotes(part: Any) -> Iterator[str]:
    """Footnotes and endnotes, behind the text that they stand under."""
    from docx.oxml import parse_xml
    from docx.oxml.ns import qn

    for relation in part.rels.values():
        if relation.is_external or not relation.reltype.endswith(("/footnotes", "/endnotes")):
            continue
        for note in parse_xml(relation.target_part.blob):
            if note.get(qn("w:type")) is None:  # others are the lines that part notes from text
                yield " ".join(filter(None, map(_runs, note.iter(qn("w:p")))))


def _runs(paragraph: Any) -> str:
    """The text of a paragraph's runs, inserted and linked ones too, not what was moved away.

    A text box stands in a run, too, but its paragraphs are paragraphs of their own.
    """
    from docx.oxml.ns import qn

    gone = qn("w:moveFrom")
    text, tab, line = qn("w:t"), qn("w:tab"), qn("w:br")
    pieces = {tab: "\t", line: "\n"}
    found = (
        piece
        for piece in paragraph.iter(text, tab, line)
        if _nearest(piece, gone) is None and _nearest(piece, paragraph.tag) is paragraph
    )
    return "".join(piece.text or "" if piece.tag == text else pieces[piece.tag] for piece in found)


def _chunk(part: Any, relation: str | None, *, depth: int) -> Iterator[str]:
    """A chunk of another format, as flk.npc.gov.cn's generator hangs whole laws into a DOCX."""
    if relation not in part.rels or part.rels[relation].is_external or depth >= _DEEPEST:
        raise Refusal("part-not-read")
    target = part.rels[relation].target_part
    kind, body = target.content_type.partition(";")[0].strip().lower(), target.blob
    if kind in {"text/html", "application/xhtml+xml"}:
        yield read_markup(body)
    elif kind == "text/plain":
        yield body.decode("utf-8", "replace")
    elif kind == "message/rfc822" or kind.startswith("multipart/"):
        yield from read_web_archive(body)
    elif "wordprocessingml" in kind:
        yield from _read(BytesIO(body), depth=depth + 1)
    else:
        raise Refusal("part-not-read")
