"""Exchange items."""

import sqlalchemy as sa
from alembic import op

revision = "0018"
down_revision = "0017"


def upgrade() -> None:
    op.create_table(
        "wave_exchange",
        sa.Column("wave_id", sa.Integer(), nullable=False),
        sa.Column("territory", sa.String(), nullable=False),
        sa.Column("audience", sa.String(), nullable=False),
        sa.Column("instrument_id", sa.Integer(), nullable=False),
        sa.Column("percent", sa.Integer(), nullable=False),
        sa.Column("seed", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(
            ["instrument_id"],
            ["programme.instrument.id"],
            name=op.f("fk_wave_exchange_instrument_id_instrument"),
        ),
        sa.ForeignKeyConstraint(
            ["wave_id"], ["programme.wave.id"], name=op.f("fk_wave_exchange_wave_id_wave")
        ),
        sa.PrimaryKeyConstraint("wave_id", "territory", "audience", name=op.f("pk_wave_exchange")),
        schema="programme",
    )
    op.add_column(
        "participant",
        sa.Column("exchange_instrument_id", sa.Integer(), nullable=True),
        schema="identity",
    )
