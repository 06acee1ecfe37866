"""Non-response cells."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

revision = "0028"
down_revision = "0027"

DOCUMENT = sa.JSON().with_variant(JSONB(), "postgresql")


def upgrade() -> None:
    op.create_table(
        "response_cells",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("wave_id", sa.Integer(), nullable=False),
        sa.Column("territory", sa.String(), nullable=False),
        sa.Column("audience", sa.String(), nullable=False),
        sa.Column("accepted", sa.Boolean(), nullable=False),
        sa.Column("reason", sa.String(), nullable=False),
        sa.Column("variables", DOCUMENT, nullable=False),
        sa.Column("fewest", sa.Integer(), nullable=False),
        sa.Column("cells", DOCUMENT, nullable=False),
        sa.Column("closed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("decided_by", sa.Integer(), nullable=True),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("superseded_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["wave_id"], ["programme.wave.id"], name=op.f("fk_response_cells_wave_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_response_cells")),
        schema="programme",
    )
    op.create_index(
        "ix_response_cells_place",
        "response_cells",
        ["wave_id", "territory", "audience"],
        unique=False,
        schema="programme",
    )
