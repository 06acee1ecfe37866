"""Tokens that reach one territory; requests of programs; names and addresses found as a whole."""

import sqlalchemy as sa
from alembic import op

revision = "0022"
down_revision = "0021"


def upgrade() -> None:
    op.add_column(
        "api_token", sa.Column("territory", sa.String(), nullable=True), schema="identity"
    )
    op.add_column(
        "name_key",
        sa.Column("whole", sa.Boolean(), server_default=sa.text("false"), nullable=False),
        schema="identity",
    )
    op.add_column("job", sa.Column("request_key", sa.String(), nullable=True), schema="programme")
    op.create_index(
        "ix_job_request",
        "job",
        ["made_by", "request_key"],
        unique=True,
        schema="programme",
    )
