"""Which process may do what to which table: one table, two guards made from it.

On PostgreSQL it becomes roles and grants (each process signs in as a role of its own); on SQLite,
where there are no roles, an authorizer that the connection asks about every statement. So a fault
in the participants' pages reads no account, no release and no other secret of the house.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterator
from typing import Literal

from sqlalchemy import MetaData, Table

Surface = Literal["public", "office", "job"]
SURFACES: tuple[Surface, ...] = ("public", "office", "job")

# s: select, i: insert, u: update, d: delete; a: append (insert, and read back the new row's id)
PRIVILEGES: dict[str, tuple[str, str, str]] = {
    # table                  public  office  job
    "account": ("", "siu", "s"),
    "account_grant": ("", "siud", "s"),
    "staff_session": ("", "siud", ""),
    "second_factor": ("", "siud", ""),
    "recovery_code": ("", "siud", ""),
    "invitation": ("", "siud", ""),
    "api_token": ("", "siu", ""),
    "linked_identity": ("", "siud", ""),
    "throttle": ("siud", "siud", "sd"),  # the worker: how many in all
    "participant": ("siu", "siud", "siud"),
    "access_code": ("si", "siud", "siud"),
    "response": ("siu", "siud", "siud"),
    "response_key": ("sid", "siud", "siud"),
    "answer_file": ("sid", "sd", "sd"),
    "save_key": ("sid", "sd", "d"),  # staff: where people left, receipts, not the keys
    "participant_session": ("siud", "sud", "d"),  # a keyed sheet ends what was begun on a screen
    "keyed_entry": ("", "siud", "sd"),  # the worker: how often two keyings differ
    "assistance": ("sd", "sid", "d"),  # a hand-over is used up where it is taken
    "programme": ("s", "siu", "siu"),
    "territory": ("s", "siu", "siu"),
    "questionnaire_version": ("", "siud", "siu"),
    "instrument": ("s", "si", "si"),
    "framework_version": ("", "siud", "siu"),
    "review": ("", "siu", ""),
    "review_comment": ("", "si", ""),
    "divergence": ("", "siu", ""),
    "library_entry": ("", "si", ""),
    "library_version": ("", "si", ""),  # a version never changes
    "recording": ("s", "sid", ""),  # played to participants
    "trial": ("", "siud", "sd"),  # who makes figures cannot read what was typed on trial
    "draft_edit": ("", "si", ""),  # the history of a draft is only added to
    "wave": ("s", "siu", "siu"),
    "wave_instrument": ("s", "si", "si"),
    "wave_territory": ("s", "si", "si"),  # the borders of its time never change
    "wave_exchange": ("", "si", "si"),
    "wave_framework": ("", "si", "si"),
    "passage": ("", "si", "sd"),
    "rights_request": ("", "siu", "d"),
    "dossier": ("", "siu", "s"),
    "notice": ("s", "si", "s"),  # a version never changes
    "set_aside": ("", "su", "si"),  # the worker sets aside, the officer keeps
    "series_value": ("", "siu", "s"),
    "known_total": ("", "siu", "s"),
    "weighting_rule": ("", "siu", "s"),
    "response_cells": ("", "siu", "s"),
    "data_cut": ("", "si", "siu"),
    "release": ("", "siu", "siu"),
    "release_membership": ("", "si", "si"),
    "download": ("", "sa", "sa"),
    "extract_request": ("", "siu", "s"),
    "follow": ("", "sid", ""),
    "count_keys": ("", "s", "si"),  # the worker alone makes the tables
    "count_table": ("s", "su", "siu"),  # numbers with noise; opened or closed, never changed
    "public_page": ("s", "sid", "sid"),  # made of published releases, and nothing else
    "job": ("", "siu", "siu"),
    "feedback_page": ("s", "siu", "s"),
    "field_target": ("", "siud", "s"),
    "outcome_count": ("", "s", "sid"),
    "contact_step": ("", "siu", "s"),
    "call": ("", "siud", "sud"),
    "name_key": ("", "sid", "sid"),
    "contact": ("", "sid", "sid"),
    "contact_wish": ("a", "sid", "sd"),
    "outgoing_message": ("", "siud", "siud"),
    "audit_entry": ("a", "sa", "sa"),  # nobody changes or removes what was recorded
    "audit_link": ("", "s", "si"),  # the worker seals
    "audit_head": ("s", "s", "si"),  # published: no entry and no name is in it
    "audit_segment": ("", "s", "s"),  # the owner of the tables prunes
}

# Where a letter holds for some columns only: whose "s" leaves out what is sealed, and so on.
COLUMNS: dict[tuple[str, str, str], frozenset[str]] = {
    ("public", "participant", "s"): frozenset(
        [
            "id",
            "wave_id",
            "territory",
            "audience",
            "disposition",
            "answered",
            "weight",
            "stratum",
            "psu",
            "sub_area",
            "exchange_instrument_id",
        ]
    ),
    ("public", "participant", "u"): frozenset(
        ("disposition", "disposition_at", "declined_because", "answered")
    ),
    ("public", "access_code", "s"): frozenset(("id", "participant_id", "digest", "revoked_at")),
    ("public", "response", "u"): frozenset(
        [
            "body",
            "revision",
            "saved_at",
            "submitted_at",
            "withdrawal_digest",
            "withdrawn_at",
            "participant_id",
        ]
    ),
    # Participants' pages keep and remove files, the worker removes them: neither reads one.
    ("public", "answer_file", "s"): frozenset(("id", "response_id", "mark")),
    ("job", "answer_file", "s"): frozenset(("id", "response_id", "mark")),
    ("job", "keyed_entry", "s"): frozenset(
        ("wave_id", "participant_id", "territory", "compared", "differing")
    ),
    ("job", "trial", "s"): frozenset(["until"]),  # to remove what is over
    ("office", "save_key", "s"): frozenset(("id", "response_id", "goes_to", "receipt", "at")),
    ("public", "assistance", "s"): frozenset(
        [
            "id",
            "digest",
            "kind",
            "participant_id",
            "code_id",
            "code_digest",
            "channel",
            "made_by",
            "made_at",
            "valid_from",
            "valid_until",
        ]
    ),
    ("office", "outgoing_message", "s"): frozenset(
        [
            "id",
            "key",
            "channel",
            "purpose",
            "identity",
            "queued_at",
            "next_at",
            "claimed_at",
            "tried_at",
            "attempts",
            "ended_at",
            "outcome",
        ]
    ),
    ("public", "participant_session", "u"): frozenset(("seen_at", "ended_at", "sees_earlier")),
}

_SQL = {"s": "SELECT", "i": "INSERT", "u": "UPDATE", "d": "DELETE", "a": "INSERT"}
_ASKED = {
    sqlite3.SQLITE_READ: "s",
    sqlite3.SQLITE_INSERT: "ia",
    sqlite3.SQLITE_UPDATE: "u",
    sqlite3.SQLITE_DELETE: "d",
}
_HARMLESS = {
    sqlite3.SQLITE_SELECT,
    sqlite3.SQLITE_TRANSACTION,
    sqlite3.SQLITE_SAVEPOINT,
    sqlite3.SQLITE_FUNCTION,
    sqlite3.SQLITE_RECURSIVE,
}
Authorizer = Callable[[int, str | None, str | None, str | None, str | None], int]


def allowed(surface: Surface, table: str) -> str:
    """The letters of what a surface may do to a table; a table without a line: nothing."""
    return PRIVILEGES.get(table, ("", "", ""))[SURFACES.index(surface)]


def authorizer(surface: Surface, looked_up: frozenset[tuple[str, str]] = frozenset()) -> Authorizer:
    """What a SQLite connection of this surface asks (``sqlite3.Connection.set_authorizer``).

    ``looked_up``: columns (table, column) that refer to what this surface adds. SQLite itself looks
    into them when a row is added, and asks as if the surface did.
    """

    def judge(
        action: int, first: str | None, second: str | None, _base: str | None, _by: str | None
    ) -> int:
        if action in _HARMLESS:
            return sqlite3.SQLITE_OK
        if action == sqlite3.SQLITE_READ and (first, second) in looked_up:
            return sqlite3.SQLITE_OK
        letters = allowed(surface, first or "")
        if action == sqlite3.SQLITE_READ and second == "id" and "a" in letters:
            return sqlite3.SQLITE_OK
        good = set(_ASKED.get(action, "")) & set(letters)
        only = COLUMNS.get((surface, first or "", "".join(good)))
        if only is not None and second and second not in only:
            return sqlite3.SQLITE_DENY
        return sqlite3.SQLITE_OK if good else sqlite3.SQLITE_DENY

    return judge


def grants(tables: MetaData) -> Iterator[str]:
    """The statements that give each surface's role what it may do, and nothing else.

    For a superuser, or an owner with CREATEROLE; running them again changes nothing. A process
    signs in as a member of ``covalue_public``, ``covalue_office`` or ``covalue_job``.
    """
    schemas = sorted({str(table.schema) for table in tables.sorted_tables})
    for surface in SURFACES:
        role = f"covalue_{surface}"
        yield (
            f"DO $$ BEGIN CREATE ROLE {role} NOLOGIN; "
            "EXCEPTION WHEN duplicate_object THEN NULL; END $$"
        )
        for schema in schemas:
            yield f"GRANT USAGE ON SCHEMA {schema} TO {role}"
            yield f"REVOKE ALL ON ALL TABLES IN SCHEMA {schema} FROM {role}"
            yield f"REVOKE ALL ON ALL SEQUENCES IN SCHEMA {schema} FROM {role}"
        for table in tables.sorted_tables:
            yield from _given(surface, table, allowed(surface, table.name))


def _verb(surface: Surface, table: Table, letter: str) -> str:
    only = COLUMNS.get((surface, table.name, letter))
    return _SQL[letter] if only is None else f"{_SQL[letter]} ({', '.join(sorted(only))})"


def _given(surface: Surface, table: Table, letters: str) -> Iterator[str]:
    role = f"covalue_{surface}"
    if letters:
        verbs = ", ".join(_verb(surface, table, letter) for letter in letters)
        yield f"GRANT {verbs} ON {table.fullname} TO {role}"
    if "a" in letters:
        yield f"GRANT SELECT (id) ON {table.fullname} TO {role}"
    if table.autoincrement_column is not None and set(letters) & {"i", "a"}:
        sequence = f"{table.fullname}_{table.autoincrement_column.name}_seq"
        yield f"GRANT USAGE ON SEQUENCE {sequence} TO {role}"
