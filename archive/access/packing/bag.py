"""Bags (BagIt 1.0, RFC 8493): captures and what is known of them, for a preservation system.

Written here and not by the Library of Congress's `bagit` package, which makes a bag of a folder
that is there already, by reading all of it again: a bag of ours is written in one pass, also
straight into a ZIP. The tests have that package validate it.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path

from archive.access.as_json import notice_json
from archive.access.packing.consignment import Consignment, Shipped
from archive.access.packing.container import (
    Container,
    FolderContainer,
    Packed,
    TarContainer,
    ZipContainer,
)
from archive.access.packing.contents import json_line, list_captures
from archive.access.packing.packing_list import PackingList

#: RFC 8493, 2.4: sha512 should be there, and tools that know only sha256 are many.
ALGORITHMS = ("sha256", "sha512")
PAYLOAD = "data/"
_DECLARATION = "BagIt-Version: 1.0\nTag-File-Character-Encoding: UTF-8\n"
_MANY = 1 << 32  #: octets, as far as a ZIP is to know before
_UNITS = ("B", "kB", "MB", "GB", "TB")


def write_bag(path: Path, name: str, consignment: Consignment) -> Shipped:
    """Write notices with their captures as a bag.

    The payload is ``warc/*.warc.gz``, ``index.cdxj`` (where in them each capture stands) and
    ``notices.jsonl`` (what the catalogue knows).

    Args:
        path: Where to write; a folder that is there already when the bag is to be one.
        name: What the bag is to be called in the end: ``….zip`` and ``….tar`` are serialised.
        consignment: What goes in.

    Raises:
        NothingFound: None of the notices has a capture.
        DamagedWarc: A capture is missing from the home, or not whole.
        OSError: The bag cannot be written.
    """
    with PackingList() as packing, _container(path, name, consignment) as container:
        with container.file(f"{PAYLOAD}notices.jsonl", size=_MANY) as file:
            for view in consignment.views():
                list_captures(view, packing, consignment.library.place_of)
                file.write(json_line(notice_json(view)))
        shipped = consignment.copy_captures(packing, container, f"{PAYLOAD}warc/")
        with container.file(f"{PAYLOAD}index.cdxj", size=_MANY) as file:
            for line in packing.lines():
                file.write(f"{line}\n".encode())
        _write_tags(container, consignment)
    return shipped


def is_serialised(name: str) -> bool:
    """Whether a bag of that name is a file and not a folder."""
    return Path(name).suffix.lower() in (".zip", ".tar")


def _container(path: Path, name: str, consignment: Consignment) -> Container:
    """A serialised bag holds one folder of its own name (RFC 8493, 4.2)."""
    folder = f"{Path(name).stem}/"
    if Path(name).suffix.lower() == ".zip":
        return ZipContainer(path, ALGORITHMS, at=consignment.at, folder=folder)
    if Path(name).suffix.lower() == ".tar":
        return TarContainer(path, ALGORITHMS, at=consignment.at, folder=folder)
    return FolderContainer(path, ALGORITHMS)


def _write_tags(container: Container, consignment: Consignment) -> None:
    """Write the files that make it a bag; those over the tag files last."""
    payload = tuple(container.files)
    container.put("bagit.txt", _DECLARATION.encode())
    container.put("bag-info.txt", _bag_info(consignment, payload))
    for algorithm in ALGORITHMS:
        container.put(f"manifest-{algorithm}.txt", _manifest(payload, algorithm))
    tags = tuple(container.files[len(payload) :])
    for algorithm in ALGORITHMS:
        container.put(f"tagmanifest-{algorithm}.txt", _manifest(tags, algorithm))


def _manifest(files: Iterable[Packed], algorithm: str) -> bytes:
    return "".join(f"{file.digests[algorithm]}  {file.name}\n" for file in files).encode()


def _bag_info(consignment: Consignment, payload: Sequence[Packed]) -> bytes:
    size = sum(file.size for file in payload)
    said = (
        ("Source-Organization", consignment.operator),
        ("External-Identifier", consignment.title),
        ("External-Description", consignment.description),
        ("Bagging-Date", f"{consignment.at:%Y-%m-%d}"),
        ("Bag-Software-Agent", consignment.software),
        ("Bag-Size", _readable(size)),
        ("Payload-Oxum", f"{size}.{len(payload)}"),
    )
    return "".join(f"{label}: {_one_line(value)}\n" for label, value in said if value).encode(
        "utf-8", "replace"
    )


def _one_line(value: str) -> str:
    """A value in which nothing begins another line."""
    return " ".join("".join(one if one.isprintable() else " " for one in value).split())


def _readable(size: int) -> str:
    """A size as a person reads it."""
    amount, unit = float(size), 0
    while amount >= 1000 and unit < len(_UNITS) - 1:
        amount, unit = amount / 1000, unit + 1
    return f"{amount:.3g} {_UNITS[unit]}"
