"""What the API answers, for its OpenAPI description."""

from __future__ import annotations

from datetime import date, datetime
from typing import Literal

from pydantic import BaseModel, Field


class Problem(BaseModel):
    """What went wrong (RFC 9457)."""

    type: str = "about:blank"
    title: str
    status: int
    detail: str


class Jurisdiction(BaseModel):
    """A place by its GB/T 2260 code."""

    code: str
    name: str | None


class Validity(BaseModel):
    """Whether a notice is in force, as a page states it."""

    status: str
    since: date | None
    evidence: str | None


class Summary(BaseModel):
    """A notice as a list shows it."""

    id: str
    seq: int = Field(description="Number of its latest announced change.")
    document_number: str | None = Field(description="发文字号, normalised.")
    index_number: str | None = Field(description="索引号")
    title: str
    kind: str | None = Field(description="文种")
    issuing_bodies: list[str] = Field(description="发文机关")
    jurisdiction: Jurisdiction | None
    topics: list[str]
    written_on: date | None = Field(description="成文日期")
    published_on: date | None = Field(description="发布日期")
    effective_on: date | None = Field(description="施行日期")
    validity: Validity | None
    first_seen_at: datetime
    changed_at: datetime


class Found(Summary):
    """A notice that a search found."""

    arrival: int = Field(description="Number of the change that announced its current wording.")
    snippet: str = Field(description="A piece of the text around the first find.")
    in_file: str | None = Field(
        description="Title of the file that the words stand in, where the page's text lacks them."
    )


class FoundPage(BaseModel):
    """One page of what a search found."""

    total: int
    notices: list[Found]
    next_cursor: str | None = Field(description="Give it as `cursor` for the next page.")
    behind: int = Field(description="Changes that the index has yet to take in.")


class VersionSummary(BaseModel):
    """One wording of a notice."""

    number: int
    captured_at: datetime
    digest: str


class Version(VersionSummary):
    """One wording of a notice, with its text."""

    title: str
    text: str
    record_id: str


class Sighting(BaseModel):
    """The notice at one URL."""

    url: str
    source: str
    source_name: str
    trust: Literal["hacked", "unknown", "aggregator", "government", "issuer"]
    original: bool
    first_seen_at: datetime
    last_seen_at: datetime
    state: str


class Captured(BaseModel):
    """One capture of the notice: its evidence."""

    url: str
    captured_at: datetime
    status: int
    record_id: str
    warc_file: str
    offset: int
    length: int
    payload_digest: str
    revisit_of: str | None


class AttachmentFile(BaseModel):
    """A file of the notice."""

    title: str
    url: str
    record_id: str | None
    media_type: str | None
    size: int | None
    kind: str | None = Field(description="pdf, docx and so on, by its octets, when it was read.")
    characters: int = Field(description="Length of its text, in which searches look too.")
    flags: list[str] = Field(description="Why that is not all: locked, broken, not-read-yet …")


class Citation(BaseModel):
    """What the notice cites."""

    number: str | None
    title: str | None
    notice_id: str | None
    relation: str


class Citing(BaseModel):
    """A notice that cites this one."""

    id: str
    document_number: str | None
    title: str


class Decided(BaseModel):
    """One decision about the notice, with its reasons."""

    at: datetime
    outcome: str
    url: str
    reasons: list[str]


class Status(BaseModel):
    """What became of a notice, and how it is known."""

    status: str = Field(description="有效, 失效, 废止 … as stated; `withdrawn`, `present`.")
    since: date | None = Field(description="As the evidence says.")
    at: datetime = Field(description="When it was learned.")
    evidence: str = Field(description="Record id of a capture, or id of a notice.")
    told: str
    doubt: str | None = Field(description="Why it is not certain; null: it is.")


class Doubt(BaseModel):
    """Another notice that contradicts this one; nobody has judged yet."""

    notice_id: str
    document_number: str | None
    title: str
    at: datetime
    reason: str


class Code(BaseModel):
    """An issuer code, and whose it is."""

    code: str = Field(description="机关代字, such as 国办发.")
    standing: Literal["listed", "learnt", "shared", "open"] = Field(
        description="In the vocabulary; learnt from notices here; of several; not known."
    )
    issuing_bodies: list[str]
    jurisdiction: str | None = Field(description="GB/T 2260 code; 100000 is the centre.")
    origin: str = Field(description="Where the row of the vocabulary comes from.")
    numbers: int = Field(description="Numbers on believed sites that say so.")
    sites: int
    first_seen_at: str | None
    examples: list[str] = Field(description="Ids of such notices.")
    doubts: list[str]


class NoticeWhole(Summary):
    """Everything that is known of a notice."""

    withdrawn_at: datetime | None = Field(description="Since when its own site has denied it.")
    statuses: list[Status] = Field(description="In the order in which they were learned.")
    doubts: list[Doubt]
    issuer_code: Code | None = Field(
        description="Whose the number is by its code, where the page names no issuing body, or "
        "another one; null where there is nothing to say."
    )
    addressees: str | None = Field(description="主送机关")
    text: str
    versions: list[VersionSummary]
    sightings: list[Sighting]
    captures: list[Captured]
    attachments: list[AttachmentFile]
    cites: list[Citation]
    cited_by: list[Citing]
    decisions: list[Decided]
    flags: list[str]


class NoticeList(BaseModel):
    """Notices."""

    notices: list[Summary]


class ChangeLine(BaseModel):
    """A line of the change log."""

    seq: int
    at: datetime
    change: Literal["new", "revised", "copy", "status", "withdrawn", "merged", "split", "corrected"]
    notice_id: str
    source: str
    url: str
    version: int | None


class ChangePage(BaseModel):
    """Lines of the change log, in order of arrival."""

    changes: list[ChangeLine]
    last_seq: int
    next_after: int = Field(description="Give it as `after` to go on.")


class AlarmRow(BaseModel):
    """A person should look."""

    id: int
    kind: str
    source: str | None
    column: str | None
    url: str | None
    expected: str
    came: str
    to_do: str
    raised_at: datetime
    last_raised_at: datetime
    times: int
    closed_at: datetime | None


class Alarms(BaseModel):
    """Alarms, the most recently raised first."""

    alarms: list[AlarmRow]


class SetAside(BaseModel):
    """Something that was not taken in, and why."""

    url: str
    title: str
    source: str | None
    column: str | None
    reason: str
    at: datetime


class SetAsides(BaseModel):
    """What was set aside, newest first."""

    set_asides: list[SetAside]
    next_before: datetime | None


class RunRow(BaseModel):
    """One look at a column."""

    id: str
    started_at: datetime
    ended_at: datetime | None
    outcome: str
    leads: int
    new: int
    revised: int
    copies: int
    unchanged: int
    set_aside: int
    errors: int


class Watching(BaseModel):
    """The standing order for a column."""

    column: str
    every_seconds: int
    due_at: datetime
    running: bool
    last_run: RunRow | None


class SourceRow(BaseModel):
    """A source, and whether its silence means no news."""

    source: str
    name: str
    state: Literal["ok", "alarm", "never"]
    notices: int
    last_good_look_at: datetime | None
    last_run: RunRow | None = Field(description="The last look, whatever came of it.")
    columns: list[Watching]
    alarms: list[AlarmRow]


class Health(BaseModel):
    """All sources: tells no news from nobody could look."""

    state: Literal["ok", "alarm"]
    last_seq: int
    notices: int
    behind: int = Field(description="Changes that the index has yet to take in.")
    sources: list[SourceRow]
