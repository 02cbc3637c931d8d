"""What reaches the catalogue: one capture, whose it is, and what was read from it."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass

from archive.catalogue.keys import text_key
from archive.notice import Capture, Fingerprint, Reading, Trust

#: Begins the flag of a reading that lacks a page: ``incomplete:part 2 of 3``.
INCOMPLETE = "incomplete:"


@dataclass(frozen=True, kw_only=True)
class SourceFacts:
    """What the catalogue needs to know of a source, and keeps beside its sightings."""

    id: str
    name: str
    trust: Trust = Trust.UNKNOWN
    jurisdiction: str | None = None  #: GB/T 2260 code, six digits
    issuing_bodies: tuple[str, ...] = ()  #: whose own site this is


@dataclass(frozen=True, kw_only=True)
class Part:
    """A later page of an article that is split over several, as it was joined to the first."""

    record_id: str  #: of the capture that shows it
    payload_digest: str


@dataclass(frozen=True, kw_only=True)
class Arrival:
    """One capture at the door of the catalogue.

    With a reading it is a notice page; without one it is evidence only (a list, robots.txt,
    an error, a challenge, a 304). ``set_aside`` says why a page that was read, or could not be,
    is not taken in: ``off-topic``, ``challenge``, ``unreadable`` …
    """

    capture: Capture  #: its body is not looked at
    source: SourceFacts
    reading: Reading | None = None
    fingerprint: Fingerprint | None = None
    set_aside: str | None = None
    is_open: bool = False  #: set aside for this time only: its lead is taken again
    is_reread: bool = False  #: a capture that is here is read anew, by whatever reader
    #: Of an article that is split over several pages: the later ones its reading was joined from.
    #: None: it stands on one page, or its other pages are still to come.
    parts: tuple[Part, ...] | None = None
    #: Of a page that only names its files: what they say.
    attachment_texts: tuple[str, ...] = ()

    @property
    def read(self) -> Reading:
        """Its reading, of an arrival that has one."""
        assert self.reading is not None
        return self.reading

    @property
    def shown_digest(self) -> str:
        """Digest of the octets that the reading was made from: of all its pages."""
        own = self.capture.payload_digest
        if not self.parts:
            return own
        digests = " ".join((own, *(part.payload_digest for part in self.parts)))
        return f"joined:{hashlib.sha256(digests.encode()).hexdigest()}"

    @property
    def is_incomplete(self) -> bool:
        """Whether pages of a split article were not to be had."""
        return self.reading is not None and is_incomplete(self.reading)

    @property
    def url_keys(self) -> tuple[str, ...]:
        """The keys of the URL that answered, and of the one that the list named."""
        urls = (self.capture.url, self.capture.facts.lead_url or self.capture.url)
        return tuple(dict.fromkeys(map(text_key, urls)))


def is_incomplete(reading: Reading) -> bool:
    """Whether a reading lacks pages of its article."""
    return any(flag.startswith(INCOMPLETE) for flag in reading.flags)
