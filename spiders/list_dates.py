"""Dates as list rows write them."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date, datetime, timedelta, timezone

#: All dates of Chinese sites are meant in Beijing time.
BEIJING = timezone(timedelta(hours=8))
#: Characters of a row that are searched; a longer one is no row.
_LIMIT = 2_000
_WIDTH = {ord("０") + n: ord("0") + n for n in range(10)} | {
    ord(wide): narrow for wide, narrow in zip("－—–‐／．〇", "----/.零", strict=True)
}
_Y = r"((?:19|20)\d{2})"
_SEP = r"\s{0,3}[-/._年]\s{0,3}"
_SEP2 = r"\s{0,3}[-/._月]\s{0,3}"
#: Year, month and day stand in the groups named so.
_FORMS = tuple(
    (re.compile(pattern), order)
    for pattern, order in (
        (rf"(?<!\d){_Y}{_SEP}(\d{{1,2}}){_SEP2}(\d{{1,2}})(?!\d)", "ymd"),
        (rf"(?<!\d){_Y}(\d{{2}})(\d{{2}})(?!\d)", "ymd"),
        # <em>05</em><i>2024-03</i>: a calendar leaf, day first or last
        (rf"(?<!\d)(\d{{1,2}})日?\s{{1,9}}{_Y}{_SEP}(\d{{1,2}})月?(?![\d-])", "dym"),
        (rf"(?<!\d){_Y}{_SEP}(\d{{1,2}})月?\s{{1,9}}(\d{{1,2}})(?![\d:])", "ymd"),
        (rf"(?<![\d-])(\d{{1,2}})[-/.月](\d{{1,2}})日?\s{{1,9}}{_Y}(?!\d)", "mdy"),
    )
)
_NUMERALS = "零一二三四五六七八九"
_CHINESE = re.compile(
    rf"([{_NUMERALS}]{{4}})年([{_NUMERALS}十]{{1,3}})月([{_NUMERALS}十]{{1,3}})日"
)


def find_date(text: str) -> date | None:
    """The first date in a piece of a row; None when there is none that exists.

    A month and day without a year are no date: the year is not guessed.
    """
    text = text[:_LIMIT].translate(_WIDTH)
    return next((found for found in _dates(text) if found), None)


def is_only_date(text: str) -> bool:
    """Whether a piece of a row is a date, with nothing beside it but brackets and a time."""
    rest = re.sub(r"[\d\s年月日时分秒:：/\-.()（）\[\]【】～~]", "", text.translate(_WIDTH))
    rest = rest.removeprefix("发布时间").removeprefix("发布日期").removeprefix("成文日期")
    return len(text) <= 40 and not rest and any(c.isdigit() for c in text)


def date_of_epoch(value: float) -> date | None:
    """The Beijing day of a moment in seconds or milliseconds since 1970."""
    seconds = value / 1000 if abs(value) > 100_000_000_000 else value
    try:
        moment = datetime.fromtimestamp(seconds, BEIJING)
    except (OverflowError, OSError, ValueError):
        return None
    return _plausible(moment.date()) if seconds > 0 else None


def date_of_value(value: object) -> date | None:
    """The date of a JSON value: text in any form, or an epoch."""
    if isinstance(value, bool) or value is None:
        return None
    if isinstance(value, int | float):
        return date_of_epoch(value)
    text = str(value).strip()
    if text.isdecimal() and len(text) in (10, 13):
        return date_of_epoch(int(text))
    return find_date(text)


def _dates(text: str) -> Iterator[date | None]:
    for form, order in _FORMS:
        for found in form.finditer(text):
            parts = dict(zip(order, map(int, found.groups()), strict=True))
            yield _make(parts["y"], parts["m"], parts["d"])
    for found in _CHINESE.finditer(text):
        year = int("".join(str(_NUMERALS.index(c)) for c in found[1]))
        yield _make(year, _numeral(found[2]), _numeral(found[3]))


def _numeral(text: str) -> int:
    """A Chinese numeral below 100: 三, 十, 十二, 二十, 二十三."""
    tens, ten, ones = text.rpartition("十")
    if not ten:
        return _NUMERALS.index(ones) if len(ones) == 1 else 0
    if len(tens) > 1 or len(ones) > 1:
        return 0
    return (_NUMERALS.index(tens) if tens else 1) * 10 + (_NUMERALS.index(ones) if ones else 0)


def _make(year: int, month: int, day: int) -> date | None:
    try:
        return _plausible(date(year, month, day))
    except ValueError:
        return None


def _plausible(day: date) -> date | None:
    return day if 1949 <= day.year <= 2099 else None
