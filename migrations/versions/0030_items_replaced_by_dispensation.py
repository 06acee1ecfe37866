"""Items replaced by dispensation."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

revision = "0030"
down_revision = "0029"

DOCUMENT = sa.JSON().with_variant(JSONB(), "postgresql")


def upgrade() -> None:
    op.add_column(
        "divergence",
        sa.Column("instead", sa.Boolean(), server_default=sa.text("false"), nullable=False),
        schema="programme",
    )
