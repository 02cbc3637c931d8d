"""WACZ 1.1.1: captures with their index and their pages in one ZIP that replays in a browser."""

from __future__ import annotations

import hashlib
import json
import re
import tempfile
from collections.abc import Iterable
from pathlib import Path
from typing import IO, Any

from archive.access.as_json import notice_json
from archive.access.packing.consignment import Consignment, Shipped
from archive.access.packing.container import IN_MEMORY, Container, Packed, ZipContainer
from archive.access.packing.contents import json_line, list_captures, page_lines
from archive.access.packing.packed_index import write_index
from archive.access.packing.packing_list import PackingList
from archive.notice import utc_text

VERSION = "1.1.1"
MEDIA_TYPE = "application/wacz"
_PAGES_HEAD = {"format": "json-pages-1.0", "id": "pages", "title": "公文 Notices", "hasText": True}
_NOT_IN_NAMES = re.compile(r"[^-a-z0-9._]")


def write_wacz(path: Path, consignment: Consignment) -> Shipped:
    """Write notices with their captures as a WACZ.

    Beside what WACZ asks for, ``metadata/notices.jsonl`` says what the catalogue knows of each
    notice: number, versions, sightings, decisions.

    Raises:
        NothingFound: None of the notices has a capture.
        DamagedWarc: A capture is missing from the home, or not whole.
        OSError: The file cannot be written.
    """
    with PackingList() as packing, ZipContainer(path, ("sha256",), at=consignment.at) as container:
        main_page = _write_pages(container, consignment, packing, path.parent)
        shipped = consignment.copy_captures(packing, container, "archive/")
        write_index(container, "indexes/", packing.lines())
        _write_datapackage(container, consignment, main_page)
    return shipped


def _write_pages(
    container: Container, consignment: Consignment, packing: PackingList, scratch: Path
) -> dict[str, Any] | None:
    """Write the list of pages and of notices; the page, where there is only one notice."""
    notices = 0
    first: dict[str, Any] | None = None
    with _waiting(scratch) as pages_file, _waiting(scratch) as notices_file:
        pages_file.write(json_line(_PAGES_HEAD))
        for view in consignment.views():
            list_captures(view, packing, consignment.library.place_of)
            notices_file.write(json_line(notice_json(view)))
            notices += 1
            for page in page_lines(view):
                first = first or page
                pages_file.write(json_line(page))
        _copy_in(container, "pages/pages.jsonl", pages_file)
        _copy_in(container, "metadata/notices.jsonl", notices_file)
    return first if notices == 1 else None


def _waiting(scratch: Path) -> IO[bytes]:
    """A file that waits beside the package until its size is known."""
    return tempfile.SpooledTemporaryFile(IN_MEMORY, dir=str(scratch))


def _copy_in(container: Container, name: str, waiting: IO[bytes]) -> None:
    size = waiting.tell()
    waiting.seek(0)
    with container.file(name, size=size) as file:
        while part := waiting.read(IN_MEMORY):
            file.write(part)


def _write_datapackage(
    container: Container, consignment: Consignment, main_page: dict[str, Any] | None
) -> None:
    """Write what is in the package, and the digest of that."""
    package = {
        "profile": "data-package",
        "wacz_version": VERSION,
        "title": consignment.title,
        "description": consignment.description,
        "created": utc_text(consignment.at.replace(microsecond=0)),
        "software": consignment.software,
        **({} if main_page is None else _main(main_page)),
        "resources": [_resource(file) for file in _in_order(container.files)],
    }
    octets = json.dumps(package, ensure_ascii=False, indent=2).encode("utf-8", "replace")
    container.put("datapackage.json", octets)
    label = f"sha256:{hashlib.sha256(octets).hexdigest()}"
    digest = {"path": "datapackage.json", "hash": label}
    container.put("datapackage-digest.json", json.dumps(digest, indent=2).encode())


def _main(page: dict[str, Any]) -> dict[str, str]:
    return {"mainPageUrl": page["url"], "mainPageDate": page["ts"]}


def _in_order(files: Iterable[Packed]) -> list[Packed]:
    return sorted(files, key=lambda file: file.name)


def _resource(file: Packed) -> dict[str, Any]:
    name = file.name.rpartition("/")[2]
    return {
        "name": _NOT_IN_NAMES.sub("-", name.lower()),  # as Frictionless wants it
        "path": file.name,
        "hash": f"sha256:{file.digests['sha256']}",
        "bytes": file.size,
    }
