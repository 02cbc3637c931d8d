"""When a column is looked at next: a pure judgement of its rhythm."""

from __future__ import annotations

from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

from archive.notice import Rhythm, aware_utc

BEIJING = ZoneInfo("Asia/Shanghai")  # the sites' own clock, and that of the quiet hours
REST_AFTER_CHALLENGE = timedelta(hours=6)  # hours, not minutes: a challenge asks us to go away


def next_due(
    after: datetime, rhythm: Rhythm, *, chance: float, at_least: timedelta = timedelta(0)
) -> datetime:
    """The next due time after a look.

    Args:
        after: When the look ended, aware.
        rhythm: The column's own.
        chance: From 0 to 1, how much of the jitter is added.
        at_least: A longer pause, after a challenge.
    """
    due = aware_utc(after) + max(rhythm.every, at_least) + rhythm.jitter * chance
    return out_of_quiet_hours(due, rhythm)


def latest_due(now: datetime, rhythm: Rhythm) -> datetime:
    """The latest moment that a look before now can have put the next one off to.

    A due time beyond it was written by a clock that ran ahead, or for a slower rhythm.
    """
    return next_due(now, rhythm, chance=1.0, at_least=REST_AFTER_CHALLENGE)


def out_of_quiet_hours(moment: datetime, rhythm: Rhythm) -> datetime:
    """The moment itself, or the end of the quiet hours it falls into."""
    if rhythm.quiet_from is None or rhythm.quiet_until is None:
        return moment
    local = moment.astimezone(BEIJING)
    if not _is_within(local.time(), rhythm.quiet_from, rhythm.quiet_until):
        return moment
    end = local.replace(
        hour=rhythm.quiet_until.hour,
        minute=rhythm.quiet_until.minute,
        second=0,
        microsecond=0,
    )
    if end <= local:
        end += timedelta(days=1)
    return aware_utc(end)


def _is_within(moment: time, start: time, end: time) -> bool:
    if start <= end:
        return start <= moment < end
    return moment >= start or moment < end  # over midnight: 22:00-06:00
