"""Reasons in Chinese: what is composed is told whole, and what is a stranger's stays as it is."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from archive.access.reasons import CHINESE, tell


@pytest.mark.parametrize(
    ("reason", "chinese"),
    [
        ("number equal (国发〔2023〕5号), titles alike", "文号相同（国发〔2023〕5号），标题相近"),
        (
            (
                "number equal (国发〔2023〕5号), but neither title nor text agree "
                "(resemblance 0.02, containment 0.10): 0123456789abcdef"
            ),
            (
                "文号相同（国发〔2023〕5号），但标题和正文都对不上（相似度 0.02，包含度 0.10）："
                "0123456789abcdef"
            ),
        ),
        (
            (
                "not 0123456789abcdef: number equal (政办发〔2024〕5号), whose place is not known, "
                "but the figures differ (40% agree)"
            ),
            (
                "不是 0123456789abcdef：文号相同（政办发〔2024〕5号），不知属于何地，"
                "但数字不同（只有 40% 一致）"
            ),
        ),
        (
            (
                "fedcba9876543210: number equal (国发〔2023〕5号), but the places are others: "
                "0123456789abcdef"
            ),
            "fedcba9876543210：文号相同（国发〔2023〕5号），但所说的地方不同：0123456789abcdef",
        ),
        ("the page says 废止, and said 有效 before", "网页写明废止，此前为有效"),
        (
            "merged into 0123456789abcdef: merge by 张三: the scan, but sharper",
            "并入 0123456789abcdef：由 张三 合并：the scan, but sharper",
        ),
        ("ConnectionRefusedError: refused, but politely", None),
        ("", None),
    ],
)
def test_a_reason_is_told_in_chinese(reason: str, chinese: str | None) -> None:
    assert tell("zh", reason) == (reason if chinese is None else chinese)
    assert tell("en", reason) == reason


@given(st.text(max_size=400) | st.lists(st.sampled_from([*CHINESE, "(", ", but ", ": ", "{"])))
def test_whatever_is_given_is_told(given: str | list[str]) -> None:
    assert isinstance(tell("zh", given if isinstance(given, str) else "".join(given)), str)


def test_the_chinese_of_a_reason_keeps_all_that_was_said_in_it() -> None:
    from string import Formatter

    for english, chinese in CHINESE.items():
        slots = [
            sorted(name for _, name, _, _ in Formatter().parse(words) if name)
            for words in (english, chinese)
        ]
        assert slots[0] == slots[1], english
