"""The catalogue: what is known of every notice, in one database."""

from __future__ import annotations

from collections.abc import Collection, Generator, Iterable, Iterator, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Self

from sqlalchemy import Connection

from archive.catalogue import (
    attachment_texts,
    captures,
    fates,
    judging,
    looking_again,
    passed_over,
    reader,
    rereading,
    schema,
    watching,
)
from archive.catalogue import leads as leads_room
from archive.catalogue.answers import Answers
from archive.catalogue.arrival import Arrival
from archive.catalogue.database import Database
from archive.catalogue.journal import Judgement
from archive.catalogue.keys import text_key
from archive.catalogue.ledger import Ledger
from archive.catalogue.missed import MissedAttachment, missed_attachments
from archive.catalogue.rereading import ReadBefore
from archive.catalogue.shelf import Shelf
from archive.catalogue.views import (
    WatchView,
)
from archive.notice import (
    Alarm,
    AlarmKind,
    Capture,
    Lead,
    Order,
    Original,
    Place,
    Receipt,
)

#: Arrivals worked on together; each batch fetches what it needs and writes once.
_BATCH = 200


class Catalogue(Answers):
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
        database = Database(url, create=create, read_only=read_only)
        try:
            schema.prepare(database, create=create)
            if taking_over_at is not None:
                with database.writing() as connection:
                    watching.interrupt_runs(connection, taking_over_at)
        except BaseException:
            database.close()
            raise
        return cls(database)

    def close(self) -> None:
        """Give back the database."""
        self._database.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    # -- captures

    def original_of(self, payload_digest: str) -> Original | None:
        """The earliest response with this payload, which a revisit record can refer to."""
        with self._database.reading() as connection:
            return captures.original_of(connection, payload_digest)

    def place_of(self, record_id: str) -> Place | None:
        """Where a record stands in the WARCs."""
        with self._database.reading() as connection:
            return captures.place_of(connection, record_id)

    def knows_file(self, warc_file: str) -> bool:
        """Whether any record of a WARC file was taken in."""
        with self._database.reading() as connection:
            return captures.knows_file(connection, warc_file)

    def has_capture(self, record_id: str) -> bool:
        """Whether a record was taken in."""
        return not self.missing([record_id])

    def missing(self, record_ids: Iterable[str]) -> set[str]:
        """Those of the records which the catalogue has not taken in."""
        with self._database.reading() as connection:
            return captures.missing(connection, record_ids)

    def conditional(self, url: str) -> tuple[str | None, str | None, Original | None]:
        """What a conditional request for the URL needs: ETag, Last-Modified, what a 304 means."""
        key = text_key(url)
        with self._database.reading() as connection:
            answer = captures.latest_answers(connection, [key]).get(key)
        if answer is None:
            return None, None, None
        return answer.etag, answer.last_modified, answer.original

    def last_asked(self, urls: Sequence[str]) -> dict[str, datetime]:
        """When each of these URLs was asked for last, whatever came of it."""
        with self._database.reading() as connection:
            return captures.last_asked(connection, urls)

    def last_answered(self, urls: Sequence[str]) -> dict[str, datetime]:
        """When each of these URLs gave a whole answer last."""
        with self._database.reading() as connection:
            return captures.last_answered(connection, urls)

    def is_set_aside(self, record_id: str) -> bool:
        """Whether that capture is why its URL stands among what was set aside."""
        with self._database.reading() as connection:
            return captures.is_set_aside(connection, record_id)

    def last_whole(self, url: str) -> str | None:
        """The record of the latest whole answer for a URL."""
        with self._database.reading() as connection:
            return captures.last_whole(connection, url)

    def pointers(self) -> Iterator[tuple[str, Place]]:
        """Every capture's record id and where its bytes are said to stand."""
        with self._database.reading() as connection:
            yield from captures.pointers(connection)

    def read_before(
        self, source: str | None = None, *, is_off_topic: bool = False
    ) -> Generator[ReadBefore]:
        """What captures were read as, for a newer reader to be held against it.

        Args:
            source: Only what was seen on this source.
            is_off_topic: Only pages that were read and set aside as off topic.
        """
        with self._database.reading() as connection:
            if is_off_topic:
                yield from rereading.off_topic(connection, source)
            else:
                yield from rereading.read_before(connection, source)

    def stale_readings(self, url_keys: Sequence[str], reader_version: str) -> tuple[str, ...]:
        """Records that another reader version read what stands at these URLs from."""
        with self._database.reading() as connection:
            return rereading.stale(connection, url_keys, reader_version)

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
        with self._database.writing() as connection:
            return leads_room.take(
                connection, leads, at=at, recheck=recheck, recheck_all=recheck_all, limit=limit
            )

    def passed_over(self, source: str | None = None) -> Generator[Lead]:
        """Leads that were set aside for their title alone and never fetched.

        Args:
            source: Only this source's.
        """
        with self._database.reading() as connection:
            yield from passed_over.passed_over(connection, source)

    def reopen_leads(self, urls: Sequence[str]) -> int:
        """Have leads that were passed over be fetched after all; return how many."""
        with self._database.writing() as connection:
            return passed_over.reopen(connection, urls)

    def open_leads(
        self, source: str, *, but: Collection[str] = (), limit: int = 500
    ) -> tuple[Order, ...]:
        """Orders for a source's leads that wait to be fetched, whether a list names them or not.

        Args:
            source: Its id.
            but: Columns whose leads wait on.
            limit: At most so many, the oldest first.
        """
        with self._database.reading() as connection:
            return passed_over.open_leads(connection, source, but, limit)

    def are_all_new(self, leads: Sequence[Lead], at: datetime) -> bool:
        """Whether the list captured then was the first to show each of these leads."""
        with self._database.reading() as connection:
            return leads_room.are_all_new(connection, leads, at)

    def set_aside_leads(self, leads: Sequence[Lead], reason: str, at: datetime) -> None:
        """Resolve leads without fetching them, with a reason that can be listed."""
        if not leads:
            return
        with self._database.writing() as connection:
            leads_room.set_aside(connection, leads, reason, at)

    def fail_lead(self, lead: Lead, reason: str, at: datetime) -> None:
        """Note that fetching a lead failed; it stays open and is taken again."""
        with self._database.writing() as connection:
            news = leads_room.LeadNews(url_key=text_key(lead.url), at=at, failure=reason)
            leads_room.note(connection, [news])
            looking_again.put_off(connection, lead.url, at)

    def sightings_to_look_at_again(
        self,
        source: str,
        now: datetime,
        *,
        unlisted_for: timedelta = looking_again.UNLISTED,
        limit: int = 20,
    ) -> tuple[Order, ...]:
        """Orders for pages of a source that are due and that no list names any more.

        The longest due first, at most ``limit``. What comes of them is recorded like any
        capture of a notice's page; until then the same orders are given again. A look that
        leads to no capture at all is told with `fail_lead`.
        """
        with self._database.reading() as connection:
            return looking_again.to_look_at_again(
                connection, source, now, unlisted_for=unlisted_for, limit=limit
            )

    # -- recording

    def record(self, arrival: Arrival) -> Receipt:
        """Take in one arrival, in one transaction. The same capture again changes nothing."""
        return self.record_all((arrival,))[0]

    def record_all(self, arrivals: Sequence[Arrival]) -> tuple[Receipt, ...]:
        """Take in arrivals in their order, in one transaction; a receipt for each."""
        receipts: list[Receipt] = []
        with self._database.writing() as connection:
            for start in range(0, len(arrivals), _BATCH):
                batch = arrivals[start : start + _BATCH]
                receipts.extend(_enter(connection, batch))
        return tuple(receipts)

    def record_attachment(
        self,
        capture: Capture,
        of_url: str,
        *,
        kind: str | None = None,
        text: str = "",
        flags: Sequence[str] = (),
    ) -> None:
        """Take in the capture of a file that the notice at ``of_url`` names.

        Args:
            capture: Of the file, or of the answer that came instead.
            of_url: The page that names it.
            kind: What it is (pdf, docx …), where it came; then what could be read counts.
            text: What it says.
            flags: Why that is not all: locked, broken, too-slow, not-read-yet …
        """
        with self._database.writing() as connection:
            captures.enter_attachment(connection, capture, of_url)
            if kind is not None:
                attachment_texts.enter(connection, capture, kind, text, flags)

    def missed_attachments(self, source: str, limit: int = 200) -> tuple[MissedAttachment, ...]:
        """Files of a source's notices that were never answered for, to be asked for again."""
        with self._database.reading() as connection:
            return missed_attachments(connection, source, limit)

    # -- a person's judgement

    def judge(self, judgements: Iterable[Judgement]) -> int:
        """Carry out judgements in their order; those that were before change nothing.

        Returns:
            How many lines of the change log came of it.
        """
        with self._database.writing() as connection:
            first = last = reader.last_seq(connection)
            for judgement in judgements:
                last = judging.carry_out(connection, judgement, last)
        return last - first

    # -- runs, watches, alarms

    def start_run(self, source: str, column: str | None, at: datetime) -> str:
        """Open a run; its id goes into the facts of its captures."""
        with self._database.writing() as connection:
            return watching.start_run(connection, source, column, at)

    def end_run(self, run_id: str, at: datetime, outcome: str, counts: Mapping[str, int]) -> None:
        """Close a run: ok, partial, blocked or failed. Counts are named as in `RunView`."""
        with self._database.writing() as connection:
            watching.end_run(connection, run_id, at, outcome, counts)

    def raise_alarm(self, alarm: Alarm) -> int:
        """Enter an alarm; an open one of the same kind, source and column is raised again."""
        with self._database.writing() as connection:
            return watching.raise_alarm(connection, alarm)

    def close_alarms(
        self, source: str | None, column: str | None, kinds: Collection[AlarmKind], at: datetime
    ) -> int:
        """Close open alarms of these kinds after a good run; return how many there were."""
        with self._database.writing() as connection:
            return watching.close_alarms(connection, source, column, kinds, at)

    def close_alarm(self, alarm_id: int, at: datetime) -> bool:
        """Close one alarm by its number: a person has looked."""
        with self._database.writing() as connection:
            return watching.close_alarm(connection, alarm_id, at)

    def schedule(self, source: str, column: str, every: timedelta, due_at: datetime) -> None:
        """Have a column looked at; one that is scheduled already keeps its due time."""
        with self._database.writing() as connection:
            watching.schedule(connection, source, column, every, due_at)

    def set_due(self, source: str, column: str, due_at: datetime) -> None:
        """Set when a column is looked at next."""
        with self._database.writing() as connection:
            watching.set_due(connection, source, column, due_at)

    def unschedule(self, source: str, column: str) -> None:
        """Have a column looked at no more; what it brought stays."""
        with self._database.writing() as connection:
            watching.unschedule(connection, source, column)

    def due(self, now: datetime) -> tuple[WatchView, ...]:
        """Watches whose time has come and which are not running, the longest overdue first."""
        with self._database.reading() as connection:
            return watching.due(connection, now)


def _enter(connection: Connection, arrivals: Sequence[Arrival]) -> tuple[Receipt, ...]:
    shelf = Shelf(connection)
    ledger = Ledger(shelf, reader.last_seq(connection))
    receipts = ledger.enter_all(arrivals)
    shelf.write()
    at = max(arrival.capture.captured_at for arrival in arrivals)
    fates.announce(connection, shelf.read_anew, at, ledger.last_seq)
    leads_room.note(connection, ledger.lead_news)
    for alarm in ledger.alarms:
        watching.raise_alarm(connection, alarm)
    return receipts
