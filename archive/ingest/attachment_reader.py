"""The process that reads one attachment and may die of it: ``python -m … KIND FILE LIMITS``.

Started by `archive.ingest.attachment_text`; writes one JSON object to its standard output.
"""

from __future__ import annotations

import json
import resource
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from zipfile import BadZipFile, ZipFile

_MOST_UNPACKED = 200_000_000  #: octets of a DOCX once unpacked; more is a bomb


def main(kind: str, file: Path, seconds: int, megabytes: int, most_text: int) -> None:
    """Set the limits, read, answer."""
    resource.setrlimit(resource.RLIMIT_CPU, (seconds, seconds + 1))
    resource.setrlimit(resource.RLIMIT_AS, (megabytes << 20, megabytes << 20))
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
    text = ""
    flags: list[str] = []
    try:
        pieces = _read_pdf(file) if kind == "pdf" else _read_docx(file)
        text, flags = _joined(pieces, most_text)
    except _Refused as refusal:
        flags = [str(refusal)]
    except MemoryError:
        flags = ["too-big"]
    except RecursionError:
        flags = ["broken"]
    except Exception:  # noqa: BLE001 — a hostile file may raise anything; it becomes a flag
        flags = ["broken"]
    sys.stdout.write(json.dumps({"text": text, "flags": flags}))


class _Refused(Exception):
    """The file is not read, for the reason that the message names."""


def _joined(pieces: Iterator[str], most_text: int) -> tuple[str, list[str]]:
    kept: list[str] = []
    length = 0
    for piece in pieces:
        kept.append(piece[: most_text - length])
        length += len(kept[-1]) + 1
        if length >= most_text:
            return "\n".join(kept), ["text-cut"]
    text = "\n".join(kept).strip().encode("utf-8", "replace").decode("utf-8")
    return text, [] if text else ["no-text"]


def _read_pdf(file: Path) -> Iterator[str]:
    from pypdf import PdfReader

    reader = PdfReader(file)
    if reader.is_encrypted and not reader.decrypt(""):
        raise _Refused("locked")
    for page in reader.pages:
        yield page.extract_text()


def _read_docx(file: Path) -> Iterator[str]:
    from docx import Document
    from docx.oxml.ns import qn

    _refuse_bomb(file)
    tables, cell, paragraph = qn("w:tbl"), qn("w:tc"), qn("w:p")
    for element in Document(str(file)).element.body.iter(paragraph, qn("w:tr")):
        if element.tag == paragraph:  # content controls hide paragraphs from python-docx
            if next(element.iterancestors(tables), None) is None:
                yield _runs(element)
        else:
            yield "\t".join(
                " ".join(map(_runs, one.iter(paragraph))) for one in element.iterchildren(cell)
            )


def _runs(paragraph: Any) -> str:
    """The text of a paragraph's runs, inserted and linked ones too."""
    from docx.oxml.ns import qn

    return "".join(piece.text or "" for piece in paragraph.iter(qn("w:t")))


def _refuse_bomb(file: Path) -> None:
    try:
        with ZipFile(file) as archive:
            if sum(member.file_size for member in archive.infolist()) > _MOST_UNPACKED:
                raise _Refused("too-big")
    except BadZipFile as error:
        raise _Refused("broken") from error


if __name__ == "__main__":
    main(sys.argv[1], Path(sys.argv[2]), *map(int, sys.argv[3:6]))
