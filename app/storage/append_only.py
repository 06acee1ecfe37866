"""The audit log is only added to: triggers that refuse the rest, on both kinds of database.

Entries and links may go once the signed header of a pruned segment stands for them. The owner of
the tables can drop a trigger; the chain, its published heads and the second copy show it.
"""

from __future__ import annotations

from collections.abc import Iterator

PRUNABLE = {
    "audit_entry": "SELECT 1 FROM {s}audit_segment g, {s}audit_link l "
    "WHERE l.entry_id = OLD.id AND l.position BETWEEN g.first AND g.last",
    "audit_link": "SELECT 1 FROM {s}audit_segment g WHERE OLD.position BETWEEN g.first AND g.last",
}
FOR_EVER = ("audit_head", "audit_segment")
SAID = "the audit log is only added to"


def append_only(dialect: str) -> Iterator[str]:
    """The statements that make the four tables append-only. Running them again changes nothing."""
    yield from _on_postgresql() if dialect == "postgresql" else _on_sqlite()


def _on_postgresql() -> Iterator[str]:
    refuse = f"RAISE EXCEPTION '{SAID}' USING ERRCODE = 'insufficient_privilege';"
    yield _function("stays", refuse)
    for table, pruned in PRUNABLE.items():
        condition = pruned.format(s="audit.")
        yield _function(f"{table}_stays", f"IF NOT EXISTS ({condition}) THEN {refuse} END IF; ")
        yield (
            f"CREATE OR REPLACE TRIGGER stays BEFORE UPDATE OR TRUNCATE ON audit.{table} "
            "FOR EACH STATEMENT EXECUTE FUNCTION audit.stays()"
        )
        yield (
            f"CREATE OR REPLACE TRIGGER stays_unless_pruned BEFORE DELETE ON audit.{table} "
            f"FOR EACH ROW EXECUTE FUNCTION audit.{table}_stays()"
        )
    for table in FOR_EVER:
        yield (
            f"CREATE OR REPLACE TRIGGER stays BEFORE UPDATE OR DELETE OR TRUNCATE "
            f"ON audit.{table} FOR EACH STATEMENT EXECUTE FUNCTION audit.stays()"
        )


def _function(name: str, words: str) -> str:
    return (
        f"CREATE OR REPLACE FUNCTION audit.{name}() RETURNS trigger LANGUAGE plpgsql AS "
        f"$$ BEGIN {words} RETURN OLD; END $$"
    )


def _on_sqlite() -> Iterator[str]:
    refuse = f"BEGIN SELECT RAISE(ABORT, '{SAID}'); END"
    for table in (*PRUNABLE, *FOR_EVER):
        yield f"CREATE TRIGGER IF NOT EXISTS {table}_changes BEFORE UPDATE ON {table} {refuse}"
        pruned = PRUNABLE.get(table)
        when = f"WHEN NOT EXISTS ({pruned.format(s='')}) " if pruned else ""
        yield f"CREATE TRIGGER IF NOT EXISTS {table}_goes BEFORE DELETE ON {table} {when}{refuse}"
