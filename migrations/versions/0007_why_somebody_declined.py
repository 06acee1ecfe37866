"""Why somebody declined."""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"


def upgrade() -> None:
    op.add_column(
        "participant", sa.Column("declined_because", sa.String(), nullable=True), schema="identity"
    )
