"""What a title says once the ceremony is gone; other documents stay others."""

from __future__ import annotations

import pytest

from archive.ingest.title_core import title_core


@pytest.mark.parametrize(
    ("title", "core"),
    [
        ("市卫生健康委关于印发深圳市2022年卫生健康工作要点的通知", "深圳市2022年卫生健康工作要点"),
        ("某市人民政府办公室关于印发《某方案（试行）》的通知", "某方案"),
        ("某省人民政府办公厅关于印发某方案的通知（某府办〔2024〕3号）", "某方案"),
        ("某办法（暂行）", "某办法"),
        ("关于公布《某目录》的公告 ", "某目录"),
    ],
)
def test_the_cover_is_taken_off(title: str, core: str) -> None:
    assert title_core(title) == core


@pytest.mark.parametrize(
    "title",
    [
        "某目录（2024年版）",
        "《某方案》解读",
        "某方案（征求意见稿）",
        "关于贯彻落实《某方案》的通知",
        "关于转发《某方案》的通知",
    ],
)
def test_what_is_another_document_does_not_meet_the_first(title: str) -> None:
    assert title_core(title) not in {"某目录", "某方案"}


def test_a_long_title_is_cut_and_no_title_is_empty() -> None:
    assert len(title_core("关于" * 100_000)) <= 500
    assert title_core("") == ""
