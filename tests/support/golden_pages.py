"""Pages of our own making in the markup of every system, with what they must read as.

``tests/ingest/pages/<case>/page.html`` (or ``page.json``) is the page as a server sends it,
``expected.toml`` beside it says what a reader of the notice would say. To add a case, add a
folder.
"""

from __future__ import annotations

import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

from archive.ingest import Listed, read_bytes
from archive.notice import Reading

PAGES = Path(__file__).resolve().parent.parent / "ingest" / "pages"


def bare(text: object) -> str:
    """A value without blanks, as titles and lines are compared."""
    return "".join(str(text).split())


@dataclass(frozen=True, kw_only=True)
class GoldenPage:
    """One case: a page and what it must read as."""

    name: str
    expected: dict[str, Any]
    body: bytes

    @cached_property
    def reading(self) -> Reading:
        """What we read."""
        listed = Listed(document_number=self.expected.get("listed_number"))
        return read_bytes(self.body, url=self.expected.get("url"), listed=listed)

    def judgements(self) -> Iterator[tuple[str, bool, str]]:
        """Each field with whether it is right, and in words what was wrong."""
        values = self.reading.to_json()
        values["attachments"] = [one["title"] for one in values["attachments"]]
        for field, wanted in self.expected["fields"].items():
            got = values[field] if values[field] is not None else ""
            if field == "flags":
                yield field, set(wanted) <= set(got), f"{got} lacks some of {wanted}"
            elif field == "title":
                yield field, bare(got) == bare(wanted), f"{got!r}, not {wanted!r}"
            else:
                yield field, got == wanted, f"{got!r}, not {wanted!r}"
        yield from self._of_text(self.expected["text"])

    def _of_text(self, wanted: dict[str, Any]) -> Iterator[tuple[str, bool, str]]:
        lines = [bare(line) for line in self.reading.text.split("\n")]
        whole = "".join(lines)
        if first := wanted.get("first"):
            yield "text begins", lines[0].startswith(bare(first)), lines[0]
        if last := wanted.get("last"):
            yield "text ends", lines[-1] == bare(last), lines[-1]
        if present := wanted.get("present"):
            missing = [one for one in present if bare(one) not in whole]
            yield "text whole", not missing, f"{missing} missing"
        if absent := wanted.get("absent"):
            left = [one for one in absent if bare(one) in whole]
            yield "furniture gone", not left, f"{left} left in"


def golden_pages() -> tuple[GoldenPage, ...]:
    """Every case, by name."""
    return tuple(
        GoldenPage(
            name=folder.name,
            expected=tomllib.loads((folder / "expected.toml").read_text("utf-8")),
            body=next(folder.glob("page.*")).read_bytes(),
        )
        for folder in sorted(PAGES.iterdir())
        if folder.is_dir()
    )
