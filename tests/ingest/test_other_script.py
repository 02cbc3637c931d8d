"""A page in Traditional characters: the same fields are found, and stand as the page has them."""

from __future__ import annotations

from pathlib import Path

import pytest

from archive.ingest import read_bytes
from archive.ingest.decode import decode
from archive.notice import in_one_script

PAGES = sorted((Path(__file__).parent / "pages").rglob("*.html"))
FIELDS = ("document_number", "kind", "written_on", "published_on", "effective_on", "validity")

NOTICE = """<html><head><meta charset=utf-8><title>通知公告</title></head><body>
<h1>南川市衞生健康局關於做好基層醫療機構設備更新工作的通知</h1><p>發佈時間：2024-03-12</p>
<div id=zoom><p>南川衞健發〔2024〕9號</p><p>各區衞生健康局，市屬各醫療機構：</p>
<p>為進一步提升基層醫療衞生服務能力，現就設備更新有關事項通知如下。</p>
<p>一、各區要在2024年6月底前完成摸底，按照輕重緩急分批更新，優先保障鄉鎮衞生院。</p>
<p>二、本通知自2024年4月1日起施行。</p><p>南川市衞生健康局</p><p>2024年3月8日</p></div></body></html>"""


def test_fields_are_found_in_either_script_and_values_keep_the_page_s_own() -> None:
    reading = read_bytes(NOTICE.encode())
    assert reading.title == "南川市衞生健康局關於做好基層醫療機構設備更新工作的通知"
    assert reading.issuing_bodies == ("南川市衞生健康局",)
    assert reading.kind == "通知"
    assert str(reading.written_on) == "2024-03-08"
    assert str(reading.published_on) == "2024-03-12"
    assert str(reading.effective_on) == "2024-04-01"
    assert reading.document_number == "南川卫健发〔2024〕9号"  # normalised, however it is written
    assert "優先保障鄉鎮衞生院" in reading.text
    assert not reading.repairs


@pytest.mark.parametrize("way", ["s2t", "s2hk"])
def test_golden_pages_say_the_same_in_traditional_characters(way: str) -> None:
    from opencc_pyo3 import OpenCC

    convert = OpenCC(way).convert
    differing = []
    for file in PAGES:
        page = decode(file.read_bytes()).text
        simple, other = read_bytes(page.encode()), read_bytes(convert(page).encode())
        differing += [
            (file.parent.name, field)
            for field in FIELDS
            if _folded(getattr(simple, field)) != _folded(getattr(other, field))
        ]
    assert len(PAGES) > 50
    assert len(differing) <= len(PAGES) * len(FIELDS) // 100, differing


def _folded(value: object) -> str:
    return in_one_script(str(value))
