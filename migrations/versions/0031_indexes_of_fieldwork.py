"""Indexes of fieldwork."""

from alembic import op

revision = "0031"
down_revision = "0030"


def upgrade() -> None:
    op.drop_index(op.f("ix_response_wave"), table_name="response", schema="answers")
    op.create_index(
        "ix_response_counted",
        "response",
        [
            "wave_id",
            "superseded_by",
            "territory",
            "audience",
            "channel",
            "submitted_at",
            "consented_at",
            "participant_id",
        ],
        unique=False,
        schema="answers",
    )
    op.drop_index(op.f("ix_call_participant_id"), table_name="call", schema="identity")
    op.create_index(
        "ix_call_next", "call", ["next_at", "participant_id"], unique=False, schema="identity"
    )
    op.create_index(
        "ix_call_of_person",
        "call",
        ["participant_id", "id", "result"],
        unique=False,
        schema="identity",
    )
    op.drop_index(op.f("ix_contact_participant_id"), table_name="contact", schema="identity")
    op.create_index(
        "ix_contact_message",
        "contact",
        ["step_id", "message_key", "participant_id"],
        unique=False,
        schema="identity",
    )
    op.create_index(
        "ix_contact_of_person",
        "contact",
        ["participant_id", "id", "channel"],
        unique=False,
        schema="identity",
    )
    op.drop_index(op.f("ix_name_key_digest"), table_name="name_key", schema="identity")
    op.drop_index(op.f("ix_name_key_person"), table_name="name_key", schema="identity")
    op.create_index(
        "ix_name_key_waves",
        "name_key",
        ["digest", "wave_id", "whole", "participant_id"],
        unique=False,
        schema="identity",
    )
    op.create_index(
        "ix_name_key_whole",
        "name_key",
        ["whole", "wave_id", "digest", "participant_id"],
        unique=False,
        schema="identity",
    )
    op.create_index(
        "ix_name_key_word",
        "name_key",
        ["wave_id", "digest", "participant_id"],
        unique=False,
        schema="identity",
    )
    op.drop_index(
        op.f("ix_participant_wave_territory"), table_name="participant", schema="identity"
    )
    op.create_index(
        "ix_participant_counted",
        "participant",
        [
            "wave_id",
            "territory",
            "audience",
            "disposition",
            "declined_because",
            "answered",
            "listed",
            "id",
        ],
        unique=False,
        schema="identity",
    )
    op.create_index(
        "ix_participant_phone",
        "participant",
        ["wave_id", "has_phone", "id", "territory"],
        unique=False,
        schema="identity",
    )
