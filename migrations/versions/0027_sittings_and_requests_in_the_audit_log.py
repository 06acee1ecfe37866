"""Sittings and requests in the audit log."""

import sqlalchemy as sa
from alembic import op

revision = "0027"
down_revision = "0026"


def upgrade() -> None:
    op.add_column("audit_entry", sa.Column("sitting", sa.String(), nullable=True), schema="audit")
    op.add_column("audit_entry", sa.Column("request", sa.String(), nullable=True), schema="audit")
