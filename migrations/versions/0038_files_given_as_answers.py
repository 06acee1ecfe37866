"""Files given as answers."""

import sqlalchemy as sa
from alembic import op

revision = "0038"
down_revision = "0037"


def upgrade() -> None:
    op.create_table(
        "answer_file",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("response_id", sa.Integer(), nullable=False),
        sa.Column("mark", sa.String(), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(
            ["response_id"], ["answers.response.id"], name=op.f("fk_answer_file_response_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_answer_file")),
        sa.UniqueConstraint("response_id", "mark", name=op.f("uq_answer_file_response_id_mark")),
        schema="answers",
    )
