"""Dates are read in the forms lists write them, and never guessed."""

from __future__ import annotations

from datetime import date

import pytest

from spiders.list_dates import date_of_epoch, date_of_value, find_date, is_only_date

DAY = date(2024, 3, 5)


@pytest.mark.parametrize(
    "text",
    [
        "2024-03-05", "2024/3/5", "2024.03.05", "2024年3月5日", "[2024-03-05]", "（2024-03-05）",
        "２０２４－０３－０５", "2024 - 03 - 05", "20240305", "2024-03-05 16:20:01", "05 2024-03",
        "05\n2024.03", "2024-03 05", "2024年03月 05", "03-05 2024", "3月5日 2024",
        "二〇二四年三月五日", "二零二四年三月五日", "发布时间：2024-03-05",
        "2024-03-05T08:00:00+08:00",        "成文日期 ： 2024年03月05日", "2024_03_05",
    ],
)  # fmt: skip
def test_a_date_is_read(text: str) -> None:
    assert find_date(text) == DAY


@pytest.mark.parametrize(
    "text",
    ["", "03-05", "2024-02-31", "2024-13-05", "1024-03-05", "2024", "第2024030512号", "24-03-05",
     "昨天", "二〇二四年十三月五日", "2024-03", "1" * 5000],
)  # fmt: skip
def test_what_is_no_date_is_none(text: str) -> None:
    assert find_date(text) is None


@pytest.mark.parametrize(
    ("text", "day"),
    [("二〇二三年十月二十日", 20), ("二〇二三年十月三十一日", 31), ("二〇二三年十月十日", 10)],
)
def test_chinese_numerals_are_read(text: str, day: int) -> None:
    assert find_date(text) == date(2023, 10, day)


def test_an_impossible_date_gives_way_to_the_next() -> None:
    assert find_date("2024-02-31 2024-03-05") == DAY


def test_epochs_are_beijing_days_in_seconds_and_milliseconds() -> None:
    # 2024-03-04T16:00:00Z is midnight of the 5th in Beijing
    assert date_of_epoch(1709568000) == DAY
    assert date_of_epoch(1709568000000) == DAY
    assert date_of_value("1709568000") == DAY
    assert [date_of_epoch(v) for v in (0, -1, 1e30, float("nan"))] == [None] * 4


def test_a_title_with_a_date_in_it_is_not_only_a_date() -> None:
    assert is_only_date("[2024-03-05 10:20]")
    assert not is_only_date("关于2024年3月5日停水的公告")
    assert not is_only_date("[]")
