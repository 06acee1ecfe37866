"""States of releases."""

import sqlalchemy as sa
from alembic import op

revision = "0016"
down_revision = "0015"


def upgrade() -> None:
    op.create_table(
        "follow",
        sa.Column("account_id", sa.Integer(), nullable=False),
        sa.Column("programme_id", sa.Integer(), nullable=False),
        sa.Column("territory", sa.String(), nullable=False),
        sa.Column("since", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["account_id"], ["identity.account.id"], name=op.f("fk_follow_account_id")
        ),
        sa.ForeignKeyConstraint(
            ["programme_id"], ["programme.programme.id"], name=op.f("fk_follow_programme_id")
        ),
        sa.PrimaryKeyConstraint("account_id", "programme_id", "territory", name=op.f("pk_follow")),
        schema="programme",
    )
    op.create_table(
        "public_page",
        sa.Column("address", sa.String(), nullable=False),
        sa.Column("release_id", sa.Integer(), nullable=False),
        sa.Column("programme", sa.String(), nullable=False),
        sa.Column("type", sa.String(), nullable=False),
        sa.Column("body", sa.LargeBinary(), nullable=False),
        sa.Column("etag", sa.String(), nullable=False),
        sa.Column("title", sa.String(), nullable=True),
        sa.ForeignKeyConstraint(
            ["release_id"], ["programme.release.id"], name=op.f("fk_public_page_release_id")
        ),
        sa.PrimaryKeyConstraint("address", name=op.f("pk_public_page")),
        schema="programme",
    )
    op.create_index(
        op.f("ix_public_page_release_id"),
        "public_page",
        ["release_id"],
        unique=False,
        schema="programme",
    )
    op.add_column(
        "programme", sa.Column("public_results", sa.Boolean(), nullable=True), schema="programme"
    )
    op.add_column(
        "release",
        sa.Column("checked_at", sa.DateTime(timezone=True), nullable=True),
        schema="programme",
    )
    op.add_column(
        "release", sa.Column("checked_by", sa.Integer(), nullable=True), schema="programme"
    )
    op.add_column(
        "release",
        sa.Column("approved_at", sa.DateTime(timezone=True), nullable=True),
        schema="programme",
    )
    op.add_column(
        "release", sa.Column("approved_by", sa.Integer(), nullable=True), schema="programme"
    )
    op.add_column(
        "release",
        sa.Column("published_at", sa.DateTime(timezone=True), nullable=True),
        schema="programme",
    )
    op.add_column(
        "release", sa.Column("published_by", sa.Integer(), nullable=True), schema="programme"
    )
    op.add_column(
        "release", sa.Column("withdrawn_by", sa.Integer(), nullable=True), schema="programme"
    )
    op.add_column(
        "release", sa.Column("withdrawal", sa.String(), nullable=True), schema="programme"
    )
    op.add_column(
        "release", sa.Column("corrects_id", sa.Integer(), nullable=True), schema="programme"
    )
