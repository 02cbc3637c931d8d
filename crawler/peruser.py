"""Reads captures: their site's own description of such pages, and `archive.ingest`.

It knows sources and topics and nothing of the catalogue, so that any number of processes may
read side by side (`crawler.reading_room`), and one decides in order (`crawler.admission`).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from urllib.parse import unquote, urlsplit

import spiders
from archive import ingest
from archive.ingest.attachment_text import read_attachment
from archive.ingest.relevance import Topic, with_topics
from archive.notice import Attachment, Capture, Column, Listing, Purpose, Reading, Source, Trust
from crawler.perusal import Perusal
from crawler.watched import Watched
from spiders.link import find_url

#: A page of so few characters and with files says: see the files.
SAYS_LITTLE = 200
#: Files of such a page that are fetched and heard.
MOST_HEARD = 5
_HEAD = 600
_LONGEST_HEADING = 80
#: Endings of what sends a file and is none.
_PROGRAMS = frozenset(("jsp", "do", "action", "php", "aspx", "ashx", "htm", "html"))


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
        if capture.facts.purpose is Purpose.ATTACHMENT and capture.status == 200:
            return Perusal(file=read_attachment(capture.body, _file_name(capture)))
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

    def judge(self, capture: Capture, reading: Reading, files: Sequence[str] = ()) -> Perusal:
        """A page's reading with its topics and fingerprint, and whether it is a notice.

        Args:
            capture: Of the page.
            reading: Of the page.
            files: Texts of the files it names, where they speak for it.
        """
        _, column = self._watched.by(capture)
        # What stands over a file's text is the true title of a page that only names the file.
        titles = (reading.title or "", *(_heading(file) for file in files))
        text = "\n".join((reading.text, *files))
        heard = replace(reading, title="\n".join(titles), text=text) if files else reading
        topics = with_topics(heard, self._topics.values()).topics
        reading = replace(reading, topics=topics)
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
        return replace(reading, attachments=tuple(map(_as_asked_for, reading.attachments)))

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


def speaks_by_its_files(reading: Reading) -> bool:
    """Whether a page says no more than that its files say it: 详见附件."""
    return bool(reading.attachments) and len(reading.text) <= SAYS_LITTLE


def _as_asked_for(attachment: Attachment) -> Attachment:
    """A file under the address that goes over the wire: its name may be written in Chinese."""
    return replace(attachment, url=find_url(attachment.url, attachment.url) or attachment.url)


def _heading(text: str) -> str:
    """The first lines of a file, as far as they are short."""
    lines = [line.strip() for line in text[:_HEAD].splitlines() if line.strip()]
    return "\n".join(line for line in lines[:3] if len(line) <= _LONGEST_HEADING)


def _file_name(capture: Capture) -> str:
    """What a file is called, for its ending: in its address, or else where the notice names it."""
    name = unquote(urlsplit(capture.url).path.rpartition("/")[2])
    is_told = "." in name and name.rpartition(".")[2].lower() not in _PROGRAMS
    return name if is_told else capture.facts.lead_title or name


def _why_not_whole(capture: Capture) -> str | None:
    """Why a capture is no whole answer; None when it is one."""
    if capture.facts.refusal:
        return capture.facts.refusal
    if capture.truncated and capture.status:
        return f"the answer was cut ({capture.truncated})"
    if not capture.status:
        return capture.facts.failure or f"no answer ({capture.truncated or 'not HTTP'})"
    return None
