"""Seals of the audit log."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"

APPEND_ONLY = {
    "postgresql": [
        "CREATE OR REPLACE FUNCTION audit.stays() RETURNS trigger LANGUAGE plpgsql AS "
        "$$ BEGIN RAISE EXCEPTION 'the audit log is only added to' USING ERRCODE = "
        "'insufficient_privilege'; RETURN OLD; END $$",
        "CREATE OR REPLACE FUNCTION audit.audit_entry_stays() RETURNS trigger LANGUAGE "
        "plpgsql AS $$ BEGIN IF NOT EXISTS (SELECT 1 FROM audit.audit_segment g, "
        "audit.audit_link l WHERE l.entry_id = OLD.id AND l.position BETWEEN g.first "
        "AND g.last) THEN RAISE EXCEPTION 'the audit log is only added to' USING "
        "ERRCODE = 'insufficient_privilege'; END IF;  RETURN OLD; END $$",
        "CREATE OR REPLACE TRIGGER stays BEFORE UPDATE OR TRUNCATE ON "
        "audit.audit_entry FOR EACH STATEMENT EXECUTE FUNCTION audit.stays()",
        "CREATE OR REPLACE TRIGGER stays_unless_pruned BEFORE DELETE ON "
        "audit.audit_entry FOR EACH ROW EXECUTE FUNCTION audit.audit_entry_stays()",
        "CREATE OR REPLACE FUNCTION audit.audit_link_stays() RETURNS trigger LANGUAGE "
        "plpgsql AS $$ BEGIN IF NOT EXISTS (SELECT 1 FROM audit.audit_segment g WHERE "
        "OLD.position BETWEEN g.first AND g.last) THEN RAISE EXCEPTION 'the audit log "
        "is only added to' USING ERRCODE = 'insufficient_privilege'; END IF;  RETURN "
        "OLD; END $$",
        "CREATE OR REPLACE TRIGGER stays BEFORE UPDATE OR TRUNCATE ON audit.audit_link "
        "FOR EACH STATEMENT EXECUTE FUNCTION audit.stays()",
        "CREATE OR REPLACE TRIGGER stays_unless_pruned BEFORE DELETE ON "
        "audit.audit_link FOR EACH ROW EXECUTE FUNCTION audit.audit_link_stays()",
        "CREATE OR REPLACE TRIGGER stays BEFORE UPDATE OR DELETE OR TRUNCATE ON "
        "audit.audit_head FOR EACH STATEMENT EXECUTE FUNCTION audit.stays()",
        "CREATE OR REPLACE TRIGGER stays BEFORE UPDATE OR DELETE OR TRUNCATE ON "
        "audit.audit_segment FOR EACH STATEMENT EXECUTE FUNCTION audit.stays()",
    ],
    "sqlite": [
        "CREATE TRIGGER IF NOT EXISTS audit_entry_changes BEFORE UPDATE ON audit_entry "
        "BEGIN SELECT RAISE(ABORT, 'the audit log is only added to'); END",
        "CREATE TRIGGER IF NOT EXISTS audit_entry_goes BEFORE DELETE ON audit_entry WHEN "
        "NOT EXISTS (SELECT 1 FROM audit_segment g, audit_link l WHERE l.entry_id = OLD.id "
        "AND l.position BETWEEN g.first AND g.last) BEGIN SELECT RAISE(ABORT, 'the audit "
        "log is only added to'); END",
        "CREATE TRIGGER IF NOT EXISTS audit_link_changes BEFORE UPDATE ON audit_link BEGIN "
        "SELECT RAISE(ABORT, 'the audit log is only added to'); END",
        "CREATE TRIGGER IF NOT EXISTS audit_link_goes BEFORE DELETE ON audit_link WHEN NOT "
        "EXISTS (SELECT 1 FROM audit_segment g WHERE OLD.position BETWEEN g.first AND "
        "g.last) BEGIN SELECT RAISE(ABORT, 'the audit log is only added to'); END",
        "CREATE TRIGGER IF NOT EXISTS audit_head_changes BEFORE UPDATE ON audit_head BEGIN "
        "SELECT RAISE(ABORT, 'the audit log is only added to'); END",
        "CREATE TRIGGER IF NOT EXISTS audit_head_goes BEFORE DELETE ON audit_head BEGIN "
        "SELECT RAISE(ABORT, 'the audit log is only added to'); END",
        "CREATE TRIGGER IF NOT EXISTS audit_segment_changes BEFORE UPDATE ON audit_segment "
        "BEGIN SELECT RAISE(ABORT, 'the audit log is only added to'); END",
        "CREATE TRIGGER IF NOT EXISTS audit_segment_goes BEFORE DELETE ON audit_segment "
        "BEGIN SELECT RAISE(ABORT, 'the audit log is only added to'); END",
    ],
}


def upgrade() -> None:
    op.create_table(
        "audit_head",
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("hash", sa.LargeBinary(), nullable=False),
        sa.Column("signature", sa.LargeBinary(), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("day", name=op.f("pk_audit_head")),
        schema="audit",
    )
    op.create_table(
        "audit_link",
        sa.Column("position", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("entry_id", sa.Integer(), nullable=False),
        sa.Column("hash", sa.LargeBinary(), nullable=False),
        sa.Column("sealed_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("position", name=op.f("pk_audit_link")),
        sa.UniqueConstraint("entry_id", name=op.f("uq_audit_link_entry_id")),
        schema="audit",
    )
    op.create_table(
        "audit_segment",
        sa.Column("first", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("last", sa.Integer(), nullable=False),
        sa.Column("before", sa.LargeBinary(), nullable=False),
        sa.Column("after", sa.LargeBinary(), nullable=False),
        sa.Column("digest", sa.LargeBinary(), nullable=False),
        sa.Column("until", sa.Date(), nullable=False),
        sa.Column("signature", sa.LargeBinary(), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("first", name=op.f("pk_audit_segment")),
        schema="audit",
    )
    for statement in APPEND_ONLY[op.get_bind().dialect.name]:
        op.execute(sa.text(statement))
