"""Every saved page is read as its case says: one test a field, and no test function a page.

To add a page, add a case: a file in cases/<source>/ for a page of the replica web, or one in
the `cases` folder of a source, beside the page. See docs/adding-a-source.md.
"""

from __future__ import annotations

from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest

import spiders
from archive.notice import Capture, Place, Source
from crawler.replica.server import BUILT_IN
from crawler.replica.site import SavedWeb
from spiders.cases import Case, listing_values, read_case, source_cases

SOURCES = spiders.load_sources()
FILES = sorted((Path(__file__).parent / "cases").glob("*/*.json"))
CASES = [read_case(file) for file in FILES] + [
    case for source in SOURCES.values() for case in source_cases(source)
]


def field_tests(kind: str) -> list[Any]:
    return [
        pytest.param(case, field, id=f"{case.name}-{field}")
        for case in CASES
        if case.kind == kind
        for field in case.expected
    ]


@cache
def saved_web(stage: int) -> SavedWeb:
    return SavedWeb(BUILT_IN, stage=stage)


def page_bytes(case: Case) -> tuple[bytes, str]:
    """The page's octets and Content-Type: from its file, or as the replica web answers."""
    if case.page is not None:
        return case.page.read_bytes(), case.type
    parts = urlsplit(case.url)
    path = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
    route = saved_web(case.stage).find(parts.hostname or "", path)
    assert route is not None, f"the replica web has nothing at {case.url}"
    return route.body, route.type


def capture_of(case: Case) -> Capture:
    body, media_type = page_bytes(case)
    return Capture(
        record_id="urn:uuid:00000000-0000-4000-8000-000000000000",
        url=case.url,
        captured_at=datetime(2024, 6, 1, tzinfo=UTC),
        status=200,
        headers=(("Content-Type", media_type),) if media_type else (),
        body=body,
        payload_digest="sha256:0",
        place=Place(file="golden.warc.gz", offset=0, length=0),
    )


def source_of(case: Case) -> Source:
    assert case.source in SOURCES, f"{case.file} names the unknown source {case.source!r}"
    return SOURCES[case.source]


@cache
def read_list(name: str) -> dict[str, Any]:
    case = next(case for case in CASES if case.name == name)
    source = source_of(case)
    column = next((column for column in source.columns if column.id == case.column), None)
    assert column is not None, f"{case.file} names the unknown column {case.column!r}"
    return listing_values(spiders.read_listing(source, column, capture_of(case)))


@cache
def read_notice(name: str) -> dict[str, Any]:
    from archive.ingest import read

    case = next(case for case in CASES if case.name == name)
    source, capture = source_of(case), capture_of(case)
    return read(capture, spiders.read_fields(source, capture), source.page).to_json()


@pytest.mark.parametrize(("case", "field"), field_tests("list"))
def test_list_field(case: Case, field: str) -> None:
    came, expected = read_list(case.name)[field], case.expected[field]
    if field == "document_numbers":
        came = {url: came.get(url) for url in expected}
    assert came == expected


@pytest.mark.parametrize(("case", "field"), field_tests("notice"))
def test_notice_field(case: Case, field: str) -> None:
    reading, expected = read_notice(case.name), case.expected[field]
    text = reading["text"]
    if field == "text_starts":
        assert text[: len(expected)] == expected
    elif field == "text_ends":
        assert text[-len(expected) :] == expected
    elif field == "text_has":
        assert [piece for piece in expected if piece not in text] == []
    elif field == "text_lacks":
        assert [piece for piece in expected if piece in text] == []
    elif field == "paragraphs":
        assert len(text.split("\n")) == expected
    else:
        assert reading[field] == expected


def test_every_case_belongs_to_a_known_source() -> None:
    assert {case.source for case in CASES} <= set(SOURCES)


def test_no_two_cases_share_a_name() -> None:
    names = [case.name for case in CASES]
    assert len(names) == len(set(names))
