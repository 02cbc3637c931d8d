"""Every golden page, one test a field; and the floors, which may only rise."""

from __future__ import annotations

import json
import re
import tomllib
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path

import pytest
from golden_pages import GoldenPage, bare, golden_pages

from archive.ingest import read_bytes
from archive.notice import DocumentNumber

PAGES = golden_pages()
FLOORS = tomllib.loads((Path(__file__).parent / "floors.toml").read_text("utf-8"))


def _cases() -> Iterator[object]:
    for page in PAGES:
        fields = [*page.expected["fields"]]
        names = {"first": "text begins", "last": "text ends"}
        names |= {"present": "text whole", "absent": "furniture gone"}
        fields += [names[key] for key in page.expected["text"] if page.expected["text"][key]]
        for field in fields:
            yield pytest.param(page, field, id=f"{page.name}-{field}")


@pytest.mark.parametrize(("page", "field"), list(_cases()))
def test_a_golden_page_reads_as_its_notice_says(page: GoldenPage, field: str) -> None:
    ((is_right, words),) = [(ok, said) for name, ok, said in page.judgements() if name == field]
    assert is_right, f"{page.expected['about']}: {field} is {words}"


def test_the_golden_pages_keep_their_floor_in_every_field() -> None:
    hits: dict[str, list[bool]] = defaultdict(list)
    for page in PAGES:
        for field, is_right, _ in page.judgements():
            hits[field].append(is_right)
    floors = FLOORS["golden"]
    assert len(PAGES) >= floors["pages"]
    below = {
        field: share
        for field, each in hits.items()
        if (share := sum(each) / len(each)) < floors["share"]
    }
    assert below == {}


def test_the_pages_of_real_sites_keep_their_floors(third_party_pages: Path) -> None:
    hits: dict[str, list[bool]] = defaultdict(list)
    for path in sorted((third_party_pages / "detail").glob("*.html")):
        gold = json.loads(path.with_suffix(".json").read_text("utf-8"))
        reading = read_bytes(path.read_bytes(), url=gold["url"])
        text = bare(reading.text)
        hits["title"].append(bare(reading.title) == bare(gold["title"]))
        hits["own_number"].append(
            normal(reading.document_number) == normal(gold["document_number"])
        )
        hits["published_on"].append(str(reading.published_on) == str(gold["published_date"]))
        hits["written_on"].append(str(reading.written_on) == str(gold["written_date"]))
        hits["body_whole"].append(
            all(bare(gold[end] or "") in text for end in ("body_first", "body_last"))
        )
        hits["furniture_gone"].append(not any(bare(p) in text for p in gold["must_not_contain"]))
        bodies = bare("、".join(reading.issuing_bodies))
        hits["issuing_bodies"].append(bare(gold["issuing_body"] or "") in bodies)
    measured = {field: sum(each) / len(each) for field, each in hits.items()}
    assert {f: m for f, m in measured.items() if m < FLOORS["third_party"][f]} == {}


def test_no_floor_lies_below_what_must_be_reached() -> None:
    floors = FLOORS["third_party"]
    least = {
        "own_number": 0.99,
        "title": 0.98,
        "published_on": 0.98,
        "written_on": 0.97,
        "body_whole": 0.99,
        "furniture_gone": 0.99,
    }
    assert {field: floors[field] for field in least if floors[field] < least[field]} == {}
    assert FLOORS["golden"]["share"] == 1.0


def normal(number: str | None) -> str | None:
    return re.sub(r"\s+", "", str(DocumentNumber.parse(number, labelled=True))) if number else None
