"""What identity needs: faces of sightings, kept readings, a person's judgements, statuses."""

import sqlalchemy as sa
from alembic import op

import archive.catalogue.column_types as types

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    """Add columns to what is there, then make the new tables."""
    _widen_notice()
    _widen_sighting()
    _make_kept_reading()
    _make_judgement()
    _make_tie()
    _make_correction()
    _make_status()


def downgrade() -> None:
    """Take it back."""
    for table in ("status", "tie", "kept_reading", "judgement", "correction"):
        op.drop_table(table)
    for column in ("gone_since", "face", "digests"):
        op.drop_column("sighting", column)
    op.drop_index("ix_notice_issuer_code_number_year", "notice")
    for column in ("withdrawn_at", "merged_into"):
        op.drop_column("notice", column)


def _widen_notice() -> None:
    op.add_column("notice", sa.Column("merged_into", sa.String(length=16), nullable=True))
    op.add_column("notice", sa.Column("withdrawn_at", types.Moment(), nullable=True))
    op.create_index("ix_notice_issuer_code_number_year", "notice", ["issuer_code", "number_year"])


def _widen_sighting() -> None:
    # Sightings of an older catalogue have no face: they are judged by their notice's fields.
    op.add_column(
        "sighting", sa.Column("digests", types.Strings(), nullable=False, server_default="[]")
    )
    op.add_column("sighting", sa.Column("face", types.Words(), nullable=True))
    op.add_column("sighting", sa.Column("gone_since", types.Moment(), nullable=True))


def _make_kept_reading() -> None:
    op.create_table(
        "kept_reading",
        sa.Column("url_key", sa.String(length=32), nullable=False),
        sa.Column("notice_id", sa.String(length=16), nullable=False),
        sa.Column("title", types.Words(), nullable=False),
        sa.Column("captured_at", types.Moment(), nullable=False),
        sa.Column("record_id", sa.String(length=512), nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("reading", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("url_key", "notice_id", name=op.f("pk_kept_reading")),
    )


def _make_judgement() -> None:
    op.create_table(
        "judgement",
        sa.Column("id", sa.String(length=16), nullable=False),
        sa.Column("at", types.Moment(), nullable=False),
        sa.Column("line", types.Words(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_judgement")),
    )


def _make_tie() -> None:
    op.create_table(
        "tie",
        sa.Column("a", sa.String(length=32), nullable=False),
        sa.Column("b", sa.String(length=32), nullable=False),
        sa.Column("together", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("a", "b", name=op.f("pk_tie")),
    )


def _make_correction() -> None:
    op.create_table(
        "correction",
        sa.Column("url_key", sa.String(length=32), nullable=False),
        sa.Column("field", sa.String(length=32), nullable=False),
        sa.Column("value", types.Words(), nullable=False),
        sa.PrimaryKeyConstraint("url_key", "field", name=op.f("pk_correction")),
    )


def _make_status() -> None:
    op.create_table(
        "status",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("notice_id", sa.String(length=16), nullable=False),
        sa.Column("status", sa.String(length=32), nullable=False),
        sa.Column("since", sa.Date(), nullable=True),
        sa.Column("at", types.Moment(), nullable=False),
        sa.Column("evidence", types.Words(), nullable=False),
        sa.Column("told", types.Words(), nullable=False),
        sa.ForeignKeyConstraint(["notice_id"], ["notice.id"], name=op.f("fk_status_notice_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_status")),
    )
    op.create_index(op.f("ix_status_notice_id"), "status", ["notice_id"])
