"""The first catalogue."""

import sqlalchemy as sa
from alembic import op

import archive.catalogue.column_types as types

revision = "0001"
down_revision = None

_TABLES = (
    "alarm",
    "band",
    "capture",
    "lead",
    "notice",
    "redirect",
    "run",
    "set_aside",
    "source",
    "watch",
    "attachment",
    "change",
    "citation",
    "decision",
    "sighting",
    "version",
    "wording",
)


def upgrade() -> None:
    """Make all tables; those that others refer to come first."""
    _make_alarm()
    _make_band()
    _make_capture()
    _make_lead()
    _make_notice()
    _make_redirect()
    _make_run()
    _make_set_aside()
    _make_source()
    _make_watch()
    _make_attachment()
    _make_change()
    _make_citation()
    _make_decision()
    _make_sighting()
    _make_version()
    _make_wording()


def _make_alarm() -> None:
    op.create_table(
        "alarm",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=32), nullable=False),
        sa.Column("source", types.Words(), nullable=True),
        sa.Column("column", types.Words(), nullable=True),
        sa.Column("url", types.Words(), nullable=True),
        sa.Column("expected", types.Words(), nullable=False),
        sa.Column("came", types.Words(), nullable=False),
        sa.Column("to_do", types.Words(), nullable=False),
        sa.Column("raised_at", types.Moment(timezone=True), nullable=False),
        sa.Column("last_raised_at", types.Moment(timezone=True), nullable=False),
        sa.Column("times", sa.Integer(), nullable=False),
        sa.Column("closed_at", types.Moment(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_alarm")),
    )
    with op.batch_alter_table("alarm", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_alarm_closed_at"), ["closed_at"], unique=False)


def _make_band() -> None:
    op.create_table(
        "band",
        sa.Column("value", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("notice_id", sa.String(length=16), nullable=False),
        sa.PrimaryKeyConstraint("value", "notice_id", name=op.f("pk_band")),
        sqlite_with_rowid=False,
    )


def _make_capture() -> None:
    op.create_table(
        "capture",
        sa.Column("record_id", sa.String(length=512), nullable=False),
        sa.Column("url_key", sa.String(length=32), nullable=False),
        sa.Column("url", types.Words(), nullable=False),
        sa.Column("captured_at", types.Moment(timezone=True), nullable=False),
        sa.Column("status", sa.Integer(), nullable=False),
        sa.Column("purpose", sa.String(length=16), nullable=False),
        sa.Column("source", types.Words(), nullable=True),
        sa.Column("column", types.Words(), nullable=True),
        sa.Column("run", types.Words(), nullable=True),
        sa.Column("payload_digest", sa.String(length=160), nullable=False),
        sa.Column("warc_file", types.Words(), nullable=False),
        sa.Column("offset", sa.BigInteger(), nullable=False),
        sa.Column("length", sa.BigInteger(), nullable=False),
        sa.Column("revisit_of", sa.String(length=512), nullable=True),
        sa.Column("is_not_modified", sa.Boolean(), nullable=False),
        sa.Column("truncated", sa.String(length=16), nullable=True),
        sa.Column("etag", types.Words(), nullable=True),
        sa.Column("last_modified", types.Words(), nullable=True),
        sa.Column("media_type", types.Words(), nullable=True),
        sa.Column("size", sa.BigInteger(), nullable=False),
        sa.Column("notice_id", sa.String(length=16), nullable=True),
        sa.Column("reader_version", types.Words(), nullable=True),
        sa.PrimaryKeyConstraint("record_id", name=op.f("pk_capture")),
    )
    with op.batch_alter_table("capture", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_capture_notice_id"), ["notice_id"], unique=False)
        batch_op.create_index(
            batch_op.f("ix_capture_payload_digest"), ["payload_digest"], unique=False
        )
        batch_op.create_index(
            batch_op.f("ix_capture_url_key_captured_at"), ["url_key", "captured_at"], unique=False
        )


def _make_lead() -> None:
    op.create_table(
        "lead",
        sa.Column("url_key", sa.String(length=32), nullable=False),
        sa.Column("url", types.Words(), nullable=False),
        sa.Column("title", types.Words(), nullable=False),
        sa.Column("source", types.Words(), nullable=False),
        sa.Column("column", types.Words(), nullable=False),
        sa.Column("found_at", types.Words(), nullable=False),
        sa.Column("published_on", sa.Date(), nullable=True),
        sa.Column("document_number", types.Words(), nullable=True),
        sa.Column("first_listed_at", types.Moment(timezone=True), nullable=False),
        sa.Column("last_listed_at", types.Moment(timezone=True), nullable=False),
        sa.Column("looked_at", types.Moment(timezone=True), nullable=True),
        sa.Column("outcome", sa.String(length=16), nullable=True),
        sa.Column("failures", sa.Integer(), nullable=False),
        sa.Column("failed_at", types.Moment(timezone=True), nullable=True),
        sa.Column("failure", types.Words(), nullable=True),
        sa.PrimaryKeyConstraint("url_key", name=op.f("pk_lead")),
    )


def _make_notice() -> None:
    op.create_table(
        "notice",
        sa.Column("id", sa.String(length=16), nullable=False),
        sa.Column("seq", sa.Integer(), nullable=False),
        sa.Column("title", types.Words(), nullable=False),
        sa.Column("document_number", types.Words(), nullable=True),
        sa.Column("number_key", sa.BigInteger(), nullable=True),
        sa.Column("scope", sa.String(length=32), nullable=True),
        sa.Column("issuer_code", types.Words(), nullable=True),
        sa.Column("number_year", sa.Integer(), nullable=True),
        sa.Column("serial", sa.BigInteger(), nullable=True),
        sa.Column("index_number", types.Words(), nullable=True),
        sa.Column("kind", types.Words(), nullable=True),
        sa.Column("issuing_bodies", types.Strings(), nullable=False),
        sa.Column("jurisdiction", types.Words(), nullable=True),
        sa.Column("topics", types.Strings(), nullable=False),
        sa.Column("addressees", types.Words(), nullable=True),
        sa.Column("places", types.Strings(), nullable=False),
        sa.Column("written_on", sa.Date(), nullable=True),
        sa.Column("published_on", sa.Date(), nullable=True),
        sa.Column("effective_on", sa.Date(), nullable=True),
        sa.Column("validity", types.Words(), nullable=True),
        sa.Column("first_seen_at", types.Moment(timezone=True), nullable=False),
        sa.Column("changed_at", types.Moment(timezone=True), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("title_core", types.Words(), nullable=False),
        sa.Column("title_key", sa.BigInteger(), nullable=True),
        sa.Column("original_key", sa.String(length=32), nullable=False),
        sa.Column("trust", sa.Integer(), nullable=False),
        sa.Column("flags", types.Strings(), nullable=False),
        sa.Column("repairs", types.Rows(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_notice")),
    )
    with op.batch_alter_table("notice", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_notice_number_key"), ["number_key"], unique=False)
        batch_op.create_index(batch_op.f("ix_notice_seq"), ["seq"], unique=True)
        batch_op.create_index(batch_op.f("ix_notice_title_key"), ["title_key"], unique=False)


def _make_redirect() -> None:
    op.create_table(
        "redirect",
        sa.Column("old_id", sa.String(length=16), nullable=False),
        sa.Column("new_id", sa.String(length=16), nullable=False),
        sa.PrimaryKeyConstraint("old_id", name=op.f("pk_redirect")),
    )
    with op.batch_alter_table("redirect", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_redirect_new_id"), ["new_id"], unique=False)


def _make_run() -> None:
    op.create_table(
        "run",
        sa.Column("id", sa.String(length=16), nullable=False),
        sa.Column("source", types.Words(), nullable=False),
        sa.Column("column", types.Words(), nullable=True),
        sa.Column("started_at", types.Moment(timezone=True), nullable=False),
        sa.Column("ended_at", types.Moment(timezone=True), nullable=True),
        sa.Column("outcome", sa.String(length=16), nullable=False),
        sa.Column("leads", sa.Integer(), nullable=False),
        sa.Column("new", sa.Integer(), nullable=False),
        sa.Column("revised", sa.Integer(), nullable=False),
        sa.Column("copies", sa.Integer(), nullable=False),
        sa.Column("unchanged", sa.Integer(), nullable=False),
        sa.Column("set_aside", sa.Integer(), nullable=False),
        sa.Column("errors", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_run")),
    )
    with op.batch_alter_table("run", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_run_outcome"), ["outcome"], unique=False)
        batch_op.create_index(batch_op.f("ix_run_started_at"), ["started_at"], unique=False)


def _make_set_aside() -> None:
    op.create_table(
        "set_aside",
        sa.Column("url_key", sa.String(length=32), nullable=False),
        sa.Column("url", types.Words(), nullable=False),
        sa.Column("title", types.Words(), nullable=False),
        sa.Column("source", types.Words(), nullable=True),
        sa.Column("column", types.Words(), nullable=True),
        sa.Column("reason", types.Words(), nullable=False),
        sa.Column("at", types.Moment(timezone=True), nullable=False),
        sa.Column("record_id", sa.String(length=512), nullable=True),
        sa.PrimaryKeyConstraint("url_key", name=op.f("pk_set_aside")),
    )
    with op.batch_alter_table("set_aside", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_set_aside_at"), ["at"], unique=False)


def _make_source() -> None:
    op.create_table(
        "source",
        sa.Column("id", types.Words(), nullable=False),
        sa.Column("name", types.Words(), nullable=False),
        sa.Column("trust", sa.Integer(), nullable=False),
        sa.Column("jurisdiction", types.Words(), nullable=True),
        sa.Column("issuing_bodies", types.Strings(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_source")),
    )


def _make_watch() -> None:
    op.create_table(
        "watch",
        sa.Column("source", types.Words(), nullable=False),
        sa.Column("column", types.Words(), nullable=False),
        sa.Column("every_seconds", sa.Integer(), nullable=False),
        sa.Column("due_at", types.Moment(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("source", "column", name=op.f("pk_watch")),
    )
    with op.batch_alter_table("watch", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_watch_due_at"), ["due_at"], unique=False)


def _make_attachment() -> None:
    op.create_table(
        "attachment",
        sa.Column("notice_id", sa.String(length=16), nullable=False),
        sa.Column("position", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("title", types.Words(), nullable=False),
        sa.Column("url", types.Words(), nullable=False),
        sa.Column("url_key", sa.String(length=32), nullable=False),
        sa.ForeignKeyConstraint(["notice_id"], ["notice.id"], name=op.f("fk_attachment_notice_id")),
        sa.PrimaryKeyConstraint("notice_id", "position", name=op.f("pk_attachment")),
    )


def _make_change() -> None:
    op.create_table(
        "change",
        sa.Column("seq", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("at", types.Moment(timezone=True), nullable=False),
        sa.Column("change", sa.String(length=16), nullable=False),
        sa.Column("notice_id", sa.String(length=16), nullable=False),
        sa.Column("source", types.Words(), nullable=False),
        sa.Column("url", types.Words(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(["notice_id"], ["notice.id"], name=op.f("fk_change_notice_id")),
        sa.PrimaryKeyConstraint("seq", name=op.f("pk_change")),
    )
    with op.batch_alter_table("change", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_change_notice_id"), ["notice_id"], unique=False)


def _make_citation() -> None:
    op.create_table(
        "citation",
        sa.Column("notice_id", sa.String(length=16), nullable=False),
        sa.Column("position", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("number", types.Words(), nullable=True),
        sa.Column("title", types.Words(), nullable=True),
        sa.Column("cited_key", sa.BigInteger(), nullable=False),
        sa.Column("relation", sa.String(length=16), nullable=False),
        sa.ForeignKeyConstraint(["notice_id"], ["notice.id"], name=op.f("fk_citation_notice_id")),
        sa.PrimaryKeyConstraint("notice_id", "position", name=op.f("pk_citation")),
    )
    with op.batch_alter_table("citation", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_citation_cited_key"), ["cited_key"], unique=False)


def _make_decision() -> None:
    op.create_table(
        "decision",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("record_id", sa.String(length=512), nullable=False),
        sa.Column("at", types.Moment(timezone=True), nullable=False),
        sa.Column("outcome", sa.String(length=16), nullable=False),
        sa.Column("notice_id", sa.String(length=16), nullable=True),
        sa.Column("version", sa.Integer(), nullable=True),
        sa.Column("seq", sa.Integer(), nullable=True),
        sa.Column("url_key", sa.String(length=32), nullable=False),
        sa.Column("url", types.Words(), nullable=False),
        sa.Column("reasons", types.Strings(), nullable=False),
        sa.ForeignKeyConstraint(
            ["record_id"], ["capture.record_id"], name=op.f("fk_decision_record_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_decision")),
    )
    with op.batch_alter_table("decision", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_decision_notice_id"), ["notice_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_decision_record_id"), ["record_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_decision_url_key"), ["url_key"], unique=False)


def _make_sighting() -> None:
    op.create_table(
        "sighting",
        sa.Column("url_key", sa.String(length=32), nullable=False),
        sa.Column("notice_id", sa.String(length=16), nullable=False),
        sa.Column("url", types.Words(), nullable=False),
        sa.Column("source", types.Words(), nullable=False),
        sa.Column("trust", sa.Integer(), nullable=False),
        sa.Column("is_original", sa.Boolean(), nullable=False),
        sa.Column("published_on", sa.Date(), nullable=True),
        sa.Column("first_seen_at", types.Moment(timezone=True), nullable=False),
        sa.Column("last_seen_at", types.Moment(timezone=True), nullable=False),
        sa.Column("state", sa.String(length=16), nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("payload_digest", sa.String(length=160), nullable=False),
        sa.Column("record_id", sa.String(length=512), nullable=False),
        sa.Column("reader_version", types.Words(), nullable=False),
        sa.ForeignKeyConstraint(["notice_id"], ["notice.id"], name=op.f("fk_sighting_notice_id")),
        sa.ForeignKeyConstraint(["source"], ["source.id"], name=op.f("fk_sighting_source")),
        sa.PrimaryKeyConstraint("url_key", "notice_id", name=op.f("pk_sighting")),
    )
    with op.batch_alter_table("sighting", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_sighting_notice_id"), ["notice_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_sighting_source"), ["source"], unique=False)


def _make_version() -> None:
    op.create_table(
        "version",
        sa.Column("notice_id", sa.String(length=16), nullable=False),
        sa.Column("number", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("captured_at", types.Moment(timezone=True), nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("title", types.Words(), nullable=False),
        sa.Column("text", types.Words(), nullable=False),
        sa.Column("record_id", sa.String(length=512), nullable=False),
        sa.ForeignKeyConstraint(["notice_id"], ["notice.id"], name=op.f("fk_version_notice_id")),
        sa.ForeignKeyConstraint(
            ["record_id"], ["capture.record_id"], name=op.f("fk_version_record_id")
        ),
        sa.PrimaryKeyConstraint("notice_id", "number", name=op.f("pk_version")),
    )


def _make_wording() -> None:
    op.create_table(
        "wording",
        sa.Column("notice_id", sa.String(length=16), nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("title_core", types.Words(), nullable=False),
        sa.Column("length", sa.Integer(), nullable=False),
        sa.Column("figures", types.Words(), nullable=False),
        sa.Column("minhash", sa.LargeBinary(), nullable=False),
        sa.Column("sample", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(["notice_id"], ["notice.id"], name=op.f("fk_wording_notice_id")),
        sa.PrimaryKeyConstraint("notice_id", "digest", name=op.f("pk_wording")),
    )


def downgrade() -> None:
    """Drop all tables; those that refer to others go first."""
    for name in reversed(_TABLES):
        op.drop_table(name)
