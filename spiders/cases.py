"""Golden cases: what must be read from a saved page, as data."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from archive.errors import BadSourceFile
from archive.notice import Listing, Source
from spiders.list_page import ListPage, make_list_page
from spiders.reading import read_list_page

#: Folder of a source's own cases, beside its source.toml.
CASES_FOLDER = "cases"
KINDS = ("list", "notice")
_KEYS = {"kind", "source", "column", "url", "stage", "page", "type", "expected"}
NEXT_STEP = "See docs/adding-a-source.md."


@dataclass(frozen=True, kw_only=True)
class Case:
    """One page and what must be read from it.

    The page is a file beside the case (`page`), or what the replica web answers for `url`
    at `stage`.
    """

    file: Path
    kind: str  #: list or notice
    source: str
    url: str
    expected: dict[str, Any]  #: only what stands here is checked
    column: str | None = None  #: of lists
    stage: int = 1
    page: Path | None = None
    type: str = ""  #: Content-Type of a page that is a file; "" leaves the encoding to be found

    @property
    def name(self) -> str:
        """Source and case, for the names of tests."""
        return f"{self.source}/{self.file.stem}"


def read_case(file: Path) -> Case:
    """Read a case file.

    Raises:
        BadSourceFile: It is no JSON object of a case.
    """
    try:
        table = json.loads(file.read_text(encoding="utf-8"))
    except (OSError, ValueError, RecursionError) as error:
        raise BadSourceFile(f"{file}: {error}.", file=file, next_step=NEXT_STEP) from error
    problem = _problem(table)
    if problem:
        raise BadSourceFile(f"{file}: {problem}.", file=file, next_step=NEXT_STEP)
    page = file.parent / table.pop("page") if "page" in table else None
    if page is not None and not page.is_file():
        raise BadSourceFile(f"{file}: {page} is missing.", file=file, next_step=NEXT_STEP)
    return Case(file=file, page=page, **table)


def _problem(table: Any) -> str:
    if not isinstance(table, dict):
        return "is no JSON object"
    unknown = sorted(set(table) - _KEYS)
    if unknown:
        return f"unknown key `{unknown[0]}`; known are {', '.join(sorted(_KEYS))}"
    missing = sorted({"kind", "source", "url", "expected"} - set(table))
    if missing:
        return f"`{missing[0]}` is missing"
    if table["kind"] not in KINDS:
        return f"`kind` = {table['kind']!r}; it is one of {', '.join(KINDS)}"
    if table["kind"] == "list" and "column" not in table:
        return "a list case names its `column`"
    return "" if isinstance(table["expected"], dict) else "`expected` is no JSON object"


def source_cases(source: Source) -> tuple[Case, ...]:
    """The cases in a source's own folder."""
    if source.folder is None:
        return ()
    return tuple(read_case(file) for file in sorted(source.folder.glob(f"{CASES_FOLDER}/*.json")))


def case_page(case: Case) -> ListPage:
    """The page of a case that has it as a file."""
    assert case.page is not None
    return make_list_page(
        case.url, case.page.read_bytes(), content_type=case.type, source=case.source
    )


def list_differences(case: Case, source: Source, page: ListPage) -> Iterator[str]:
    """What a list case expects and the page does not give, a sentence each."""
    column = next((column for column in source.columns if column.id == case.column), None)
    if column is None:
        yield f"{source.id} has no column {case.column!r}"
        return
    came = listing_values(read_list_page(column, page))
    for field, expected in case.expected.items():
        if field not in came:
            yield f"a list has no field {field!r}; it has {', '.join(came)}"
        elif not _is_met(field, expected, came[field]):
            yield f"{field}: expected {expected!r}, came {came[field]!r}"


def listing_values(listing: Listing) -> dict[str, Any]:
    """A listing in the values of a case: what `expected` of a list may hold."""
    return {
        "leads": [
            [lead.url, lead.title, lead.published_on.isoformat() if lead.published_on else None]
            for lead in listing.leads
        ],
        "count": len(listing.leads),
        "next_url": listing.next_url,
        "total": listing.total,
        "document_numbers": {
            lead.url: lead.document_number for lead in listing.leads if lead.document_number
        },
        "flags": list(listing.flags),
    }


def _is_met(field: str, expected: Any, came: Any) -> bool:
    if field == "document_numbers":
        return all(came.get(url) == number for url, number in expected.items())
    return bool(came == expected)
