"""The one door: whatever arrives, live or from WARC, is admitted here (law 4).

This is where the rooms meet: sites are read by `spiders`, pages by `archive.ingest`, and the
catalogue decides. It runs in the archive process (`crawler.worker`), away from the reactor.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from itertools import groupby, takewhile
from urllib.parse import urlsplit

import spiders
from archive import ingest
from archive.catalogue import Arrival, Catalogue, SourceFacts
from archive.catalogue.journal import Judgement
from archive.ingest.relevance import Topic, with_topics
from archive.notice import (
    Alarm,
    AlarmKind,
    Attachment,
    Capture,
    Column,
    Listing,
    Order,
    Outcome,
    Purpose,
    Reading,
    Receipt,
    Source,
    Trust,
)
from crawler.admitted import Admitted

UNKNOWN_SOURCE = SourceFacts(id="unknown", name="unknown", trust=Trust.UNKNOWN)


class Admission:
    """Admits captures one after the other, in the order in which they were kept."""

    def __init__(
        self,
        *,
        catalogue: Catalogue,
        sources: Mapping[str, Source],
        topics: Sequence[Topic],
        read_again: Callable[[str], Capture | None],
        recheck_all: bool = False,
        judgements: Sequence[Judgement] = (),
    ) -> None:
        self._catalogue = catalogue
        self._sources = sources
        self._by_host = {host: source for source in sources.values() for host in source.hosts}
        self._topics = {topic.id: topic for topic in topics}
        self._read_again = read_again  # an earlier capture, by its record id
        self._recheck_all = recheck_all
        self._judgements = list(judgements)  # not carried out yet, as far as is known here

    def admit(self, capture: Capture) -> Admitted:
        """Take one capture in: a list gives orders, a notice a receipt, the rest is evidence."""
        return self.admit_all([capture])[0]

    def admit_all(self, captures: Sequence[Capture]) -> list[Admitted]:
        """Take captures in, in their order; neighbours that are pages share a transaction."""
        admitted: list[Admitted] = []
        for some in self._between_judgements(captures):
            for is_page, group in groupby(some, self._is_page):
                if is_page:
                    admitted += self._take_pages(list(group))
                else:
                    admitted += [self._take_other(capture) for capture in group]
        return admitted

    def _between_judgements(self, captures: Sequence[Capture]) -> Iterator[list[Capture]]:
        """Captures in their order; what people had judged before each is carried out first."""
        waiting: list[Capture] = []
        for capture in captures:
            if self._judgements and self._judgements[0].at <= capture.captured_at:
                yield waiting
                waiting = []
                self._judge_until(capture.captured_at)
            waiting.append(capture)
        yield waiting

    def _judge_until(self, moment: datetime) -> None:
        due = list(takewhile(lambda judgement: judgement.at <= moment, self._judgements))
        del self._judgements[: len(due)]
        self._catalogue.judge(due)

    def set_aside(self, capture: Capture, reason: str) -> Admitted:
        """Keep a capture as evidence and say why nothing was read from it."""
        receipt = self._catalogue.record(replace(self._evidence(capture), set_aside=reason))
        return Admitted(receipt=receipt)

    def _is_page(self, capture: Capture) -> bool:
        """Whether it is to be read as a notice, rather than a list, a file or mere evidence."""
        return (
            capture.facts.purpose is Purpose.NOTICE
            and not _why_not_whole(capture)
            and not ingest.find_challenge(capture.status, capture.headers, capture.body)
        )

    def _take_other(self, capture: Capture) -> Admitted:
        product = ingest.find_challenge(capture.status, capture.headers, capture.body)
        if product:
            return self._take_challenge(capture, product)
        reason = _why_not_whole(capture)
        if reason:
            return self._take_broken(capture, reason)
        if capture.facts.purpose is Purpose.LIST:
            return self._take_list(capture)
        if capture.facts.purpose is Purpose.ATTACHMENT:
            self._catalogue.record_attachment(capture, of_url=capture.facts.via or "")
            return Admitted()
        self._catalogue.record(self._evidence(capture))
        return Admitted()

    def _take_broken(self, capture: Capture, reason: str) -> Admitted:
        """What did not come whole: half a text is no version of a notice, half a list no list."""
        if capture.facts.purpose is not Purpose.NOTICE:
            self._catalogue.record(self._evidence(capture))
            is_half = capture.facts.purpose is Purpose.LIST and capture.status == 200
            if is_half:
                self._raise_half(capture, reason)
            return Admitted(is_short_list=is_half)
        is_open = capture.facts.refusal is None
        arrival = replace(self._evidence(capture), set_aside=reason, is_open=is_open)
        return Admitted(receipt=self._catalogue.record(arrival))

    # Lists

    def _take_list(self, capture: Capture) -> Admitted:
        """Its leads are entered before the capture is: what a crash cuts short is done again."""
        admitted = self._take_leads(capture)
        self._catalogue.record(self._evidence(capture))
        return admitted

    def _take_leads(self, capture: Capture) -> Admitted:
        source, column = self._watched(capture)
        if source is None or column is None or capture.status not in (200, 304):
            return Admitted()
        listing = self._read_listing(source, column, capture)
        # Only a first page makes the promise: the last page of a column may be short.
        is_short = len(listing.leads) < column.at_least and not capture.facts.hops
        if is_short:
            self._raise_empty(capture, column, listing)
        orders = self._catalogue.take_leads(
            listing.leads,
            at=capture.captured_at,
            recheck=column.rhythm.recheck,
            recheck_all=self._recheck_all,
        )
        wanted = [order for order in orders if self._is_wanted(order, column)]
        self._catalogue.set_aside_leads(
            [order.lead for order in orders if order not in wanted],
            "off topic by its title",
            capture.captured_at,
        )
        all_new = self._catalogue.are_all_new(listing.leads, capture.captured_at)
        return Admitted(
            orders=tuple(wanted),
            next_url=listing.next_url,
            is_all_new=all_new,
            set_aside=len(orders) - len(wanted),
            is_short_list=is_short,
        )

    def _read_listing(self, source: Source, column: Column, capture: Capture) -> Listing:
        """The list's leads; of a 304, those of the page that still holds."""
        if capture.is_not_modified and capture.revisit_of:
            earlier = self._read_again(capture.revisit_of)
            if earlier is not None:
                return spiders.read_listing(source, column, replace(earlier, facts=capture.facts))
        return spiders.read_listing(source, column, capture)

    def _is_wanted(self, order: Order, column: Column) -> bool:
        """Whether a lead is fetched: on topic, or its title is cut so that nobody can say."""
        topic = self._topics.get(column.topic)
        if topic is None or order.lead.is_cut or not order.is_new:
            return True
        return ingest.judge_title(order.lead.title, topic).is_relevant

    def _raise_empty(self, capture: Capture, column: Column, listing: Listing) -> None:
        self._catalogue.raise_alarm(
            Alarm(
                kind=AlarmKind.EMPTY_LISTING,
                raised_at=capture.captured_at,
                source=capture.facts.source,
                column=column.id,
                url=capture.url,
                expected=f"at least {column.at_least} leads",
                came=f"{len(listing.leads)} leads, status {capture.status}, "
                f"{len(capture.body)} bytes {' '.join(listing.flags)}".strip(),
                to_do="Open the page in a browser. If it looks as ever, the list's markup has "
                f"changed: run `hongtou sources probe {column.url}` and mend its source.toml.",
            )
        )

    def _raise_half(self, capture: Capture, reason: str) -> None:
        self._catalogue.raise_alarm(
            Alarm(
                kind=AlarmKind.UNREACHABLE,
                raised_at=capture.captured_at,
                source=capture.facts.source,
                column=capture.facts.column,
                url=capture.url,
                expected="the whole list",
                came=f"{reason}, {len(capture.body)} bytes",
                to_do="The next look asks again. If it stays so, open the page in a browser.",
            )
        )

    # Notices

    def _take_pages(self, captures: Sequence[Capture]) -> list[Admitted]:
        arrivals = [self._arrive(capture) for capture in captures]
        receipts = self._catalogue.record_all(arrivals)
        return [
            Admitted(receipt=receipt, attachments=_attachments(arrival, receipt))
            for arrival, receipt in zip(arrivals, receipts, strict=True)
        ]

    def _arrive(self, capture: Capture) -> Arrival:
        """A notice's page as it comes to the catalogue: read, or with the reason why not."""
        arrival = self._evidence(capture)
        if capture.is_not_modified or capture.status >= 300:
            return arrival  # the catalogue knows what each status means for a lead
        source, column = self._watched(capture)
        try:
            reading = self.read(capture, source)
        except Exception as error:  # noqa: BLE001 - a page may find a bug of ours; it costs that page
            return replace(arrival, set_aside=self._alarm_unreadable(capture, error))
        return replace(
            arrival,
            reading=reading,
            fingerprint=ingest.fingerprint(reading.title, reading.text),
            set_aside=self._why_not(reading, column),
        )

    def _alarm_unreadable(self, capture: Capture, error: Exception) -> str:
        came = f"{type(error).__name__}: {str(error)[:300]}"
        self._catalogue.raise_alarm(
            Alarm(
                kind=AlarmKind.UNREADABLE,
                raised_at=capture.captured_at,
                source=capture.facts.source,
                column=capture.facts.column,
                url=capture.url,
                expected="a page that can be read",
                came=came,
                to_do="The page is kept. Its reading is a bug of Hongtou or of the source's "
                "pages.py: report it with the record id, then run `hongtou rebuild`.",
            )
        )
        return f"reading it failed: {came}"

    def read(self, capture: Capture, source: Source | None) -> Reading:
        """Read a notice's page with what its source says of such pages, and its topics."""
        if source is None:
            reading = ingest.read(capture)
        else:
            fields = spiders.read_fields(source, capture)
            reading = ingest.read(capture, fields, source.page)
        if reading.jurisdiction is None and source is not None and source.trust is Trust.ISSUER:
            reading = replace(reading, jurisdiction=source.jurisdiction)
        return with_topics(reading, self._topics.values())

    def _why_not(self, reading: Reading, column: Column | None) -> str | None:
        """Why a reading does not become a notice; None when it does."""
        if not reading.title:
            return "no title could be read"
        if not reading.text:
            return "no body could be read"
        if column is None:
            return None if reading.topics else "off topic: it speaks of none"
        topic = self._topics.get(column.topic)
        if topic is not None and topic.name not in reading.topics:
            return f"off topic: nothing in it speaks of {topic.name}"
        return None

    # What all share

    def _take_challenge(self, capture: Capture, product: str) -> Admitted:
        is_notice = capture.facts.purpose is Purpose.NOTICE
        reason = f"a challenge page of {product} instead of the page"
        arrival = replace(
            self._evidence(capture), set_aside=reason if is_notice else None, is_open=True
        )
        receipt = self._catalogue.record(arrival)
        self._catalogue.raise_alarm(
            Alarm(
                kind=AlarmKind.CHALLENGE,
                raised_at=capture.captured_at,
                source=capture.facts.source,
                column=capture.facts.column,
                url=capture.url,
                expected="the page",
                came=f"a challenge of {product}, status {capture.status}",
                to_do="Nothing is solved or evaded. The source rests for hours. Ask the site for "
                "access, or watch an open copy of the column instead.",
            )
        )
        return Admitted(receipt=receipt if is_notice else None, challenge=product)

    def _watched(self, capture: Capture) -> tuple[Source | None, Column | None]:
        source = self._sources.get(capture.facts.source or "")
        if source is None:
            source = self._by_host.get(urlsplit(capture.url).hostname or "")
        columns = source.columns if source else ()
        return source, next((c for c in columns if c.id == capture.facts.column), None)

    def _evidence(self, capture: Capture) -> Arrival:
        source, _ = self._watched(capture)
        facts = (
            UNKNOWN_SOURCE
            if source is None
            else SourceFacts(
                id=source.id,
                name=source.name,
                trust=source.trust,
                jurisdiction=source.jurisdiction,
                issuing_bodies=source.issuing_bodies,
            )
        )
        return Arrival(capture=capture, source=facts)


def _why_not_whole(capture: Capture) -> str | None:
    """Why a capture is no whole answer; None when it is one."""
    if capture.facts.refusal:
        return capture.facts.refusal
    if capture.truncated and capture.status:
        return f"the answer was cut ({capture.truncated})"
    if not capture.status:
        return capture.facts.failure or f"no answer ({capture.truncated or 'not HTTP'})"
    return None


def _attachments(arrival: Arrival, receipt: Receipt) -> tuple[Attachment, ...]:
    """Files to fetch: only of a notice that has just become known or changed."""
    is_fresh = receipt.outcome in (Outcome.NEW, Outcome.REVISED, Outcome.COPY)
    return arrival.reading.attachments if is_fresh and arrival.reading else ()
