"""The one door: whatever arrives, live or from WARC, is admitted here (law 4).

What captures hold has been read before, side by side (`crawler.peruser`); here, one after the
other, the catalogue decides. It runs in the archive process (`crawler.worker`).
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from itertools import groupby, takewhile

from archive.catalogue import Arrival, Catalogue, SourceFacts
from archive.catalogue.journal import Judgement
from archive.catalogue.passed_over import OFF_TOPIC
from archive.errors import DamagedWarc
from archive.ingest.attachment_text import AttachmentText
from archive.ingest.relevance import Topic
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
from crawler.foreign import as_page
from crawler.guidance import may_be_on_topic
from crawler.perusal import Perusal
from crawler.peruser import MOST_HEARD, Peruser, speaks_by_its_files
from crawler.split_articles import SplitArticles, further_pages
from crawler.watched import Watched

log = logging.getLogger(__name__)

Pair = tuple[Capture, Perusal]

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
        self._watched = Watched(sources)
        self._peruser = Peruser(sources=sources, topics=topics)  # of what must be read again
        self._topics = {topic.id: topic for topic in topics}
        self._read_again = read_again  # an earlier capture, by its record id
        self._recheck_all = recheck_all
        self._judgements = list(judgements)  # not carried out yet, as far as is known here
        self._articles = SplitArticles(catalogue, read_again, self._peruser)

    def admit_all(self, captures: Sequence[Capture], perusals: Sequence[Perusal]) -> list[Admitted]:
        """Take captures in, in their order; neighbours that are pages share a transaction.

        A list gives orders, a notice a receipt, the rest is evidence.
        """
        admitted: list[Admitted] = []
        for some in self._between_judgements(zip(captures, perusals, strict=True)):
            for is_page, group in groupby(some, lambda pair: pair[1].is_page):
                if is_page:
                    admitted += self._take_pages(list(group))
                else:
                    admitted += [self._take_other(*pair) for pair in group]
        return admitted

    def _between_judgements(self, pairs: Iterable[Pair]) -> Iterator[list[Pair]]:
        """Captures in their order; what people had judged before each is carried out first."""
        waiting: list[Pair] = []
        for capture, perusal in pairs:
            if self._judgements and self._judgements[0].at <= capture.captured_at:
                yield waiting
                waiting = []
                self._judge_until(capture.captured_at)
            waiting.append((capture, perusal))
        yield waiting

    def _judge_until(self, moment: datetime) -> None:
        due = list(takewhile(lambda judgement: judgement.at <= moment, self._judgements))
        del self._judgements[: len(due)]
        self._catalogue.judge(due)

    def set_aside(self, capture: Capture, reason: str) -> Admitted:
        """Keep a capture as evidence and say why nothing was read from it."""
        receipt = self._catalogue.record(replace(self._evidence(capture), set_aside=reason))
        return Admitted(receipt=receipt)

    def _take_other(self, capture: Capture, perusal: Perusal) -> Admitted:
        if perusal.killed:
            admitted = self.set_aside(capture, perusal.killed)
            if capture.facts.purpose is Purpose.CONTINUATION:
                return self._take_article_of(capture)  # which goes without it
            return admitted
        if perusal.challenge:
            return self._take_challenge(capture, perusal.challenge)
        if perusal.incomplete:
            return self._take_broken(capture, perusal.incomplete)
        if capture.facts.purpose is Purpose.LIST:
            return self._take_list(capture, perusal.listing)
        if capture.facts.purpose is Purpose.ATTACHMENT:
            return self._take_file(capture, perusal.file)
        self._catalogue.record(self._evidence(capture))
        if capture.facts.purpose is Purpose.CONTINUATION:
            return self._take_article_of(capture)
        return Admitted()

    def _take_broken(self, capture: Capture, reason: str) -> Admitted:
        """What did not come whole: half a text is no version of a notice, half a list no list."""
        if capture.facts.purpose is not Purpose.NOTICE:
            self._catalogue.record(self._evidence(capture))
            if capture.facts.purpose is Purpose.CONTINUATION:
                return self._take_article_of(capture)
            is_half = capture.facts.purpose is Purpose.LIST and capture.status == 200
            if is_half:
                self._raise_half(capture, reason)
            return Admitted(is_short_list=is_half)
        is_open = capture.facts.refusal is None
        arrival = replace(self._evidence(capture), set_aside=reason, is_open=is_open)
        return Admitted(receipt=self._catalogue.record(arrival))

    # Files

    def _take_file(self, capture: Capture, file: AttachmentText | None) -> Admitted:
        """A file that a notice names; where the notice says no more than that, it speaks for it."""
        of_url = capture.facts.via or ""
        if file is None:
            self._catalogue.record_attachment(capture, of_url)
            return Admitted()
        self._catalogue.record_attachment(
            capture, of_url, kind=file.kind, text=file.text, flags=file.flags
        )
        record_id = self._catalogue.last_whole(of_url) if file.text else None
        if record_id is None or not self._catalogue.is_set_aside(record_id):
            return Admitted()
        page = self._read_again(record_id)
        return self._take_pages([(page, self._peruser.peruse(page))])[0] if page else Admitted()

    def _heard_of_files(self, arrival: Arrival) -> Arrival:
        """A page that only says 见附件: off topic by its few words, but not by its files'."""
        reading = arrival.reading
        if reading is None or not arrival.set_aside or not speaks_by_its_files(reading):
            return arrival
        urls = [one.url for one in reading.attachments[:MOST_HEARD]]
        texts = self._catalogue.texts_of_files(urls)
        perusal = self._peruser.judge(arrival.capture, reading, texts)
        return replace(
            arrival,
            reading=perusal.reading,
            set_aside=perusal.set_aside,
            attachment_texts=texts,
        )

    # Lists

    def _take_list(self, capture: Capture, listing: Listing | None) -> Admitted:
        """Its leads are entered before the capture is: what a crash cuts short is done again."""
        if capture.is_not_modified:
            listing = self._read_earlier(capture)
        _, column = self._watched.by(capture)
        admitted = Admitted()
        if listing is not None and column is not None:
            admitted = self._take_leads(capture, column, listing)
        self._catalogue.record(self._evidence(capture))
        return admitted

    def _read_earlier(self, capture: Capture) -> Listing | None:
        """The leads of the page that, by a 304, still holds."""
        earlier = self._read_again(capture.revisit_of) if capture.revisit_of else None
        if earlier is None:
            # It has no bytes of its own: read as a list, it would be an empty one.
            return None if capture.is_not_modified else self._peruser.read_listing(capture)
        return self._peruser.read_listing(replace(earlier, facts=capture.facts))

    def _take_leads(self, capture: Capture, column: Column, listing: Listing) -> Admitted:
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
            OFF_TOPIC,
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

    def _is_wanted(self, order: Order, column: Column) -> bool:
        """Whether a lead is fetched: on topic, or its title is cut so that nobody can say."""
        return not order.is_new or may_be_on_topic(order.lead, column, self._topics)

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
                f"{capture.size} bytes {' '.join(listing.flags)}".strip(),
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
                came=f"{reason}, {capture.size} bytes",
                to_do="The next look asks again. If it stays so, open the page in a browser.",
            )
        )

    # Notices

    def _take_pages(self, pairs: Sequence[Pair]) -> list[Admitted]:
        arrivals = [self.arrive(*pair) for pair in pairs]
        self._read_stale(arrivals)
        receipts = self._catalogue.record_all(arrivals)
        return [
            _admitted(arrival, receipt) for arrival, receipt in zip(arrivals, receipts, strict=True)
        ]

    def _read_stale(self, arrivals: Sequence[Arrival]) -> None:
        """Have what an older reader read at these URLs read again first (law 6).

        A page changes by its counter of visits, and what the readers differ in would be taken
        for a revision of the document.
        """
        read = [one for one in arrivals if one.reading is not None]
        if not read:
            return
        keys = [key for one in read for key in one.url_keys]
        again = []
        for record_id in self._catalogue.stale_readings(keys, read[0].read.reader_version):
            earlier = self._earlier(record_id)
            if earlier is None:
                continue
            arrival = self.arrive(earlier, self._peruser.peruse(earlier))
            if arrival.reading is not None and arrival.set_aside is None:
                again.append(replace(arrival, is_reread=True))
        if again:
            self._catalogue.record_all(again)

    def _earlier(self, record_id: str) -> Capture | None:
        try:
            earlier = self._read_again(record_id)
        except DamagedWarc as error:
            log.warning("%s cannot be read again: %s", record_id, error)
            return None
        return None if earlier is None else as_page(earlier)

    def _take_article_of(self, part: Capture) -> Admitted:
        """What a further page of a split article means for the article it belongs to."""
        first = self._articles.first_page(part)
        if first is None:
            return Admitted()
        return self._take_pages([(first, self._peruser.peruse(first))])[0]

    def arrive(self, capture: Capture, perusal: Perusal) -> Arrival:
        """A notice's page as it comes to the catalogue: read, or with the reason why not."""
        set_aside = perusal.set_aside
        if perusal.unreadable:
            self._alarm_unreadable(capture, perusal.unreadable)
            set_aside = f"reading it failed: {perusal.unreadable}"
        elif perusal.reading is not None and perusal.reading.continued_at:
            return self._arrive_split(capture, perusal.reading)
        arrival = replace(
            self._evidence(capture),
            reading=perusal.reading,
            fingerprint=perusal.fingerprint,
            set_aside=set_aside,
        )
        return self._heard_of_files(arrival)

    def _arrive_split(self, capture: Capture, first: Reading) -> Arrival:
        """The first page of an article that goes on: joined, or held until its others are here."""
        arrival = self._evidence(capture)
        if self._articles.waited_for(capture, first):
            reason = f"waits for the others of its {len(first.continued_at) + 1} pages"
            return replace(arrival, reading=first, set_aside=reason, is_open=True)
        joined = self._articles.join(capture, first)
        perusal = self._peruser.judge(capture, joined.reading)
        return replace(
            arrival,
            reading=perusal.reading,
            fingerprint=perusal.fingerprint,
            set_aside=perusal.set_aside,
            parts=joined.parts,
        )

    def _alarm_unreadable(self, capture: Capture, came: str) -> None:
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

    def _evidence(self, capture: Capture) -> Arrival:
        source, _ = self._watched.by(capture)
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


def _admitted(arrival: Arrival, receipt: Receipt) -> Admitted:
    """What the crawler is told of a page that was recorded."""
    reading = arrival.reading
    if reading is not None and reading.continued_at and arrival.parts is None:
        return Admitted(continuations=further_pages(arrival.capture, reading))
    return Admitted(receipt=receipt, attachments=_attachments(arrival, receipt))


def _attachments(arrival: Arrival, receipt: Receipt) -> tuple[Attachment, ...]:
    """Files to fetch: of a notice that has just become known or changed, or only names them."""
    reading = arrival.reading
    if reading is None:
        return ()
    if receipt.outcome is Outcome.SET_ASIDE and speaks_by_its_files(reading):
        return reading.attachments[:MOST_HEARD] if not arrival.attachment_texts else ()
    is_fresh = receipt.outcome in (Outcome.NEW, Outcome.REVISED, Outcome.COPY)
    return reading.attachments if is_fresh else ()
