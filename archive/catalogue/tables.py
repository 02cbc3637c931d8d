"""The tables of the catalogue.

Text that comes from the web has no bound here and is never indexed itself: PostgreSQL refuses
index entries above a third of a page (2,704 bytes), and a title or URL can be any length. What
is looked up is looked up by a key of fixed width, made in `archive.catalogue.keys`.
"""

from __future__ import annotations

from datetime import date, datetime
from typing import Any, ClassVar

from sqlalchemy import BigInteger, ForeignKey, Index, Integer, MetaData, String, text
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column

from archive.catalogue.column_types import Moment, Rows, Strings, Words

Key = String(32)  # of keys.text_key
NoticeId = String(16)
RecordId = String(512)


class Base(DeclarativeBase):
    """What all tables share: names of constraints that migrations can rely on."""

    metadata = MetaData(
        naming_convention={
            "ix": "ix_%(table_name)s_%(column_0_N_name)s",
            "uq": "uq_%(table_name)s_%(column_0_N_name)s",
            "fk": "fk_%(table_name)s_%(column_0_N_name)s",
            "pk": "pk_%(table_name)s",
        }
    )
    type_annotation_map: ClassVar[dict[Any, Any]] = {
        datetime: Moment(),
        str: Words(),
        tuple[str, ...]: Strings(),
        list[dict[str, Any]]: Rows(),
    }


class SourceRow(Base):
    """A source as it was when it last brought something."""

    __tablename__ = "source"

    id: Mapped[str] = mapped_column(primary_key=True)
    name: Mapped[str]
    trust: Mapped[int]
    jurisdiction: Mapped[str | None]
    issuing_bodies: Mapped[tuple[str, ...]]


class CaptureRow(Base):
    """One exchange kept in WARC, notice page or not: where its bytes stand."""

    __tablename__ = "capture"

    record_id: Mapped[str] = mapped_column(RecordId, primary_key=True)
    url_key: Mapped[str] = mapped_column(Key)
    url: Mapped[str]
    captured_at: Mapped[datetime]
    status: Mapped[int]
    purpose: Mapped[str] = mapped_column(String(16))
    source: Mapped[str | None]
    column: Mapped[str | None]
    run: Mapped[str | None]
    payload_digest: Mapped[str] = mapped_column(String(160))
    warc_file: Mapped[str]
    offset: Mapped[int] = mapped_column(BigInteger)
    length: Mapped[int] = mapped_column(BigInteger)
    revisit_of: Mapped[str | None] = mapped_column(RecordId)
    is_not_modified: Mapped[bool]
    truncated: Mapped[str | None] = mapped_column(String(16))
    etag: Mapped[str | None]
    last_modified: Mapped[str | None]
    media_type: Mapped[str | None]
    size: Mapped[int] = mapped_column(BigInteger)  # octets of the entity
    notice_id: Mapped[str | None] = mapped_column(NoticeId)
    reader_version: Mapped[str | None]

    __table_args__ = (
        Index(None, "url_key", "captured_at"),
        Index(None, "payload_digest"),
        Index(None, "notice_id"),
    )


class NoticeRow(Base):
    """A notice 公文 as its best sighting shows it."""

    __tablename__ = "notice"

    id: Mapped[str] = mapped_column(NoticeId, primary_key=True)
    seq: Mapped[int]  # of its latest announced change
    title: Mapped[str]
    document_number: Mapped[str | None]
    number_key: Mapped[int | None] = mapped_column(BigInteger)
    scope: Mapped[str | None] = mapped_column(String(32))  # where its number is unique
    issuer_code: Mapped[str | None]
    number_year: Mapped[int | None]
    serial: Mapped[int | None] = mapped_column(BigInteger)
    index_number: Mapped[str | None]
    kind: Mapped[str | None]
    issuing_bodies: Mapped[tuple[str, ...]]
    jurisdiction: Mapped[str | None]
    topics: Mapped[tuple[str, ...]]
    addressees: Mapped[str | None]
    places: Mapped[tuple[str, ...]]  # counties and cities its title and signature name
    written_on: Mapped[date | None]
    published_on: Mapped[date | None]
    effective_on: Mapped[date | None]
    validity: Mapped[str | None]
    first_seen_at: Mapped[datetime]
    changed_at: Mapped[datetime]
    version: Mapped[int]  # number of the current one
    title_core: Mapped[str]
    title_key: Mapped[int | None] = mapped_column(BigInteger)
    original_key: Mapped[str] = mapped_column(Key)  # url_key of the original sighting
    trust: Mapped[int]  # of the original sighting
    flags: Mapped[tuple[str, ...]]
    repairs: Mapped[list[dict[str, Any]]]
    merged_into: Mapped[str | None] = mapped_column(NoticeId)  # then only its log stays
    withdrawn_at: Mapped[datetime | None]  # its own site has not shown it since then

    __table_args__ = (
        Index(None, "seq", unique=True),
        Index(None, "number_key"),
        Index(None, "title_key"),
        Index(None, "issuer_code", "number_year"),
    )


class VersionRow(Base):
    """One wording of a notice, with its text."""

    __tablename__ = "version"

    notice_id: Mapped[str] = mapped_column(NoticeId, ForeignKey(NoticeRow.id), primary_key=True)
    number: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    captured_at: Mapped[datetime]
    digest: Mapped[str] = mapped_column(String(64))
    title: Mapped[str]
    text: Mapped[str]
    record_id: Mapped[str] = mapped_column(RecordId, ForeignKey(CaptureRow.record_id))


class WordingRow(Base):
    """What one wording of a notice, its own or a copy's, is recognised by."""

    __tablename__ = "wording"

    notice_id: Mapped[str] = mapped_column(NoticeId, ForeignKey(NoticeRow.id), primary_key=True)
    digest: Mapped[str] = mapped_column(String(64), primary_key=True)
    title_core: Mapped[str]
    length: Mapped[int]
    figures: Mapped[str]
    minhash: Mapped[bytes]
    sample: Mapped[bytes]


class BandRow(Base):
    """A value under which notices are looked up: number, title core, band, gram.

    Never more than `likeness.CROWD` notices share one value, so a look-up stays as quick as
    the archive grows: a value that everybody shares tells nobody apart.
    """

    __tablename__ = "band"

    value: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=False)
    notice_id: Mapped[str] = mapped_column(NoticeId, primary_key=True)

    __table_args__ = ({"sqlite_with_rowid": False},)


class SightingRow(Base):
    """A notice seen at a URL."""

    __tablename__ = "sighting"

    url_key: Mapped[str] = mapped_column(Key, primary_key=True)
    notice_id: Mapped[str] = mapped_column(NoticeId, ForeignKey(NoticeRow.id), primary_key=True)
    url: Mapped[str]
    source: Mapped[str] = mapped_column(ForeignKey(SourceRow.id))
    trust: Mapped[int]
    is_original: Mapped[bool]
    published_on: Mapped[date | None]
    first_seen_at: Mapped[datetime]
    last_seen_at: Mapped[datetime]
    state: Mapped[str] = mapped_column(String(16))  # present, gone, moved
    digest: Mapped[str] = mapped_column(String(64))  # of the wording last seen there
    payload_digest: Mapped[str] = mapped_column(String(160))
    record_id: Mapped[str] = mapped_column(RecordId)  # of the capture last read
    reader_version: Mapped[str]
    digests: Mapped[tuple[str, ...]]  # of all wordings seen there, the first first
    face: Mapped[str | None]  # what it is judged by, as JSON (face.Face.kept)
    gone_since: Mapped[datetime | None]  # when the site first denied it, while it does
    denials: Mapped[int]  # looks, a day or more apart, at which the site denied it
    denied_at: Mapped[datetime | None]  # the last of them
    look_due_at: Mapped[datetime | None]  # when it is looked at again, if no list names it

    __table_args__ = (Index(None, "notice_id"), Index(None, "source", "look_due_at"))


class KeptReadingRow(Base):
    """The latest reading of a sighting, so that it can stand for the notice when it must."""

    __tablename__ = "kept_reading"

    url_key: Mapped[str] = mapped_column(Key, primary_key=True)
    notice_id: Mapped[str] = mapped_column(NoticeId, primary_key=True)
    title: Mapped[str]  # as shown: the page's, or the list's where the page has none
    captured_at: Mapped[datetime]  # of the first capture of this wording there
    record_id: Mapped[str] = mapped_column(RecordId)  # of that capture
    digest: Mapped[str] = mapped_column(String(64))
    reading: Mapped[bytes]  # zlib of JSON (readings.packed)


class AttachmentRow(Base):
    """A file that a notice names."""

    __tablename__ = "attachment"

    notice_id: Mapped[str] = mapped_column(NoticeId, ForeignKey(NoticeRow.id), primary_key=True)
    position: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    title: Mapped[str]
    url: Mapped[str]
    url_key: Mapped[str] = mapped_column(Key, index=True)


class AttachmentTextRow(Base):
    """What could be read of a file that notices name, in the order of reading."""

    __tablename__ = "attachment_text"

    id: Mapped[int] = mapped_column(primary_key=True)
    url_key: Mapped[str] = mapped_column(Key, index=True)
    record_id: Mapped[str] = mapped_column(RecordId)  # of the capture that was read
    captured_at: Mapped[datetime]
    kind: Mapped[str] = mapped_column(String(16))
    text: Mapped[str]
    flags: Mapped[tuple[str, ...]]


class CitationRow(Base):
    """A number or title that a notice cites; to whom it leads is looked up by its key."""

    __tablename__ = "citation"

    notice_id: Mapped[str] = mapped_column(NoticeId, ForeignKey(NoticeRow.id), primary_key=True)
    position: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    number: Mapped[str | None]
    title: Mapped[str | None]
    cited_key: Mapped[int] = mapped_column(BigInteger, index=True)
    relation: Mapped[str] = mapped_column(String(16))


class DecisionRow(Base):
    """What was decided of one capture, and why."""

    __tablename__ = "decision"

    id: Mapped[int] = mapped_column(primary_key=True)
    record_id: Mapped[str] = mapped_column(RecordId, ForeignKey(CaptureRow.record_id), index=True)
    at: Mapped[datetime]
    outcome: Mapped[str] = mapped_column(String(16))
    notice_id: Mapped[str | None] = mapped_column(NoticeId, index=True)
    version: Mapped[int | None]
    seq: Mapped[int | None]
    url_key: Mapped[str] = mapped_column(Key, index=True)
    url: Mapped[str]
    reasons: Mapped[tuple[str, ...]]

    __table_args__ = (
        # Conflicts are few among many decisions, and looked for from either side.
        Index(
            "ix_decision_conflict",
            "at",
            sqlite_where=text("outcome = 'conflict'"),
            postgresql_where=text("outcome = 'conflict'"),
        ),
    )


class ChangeRow(Base):
    """One numbered line of the change log; numbers follow the order of commit, without gaps."""

    __tablename__ = "change"

    seq: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    at: Mapped[datetime]
    change: Mapped[str] = mapped_column(String(16))
    notice_id: Mapped[str] = mapped_column(NoticeId, ForeignKey(NoticeRow.id), index=True)
    source: Mapped[str]
    url: Mapped[str]
    version: Mapped[int | None]


class LeadRow(Base):
    """A link met on a list, and what became of it."""

    __tablename__ = "lead"

    url_key: Mapped[str] = mapped_column(Key, primary_key=True)
    url: Mapped[str]
    title: Mapped[str]
    source: Mapped[str]
    column: Mapped[str]
    found_at: Mapped[str]
    published_on: Mapped[date | None]
    document_number: Mapped[str | None]
    first_listed_at: Mapped[datetime]
    last_listed_at: Mapped[datetime]
    looked_at: Mapped[datetime | None]  # when it was last resolved, None while it is open
    outcome: Mapped[str | None] = mapped_column(String(16))
    failures: Mapped[int]  # in a row
    failed_at: Mapped[datetime | None]
    failure: Mapped[str | None]

    __table_args__ = (
        # Open leads are few among many that have been looked at.
        Index(
            "ix_lead_open",
            "source",
            sqlite_where=text("looked_at IS NULL"),
            postgresql_where=text("looked_at IS NULL"),
        ),
    )


class SetAsideRow(Base):
    """Something that was not taken in, and why; gone from here when it is taken in later."""

    __tablename__ = "set_aside"

    url_key: Mapped[str] = mapped_column(Key, primary_key=True)
    url: Mapped[str]
    title: Mapped[str]
    source: Mapped[str | None]
    column: Mapped[str | None]
    reason: Mapped[str]
    at: Mapped[datetime] = mapped_column(index=True)
    record_id: Mapped[str | None] = mapped_column(RecordId)


class RedirectRow(Base):
    """An id that was merged away, and where it leads for ever."""

    __tablename__ = "redirect"

    old_id: Mapped[str] = mapped_column(NoticeId, primary_key=True)
    new_id: Mapped[str] = mapped_column(NoticeId, index=True)


class JudgementRow(Base):
    """A person's judgement that was carried out; the journal is what counts."""

    __tablename__ = "judgement"

    id: Mapped[str] = mapped_column(NoticeId, primary_key=True)
    at: Mapped[datetime]
    line: Mapped[str]  # as it stands in the journal


class TieRow(Base):
    """Two URLs that a person has put together, or kept apart, as sightings of one notice."""

    __tablename__ = "tie"

    a: Mapped[str] = mapped_column(Key, primary_key=True)  # the lesser url_key
    b: Mapped[str] = mapped_column(Key, primary_key=True)
    together: Mapped[bool]


class CorrectionRow(Base):
    """A field that a person has corrected, at the URL whose page says it wrongly."""

    __tablename__ = "correction"

    url_key: Mapped[str] = mapped_column(Key, primary_key=True)
    field: Mapped[str] = mapped_column(String(32), primary_key=True)
    value: Mapped[str]


class StatusRow(Base):
    """What became of a notice: repealed, amended, withdrawn, back again; and how we know."""

    __tablename__ = "status"

    id: Mapped[int] = mapped_column(primary_key=True)
    notice_id: Mapped[str] = mapped_column(NoticeId, ForeignKey(NoticeRow.id), index=True)
    status: Mapped[str] = mapped_column(String(32))
    since: Mapped[date | None]  # as the evidence says
    at: Mapped[datetime]  # when it was learned
    evidence: Mapped[str]  # record id of the capture, or id of the notice that says so
    told: Mapped[str]


class RunRow(Base):
    """One look at one column, or at one source."""

    __tablename__ = "run"

    id: Mapped[str] = mapped_column(NoticeId, primary_key=True)
    source: Mapped[str]
    column: Mapped[str | None]
    started_at: Mapped[datetime] = mapped_column(index=True)
    ended_at: Mapped[datetime | None]
    outcome: Mapped[str] = mapped_column(String(16), index=True)
    leads: Mapped[int]
    new: Mapped[int]
    revised: Mapped[int]
    copies: Mapped[int]
    unchanged: Mapped[int]
    set_aside: Mapped[int]
    errors: Mapped[int]


class WatchRow(Base):
    """The standing order for one column: when it is due."""

    __tablename__ = "watch"

    source: Mapped[str] = mapped_column(primary_key=True)
    column: Mapped[str] = mapped_column(primary_key=True)
    every_seconds: Mapped[int]
    due_at: Mapped[datetime] = mapped_column(index=True)


class AlarmRow(Base):
    """An alarm in the book."""

    __tablename__ = "alarm"

    id: Mapped[int] = mapped_column(Integer, primary_key=True)
    kind: Mapped[str] = mapped_column(String(32))
    source: Mapped[str | None]
    column: Mapped[str | None]
    url: Mapped[str | None]
    expected: Mapped[str]
    came: Mapped[str]
    to_do: Mapped[str]
    raised_at: Mapped[datetime]
    last_raised_at: Mapped[datetime]
    times: Mapped[int]
    closed_at: Mapped[datetime | None] = mapped_column(index=True)
