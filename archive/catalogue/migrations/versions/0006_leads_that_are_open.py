"""An index of the few leads that are open."""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"


def upgrade() -> None:
    """Have a source's open leads found without reading every lead."""
    is_open = sa.text("looked_at IS NULL")
    op.create_index(
        "ix_lead_open", "lead", ["source"], sqlite_where=is_open, postgresql_where=is_open
    )


def downgrade() -> None:
    """Take it back."""
    op.drop_index("ix_lead_open", "lead")
