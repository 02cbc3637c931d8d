"""A source may bring a pages.py of its own; what goes wrong in it is named."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest

from archive.errors import BadSourceFile, UnknownDialect, UnreadablePage
from archive.notice import Capture, Column, PageFields, Place, Source
from spiders import load_sources, read_fields, read_listing

CAPTURE = Capture(
    record_id="urn:uuid:0",
    url="http://www.example.gov.cn/a.html",
    captured_at=datetime(2024, 3, 5, tzinfo=UTC),
    status=200,
    headers=(("Content-Type", "text/html"),),
    body="<h1>关于开展检查的通知</h1>".encode(),
    payload_digest="sha256:0",
    place=Place(file="a.warc.gz", offset=0, length=1),
)
HEAD = "from archive.notice import PageFields\n"


def source_with(folder: Path, code: str | None) -> Source:
    if code is not None:
        (folder / "pages.py").write_text(code, encoding="utf-8")
    return replace(load_sources()["banan"], folder=folder)


def test_a_source_without_code_leaves_all_to_the_reader(tmp_path: Path) -> None:
    assert read_fields(source_with(tmp_path, None), CAPTURE) == PageFields()
    assert read_fields(replace(load_sources()["banan"], folder=None), CAPTURE) == PageFields()


def test_its_code_reads_the_fields(tmp_path: Path) -> None:
    line = "return PageFields(title=capture.body.decode()[4:8])"
    code = f"{HEAD}def read_fields(capture):\n    {line}\n"
    assert read_fields(source_with(tmp_path, code), CAPTURE).title == "关于开展"


@pytest.mark.parametrize(
    ("code", "error", "said"),
    [
        ("def read_fields(", BadSourceFile, "cannot be loaded"),
        ("read_fields = 1", BadSourceFile, "has no `read_fields"),
        ("def read_fields(capture):\n    return {}", BadSourceFile, "gave dict"),
        ("def read_fields(capture):\n    return 1 / 0", UnreadablePage, "ZeroDivisionError"),
    ],
)
def test_what_goes_wrong_in_it_is_named(
    tmp_path: Path, code: str, error: type[Exception], said: str
) -> None:
    with pytest.raises(error, match=said):
        read_fields(source_with(tmp_path, code), CAPTURE)


def test_a_dialect_that_does_not_exist_is_named() -> None:
    column = Column(id="a", name="a", url=CAPTURE.url, dialect="no-such")
    with pytest.raises(UnknownDialect, match="no-such"):
        read_listing(load_sources()["banan"], column, CAPTURE)
