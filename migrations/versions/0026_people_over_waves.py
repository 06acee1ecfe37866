"""A person is found over all waves by the digest of name and address."""

from alembic import op

revision = "0026"
down_revision = "0025"


def upgrade() -> None:
    op.create_index("ix_name_key_person", "name_key", ["digest"], schema="identity")
