"""What the catalogue tells those who only read: frozen rows, no database behind them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from archive.catalogue.learnt_codes import CodeView
from archive.notice import Alarm, Attachment, ChangeKind, Place, Repair, Trust


@dataclass(frozen=True, kw_only=True)
class NoticeSummary:
    """A notice as a list shows it."""

    id: str
    seq: int  #: change-log number of its latest announced change
    title: str
    document_number: str | None
    index_number: str | None
    kind: str | None
    issuing_bodies: tuple[str, ...]
    jurisdiction: str | None  #: GB/T 2260 code
    topics: tuple[str, ...]
    written_on: date | None
    published_on: date | None
    effective_on: date | None
    validity: str | None
    first_seen_at: datetime
    changed_at: datetime


@dataclass(frozen=True, kw_only=True)
class VersionView:
    """One wording of a notice."""

    number: int  #: from 1, in order of capture
    captured_at: datetime
    digest: str  #: of its clean text
    title: str
    text: str
    record_id: str  #: of the capture it was read from


@dataclass(frozen=True, kw_only=True)
class SightingView:
    """The notice at one URL."""

    url: str
    source: str
    source_name: str
    trust: Trust
    is_original: bool
    first_seen_at: datetime
    last_seen_at: datetime
    state: str  #: present, gone, moved
    gone_since: datetime | None = None  #: when the site first denied it, while it does
    denials: int = 0  #: looks, a day or more apart, at which the site denied it
    look_due_at: datetime | None = None  #: when it is looked at again, if no list names it


@dataclass(frozen=True, kw_only=True)
class CaptureView:
    """One capture of the notice: its evidence."""

    record_id: str
    url: str
    captured_at: datetime
    status: int
    place: Place
    payload_digest: str
    revisit_of: str | None


@dataclass(frozen=True, kw_only=True)
class CitationView:
    """A number or title that the notice cites."""

    number: str | None
    title: str | None
    notice_id: str | None  #: when it is in the archive
    relation: str = "cites"


@dataclass(frozen=True, kw_only=True)
class DecisionView:
    """One decision about the notice, with its reasons."""

    at: datetime
    outcome: str
    url: str
    reasons: tuple[str, ...]
    notice_id: str | None = None


@dataclass(frozen=True, kw_only=True)
class AttachmentView:
    """A file of the notice, and its capture when it was fetched."""

    attachment: Attachment
    record_id: str | None
    media_type: str | None
    size: int | None
    kind: str | None = None  #: pdf, docx …, when it was read
    characters: int = 0  #: of its text
    flags: tuple[str, ...] = ()  #: why that is not all: locked, broken, not-read-yet …


@dataclass(frozen=True, kw_only=True)
class StatusView:
    """What became of a notice, and how it is known."""

    status: str  #: 有效, 失效, 废止 … as stated; withdrawn, present of its own site
    since: date | None  #: as the evidence says
    at: datetime  #: when it was learned
    evidence: str  #: record id of the capture that shows it, or id of the notice that says so
    told: str
    doubt: str | None = None  #: why it is not certain; None: it is


@dataclass(frozen=True, kw_only=True)
class DoubtView:
    """Another notice that contradicts this one: one number, say, and neither title nor text."""

    other: NoticeSummary
    at: datetime  #: when it was noticed
    reason: str


@dataclass(frozen=True, kw_only=True)
class NoticeView:
    """Everything that is known of one notice."""

    summary: NoticeSummary
    addressees: str | None
    text: str
    versions: tuple[VersionView, ...]
    sightings: tuple[SightingView, ...]
    captures: tuple[CaptureView, ...]
    attachments: tuple[AttachmentView, ...]
    cites: tuple[CitationView, ...]
    cited_by: tuple[NoticeSummary, ...]
    decisions: tuple[DecisionView, ...]
    repairs: tuple[Repair, ...]
    flags: tuple[str, ...]
    statuses: tuple[StatusView, ...] = ()
    withdrawn_at: datetime | None = None  #: since when its own site has denied it
    doubts: tuple[DoubtView, ...] = ()
    code: CodeView | None = None  #: whose its number is, where the page does not say that


@dataclass(frozen=True, kw_only=True)
class ChangeView:
    """One numbered line of the change log."""

    seq: int
    at: datetime
    change: ChangeKind
    notice_id: str
    source: str
    url: str
    version: int | None


@dataclass(frozen=True, kw_only=True)
class SetAsideView:
    """Something that was not taken into the catalogue, and why; it can be taken up later."""

    url: str
    title: str
    source: str | None
    column: str | None
    reason: str
    at: datetime


@dataclass(frozen=True, kw_only=True)
class RunView:
    """One look at one column, or at one source."""

    id: str
    source: str
    column: str | None
    started_at: datetime
    ended_at: datetime | None
    outcome: str  #: running, ok, partial, blocked, failed, interrupted
    leads: int
    new: int
    revised: int
    copies: int
    unchanged: int
    set_aside: int
    errors: int


@dataclass(frozen=True, kw_only=True)
class WatchView:
    """The standing order for one column."""

    source: str
    column: str
    every: timedelta
    due_at: datetime
    last_run: RunView | None
    running: bool


@dataclass(frozen=True, kw_only=True)
class AlarmView:
    """An alarm in the book: open until a good run or a person closes it."""

    id: int
    alarm: Alarm
    times: int  #: how often it was raised since it opened
    last_raised_at: datetime
    closed_at: datetime | None


@dataclass(frozen=True, kw_only=True)
class SourceCountView:
    """What one source brought."""

    source: str
    name: str
    trust: Trust
    notices: int  #: with a sighting there
    originals: int  #: of which it shows the original
    last_seen_at: datetime | None  #: when a notice was last seen there


@dataclass(frozen=True, kw_only=True)
class FacetView:
    """How many notices share one value of one field."""

    field: str  #: kind, jurisdiction, issuing_body, topic, year, source
    value: str
    notices: int
