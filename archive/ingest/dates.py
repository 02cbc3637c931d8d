"""Dates as official pages write them."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, timedelta, timezone

_DIGITS = str.maketrans(
    "０１２３４５６７８９〇○零一二三四五六七八九ＯO", "0123456789000123456789" + "00"
)
_HAN = "〇○零ＯO0０一二三四五六七八九"
_NUMERIC = re.compile(
    r"(?<!\d)((?:19|20)\d\d)\s{0,2}[-/.．—年]\s{0,2}(\d{1,2})\s{0,2}[-/.．—月]\s{0,2}(\d{1,2})(?!\d)"
    r"\s{0,2}日?"
)
_CHINESE = re.compile(
    rf"([{_HAN}]{{4}})\s{{0,2}}年\s{{0,2}}([十{_HAN}]{{1,3}})\s{{0,2}}月\s{{0,2}}([十廿卅{_HAN}]{{1,4}})\s{{0,2}}日"
)
_PACKED = re.compile(r"(?<!\d)((?:19|20)\d\d)(\d\d)(\d\d)(?!\d)")
#: Word puts the digits of a date into elements of their own, and blanks creep in: 202 4 年 5月.
_SPACED = re.compile(
    r"(?<!\d)((?:1\s?9|2\s?0)\s?\d\s?\d)\s{0,2}年\s{0,2}(\d(?:\s?\d)?)\s{0,2}月\s{0,2}(\d(?:\s?\d)?)\s{0,2}日"
)
_ANY = re.compile(f"{_SPACED.pattern}|{_NUMERIC.pattern}|{_CHINESE.pattern}")
#: Every date holds 年 or this.
_NUMERAL = re.compile(r"\d\s{0,2}[-/.．—]")
_BEGINS = frozenset("12１２" + _HAN)
BEIJING = timezone(timedelta(hours=8))
_FULL_WIDTH = str.maketrans("０１２３４５６７８９", "0123456789")


def find_date(text: str) -> date | None:
    """The first date in a text: 2024-03-05, 2024/3/5, 2024年3月5日, 二〇二四年三月五日."""
    found = find_dates(text[:2000])
    return found[0][0] if found else None


def find_dates(text: str) -> list[tuple[date, int, int]]:
    """Every date with where it starts and ends."""
    if "年" not in text and not _NUMERAL.search(text):
        return []
    found = []
    for match in _ANY.finditer(text.translate(_FULL_WIDTH)):
        parts = [part for part in match.groups() if part is not None]
        value = _date(*(_value(part) for part in parts))
        if value:
            found.append((value, match.start(), match.end()))
    return found


def read_labelled_date(text: str) -> date | None:
    """The date in a field that is known to hold one; also 20240305 and seconds since 1970."""
    value = find_date(text)
    if value is None and (match := _PACKED.search(text)):
        value = _date(*(int(part) for part in match.groups()))
    return value if value is not None else _from_epoch(text.strip())


def is_date_line(text: str) -> bool:
    """Whether a line is a date and nothing else, brackets aside."""
    bare = text.strip("（）() 　\t")
    if bare[:1] not in _BEGINS:
        return False
    bare = bare.translate(_FULL_WIDTH)
    match = _ANY.match(bare)
    return bool(match) and not bare[match.end() if match else 0 :].strip("日 　。")


def _from_epoch(text: str) -> date | None:
    if not re.fullmatch(r"\d{9,13}", text):
        return None
    seconds = int(text) / (1000 if len(text) >= 12 else 1)
    moment = datetime.fromtimestamp(seconds, UTC).astimezone(BEIJING)
    return moment.date() if 1949 <= moment.year <= 2100 else None


def _value(numeral: str) -> int:
    """十 → 10, 二十三 → 23, 廿三 → 23, 二〇 → 20, 03 → 3."""
    numeral = numeral.replace("廿", "二十").replace("卅", "三十")
    if "十" not in numeral:
        return int("".join(numeral.translate(_DIGITS).split()))
    tens, _, ones = numeral.partition("十")
    return int(tens.translate(_DIGITS) or 1) * 10 + int(ones.translate(_DIGITS) or 0)


def _date(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day) if 1949 <= year <= 2100 else None
    except ValueError:
        return None
