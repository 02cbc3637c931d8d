"""An index of the few decisions that are conflicts."""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"


def upgrade() -> None:
    """Have conflicts found without reading every decision."""
    is_conflict = sa.text("outcome = 'conflict'")
    op.create_index(
        "ix_decision_conflict",
        "decision",
        ["at"],
        sqlite_where=is_conflict,
        postgresql_where=is_conflict,
    )


def downgrade() -> None:
    """Take it back."""
    op.drop_index("ix_decision_conflict", "decision")
