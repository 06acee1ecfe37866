"""Targets and quotas of collections."""

import sqlalchemy as sa
from alembic import op

revision = "0025"
down_revision = "0024"


def upgrade() -> None:
    op.create_table(
        "field_target",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("wave_id", sa.Integer(), nullable=False),
        sa.Column("territory", sa.String(), nullable=False),
        sa.Column("audience", sa.String(), nullable=False),
        sa.Column("channel", sa.String(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("people", sa.Integer(), nullable=False),
        sa.Column("set_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("set_by", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(
            ["wave_id"], ["programme.wave.id"], name=op.f("fk_field_target_wave_id_wave")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_field_target")),
        sa.UniqueConstraint(
            "wave_id",
            "territory",
            "audience",
            "channel",
            "kind",
            name=op.f("uq_field_target_wave_id_territory_audience_channel_kind"),
        ),
        schema="programme",
    )
