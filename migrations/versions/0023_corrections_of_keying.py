"""Responses that stand in the place of one keyed wrongly."""

import sqlalchemy as sa
from alembic import op

revision = "0023"
down_revision = "0022"


def upgrade() -> None:
    for table in ("response", "keyed_entry"):
        op.add_column(table, sa.Column("corrects", sa.Integer(), nullable=True), schema="answers")
        op.add_column(table, sa.Column("correction", sa.String(), nullable=True), schema="answers")
    op.create_index("ix_response_superseded", "response", ["superseded_by"], schema="answers")
