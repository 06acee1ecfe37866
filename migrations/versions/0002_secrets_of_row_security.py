"""Secrets of row security: what a session and a hand-over open, beside its number."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    op.add_column(
        "participant_session",
        sa.Column("response_secret", sa.LargeBinary(), nullable=True),
        schema="answers",
    )
    op.add_column(
        "assistance", sa.Column("code_digest", sa.LargeBinary(), nullable=True), schema="identity"
    )
    _fill("participant_session", "response_secret", "response_id", "response", "secret_digest")
    _fill("assistance", "code_digest", "code_id", "access_code", "digest")


def _fill(table: str, column: str, key: str, owner: str, value: str) -> None:
    schemas = {"response": "answers", "access_code": "identity"}
    row = sa.table(table, sa.column(column), sa.column(key), schema=schemas[owner])
    of = sa.table(owner, sa.column("id"), sa.column(value), schema=schemas[owner])
    found = sa.select(of.c[value]).where(of.c.id == row.c[key]).scalar_subquery()
    op.execute(sa.update(row).values({column: found}))
