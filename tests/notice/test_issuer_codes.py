"""The vocabulary of issuer codes: whose a number is, where that is certain."""

from __future__ import annotations

from importlib.resources import files
from pathlib import Path

import pytest

from archive.ingest import read_bytes
from archive.notice import DocumentNumber
from archive.notice.issuer_codes import built_in_codes, load_issuer_codes

ROWS = [
    line.split("\t")
    for line in files("archive.notice").joinpath("issuer_codes.tsv").read_text("utf-8").splitlines()
    if line and not line.startswith("#")
][1:]


def test_every_row_is_whole_says_where_it_is_from_and_stands_once() -> None:
    assert all(len(row) == 4 and row[0] and row[3] for row in ROWS)
    assert len({row[0] for row in ROWS}) == len(ROWS)
    assert all(not row[2] or (row[2].isdigit() and len(row[2]) == 6) for row in ROWS)


@pytest.mark.parametrize("row", [row for row in ROWS if not row[0].endswith("*")])
def test_every_code_is_one_of_the_grammar(row: list[str]) -> None:
    number = DocumentNumber.parse(f"{row[0]}〔2024〕5号")
    assert number is not None
    assert number.issuer_code == row[0]


@pytest.mark.parametrize(
    ("code", "body", "jurisdiction"),
    [
        ("渝府办发", "重庆市人民政府办公厅", "500000"),
        ("国卫基层发", "国家卫生健康委", "100000"),
        ("国卫办医政函", "国家卫生健康委办公厅", "100000"),
        ("哈政办规", "哈尔滨市人民政府办公厅", "230100"),
    ],
)
def test_a_code_tells_its_body(code: str, body: str, jurisdiction: str) -> None:
    row = built_in_codes().find(code)
    assert row is not None
    assert (row.bodies, row.jurisdiction) == ((body,), jurisdiction)


@pytest.mark.parametrize("code", ["政办发", "府办", "某卫发", "宁政发"])
def test_a_code_that_several_use_tells_nothing(code: str) -> None:
    row = built_in_codes().find(code)
    assert row is None or (row.bodies, row.jurisdiction) == ((), None)


def test_words_that_stuck_to_a_known_code_are_cut_off() -> None:
    text = "各单位要认真学习本省浙政办发〔2024〕14号文件，抓好任务分工和跟踪问效。"
    assert read_bytes(f"<p>{text}</p>".encode()).cited_numbers == ("浙政办发〔2024〕14号",)


def test_a_home_may_know_further_codes(tmp_path: Path) -> None:
    more = tmp_path / "codes.tsv"
    more.write_text("code\tbodies\tjurisdiction\torigin\n云政发\t云泽市人民政府\t330200\tits own\n")
    row = load_issuer_codes(more).find("云政发")
    assert row is not None
    assert row.bodies == ("云泽市人民政府",)


def test_a_county_with_a_provinces_code_is_not_the_province() -> None:
    for body, jurisdiction in (("云南省人民政府", "530000"), ("云和县人民政府", None)):
        page = (
            "<h1>关于做好防汛工作的通知</h1><p>云政发〔2024〕3号</p><p>各有关单位：</p>"
            "<p>为做好防汛工作，现就有关事项通知如下，请认真贯彻执行。</p>"
            f"<p>{body}</p><p>2024年5月1日</p>"
        )
        reading = read_bytes(page.encode())
        assert reading.document_number == "云政发〔2024〕3号"
        assert (reading.issuing_bodies, reading.jurisdiction) == ((body,), jurisdiction)
