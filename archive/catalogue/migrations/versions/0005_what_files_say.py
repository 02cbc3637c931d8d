"""The text of files that notices name."""

import sqlalchemy as sa
from alembic import op

import archive.catalogue.column_types as types

revision = "0005"
down_revision = "0004"


def upgrade() -> None:
    """Empty: the files of an older catalogue are read when it is made again from the WARCs."""
    op.create_table(
        "attachment_text",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("url_key", sa.String(32), nullable=False),
        sa.Column("record_id", sa.String(512), nullable=False),
        sa.Column("captured_at", types.Moment(), nullable=False),
        sa.Column("kind", sa.String(16), nullable=False),
        sa.Column("text", types.Words(), nullable=False),
        sa.Column("flags", types.Strings(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_attachment_text"),
    )
    op.create_index("ix_attachment_text_url_key", "attachment_text", ["url_key"])
    op.create_index("ix_attachment_url_key", "attachment", ["url_key"])


def downgrade() -> None:
    """Take it back."""
    op.drop_index("ix_attachment_url_key", "attachment")
    op.drop_table("attachment_text")
