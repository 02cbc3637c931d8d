"""How the sources are: whether silence means no news, or that nobody could look."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from archive.access.as_json import alarm_json, moment, run_json, watch_json
from archive.access.library import Library
from archive.catalogue.views import AlarmView, RunView, SourceCountView, WatchView
from archive.catalogue.watching import GOOD

RUNS_LOOKED_AT = 1_000  #: for the last look at each source


@dataclass(frozen=True, kw_only=True)
class SourceHealth:
    """One source: when it was last looked at with success, and what is wrong with it."""

    source: str
    name: str
    notices: int  #: that it has shown
    last_good_look: datetime | None
    last_run: RunView | None
    watches: tuple[WatchView, ...]
    alarms: tuple[AlarmView, ...]

    @property
    def state(self) -> str:
        """``ok``, ``alarm`` (a person should look) or ``never`` (not looked at yet)."""
        if self.alarms:
            return "alarm"
        if self.last_run is None:
            return "never"
        return "ok" if self.last_run.outcome in (*GOOD, "running") else "alarm"


def source_health(
    library: Library, counted: Iterable[SourceCountView] | None = None
) -> tuple[SourceHealth, ...]:
    """The health of every source that has ever been looked at or is to be.

    Args:
        library: What is asked.
        counted: What each source brought; None to have it counted now.
    """
    watches, alarms = library.watches(), library.alarms()
    runs = library.runs(RUNS_LOOKED_AT)
    good = library.last_good_looks()
    brought = library.source_counts() if counted is None else counted
    counts = {count.source: count for count in brought}
    raised = (view.alarm.source for view in alarms)
    ids = {*counts, *_named(watches), *_named(runs), *filter(None, raised)}
    return tuple(
        SourceHealth(
            source=source,
            name=counts[source].name if source in counts else source,
            notices=counts[source].notices if source in counts else 0,
            last_good_look=good.get(source),
            last_run=_last_run(library, runs, source),
            watches=tuple(watch for watch in watches if watch.source == source),
            alarms=tuple(view for view in alarms if view.alarm.source == source),
        )
        for source in sorted(ids)
    )


def _named(rows: Iterable[RunView] | Iterable[WatchView]) -> set[str]:
    return {row.source for row in rows}


def _last_run(library: Library, runs: tuple[RunView, ...], source: str) -> RunView | None:
    """The last look at a source, however long ago."""
    latest = next((run for run in runs if run.source == source), None)
    return latest or next(iter(library.runs(1, source)), None)


def health_json(health: SourceHealth) -> dict[str, Any]:
    """A source's health, for those who follow a feed."""
    return {
        "source": health.source,
        "name": health.name,
        "state": health.state,
        "notices": health.notices,
        "last_good_look_at": moment(health.last_good_look),
        "last_run": run_json(health.last_run),
        "columns": [watch_json(watch) for watch in health.watches],
        "alarms": [alarm_json(view) for view in health.alarms],
    }
