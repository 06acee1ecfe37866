"""Messages to send."""

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"


def upgrade() -> None:
    op.create_table(
        "outgoing_message",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("key", sa.String(), nullable=False),
        sa.Column("channel", sa.String(), nullable=False),
        sa.Column("purpose", sa.String(), nullable=False),
        sa.Column("identity", sa.String(), nullable=False),
        sa.Column("sealed", sa.LargeBinary(), nullable=True),
        sa.Column("queued_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("next_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("claimed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("tried_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("outcome", sa.String(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_outgoing_message")),
        sa.UniqueConstraint("identity", name=op.f("uq_outgoing_message_identity")),
        sa.UniqueConstraint("key", name=op.f("uq_outgoing_message_key")),
        schema="identity",
    )
    op.create_index(
        "ix_outgoing_message_due",
        "outgoing_message",
        ["ended_at", "next_at"],
        unique=False,
        schema="identity",
    )
    op.create_index(
        op.f("ix_outgoing_message_tried_at"),
        "outgoing_message",
        ["tried_at"],
        unique=False,
        schema="identity",
    )
