"""The catalogue: what is known of every notice, in one database."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Self

from archive.catalogue.arrival import Arrival
from archive.catalogue.views import (
    AlarmView,
    ChangeView,
    DecisionView,
    FacetView,
    NoticeSummary,
    NoticeView,
    RunView,
    SetAsideView,
    SourceCountView,
    WatchView,
)
from archive.notice import (
    Alarm,
    AlarmKind,
    Capture,
    ChangeKind,
    Lead,
    Order,
    Original,
    Place,
    Receipt,
)


class Catalogue:
    """What is known of every notice: written by one process, read by many."""

    @classmethod
    def open(
        cls,
        url: str,
        *,
        create: bool = False,
        read_only: bool = False,
        taking_over_at: datetime | None = None,
    ) -> Self:
        """Open the catalogue at an SQLAlchemy URL, bringing its schema up to date.

        Args:
            url: ``sqlite:///path`` or ``postgresql://…``.
            create: Make it when there is none; otherwise that is an error.
            read_only: Nothing is written, not even a newer schema.
            taking_over_at: Given by the one process that holds the home's lock: runs which a
                killed process left ``running`` are marked ``interrupted`` at this moment.

        Raises:
            NewerHome: The schema is of a newer Hongtou.
            CatalogueUnavailable: There is none, it does not answer, or it is damaged.
            HomeNotWritable: It cannot be written to.
        """
        raise NotImplementedError

    def close(self) -> None:
        raise NotImplementedError

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    # -- captures

    def original_of(self, payload_digest: str) -> Original | None:
        """The earliest response with this payload, which a revisit record can refer to."""
        raise NotImplementedError

    def place_of(self, record_id: str) -> Place | None:
        """Where a record stands in the WARCs."""
        raise NotImplementedError

    def has_capture(self, record_id: str) -> bool:
        raise NotImplementedError

    def missing(self, record_ids: Iterable[str]) -> set[str]:
        """Those of the records which the catalogue has not taken in."""
        raise NotImplementedError

    def conditional(self, url: str) -> tuple[str | None, str | None, Original | None]:
        """What a conditional request for the URL needs: ETag, Last-Modified, what a 304 means."""
        raise NotImplementedError

    def stale_readings(self, urls: Iterable[str], reader_version: str) -> tuple[Place, ...]:
        """Captures behind these URLs' sightings that another reader version read.

        Read and record them again before newer captures of the same URLs, so that a better
        reader is not taken for a revised notice (law 6).
        """
        raise NotImplementedError

    # -- leads

    def take_leads(
        self,
        leads: Sequence[Lead],
        *,
        at: datetime,
        recheck: timedelta,
        recheck_all: bool = False,
        limit: int = 2000,
    ) -> tuple[Order, ...]:
        """Remember the leads; return those to fetch: never resolved, or due for a look again."""
        raise NotImplementedError

    def set_aside_lead(self, lead: Lead, reason: str, at: datetime) -> Receipt:
        """Resolve a lead without fetching it, with a reason that can be listed."""
        raise NotImplementedError

    def fail_lead(self, lead: Lead, reason: str, at: datetime) -> None:
        """Note that fetching a lead failed; it stays open and is taken again."""
        raise NotImplementedError

    # -- recording

    def record(self, arrival: Arrival) -> Receipt:
        """Take in one arrival, in one transaction. The same capture again changes nothing."""
        return self.record_all((arrival,))[0]

    def record_all(self, arrivals: Sequence[Arrival]) -> tuple[Receipt, ...]:
        """Take in arrivals in their order, in one transaction; a receipt for each."""
        raise NotImplementedError

    def record_attachment(self, capture: Capture, of_url: str) -> None:
        """Take in the capture of a file that the notice at ``of_url`` names."""
        raise NotImplementedError

    # -- runs, watches, alarms

    def start_run(self, source: str, column: str | None, at: datetime) -> str:
        """Open a run; its id goes into the facts of its captures."""
        raise NotImplementedError

    def end_run(self, run_id: str, at: datetime, outcome: str, counts: Mapping[str, int]) -> None:
        """Close a run: ok, partial, blocked or failed. Counts are named as in `RunView`."""
        raise NotImplementedError

    def raise_alarm(self, alarm: Alarm) -> int:
        """Enter an alarm; an open one of the same kind, source and column is raised again."""
        raise NotImplementedError

    def close_alarms(
        self, source: str | None, column: str | None, kinds: Collection[AlarmKind], at: datetime
    ) -> int:
        """Close open alarms of these kinds after a good run; return how many there were."""
        raise NotImplementedError

    def close_alarm(self, alarm_id: int, at: datetime) -> bool:
        """Close one alarm by its number: a person has looked."""
        raise NotImplementedError

    def schedule(self, source: str, column: str, every: timedelta, due_at: datetime) -> None:
        """Have a column looked at; one that is scheduled already keeps its due time."""
        raise NotImplementedError

    def set_due(self, source: str, column: str, due_at: datetime) -> None:
        raise NotImplementedError

    def unschedule(self, source: str, column: str) -> None:
        raise NotImplementedError

    def due(self, now: datetime) -> tuple[WatchView, ...]:
        """Watches whose time has come and which are not running, the longest overdue first."""
        raise NotImplementedError

    # -- reading

    def notice(self, notice_id: str) -> NoticeView | None:
        """Everything known of a notice; an id that was merged away leads to its successor."""
        raise NotImplementedError

    def by_number(self, text: str) -> tuple[NoticeSummary, ...]:
        """Notices of a document number, however it is written."""
        raise NotImplementedError

    def by_url(self, url: str) -> NoticeSummary | None:
        """The notice last seen at a URL."""
        raise NotImplementedError

    def summaries(self, ids: Sequence[str]) -> tuple[NoticeSummary, ...]:
        """Summaries in the order of the ids; unknown ids are left out."""
        raise NotImplementedError

    def texts(self, ids: Sequence[str]) -> dict[str, str]:
        """The current text of each notice."""
        raise NotImplementedError

    def changes(self, after: int = 0, limit: int = 100) -> tuple[ChangeView, ...]:
        """The change log after a number, in order of arrival."""
        raise NotImplementedError

    def latest_changes(
        self,
        limit: int = 50,
        kinds: Collection[ChangeKind] | None = None,
        before: int | None = None,
    ) -> tuple[ChangeView, ...]:
        """The change log from its end, newest first; ``before`` a number for the next page."""
        raise NotImplementedError

    def last_seq(self) -> int:
        """The number of the newest line of the change log; 0 when there is none."""
        raise NotImplementedError

    def count_notices(self) -> int:
        raise NotImplementedError

    def watches(self) -> tuple[WatchView, ...]:
        raise NotImplementedError

    def runs(self, limit: int = 50, source: str | None = None) -> tuple[RunView, ...]:
        """The latest runs, newest first."""
        raise NotImplementedError

    def alarms(self, open_only: bool = True, limit: int = 500) -> tuple[AlarmView, ...]:
        """Alarms, the most recently raised first."""
        raise NotImplementedError

    def set_asides(
        self, limit: int = 100, before: datetime | None = None
    ) -> tuple[SetAsideView, ...]:
        """What was set aside, newest first; ``before`` a moment for the next page."""
        raise NotImplementedError

    def source_counts(self) -> tuple[SourceCountView, ...]:
        """How many notices and sightings each source brought."""
        raise NotImplementedError

    def facets(self) -> tuple[FacetView, ...]:
        """How many notices share a kind, jurisdiction, issuing body, topic, year or source."""
        raise NotImplementedError

    def decisions(self, url_or_id: str) -> tuple[DecisionView, ...]:
        """What was decided of a URL or a notice, in order, with the reasons."""
        raise NotImplementedError
