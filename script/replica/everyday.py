"""The everyday of a site: the rows of its lists and the notices around the seed."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from replica.paragraphs import Paragraph, read_marked

FOLDER = Path(__file__).parent / "everyday"


@dataclass(frozen=True, kw_only=True)
class Row:
    """One line of a list."""

    date: str
    id: int
    title: str
    shown: str  #: the title as the list shows it, cut or whole
    href: str = ""
    pinned: bool = False

    @property
    def date_slashed(self) -> str:
        """The date as 2024/03/05."""
        return self.date.replace("-", "/")


@dataclass(frozen=True, kw_only=True)
class Everyday:
    """What a site shows beside the seed."""

    rows: tuple[Row, ...]
    older: tuple[Row, ...]
    notices: tuple[dict[str, Any], ...]


def read_everyday(source: str) -> Everyday:
    """Read a site's everyday from its TOML file."""
    written = tomllib.loads((FOLDER / f"{source}.toml").read_text(encoding="utf-8"))
    return Everyday(
        rows=tuple(_row(*values) for values in written["rows"]),
        older=tuple(_row(*values) for values in written.get("older", [])),
        notices=tuple(written.get("notices", [])),
    )


def notice_row(notice: dict[str, Any]) -> Row:
    """The line a list shows for a notice."""
    row = _row(notice["published"], notice["id"], notice["title"], notice.get("cut"))
    return replace(row, pinned=notice.get("pinned", False))


def in_order(rows: list[Row]) -> list[Row]:
    """Pinned lines first, then the newest; within a day the higher id first."""
    return sorted(rows, key=lambda row: (row.pinned, row.date, row.id), reverse=True)


def _row(date: str, identity: int, title: str, shown: str | None = None) -> Row:
    return Row(date=date, id=identity, title=title, shown=shown or title)


def plain_body(title: str) -> list[Paragraph]:
    """The body of a page that is off topic: short, and about nothing but its title."""
    return read_marked(
        "各有关单位：\n"
        f"现就“{title}”所列事项予以公布，请结合实际抓好落实。\n"
        "具体办理时间、办理地点和联系方式，以主管部门另行发布的安排为准。"
    )
