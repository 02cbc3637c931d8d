"""The text of an OFD, the layout format of Chinese offices (GB/T 33190-2016): XML in a ZIP.

Every text object has its place on the page; lines are put together by it.
"""

from __future__ import annotations

import posixpath
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from zipfile import BadZipFile, ZipFile

from archive.ingest.formats.refusal import Refusal, read_member, refuse_bomb

_MOST_PAGES = 2_000


@dataclass(frozen=True, kw_only=True)
class _Placed:
    """A piece of text on a page, in millimetres."""

    y: float
    x: float
    size: float
    text: str


def read_ofd(file: Path) -> Iterator[str]:
    """Each page's lines, from top to bottom."""
    refuse_bomb(file)
    try:
        with ZipFile(file) as archive:
            names = set(archive.namelist())
            if any(name.endswith("Encryptions.xml") for name in names):
                raise Refusal("locked")
            for root in _all(_tree(archive, "OFD.xml"), "DocRoot"):
                yield from _document(archive, _resolved("", root.text))
    except BadZipFile as error:
        raise Refusal("broken") from error


def _document(archive: ZipFile, place: str) -> Iterator[str]:
    pages = _all(_tree(archive, place), "Page")
    folder = posixpath.dirname(place)
    for page in pages[:_MOST_PAGES]:
        content = _tree(archive, _resolved(folder, page.get("BaseLoc")))
        yield from _lines(content)


def _lines(content: Any) -> Iterator[str]:
    placed = sorted(_placed(content), key=lambda one: (one.y, one.x))
    line: list[_Placed] = []
    for one in placed:
        if line and one.y - line[0].y > 0.5 * max(one.size, line[0].size, 0.1):
            yield _joined(line)
            line = []
        line.append(one)
    if line:
        yield _joined(line)


def _joined(line: list[_Placed]) -> str:
    return "".join(one.text for one in sorted(line, key=lambda one: one.x))


def _placed(content: Any) -> Iterator[_Placed]:
    for found in _all(content, "TextObject"):
        left, top = ([*_numbers(found.get("Boundary")), 0.0, 0.0])[:2]
        size = ([*_numbers(found.get("Size")), 4.0])[0]
        for code in _all(found, "TextCode"):
            x, y = ([*_numbers(code.get(axis)), 0.0] for axis in ("X", "Y"))
            if code.text and code.text.strip():
                yield _Placed(y=top + y[0], x=left + x[0], size=size, text=code.text.strip("\n"))


def _numbers(written: str | None) -> list[float]:
    try:
        return [float(each) for each in (written or "").split()[:6]]
    except ValueError:
        return []


def _all(tree: Any, name: str) -> list[Any]:
    """All elements of a name, whatever prefix or namespace the writer chose."""
    return list(tree.iter(f"{{*}}{name}"))


def _tree(archive: ZipFile, name: str) -> Any:
    from lxml import etree

    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False)
    try:
        return etree.fromstring(read_member(archive, name), parser)
    except etree.XMLSyntaxError as error:
        raise Refusal("broken") from error


def _resolved(folder: str, place: str | None) -> str:
    """A place inside the package; absolute ones start with a slash."""
    if not place:
        raise Refusal("broken")
    return posixpath.normpath(posixpath.join("/" + folder, place.strip())).lstrip("/")
