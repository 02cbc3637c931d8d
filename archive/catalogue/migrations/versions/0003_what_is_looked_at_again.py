"""When a sighting is looked at again, and how often its site has denied it."""

import sqlalchemy as sa
from alembic import op

import archive.catalogue.column_types as types

revision = "0003"
down_revision = "0002"


def upgrade() -> None:
    """What an older catalogue holds is due at once; a look takes only a few at a time."""
    op.add_column(
        "sighting", sa.Column("denials", sa.Integer(), nullable=False, server_default="0")
    )
    op.add_column("sighting", sa.Column("denied_at", types.Moment(), nullable=True))
    op.add_column("sighting", sa.Column("look_due_at", types.Moment(), nullable=True))
    op.execute("UPDATE sighting SET look_due_at = last_seen_at")
    op.execute("UPDATE sighting SET denials = 1, denied_at = gone_since WHERE state = 'gone'")
    op.drop_index("ix_sighting_source", "sighting")
    op.create_index("ix_sighting_source_look_due_at", "sighting", ["source", "look_due_at"])


def downgrade() -> None:
    """Take it back."""
    op.drop_index("ix_sighting_source_look_due_at", "sighting")
    op.create_index("ix_sighting_source", "sighting", ["source"])
    for column in ("look_due_at", "denied_at", "denials"):
        op.drop_column("sighting", column)
