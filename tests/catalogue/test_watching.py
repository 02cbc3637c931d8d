"""Runs, watches and alarms, as the control room keeps them."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import pytest

from archive.catalogue import Catalogue
from archive.errors import NaiveDatetime, UsageError
from archive.notice import Alarm, AlarmKind

HOUR = timedelta(hours=1)


def test_due_times_survive_a_restart_and_missed_looks_are_due_once(url: str, said: Any) -> None:
    with Catalogue.open(url, create=True) as catalogue:
        catalogue.schedule("banan", "zfwj", HOUR, said.NOON)
    with Catalogue.open(url) as catalogue:
        catalogue.schedule("banan", "zfwj", 2 * HOUR, said.NOON + 50 * HOUR)
        (watch,) = catalogue.due(said.NOON + 9 * HOUR)
        assert (watch.due_at, watch.every) == (said.NOON, 2 * HOUR)
        catalogue.set_due("banan", "zfwj", said.NOON + 11 * HOUR)
        assert catalogue.due(said.NOON + 9 * HOUR) == ()
        catalogue.unschedule("banan", "zfwj")
        assert catalogue.watches() == ()
        with pytest.raises(UsageError, match="banan/zfwj"):
            catalogue.set_due("banan", "zfwj", said.NOON)


def test_a_running_source_is_not_due(catalogue: Catalogue, said: Any) -> None:
    catalogue.schedule("banan", "zfwj", HOUR, said.NOON)
    run = catalogue.start_run("banan", "zfwj", said.NOON)
    assert catalogue.due(said.NOON) == ()
    catalogue.end_run(run, said.NOON + HOUR, "ok", {"leads": 20, "new": 1})
    (watch,) = catalogue.due(said.NOON + HOUR)
    assert watch.last_run is not None
    assert (watch.last_run.outcome, watch.last_run.leads, watch.running) == ("ok", 20, False)


def test_runs_of_a_killed_process_are_marked_interrupted(url: str, said: Any) -> None:
    with Catalogue.open(url, create=True) as catalogue:
        catalogue.start_run("banan", None, said.NOON)
    with Catalogue.open(url) as catalogue:
        assert catalogue.runs()[0].outcome == "running"
    with Catalogue.open(url, taking_over_at=said.NOON + HOUR) as catalogue:
        (run,) = catalogue.runs(source="banan")
        assert (run.outcome, run.ended_at) == ("interrupted", said.NOON + HOUR)


def test_a_run_counts_only_what_runs_count(catalogue: Catalogue, said: Any) -> None:
    run = catalogue.start_run("banan", None, said.NOON)
    assert catalogue.start_run("banan", None, said.NOON) != run
    with pytest.raises(UsageError, match="pages"):
        catalogue.end_run(run, said.NOON, "ok", {"pages": 3})
    with pytest.raises(UsageError, match="no run"):
        catalogue.end_run("0" * 16, said.NOON, "ok", {})


def alarm(said: Any, hours: int = 0, **others: Any) -> Alarm:
    stated: dict[str, Any] = {"source": "banan", "column": "zfwj", "kind": AlarmKind.EMPTY_LISTING}
    return Alarm(
        raised_at=said.NOON + hours * HOUR, expected="20 leads", came="none", to_do="Look.",
        **{**stated, **others},
    )  # fmt: skip


def test_the_same_alarm_again_is_one_line_raised_twice(catalogue: Catalogue, said: Any) -> None:
    first = catalogue.raise_alarm(alarm(said))
    assert catalogue.raise_alarm(alarm(said, 3, url="https://www.cqbn.gov.cn/")) == first
    assert catalogue.raise_alarm(alarm(said, 4, column=None)) != first
    assert catalogue.raise_alarm(alarm(said, 4, column=None)) != first
    latest, earlier = catalogue.alarms()
    assert (latest.times, earlier.times) == (2, 2)
    assert earlier.last_raised_at == said.NOON + 3 * HOUR
    assert earlier.alarm.raised_at == said.NOON


def test_a_closed_alarm_is_raised_anew(catalogue: Catalogue, said: Any) -> None:
    first = catalogue.raise_alarm(alarm(said))
    kinds = [AlarmKind.EMPTY_LISTING, AlarmKind.CHALLENGE]
    assert catalogue.close_alarms("banan", None, kinds, said.NOON) == 0
    assert catalogue.close_alarms("banan", "zfwj", kinds, said.NOON + HOUR) == 1
    assert catalogue.alarms() == ()
    second = catalogue.raise_alarm(alarm(said, 5))
    assert second != first
    assert catalogue.close_alarm(second, said.NOON + 6 * HOUR)
    assert not catalogue.close_alarm(second, said.NOON + 6 * HOUR)
    assert len(catalogue.alarms(open_only=False)) == 2


def test_a_naive_datetime_does_not_get_in(catalogue: Catalogue, said: Any) -> None:
    with pytest.raises(NaiveDatetime):
        catalogue.schedule("banan", "zfwj", HOUR, datetime(2024, 1, 1))  # noqa: DTZ001 - the point


def test_the_last_good_look_is_known_however_long_ago(catalogue: Catalogue, said: Any) -> None:
    for hour, (source, outcome) in enumerate(
        [("banan", "ok"), ("banan", "partial"), ("banan", "blocked"), ("harbin", "failed")]
    ):
        run = catalogue.start_run(source, "zfwj", said.NOON + hour * HOUR)
        catalogue.end_run(run, said.NOON + hour * HOUR, outcome, {})
    assert catalogue.last_good_looks() == {"banan": said.NOON + HOUR}
