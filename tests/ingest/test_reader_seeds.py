"""The five documents that Hongtou was begun with, as they must read."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from archive.ingest import read_bytes
from archive.notice import Reading

SEEDS = Path(__file__).parent / "seeds"


def seed(number: str) -> Reading:
    (path,) = SEEDS.glob(f"{number}_*.txt")
    return read_bytes(path.read_bytes(), media_type="text/plain")


@pytest.mark.parametrize(
    ("number", "own"),
    [
        ("000", None),
        ("001", "巴南府办〔2024〕5号"),
        ("002", None),
        ("003", None),
        ("004", "哈政办规〔2017〕56号"),
    ],
)
def test_the_own_number_is_found_or_there_is_none(number: str, own: str | None) -> None:
    assert seed(number).document_number == own


@pytest.mark.parametrize(
    ("number", "cited"),
    [
        ("000", ("粤发〔2023〕1号", "粤卫体改函〔2023〕10号", "珠府函〔2023〕163号")),
        ("001", ("渝府办发〔2023〕76号",)),
        (
            "002",
            (
                "藏党办发〔2018〕31号",
                "藏人社发〔2018〕66号",
                "藏人社发〔2021〕25号",
                "藏政办发〔2021〕25号",
            ),
        ),
    ],
)
def test_numbers_behind_titles_are_cited(number: str, cited: tuple[str, ...]) -> None:
    assert seed(number).cited_numbers == cited


def test_the_reprint_000_has_title_dates_and_clean_ends() -> None:
    reading = seed("000")
    assert reading.title == "关于印发珠海市深化医药卫生体制改革近期重点工作任务的通知"
    assert reading.written_on == date(2024, 3, 4)
    assert reading.published_on == date(2024, 3, 5)
    assert reading.issuing_bodies == ("珠海市深化医药卫生体制改革工作领导小组办公室",)
    assert reading.text.startswith("市深化医药卫生体制改革工作领导小组各成员单位")
    assert reading.text.endswith("确保改革重点任务落地见效。")
    kinds = {removal.kind for removal in reading.removed}
    assert {"greeting", "breadcrumb", "dateline", "title"} <= kinds


def test_001_reads_its_disclosure_list() -> None:
    reading = seed("001")
    assert reading.index_number == "11500113009307156W/2024-00051"
    assert reading.jurisdiction == "500113"
    assert (reading.written_on, reading.published_on) == (date(2024, 3, 26), date(2024, 4, 1))
    assert reading.validity is None
    assert reading.text.startswith("区政府有关部门,有关单位:")
    assert "扫一扫" not in reading.text
    assert reading.addressees == "区政府有关部门,有关单位"


def test_002_begins_where_its_masthead_was_lost() -> None:
    reading = seed("002")
    assert reading.text.startswith("(一)加强公共卫生体系建设")
    assert reading.published_on == date(2021, 9, 30)
    assert reading.source_name == "西藏自治区卫生健康委员会"
    assert reading.written_on is None


def test_003_reads_as_its_original_did() -> None:
    reading = seed("003")
    assert reading.title == "市卫生健康委关于印发深圳市2022年卫生健康工作要点的通知"
    assert (reading.written_on, reading.published_on) == (date(2022, 4, 28), date(2022, 4, 29))
    assert reading.text.startswith("各区卫生健康行政部门,市属各医疗卫生单位")
    assert reading.text.endswith("民族宗教、保密机要、卫生帮扶等工作。")
    assert "久久" not in reading.text
    assert "黄片" not in reading.text
    assert reading.repairs


def test_004_joins_its_broken_title_and_drops_the_credit() -> None:
    reading = seed("004")
    assert reading.title == (
        "哈尔滨市人民政府办公厅关于印发哈尔滨市深化医药卫生体制改革2017年重点工作任务的通知"
    )
    assert reading.written_on == date(2017, 10, 18)
    assert reading.issuing_bodies == ("哈尔滨市人民政府办公厅",)
    assert "大汉" not in reading.text
    assert "导航链接" not in reading.text
    assert "首页" not in reading.text.split("\n")


@pytest.mark.parametrize("number", ["000", "001", "002", "003", "004"])
def test_the_same_bytes_give_the_same_reading_and_survive_json(number: str) -> None:
    reading = seed(number)
    assert reading == seed(number)
    assert Reading.from_json(reading.to_json()) == reading
