"""Edits of drafts."""

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0011"


def upgrade() -> None:
    op.create_table(
        "draft_edit",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("programme_id", sa.Integer(), nullable=False),
        sa.Column("family", sa.String(), nullable=False),
        sa.Column("version_id", sa.Integer(), nullable=False),
        sa.Column("territory", sa.String(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("account_id", sa.Integer(), nullable=True),
        sa.Column("did", sa.String(), nullable=False),
        sa.Column("place", sa.String(), nullable=False),
        sa.Column("changes", sa.Text(), nullable=False),
        sa.Column("turns", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(
            ["programme_id"], ["programme.programme.id"], name=op.f("fk_draft_edit_programme_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_draft_edit")),
        sa.UniqueConstraint(
            "family", "version_id", "number", name=op.f("uq_draft_edit_family_version_id_number")
        ),
        schema="programme",
    )
