"""Contact plan."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

revision = "0010"
down_revision = "0009"

DOCUMENT = sa.JSON().with_variant(JSONB(), "postgresql")


def upgrade() -> None:
    op.create_table(
        "contact_step",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("wave_id", sa.Integer(), nullable=False),
        sa.Column("territory", sa.String(), nullable=False),
        sa.Column("audience", sa.String(), nullable=False),
        sa.Column("channel", sa.String(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("after_days", sa.Integer(), nullable=False),
        sa.Column("subject", DOCUMENT, nullable=False),
        sa.Column("text", DOCUMENT, nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("made_by", sa.Integer(), nullable=True),
        sa.Column("armed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["wave_id"], ["programme.wave.id"], name=op.f("fk_contact_step_wave_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_contact_step")),
        schema="programme",
    )
    op.create_index(
        op.f("ix_contact_step_wave_id"),
        "contact_step",
        ["wave_id"],
        unique=False,
        schema="programme",
    )
    op.create_table(
        "contact",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("step_id", sa.Integer(), nullable=False),
        sa.Column("participant_id", sa.Integer(), nullable=False),
        sa.Column("channel", sa.String(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("message_key", sa.String(), nullable=True),
        sa.Column("job_id", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(
            ["participant_id"], ["identity.participant.id"], name=op.f("fk_contact_participant_id")
        ),
        sa.ForeignKeyConstraint(
            ["step_id"], ["programme.contact_step.id"], name=op.f("fk_contact_step_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_contact")),
        sa.UniqueConstraint(
            "step_id", "participant_id", name=op.f("uq_contact_step_id_participant_id")
        ),
        schema="identity",
    )
    op.create_index(
        op.f("ix_contact_job_id"), "contact", ["job_id"], unique=False, schema="identity"
    )
    op.create_index(
        op.f("ix_contact_participant_id"),
        "contact",
        ["participant_id"],
        unique=False,
        schema="identity",
    )
    op.create_table(
        "contact_wish",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("participant_id", sa.Integer(), nullable=False),
        sa.Column("wish", sa.String(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["participant_id"],
            ["identity.participant.id"],
            name=op.f("fk_contact_wish_participant_id"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_contact_wish")),
        schema="identity",
    )
    op.create_index(
        op.f("ix_contact_wish_participant_id"),
        "contact_wish",
        ["participant_id"],
        unique=False,
        schema="identity",
    )
    op.add_column(
        "participant", sa.Column("sealed_reach", sa.LargeBinary(), nullable=True), schema="identity"
    )
    op.add_column(
        "participant",
        sa.Column("by_mail", sa.Boolean(), server_default=sa.text("false"), nullable=False),
        schema="identity",
    )
    op.add_column(
        "participant",
        sa.Column("by_sms", sa.Boolean(), server_default=sa.text("false"), nullable=False),
        schema="identity",
    )
    op.add_column(
        "participant",
        sa.Column("large_print", sa.Boolean(), server_default=sa.text("false"), nullable=False),
        schema="identity",
    )
    op.create_index(
        "ix_participant_case", "participant", ["wave_id", "case_reference"], schema="identity"
    )
