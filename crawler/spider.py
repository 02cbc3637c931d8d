"""The spider of any source: asks for lists, follows what the archive orders."""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import AsyncIterator, Iterator, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any, ClassVar, Self

import scrapy
from scrapy import signals
from scrapy.exceptions import CloseSpider, UsageError
from scrapy.http import Request, Response
from twisted.python.failure import Failure

from archive.errors import NoHome, UnknownSource
from archive.notice import (
    Alarm,
    AlarmKind,
    Attachment,
    CaptureFacts,
    Column,
    Exchange,
    Home,
    Order,
    Outcome,
    Purpose,
    Source,
    split_address,
)
from archive.plain_words import did_you_mean
from archive.settings import read_settings
from archive.terminal import DEFAULT_HOME, open_home
from crawler.admitted import Admitted
from crawler.evidence import facts_of, said_of
from crawler.operator_settings import scrapy_values
from crawler.robots import ForbiddenByRobots, UnreachableRobots
from crawler.session import Kept, Session
from crawler.tally import Tally

if TYPE_CHECKING:
    from scrapy.crawler import Crawler
    from scrapy.settings import BaseSettings

    from archive.catalogue import Catalogue
    from archive.catalogue.missed import MissedAttachment

MOST_UNLISTED = 20  # of a look: a site is asked for a few old pages, however many are known
#: Leads of a look that are fetched after their lists have dropped them: a topic was widened, or
#: they failed. At a second's delay these are eight minutes.
MOST_WAITING = 500
AFTER_ALL_ELSE = -100
MAX_ATTACHMENTS = 50  # of one notice; a page that names more is no notice of a government office


class SourceSpider(scrapy.Spider):
    """Looks at the columns of one source. Its class is made from the source's folder."""

    source: ClassVar[Source]

    def __init__(
        self,
        *,
        session: Session | None = None,
        columns: str = "",
        run: str = "",
        searches: Sequence[str] = (),
        **named: Any,
    ) -> None:
        super().__init__(**named)
        self.columns = _columns_of(self.source, columns)
        self.run = run
        self.searches = searches  # asked for in place of the first column's own list
        self.tally = Tally()
        self._session = session
        self._pages: Counter[str] = Counter()
        self._unfinished: frozenset[str] = frozenset()

    @property
    def session(self) -> Session:
        """The session on the archive home that this look belongs to."""
        assert self._session is not None
        return self._session

    @classmethod
    def from_crawler(cls, crawler: Crawler, *args: Any, **named: Any) -> Self:
        """Scrapy's way of making one. A callback that breaks is a failed look, not a log line."""
        spider = super().from_crawler(crawler, *args, **named)
        crawler.signals.connect(spider.broke, signal=signals.spider_error)
        return spider

    def broke(self, failure: Failure) -> None:
        """Note what a callback raised; the look ends as failed and raises it."""
        if self.tally.failure is None and isinstance(failure.value, Exception):
            self.tally.failure = failure.value

    @classmethod
    def update_settings(cls, settings: BaseSettings) -> None:
        """Let `scrapy crawl <source>` take the operator's settings from the archive home."""
        super().update_settings(settings)
        try:
            home = open_home(_home_of(settings).path)
        except NoHome as error:  # Scrapy's command line says its own usage errors in a sentence
            raise UsageError(f"{error} Name it in HONGTOU_HOME.", print_help=False) from error
        values = scrapy_values(home, read_settings(home), cls.source)
        settings.setdict(values, priority="spider")

    async def start(self) -> AsyncIterator[Request]:
        """One conditional request for each column's first page."""
        if self._session is None:
            await self._open_own_session()
        for url in self.searches:
            yield self._search_request(url)
        if self.searches:
            return
        self._unfinished = unfinished_columns(self.session.known, self.source, self.run)
        if self._unfinished:
            for missed in self.session.known.missed_attachments(self.source.id):
                yield self._missed_request(missed)
        for column in self.columns:
            yield self._list_request(column, column.address).replace(dont_filter=True)

        for order in (*self._waiting(), *self._unlisted()):
            # After what the lists bring: an old page can wait, a new one may not.
            yield self._order_request(order).replace(priority=AFTER_ALL_ELSE)

    def _list_request(self, column: Column, address: str, via: str | None = None) -> Request:
        """A page of a list: the first one asked for conditionally, unless it is asked by POST.

        RFC 9110, 13.1.2: of a POST, a condition that holds makes the site refuse it.
        """
        url, posting = split_address(address)
        is_conditional = posting is None and via is None
        etag, last_modified, original = (
            self.session.conditional(url) if is_conditional else (None, None, None)
        )
        return Request(
            url,
            method="POST" if posting else "GET",
            headers=_conditional_headers(etag, last_modified)
            | ({"Content-Type": posting.media_type} if posting else {}),
            body=posting.body if posting else b"",
            meta={"facts": self._list_facts(column, via), "original": original},
            cb_kwargs={"column": column},
            callback=self.parse_list,
            errback=self.failed_list,
        )

    def _search_request(self, url: str) -> Request:
        """A search in place of a list: that it finds nothing breaks no promise."""
        column = self.columns[0]
        return Request(
            url,
            meta={"facts": replace(self._list_facts(column, None), hops="S")},
            cb_kwargs={"column": column},
            callback=self.parse_list,
            errback=self.failed_list,
            dont_filter=True,
        )

    def _waiting(self) -> Sequence[Order]:
        """Leads of these columns that were never fetched; what a list names too is asked once."""
        columns = {column.id for column in self.columns}
        others = {column.id for column in self.source.columns} - columns
        return self.session.known.open_leads(self.source.id, but=others, limit=MOST_WAITING)

    def _unlisted(self) -> Iterator[Order]:
        """Known notices of these columns that no list names any more and that are due."""
        known, columns = self.session.known, {column.id for column in self.columns}
        every = {column.id for column in self.source.columns}
        for order in known.sightings_to_look_at_again(self.source.id, _now(), limit=MOST_UNLISTED):
            if order.lead.column in columns or order.lead.column not in every:
                yield order

    async def _open_own_session(self) -> None:
        """Under `scrapy crawl` nobody has opened a session, so this look brings its own."""
        session = Session.of_home(open_home(_home_of(self.settings).path))
        await session.__aenter__()
        self._session = session
        self.run = await session.tell("start_run", self.source.id, None, _now())

        async def close() -> None:
            await session.tell("end_run", self.run, _now(), self.tally.outcome, self.tally.book())
            await session.__aexit__(None, None, None)

        self.crawler.signals.connect(close, signal=signals.spider_closed, weak=False)

    # Lists

    async def parse_list(self, response: Response, column: Column) -> AsyncIterator[Request]:
        """Ask for what the list orders, and for its next page while all is new.

        After a look that did not end well, older pages may never have been seen: they are
        followed as in a first look.
        """
        admitted = await self._admit(response)
        self._count_listing(admitted)
        if response.status >= 400 and response.status not in (412, 521):
            self.tally.add("errors")
            await self._alarm_unreachable(column, response.url, f"status {response.status}")
        for order in admitted.orders:
            yield self._order_request(order)
        self._pages[column.id] += 1
        goes_on = admitted.is_all_new or column.id in self._unfinished
        if admitted.next_url and goes_on and self._pages[column.id] < column.max_pages:
            yield self._list_request(column, admitted.next_url, response.url)

    async def failed_list(self, failure: Failure) -> None:
        """A list that did not come is an alarm, never a quiet empty look."""
        request: Request = failure.request  # type: ignore[attr-defined]  # Scrapy sets it
        await self._admit_kept(request)
        self.tally.add("errors")
        column: Column = request.cb_kwargs["column"]
        await self._alarm_unreachable(column, request.url, _why(failure))

    # Notices

    def _order_request(self, order: Order) -> Request:
        lead = order.lead
        facts = CaptureFacts(
            purpose=Purpose.NOTICE,
            source=lead.source,
            column=lead.column or None,
            lead_title=lead.title,
            lead_url=lead.url,
            lead_published_on=lead.published_on,
            lead_document_number=lead.document_number,
            via=lead.found_at,
            run=self.run,
            hops="L",
        )
        return Request(
            lead.url,
            headers=_conditional_headers(order.etag, order.last_modified),
            meta={"facts": facts, "original": order.original},
            cb_kwargs={"order": order},
            callback=self.parse_notice,
            errback=self.failed_notice,
        )

    async def parse_notice(self, response: Response, order: Order) -> AsyncIterator[Request]:
        """Have the notice admitted; ask for its further pages, and its files when it is new."""
        admitted = await self._admit(response)
        for place, url in enumerate(admitted.continuations):
            request = self._continuation_request(url, response.url, order.lead.column)
            yield request.replace(priority=-place)
        for request in self._attachment_requests(admitted, response.url, order.lead.column):
            yield request

    async def failed_notice(self, failure: Failure) -> None:
        """A notice that did not come stays a lead to be tried again, with its reason."""
        request: Request = failure.request  # type: ignore[attr-defined]  # Scrapy sets it
        await self._admit_failure(request, failure)
        lead = request.cb_kwargs["order"].lead
        if isinstance(failure.value, ForbiddenByRobots):
            self.tally.add(Outcome.SET_ASIDE)
            return
        self.tally.add("errors")
        await self._alarm_unreachable(lead.column, request.url, _why(failure))

    # Further pages of a split article

    def _continuation_request(self, url: str, via: str, column: str | None) -> Request:
        facts = CaptureFacts(
            purpose=Purpose.CONTINUATION,
            source=self.source.id,
            column=column,
            lead_url=url,
            via=via,
            run=self.run,
            hops="LP",
        )
        etag, last_modified, original = self.session.conditional(url)
        return Request(
            url,
            headers=_conditional_headers(etag, last_modified),
            meta={"facts": facts, "original": original},
            cb_kwargs={"via": via, "column": column},
            callback=self.parse_continuation,
            errback=self.failed_continuation,
        )

    async def parse_continuation(
        self, response: Response, via: str, column: str | None
    ) -> AsyncIterator[Request]:
        """Have the page admitted; the last one brings what the whole article is."""
        admitted = await self._admit(response)
        if response.status >= 400:
            self.tally.add("errors")
        for request in self._attachment_requests(admitted, via, column):
            yield request

    async def failed_continuation(self, failure: Failure) -> AsyncIterator[Request]:
        """A page that did not come leaves its article standing without it, and is asked again."""
        request: Request = failure.request  # type: ignore[attr-defined]  # Scrapy sets it
        admitted = await self._admit_failure(request, failure)
        self.tally.take(admitted.receipt)
        self.tally.add("errors")
        column = request.cb_kwargs["column"]
        for wanted in self._attachment_requests(admitted, request.cb_kwargs["via"], column):
            yield wanted

    # Attachments

    def _attachment_requests(
        self, admitted: Admitted, via: str, column: str | None
    ) -> Iterator[Request]:
        for attachment in admitted.attachments[:MAX_ATTACHMENTS]:
            yield self._attachment_request(attachment, via, column)

    def _attachment_request(self, attachment: Attachment, via: str, column: str | None) -> Request:
        facts = CaptureFacts(
            purpose=Purpose.ATTACHMENT,
            source=self.source.id,
            column=column,
            lead_title=attachment.title,
            lead_url=attachment.url,
            via=via,
            run=self.run,
            hops="LL",
        )
        return Request(
            attachment.url,
            meta={"facts": facts},
            callback=self.parse_attachment,
            errback=self.failed_attachment,
        )

    def _missed_request(self, missed: MissedAttachment) -> Request:
        """A file that an earlier look was to fetch and did not: it failed, or was killed."""
        attachment = Attachment(title=missed.title, url=missed.url)
        return self._attachment_request(attachment, missed.of_url, missed.column)

    async def parse_attachment(self, response: Response) -> None:
        """Keep an attachment with its notice."""
        await self._admit(response)
        self.tally.add("attachments")

    async def failed_attachment(self, failure: Failure) -> None:
        """An attachment that did not come leaves its notice standing."""
        request: Request = failure.request  # type: ignore[attr-defined]  # Scrapy sets it
        await self._admit_failure(request, failure)
        if not isinstance(failure.value, ForbiddenByRobots):
            self.tally.add("errors")
        self.logger.warning("attachment %s: %s", request.url, _why(failure))

    # What all share

    def _list_facts(self, column: Column, via: str | None) -> CaptureFacts:
        return CaptureFacts(
            purpose=Purpose.LIST,
            source=self.source.id,
            column=column.id,
            via=via,
            run=self.run,
            hops="P" if via else None,
        )

    async def _admit(self, response: Response) -> Admitted:
        assert response.request is not None
        kept: Kept = response.request.meta["kept"]
        try:
            admitted = await kept.answer
        except Exception as error:
            # What is kept is kept, but an archive that cannot record must not go on fetching.
            self.tally.failure = self.tally.failure or error
            raise CloseSpider("the archive failed") from error
        self.tally.take(admitted.receipt)
        if admitted.challenge:
            self.tally.blocked_by = admitted.challenge
            raise CloseSpider(f"blocked by {admitted.challenge}")
        return admitted

    async def _admit_failure(self, request: Request, failure: Failure) -> Admitted:
        """Have it said of a lead why it was not had, in the WARC too.

        Where the wire failed, that has been kept; a refusal of robots.txt or a loop of redirects
        has left no exchange that says so.
        """
        kept: Kept | None = request.meta.get("kept")
        if kept is None or kept.capture.status:
            why = _why(failure)
            is_refused = isinstance(failure.value, ForbiddenByRobots)
            facts = replace(
                facts_of(request),
                failure=None if is_refused else why,
                refusal=why if is_refused else None,
            )
            nothing = Exchange(url=request.url, started_at=_now(), request=b"", response=b"")
            kept = self.session.keep(nothing, facts, None)
        return await kept.answer

    async def _admit_kept(self, request: Request) -> None:
        """What came before a failure is evidence too."""
        kept: Kept | None = request.meta.get("kept")
        if kept is not None:
            await kept.answer

    def _count_listing(self, admitted: Admitted) -> None:
        self.tally.add("leads", len(admitted.orders) + admitted.set_aside)
        self.tally.add(Outcome.SET_ASIDE, admitted.set_aside)
        if admitted.is_short_list:
            self.tally.add("errors")

    async def _alarm_unreachable(self, column: Column | str, url: str, came: str) -> None:
        await self.session.tell(
            "raise_alarm",
            Alarm(
                kind=AlarmKind.UNREACHABLE,
                raised_at=_now(),
                source=self.source.id,
                column=column if isinstance(column, str) else column.id,
                url=url,
                expected="an answer with status 200 or 304",
                came=came,
                to_do="Open the page in a browser. If it is there, it may be closed to this "
                "network; if it has moved, put the new address into the source.toml.",
            ),
        )


def spider_of(source: Source) -> type[SourceSpider]:
    """The spider class of one source."""
    return type(f"Spider_{source.id}", (SourceSpider,), {"name": source.id, "source": source})


def unfinished_columns(known: Catalogue, source: Source, run: str) -> frozenset[str]:
    """Columns whose last look did not end well, so that its list may not have been seen whole."""
    earlier = [one for one in known.runs(limit=100, source=source.id) if one.id != run]
    unfinished = set()
    for column in source.columns:
        last = next((one for one in earlier if one.column in (None, column.id)), None)
        if last is not None and last.outcome != "ok":
            unfinished.add(column.id)
    return frozenset(unfinished)


def _columns_of(source: Source, names: str) -> list[Column]:
    """The columns of these ids, with commas between; all of them where none is named."""
    known = {column.id: column for column in source.columns}
    wanted = names.split(",") if names else [one.id for one in source.columns if one.watched]
    for name in wanted:
        if name not in known:
            raise UnknownSource(
                f"{source.id} has no column '{name}'.{did_you_mean(name, known)}",
                next_step=f"See `hongtou sources show {source.id}`.",
            )
    return [known[name] for name in wanted]


def _home_of(settings: BaseSettings) -> Home:
    chosen = settings.get("HONGTOU_HOME") or os.environ.get("HONGTOU_HOME") or DEFAULT_HOME
    return Home(Path(chosen).resolve())


def _conditional_headers(etag: str | None, last_modified: str | None) -> dict[str, str]:
    headers = {"If-None-Match": etag, "If-Modified-Since": last_modified}
    return {name: value for name, value in headers.items() if value}


def _why(failure: Failure) -> str:
    """A failure in a few words for a person."""
    error = failure.value
    if isinstance(error, UnreachableRobots):
        return "robots.txt is out of reach, so nothing is fetched (RFC 9309)"
    if isinstance(error, ForbiddenByRobots):
        return "robots.txt does not allow it"
    return said_of(error) if error is not None else "failed"


def _now() -> datetime:
    return datetime.now(UTC)
