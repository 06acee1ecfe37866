"""Counts that anybody may ask for."""

import sqlalchemy as sa
from alembic import op

revision = "0037"
down_revision = "0036"


def upgrade() -> None:
    op.add_column(
        "programme", sa.Column("public_counts", sa.Boolean(), nullable=True), schema="programme"
    )
    op.create_table(
        "count_keys",
        sa.Column("wave_id", sa.Integer(), nullable=False),
        sa.Column("cut_id", sa.Integer(), nullable=False),
        sa.Column("secret", sa.LargeBinary(), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["cut_id"], ["programme.data_cut.id"], name=op.f("fk_count_keys_cut_id")
        ),
        sa.ForeignKeyConstraint(
            ["wave_id"], ["programme.wave.id"], name=op.f("fk_count_keys_wave_id")
        ),
        sa.PrimaryKeyConstraint("wave_id", name=op.f("pk_count_keys")),
        schema="programme",
    )
    op.create_table(
        "count_table",
        sa.Column("address", sa.String(), nullable=False),
        sa.Column("audience", sa.String(), nullable=False),
        sa.Column("rows", sa.String(), nullable=False),
        sa.Column("columns", sa.String(), nullable=False),
        sa.Column("release_id", sa.Integer(), nullable=False),
        sa.Column("open", sa.Boolean(), nullable=False),
        sa.Column("body", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(
            ["release_id"], ["programme.release.id"], name=op.f("fk_count_table_release_id")
        ),
        sa.PrimaryKeyConstraint(
            "address", "audience", "rows", "columns", name=op.f("pk_count_table")
        ),
        schema="programme",
    )
    op.create_index(
        op.f("ix_count_table_release_id"), "count_table", ["release_id"], schema="programme"
    )
