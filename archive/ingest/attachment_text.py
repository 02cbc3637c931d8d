"""The text of a file that belongs to a notice, read in a process that may die alone.

PDF, DOCX, DOC, XLSX, XLS, OFD, RTF, HTML, MHT, plain text and what WPS writes as .wps and .et are
read, of a ZIP the names of its files; slides, RAR, CEB and images are named and flagged
``not-read-yet``. A broken, locked or swollen file costs its own process, never the crawl.
"""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path

_ROOT = Path(__file__).resolve().parents[2]
_MOST_TEXT = 4_000_000  #: characters of text that are kept
_READ = frozenset({"pdf", "docx", "doc", "xlsx", "xls", "ofd", "rtf", "html", "mht", "text", "zip"})
_DOCUMENTS = frozenset({"pdf", "docx", "doc", "xlsx", "xls", "ofd", "rtf", "locked"})
_BY_SUFFIX = {
    "pdf": "pdf",
    "docx": "docx",
    "doc": "doc",
    "xls": "xls",
    "xlsx": "xlsx",
    "ppt": "ppt",
    "pptx": "pptx",
    "wps": "doc",
    "et": "xls",
    "dps": "ppt",
    "ofd": "ofd",
    "ceb": "ceb",
    "rtf": "rtf",
    "htm": "html",
    "html": "html",
    "shtml": "html",
    "mht": "mht",
    "mhtml": "mht",
    "txt": "text",
    "csv": "text",
    "zip": "zip",
    "rar": "rar",
    "jpg": "image",
    "jpeg": "image",
    "png": "image",
    "tif": "image",
    "gif": "image",
}
_MAGIC = (
    (b"%PDF", "pdf"),
    (b"\xd0\xcf\x11\xe0", "ole"),
    (b"\x89PNG", "image"),
    (b"\xff\xd8\xff", "image"),
    (b"GIF8", "image"),
    (b"Rar!", "rar"),
    (b"{\\rtf", "rtf"),
)
#: What Word saves as a page and names .doc, and what a site answers in place of a file.
_IS_HTML = re.compile(
    rb"(?:\xef\xbb\xbf)?\s{0,200}(?:<\?xml[^>]{0,200}\?>\s{0,200})?(?:<!--[^>]{0,400}-->\s{0,200})?"
    rb"<(?:!doctype\s+html|html)[\s>]",
    re.IGNORECASE,
)
_IS_MHT = re.compile(rb"\s{0,200}(?:MIME-Version|From|Content-Type):[^\n]{0,400}\n", re.IGNORECASE)


@dataclass(frozen=True, kw_only=True)
class AttachmentText:
    """What could be read of an attachment."""

    text: str = ""
    kind: str = "unknown"  #: pdf, docx, doc, xls, xlsx, ofd, rtf, html, image, zip …, by its octets
    #: not-read-yet, part-not-read, only-names-read, images-only, image-pages:N, not-the-file,
    #: empty, broken, locked, too-slow, too-big, text-cut, no-text
    flags: tuple[str, ...] = ()


def read_attachment(
    body: bytes, name: str, *, seconds: int = 20, megabytes: int = 512
) -> AttachmentText:
    """Read an attachment's text within limits of time and memory; what fails becomes a flag."""
    kind = _kind(body, name)
    if not body:
        return AttachmentText(kind=kind, flags=("empty",))
    if kind == "locked":
        return AttachmentText(kind=_named(name), flags=("locked",))
    if kind == "page":
        return AttachmentText(kind=_named(name), flags=("not-the-file",))
    if kind not in _READ:
        return AttachmentText(kind=kind, flags=("not-read-yet",))
    with tempfile.TemporaryDirectory(prefix="hongtou-attachment-") as folder:
        file = Path(folder) / "attachment"
        file.write_bytes(body)
        return _read_apart(file, kind, seconds=seconds, megabytes=megabytes)


def is_document(body: bytes, name: str) -> bool:
    """Whether the octets are a document that can be read, such as a notice has for its annex."""
    return bool(body) and _kind(body, name) in _DOCUMENTS


def _read_apart(file: Path, kind: str, *, seconds: int, megabytes: int) -> AttachmentText:
    command = [sys.executable, "-m", "archive.ingest.attachment_reader", kind, str(file)]
    limits = [str(seconds), str(megabytes), str(_MOST_TEXT)]
    environment = {**os.environ, "PYTHONPATH": str(_ROOT), "PYTHONIOENCODING": "utf-8"}
    try:
        done = subprocess.run(  # noqa: S603 — our own module, on a file of our own naming
            [*command, *limits],
            capture_output=True,
            timeout=seconds + 5,
            env=environment,
            check=False,
        )
    except subprocess.TimeoutExpired:
        return AttachmentText(kind=kind, flags=("too-slow",))
    if done.returncode != 0:
        return AttachmentText(kind=kind, flags=(_why_it_died(done.returncode),))
    answer = json.loads(done.stdout)
    return AttachmentText(text=answer["text"], kind=kind, flags=tuple(answer["flags"]))


def _why_it_died(code: int) -> str:
    """A negative code is a signal: SIGXCPU and SIGKILL come from the limit of time."""
    return "too-slow" if code in {-24, -9} else "broken"


def _kind(body: bytes, name: str) -> str:
    """What a file is, by its first octets; by its name where those say too little."""
    head = body[:1024]
    for magic, kind in _MAGIC:
        if head.lstrip().startswith(magic) if kind == "pdf" else head.startswith(magic):
            return _ole_kind(body, name) if kind == "ole" else kind
    if head.startswith(b"PK"):
        return _zip_kind(body, name)
    if _IS_HTML.match(head):
        return _html_kind(head, name)
    if _IS_MHT.match(head) and b"multipart/" in head:
        return "mht"
    return _named(name)


def _html_kind(head: bytes, name: str) -> str:
    """A page that was asked for, or that Word or Excel saved; else what a site says instead."""
    is_asked_for = _named(name) == "html"
    return "html" if is_asked_for or b"schemas-microsoft-com" in head else "page"


def _named(name: str) -> str:
    """What a file's name says that it is."""
    suffix = name.rpartition(".")[2].lower() if "." in name else ""
    return _BY_SUFFIX.get(suffix, "unknown")


def _ole_kind(body: bytes, name: str) -> str:
    """OLE files hold streams, whose names stand in the directory as UTF-16."""
    for stream, kind in (
        ("EncryptedPackage", "locked"),  # a DOCX, XLSX or PPTX with a password
        ("WordDocument", "doc"),
        ("Workbook", "xls"),
        ("PowerPoint Document", "ppt"),
        ("Book", "xls"),
    ):
        if stream.encode("utf-16-le") + b"\0\0" in body:
            return kind
    named = _named(name)
    return named if named != "unknown" else "doc"


def _zip_kind(body: bytes, name: str) -> str:
    """Office files are ZIP archives; their members' names stand in them uncompressed."""
    for member, kind in (
        (b"OFD.xml", "ofd"),  # first: an OFD may hold a spreadsheet
        (b"word/", "docx"),
        (b"xl/", "xlsx"),
        (b"ppt/", "pptx"),
    ):
        if member in body:
            return kind
    named = _named(name)
    return named if named in {"docx", "xlsx", "ofd"} else "zip"
