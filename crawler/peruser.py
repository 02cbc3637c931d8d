"""Reads captures: their site's own description of such pages, and `archive.ingest`.

It knows sources and topics and nothing of the catalogue, so that any number of processes may
read side by side (`crawler.reading_room`), and one decides in order (`crawler.admission`).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

import spiders
from archive import ingest
from archive.ingest.relevance import Topic, with_topics
from archive.notice import Capture, Column, Listing, Purpose, Reading, Source, Trust
from crawler.perusal import Perusal
from crawler.watched import Watched


class Peruser:
    """Says what captures hold; the same bytes with the same sources give the same answer."""

    def __init__(self, *, sources: Mapping[str, Source], topics: Sequence[Topic]) -> None:
        self._watched = Watched(sources)
        self._topics = {topic.id: topic for topic in topics}

    def peruse(self, capture: Capture) -> Perusal:
        """Read one capture, as what it was fetched for."""
        product = ingest.find_challenge(capture.status, capture.headers, capture.body)
        if product:
            return Perusal(challenge=product)
        reason = _why_not_whole(capture)
        if reason:
            return Perusal(incomplete=reason)
        if capture.facts.purpose is Purpose.NOTICE:
            return self._read_page(capture)
        if capture.facts.purpose is Purpose.CONTINUATION and capture.status == 200:
            self.read(capture)  # where it may cost a process: it is read again to be joined
        if capture.facts.purpose is Purpose.LIST and capture.status == 200:
            return Perusal(listing=self.read_listing(capture))
        return Perusal()

    def read_listing(self, capture: Capture) -> Listing | None:
        """What a list page holds; None when no column is known that it may be a page of."""
        source, column = self._watched.by(capture)
        if source is None or column is None:
            return None
        return spiders.read_listing(source, column, capture)

    def _read_page(self, capture: Capture) -> Perusal:
        if capture.is_not_modified or capture.status >= 300:
            return Perusal(is_page=True)  # the catalogue knows what each status means for a lead
        try:
            return self.judge(capture, self.read(capture))
        except Exception as error:  # noqa: BLE001 - a page may find a bug of ours; it costs that page
            words = f"{type(error).__name__}: {str(error)[:300]}"
            return Perusal(is_page=True, unreadable=words)

    def judge(self, capture: Capture, reading: Reading) -> Perusal:
        """A page's reading with its topics and fingerprint, and whether it is a notice."""
        _, column = self._watched.by(capture)
        reading = with_topics(reading, self._topics.values())
        return Perusal(
            is_page=True,
            reading=reading,
            fingerprint=ingest.fingerprint(reading.title, reading.text),
            set_aside=self._why_not(reading, column),
        )

    def read(self, capture: Capture) -> Reading:
        """Read a page with what its source says of such pages."""
        source, _ = self._watched.by(capture)
        if source is None:
            reading = ingest.read(capture)
        else:
            fields = spiders.read_fields(source, capture)
            reading = ingest.read(capture, fields, source.page)
        if reading.jurisdiction is None and source is not None and source.trust is Trust.ISSUER:
            reading = replace(reading, jurisdiction=source.jurisdiction)
        return reading

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


def _why_not_whole(capture: Capture) -> str | None:
    """Why a capture is no whole answer; None when it is one."""
    if capture.facts.refusal:
        return capture.facts.refusal
    if capture.truncated and capture.status:
        return f"the answer was cut ({capture.truncated})"
    if not capture.status:
        return capture.facts.failure or f"no answer ({capture.truncated or 'not HTTP'})"
    return None
