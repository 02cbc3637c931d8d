"""Pages of real sites, which are not part of the project: floors under what was reached."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest

from archive.ingest import read_bytes
from archive.notice import DocumentNumber, Reading


@pytest.fixture(scope="module")
def readings(third_party_pages: Path) -> list[tuple[str, Reading, dict[str, Any]]]:
    found = []
    for path in sorted((third_party_pages / "detail").glob("*.html")):
        gold = json.loads(path.with_suffix(".json").read_text("utf-8"))
        found.append((path.stem, read_bytes(path.read_bytes(), url=gold["url"]), gold))
    return found


def bare(text: str | None) -> str:
    return re.sub(r"\s+", "", text or "")


def normal(number: str | None) -> str | None:
    return str(DocumentNumber.parse(number, labelled=True)) if number else None


def test_own_numbers_are_right_and_none_where_there_is_none(
    readings: list[tuple[str, Reading, dict[str, Any]]],
) -> None:
    wrong = [
        name
        for name, reading, gold in readings
        if normal(reading.document_number) != normal(gold["document_number"])
    ]
    assert wrong == []


@pytest.mark.parametrize(
    ("field", "key"),
    [("published_on", "published_date"), ("written_on", "written_date")],
)
def test_dates_are_right(
    readings: list[tuple[str, Reading, dict[str, Any]]], field: str, key: str
) -> None:
    wrong = [name for name, got, gold in readings if str(getattr(got, field)) != str(gold[key])]
    assert wrong == []


def test_titles_are_right(readings: list[tuple[str, Reading, dict[str, Any]]]) -> None:
    assert [name for name, got, gold in readings if bare(got.title) != bare(gold["title"])] == []


def test_bodies_are_whole_and_without_furniture(
    readings: list[tuple[str, Reading, dict[str, Any]]],
) -> None:
    wrong = []
    for name, reading, gold in readings:
        text = bare(reading.text)
        ends = [bare(gold[key]) for key in ("body_first", "body_last") if gold[key]]
        if any(end not in text for end in ends):
            wrong.append(name)
        if any(bare(piece) in text for piece in gold["must_not_contain"]):
            wrong.append(name)
    assert wrong == []


def test_explainers_of_the_health_commission_have_no_number(third_party_pages: Path) -> None:
    rows = (third_party_pages / "numbers" / "nhc.jsonl").read_text("utf-8").splitlines()
    wrong = []
    for row in map(json.loads, rows):
        text = f"{row['title']}\n\n{row['text']}"
        got = read_bytes(text.encode(), media_type="text/plain").document_number
        if normal(got) != normal(row["document_number"]):
            wrong.append(row["id"])
    assert wrong == []
