"""When a column is due next."""

from __future__ import annotations

from datetime import UTC, datetime, time, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from archive.errors import NaiveDatetime
from archive.notice import Rhythm
from scheduler.rhythm import BEIJING, REST_AFTER_CHALLENGE, next_due, out_of_quiet_hours

NOON = datetime(2026, 3, 2, 4, 0, tzinfo=UTC)  # 12:00 in Beijing
NIGHT = Rhythm(quiet_from=time(22, 0), quiet_until=time(6, 0))


def test_the_next_look_is_a_rhythm_away() -> None:
    rhythm = Rhythm(every=timedelta(hours=2), jitter=timedelta(minutes=10))
    assert next_due(NOON, rhythm, chance=0.0) == NOON + timedelta(hours=2)
    assert next_due(NOON, rhythm, chance=1.0) == NOON + timedelta(hours=2, minutes=10)


def test_a_challenge_makes_the_source_rest_for_hours() -> None:
    rhythm = Rhythm(every=timedelta(minutes=30), jitter=timedelta(0))
    due = next_due(NOON, rhythm, chance=0.0, at_least=REST_AFTER_CHALLENGE)
    assert due == NOON + REST_AFTER_CHALLENGE


def test_quiet_hours_over_midnight_move_a_look_to_their_end() -> None:
    late = datetime(2026, 3, 2, 23, 30, tzinfo=BEIJING)
    assert out_of_quiet_hours(late, NIGHT) == datetime(2026, 3, 3, 6, 0, tzinfo=BEIJING)
    early = datetime(2026, 3, 3, 5, 59, tzinfo=BEIJING)
    assert out_of_quiet_hours(early, NIGHT) == datetime(2026, 3, 3, 6, 0, tzinfo=BEIJING)


def test_quiet_hours_are_on_the_sites_clock() -> None:
    noon_in_london = datetime(2026, 3, 2, 15, 0, tzinfo=UTC)  # 23:00 in Beijing
    assert out_of_quiet_hours(noon_in_london, NIGHT) == datetime(2026, 3, 2, 22, 0, tzinfo=UTC)


@given(
    st.integers(min_value=0, max_value=20 * 366 * 24 * 60),
    st.times(),
    st.times(),
)
def test_no_look_falls_into_quiet_hours(minutes: int, start: time, end: time) -> None:
    start, end = start.replace(second=0, microsecond=0), end.replace(second=0, microsecond=0)
    rhythm = Rhythm(quiet_from=start, quiet_until=end)
    moment = NOON + timedelta(minutes=minutes)
    moved = out_of_quiet_hours(moment, rhythm)
    assert moved >= moment
    assert out_of_quiet_hours(moved, rhythm) == moved
    assert moved - moment <= timedelta(days=1)


def test_a_moment_without_a_zone_is_refused() -> None:
    with pytest.raises(NaiveDatetime):
        next_due(datetime(2026, 3, 2), Rhythm(), chance=0.0)  # noqa: DTZ001 - that is the point
