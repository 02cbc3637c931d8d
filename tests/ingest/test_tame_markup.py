"""Markup that would hold a parser up for minutes is cut back, ordinary pages are not touched."""

from __future__ import annotations

import pytest
from golden_pages import GoldenPage, golden_pages

from archive.ingest import read_bytes
from archive.ingest.decode import decode
from archive.ingest.tame_markup import tame_markup


@pytest.mark.parametrize("page", golden_pages(), ids=lambda page: page.name)
def test_an_ordinary_page_stays_as_it_is(page: GoldenPage) -> None:
    text = decode(page.body).text
    assert tame_markup(text) == (text, ())


def test_blocks_within_thousands_of_others_are_dropped_and_their_text_is_kept() -> None:
    page = "<div>" * 50_000 + "<p>第一条，制定本办法。</p>" + "</div>" * 50_000
    tamed, flags = tame_markup(page)
    assert flags == ("nesting-cut",)
    assert tamed.count("<div>") == tamed.count("</div>") == 2000
    assert "nesting-cut" in read_bytes(page.encode()).flags


def test_formatting_that_is_never_closed_is_dropped() -> None:
    page = "".join(f"<p><FONT color={i}>第{i}条" for i in range(5_000))
    tamed, flags = tame_markup(page)
    assert flags == ("nesting-cut",)
    assert "<FONT" not in tamed
    assert tamed.count("<p>") == 5_000


def test_long_lists_of_closed_elements_are_no_nesting() -> None:
    page = "<ul>" + "<li><div><b>关于做好工作的通知</b></div></li>" * 20_000 + "</ul>"
    assert tame_markup(page) == (page, ())
