"""Calls and names."""

import sqlalchemy as sa
from alembic import op

revision = "0014"
down_revision = "0013"


def upgrade() -> None:
    op.create_table(
        "call",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("participant_id", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("made_by", sa.Integer(), nullable=True),
        sa.Column("result", sa.String(), nullable=False),
        sa.Column("next_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("sealed_note", sa.LargeBinary(), nullable=True),
        sa.ForeignKeyConstraint(
            ["participant_id"], ["identity.participant.id"], name=op.f("fk_call_participant_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_call")),
        schema="identity",
    )
    op.create_index(
        op.f("ix_call_participant_id"), "call", ["participant_id"], unique=False, schema="identity"
    )
    op.create_table(
        "name_key",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("wave_id", sa.Integer(), nullable=False),
        sa.Column("participant_id", sa.Integer(), nullable=False),
        sa.Column("digest", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(
            ["participant_id"], ["identity.participant.id"], name=op.f("fk_name_key_participant_id")
        ),
        sa.ForeignKeyConstraint(
            ["wave_id"], ["programme.wave.id"], name=op.f("fk_name_key_wave_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_name_key")),
        schema="identity",
    )
    op.create_index(
        "ix_name_key_digest", "name_key", ["wave_id", "digest"], unique=False, schema="identity"
    )
    op.create_index(
        op.f("ix_name_key_participant_id"),
        "name_key",
        ["participant_id"],
        unique=False,
        schema="identity",
    )
    op.add_column(
        "participant",
        sa.Column("has_phone", sa.Boolean(), server_default=sa.text("false"), nullable=False),
        schema="identity",
    )
    op.add_column(
        "participant", sa.Column("assigned_to", sa.Integer(), nullable=True), schema="identity"
    )
