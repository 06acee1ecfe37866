"""Counts of large samples."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

revision = "0033"
down_revision = "0032"

DOCUMENT = sa.JSON().with_variant(JSONB(), "postgresql")


def upgrade() -> None:
    op.create_table(
        "outcome_count",
        sa.Column("wave_id", sa.Integer(), nullable=False),
        sa.Column("territory", sa.String(), nullable=False),
        sa.Column("counted_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("groups", DOCUMENT, nullable=False),
        sa.Column("frame", DOCUMENT, nullable=False),
        sa.ForeignKeyConstraint(
            ["wave_id"], ["programme.wave.id"], name=op.f("fk_outcome_count_wave_id")
        ),
        sa.PrimaryKeyConstraint("wave_id", "territory", name=op.f("pk_outcome_count")),
        schema="programme",
    )
    op.add_column(
        "participant",
        sa.Column("coded", sa.Boolean(), server_default=sa.text("false"), nullable=False),
        schema="identity",
    )
    _fill()
    op.drop_index(op.f("ix_participant_counted"), table_name="participant", schema="identity")
    op.create_index(
        "ix_participant_counted",
        "participant",
        [
            "wave_id",
            "territory",
            "audience",
            "disposition",
            "declined_because",
            "answered",
            "listed",
            "coded",
            "id",
        ],
        unique=False,
        schema="identity",
    )


def _fill() -> None:
    """Who has a code had one."""
    person = sa.table("participant", sa.column("id"), sa.column("coded"), schema="identity")
    code = sa.table("access_code", sa.column("participant_id"), schema="identity")
    held = sa.select(code.c.participant_id)
    op.execute(sa.update(person).where(person.c.id.in_(held)).values(coded=sa.true()))
