"""Data set aside before it is removed."""

import sqlalchemy as sa
from alembic import op

revision = "0034"
down_revision = "0033"


def upgrade() -> None:
    op.create_table(
        "set_aside",
        sa.Column("wave_id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("keep_until", sa.Date(), nullable=True),
        sa.Column("kept_because", sa.String(), nullable=True),
        sa.Column("kept_by", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(
            ["wave_id"], ["programme.wave.id"], name=op.f("fk_set_aside_wave_id")
        ),
        sa.PrimaryKeyConstraint("wave_id", "name", name=op.f("pk_set_aside")),
        schema="programme",
    )
