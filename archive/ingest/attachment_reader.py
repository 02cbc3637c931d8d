"""The process that reads one attachment and may die of it: ``python -m … KIND FILE LIMITS``.

Started by `archive.ingest.attachment_text`; writes one JSON object to its standard output.
"""

from __future__ import annotations

import json
import os
import re
import resource
import sys
import warnings
from collections.abc import Callable, Iterator
from pathlib import Path

from archive.ingest.formats.markup import read_html, read_mht, read_text
from archive.ingest.formats.ofd import read_ofd
from archive.ingest.formats.packed import read_names
from archive.ingest.formats.pdf import read_pdf
from archive.ingest.formats.refusal import Refusal
from archive.ingest.formats.rtf import read_rtf
from archive.ingest.formats.sheets import read_xls, read_xlsx
from archive.ingest.formats.word import read_docx
from archive.ingest.formats.word97 import read_doc

READERS: dict[str, Callable[[Path], Iterator[str]]] = {
    "pdf": read_pdf,
    "docx": read_docx,
    "doc": read_doc,
    "xlsx": read_xlsx,
    "xls": read_xls,
    "ofd": read_ofd,
    "rtf": read_rtf,
    "html": read_html,
    "mht": read_mht,
    "text": read_text,
    "zip": read_names,
}

#: Characters that a file's own font draws as others: what they stand for cannot be read.
_NOBODYS = re.compile("[\ue000-\uf8ff\ufffd]")
_MOST_NOBODYS = 0.02  #: of a text; bullets and check boxes are fewer


def main(kind: str, file: Path, seconds: int, megabytes: int, most_text: int) -> None:
    """Set the limits, read, answer; what a library prints on the way is no answer."""
    resource.setrlimit(resource.RLIMIT_CPU, (seconds, seconds + 1))
    resource.setrlimit(resource.RLIMIT_AS, (megabytes << 20, megabytes << 20))
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
    warnings.simplefilter("ignore")
    answer, sys.stdout = sys.stdout, sys.stderr
    text, flags = _read(READERS[kind](file), most_text)
    answer.write(json.dumps({"text": text, "flags": flags}))
    answer.flush()
    os._exit(0)  # nothing of a hostile file runs at the interpreter's end


def _read(pieces: Iterator[str], most_text: int) -> tuple[str, list[str]]:
    """The pieces as one text, as far as they come; what ends them early is a flag."""
    kept: list[str] = []
    length, flags = 0, []
    try:
        for piece in pieces:
            kept.append(piece[: most_text - length])
            length += len(kept[-1]) + 1
            if length >= most_text:
                flags = ["text-cut"]
                break
    except Refusal as refusal:
        flags = [str(refusal)]
    except MemoryError:
        flags = ["too-big"]
    except Exception:  # noqa: BLE001 — a hostile file may raise anything; it becomes a flag
        flags = ["broken"]
    text = "\n".join(kept).strip().encode("utf-8", "replace").decode("utf-8")
    if not flags and len(_NOBODYS.findall(text)) > _MOST_NOBODYS * len(text):
        flags = ["part-not-read"]
    return text, flags or ([] if text else ["no-text"])


if __name__ == "__main__":
    main(sys.argv[1], Path(sys.argv[2]), *map(int, sys.argv[3:6]))
