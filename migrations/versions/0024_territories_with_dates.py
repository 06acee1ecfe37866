"""Territories with dates: what a wave was opened with, and what a file last said of a territory."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

revision = "0024"
down_revision = "0023"

DOCUMENT = sa.JSON().with_variant(JSONB(), "postgresql")


def upgrade() -> None:
    op.create_table(
        "wave_territory",
        sa.Column("wave_id", sa.Integer(), nullable=False),
        sa.Column("territory", sa.String(), nullable=False),
        sa.Column("parent", sa.String(), nullable=True),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("document", DOCUMENT, nullable=False),
        sa.ForeignKeyConstraint(
            ["wave_id"], ["programme.wave.id"], name=op.f("fk_wave_territory_wave_id")
        ),
        sa.PrimaryKeyConstraint("wave_id", "territory", name=op.f("pk_wave_territory")),
        schema="programme",
    )
    op.add_column("territory", sa.Column("loaded", DOCUMENT, nullable=True), schema="programme")
    _fill()


def _fill() -> None:
    """Waves opened before keep every territory as it is now, in its order: so were they read."""
    territory = sa.table(
        "territory",
        *(sa.column(name) for name in ("id", "programme_id", "code", "parent")),
        sa.column("document", DOCUMENT),
        sa.column("loaded", DOCUMENT),
        schema="programme",
    )
    wave = sa.table(
        "wave",
        *(sa.column(name) for name in ("id", "programme_id", "opened_at")),
        schema="programme",
    )
    names = ("wave_id", "territory", "parent", "position", "document")
    kept = sa.table("wave_territory", *(sa.column(name) for name in names), schema="programme")
    now = (
        sa.select(wave.c.id, territory.c.code, territory.c.parent, territory.c.id)
        .add_columns(territory.c.document)
        .join(territory, territory.c.programme_id == wave.c.programme_id)
        .where(wave.c.opened_at.is_not(None))
    )
    op.execute(sa.insert(kept).from_select(names, now))
    op.execute(sa.update(territory).values(loaded=territory.c.document))
