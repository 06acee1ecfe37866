"""Receipts of saved pages."""

import sqlalchemy as sa
from alembic import op

revision = "0035"
down_revision = "0034"


def upgrade() -> None:
    op.add_column("save_key", sa.Column("receipt", sa.String(), nullable=True), schema="answers")
