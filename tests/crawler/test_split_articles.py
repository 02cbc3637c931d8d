"""Which further pages of an article are fetched, and what is said of those that are not here."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from archive.notice import Capture, Place, Reading
from crawler.split_articles import MOST_PAGES, further_pages

URL = "https://www.example.gov.cn/zw/t20240527_1.html"


def first_page() -> Capture:
    """The capture of a first page."""
    return Capture(
        record_id="urn:uuid:1",
        url=URL,
        captured_at=datetime(2024, 5, 27, tzinfo=UTC),
        status=200,
        headers=(),
        body=b"",
        payload_digest="sha256:0",
        place=Place(file="a.warc.gz", offset=0, length=1),
    )


@pytest.mark.parametrize(
    ("named", "fetched"),
    [
        ((URL,), ()),
        (("https://elsewhere.example/t20240527_1_1.html",), ()),
        (("https://www.example.gov.cn:8443/zw/t20240527_1_1.html",), ()),
        (("https://www.example.gov.cn/zw/a.html",) * 3, ("https://www.example.gov.cn/zw/a.html",)),
    ],
)
def test_only_pages_of_the_same_host_are_fetched_and_each_once(
    named: tuple[str, ...], fetched: tuple[str, ...]
) -> None:
    reading = Reading(reader_version="1", continued_at=named)
    assert further_pages(first_page(), reading) == fetched


def test_no_more_pages_are_fetched_than_an_article_has() -> None:
    named = tuple(f"https://www.example.gov.cn/zw/{number}.html" for number in range(99))
    reading = Reading(reader_version="1", continued_at=named)
    assert len(further_pages(first_page(), reading)) == MOST_PAGES - 1
