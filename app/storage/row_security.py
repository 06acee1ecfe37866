"""Row-level security of PostgreSQL: which rows a role sees, from one table of policies.

Staff and worker see the territories that their transaction was told of; participants' pages see
the rows that belong to the secret that their transaction was told, whatever id they ask for. FORCE
makes the owner of the tables subject to it too. Nothing told, nothing seen: a forgotten filter
shows no row. On SQLite, which has none of this, the filter in ``scope`` stands alone.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from sqlalchemy import MetaData, Table

from app.domain.territories import NATION
from app.storage.privileges import grants

ALL = "*"


@dataclass(frozen=True, slots=True)
class Reach:
    """What a transaction may see: a programme, territories of it; None: every one."""

    programme_id: int | None = None
    territories: frozenset[str] | None = None

    @property
    def told(self) -> tuple[str, str]:
        """The two settings of the transaction, as the policies read them."""
        return (
            ALL if self.programme_id is None else str(self.programme_id),
            ALL if self.territories is None else ",".join(sorted(self.territories)),
        )


EVERYTHING = Reach()
TELL_REACH = (
    "SELECT set_config('covalue.programme', %s, true), set_config('covalue.territories', %s, true)"
)
TELL_SECRET = "SELECT set_config('covalue.secret', %s, true)"
SEES_EVERYTHING = f"-c covalue.programme={ALL} -c covalue.territories={ALL}"

_PROGRAMME = "(SELECT current_setting('covalue.programme', true))"
_TERRITORIES = "(SELECT current_setting('covalue.territories', true))"
_SECRET = "(SELECT decode(nullif(current_setting('covalue.secret', true), ''), 'hex'))"

_PLACE = (
    f"({_TERRITORIES} = '{ALL}' OR territory = ANY "
    "((SELECT string_to_array(current_setting('covalue.territories', true), ','))::text[]))"
)
_HERE = f"({_PROGRAMME} = '{ALL}' OR programme_id::text = {_PROGRAMME})"
_WAVE = (
    f"({_PROGRAMME} = '{ALL}' OR wave_id IN (SELECT w.id FROM programme.wave w "
    f"WHERE w.programme_id::text = {_PROGRAMME}))"
)
_OF_WAVE = f"{_WAVE} AND {_PLACE}"
_OF_PROGRAMME = f"{_HERE} AND {_PLACE}"
_DEFINITION = f"{_HERE} AND ({_PLACE} OR territory = '{NATION}' OR published_at IS NOT NULL)"


def _through(table: str, key: str, owner: str) -> str:
    """A row is seen by whoever sees the row that it belongs to."""
    return (
        f"({_TERRITORIES} = '{ALL}' AND {_PROGRAMME} = '{ALL}') OR "
        f"EXISTS (SELECT 1 FROM {owner} o WHERE o.id = {table}.{key})"
    )


def _same_response(table: str) -> str:
    """A row is seen by whoever sees the response that has its secret."""
    return (
        f"({_TERRITORIES} = '{ALL}' AND {_PROGRAMME} = '{ALL}') OR EXISTS "
        f"(SELECT 1 FROM answers.response r WHERE r.secret_digest = {table}.secret_digest)"
    )


STAFF: dict[str, str] = {
    "participant": _OF_WAVE,
    "response": _OF_WAVE,
    "keyed_entry": _OF_WAVE,
    "call": _through("call", "participant_id", "identity.participant"),
    "name_key": _through("name_key", "participant_id", "identity.participant"),
    "passage": _OF_WAVE,
    "contact": _through("contact", "participant_id", "identity.participant"),
    "contact_wish": _through("contact_wish", "participant_id", "identity.participant"),
    "count_table": "true",
    "feedback_page": _OF_WAVE,
    "field_target": _OF_WAVE,
    "outcome_count": _OF_WAVE,
    "contact_step": f"{_WAVE} AND ({_PLACE} OR territory = '{NATION}')",
    "rights_request": _OF_WAVE,
    "access_code": _through("access_code", "participant_id", "identity.participant"),
    "assistance": _through("assistance", "participant_id", "identity.participant"),
    "answer_file": _through("answer_file", "response_id", "answers.response"),
    "save_key": _through("save_key", "response_id", "answers.response"),
    "participant_session": _through("participant_session", "response_id", "answers.response"),
    "response_key": _same_response("response_key"),
    "series_value": _OF_PROGRAMME,
    "known_total": _OF_WAVE,
    "weighting_rule": _OF_WAVE,
    "response_cells": _OF_WAVE,
    "job": f"{_HERE} AND (territory IS NULL OR {_PLACE})",
    "questionnaire_version": _DEFINITION,
    "framework_version": _DEFINITION,
    "library_entry": f"{_HERE} AND ({_PLACE} OR territory = '{NATION}')",
    "library_version": _through("library_version", "entry_id", "programme.library_entry"),
    "draft_edit": _OF_PROGRAMME,
    "review": _OF_PROGRAMME,
    "review_comment": _OF_PROGRAMME,
    "divergence": _OF_PROGRAMME,
}

WRITTEN = {
    "contact_step": _OF_WAVE,
    "questionnaire_version": _OF_PROGRAMME,
    "framework_version": _OF_PROGRAMME,
    "library_entry": _OF_PROGRAMME,
}

# Tables that name a territory and that every member of staff may read whole.
SHARED = {
    "territory": "the names of places",
    "wave_territory": "the names of places at the time of a wave",
    "wave_instrument": "which published questionnaire is asked where",
    "wave_exchange": "which part of a sample is asked others' items too",
    "wave_framework": "which published framework judges where",
    "account_grant": "read before it is known who is asking; pages show it to its managers only",
    "recording": "played to participants: it says what their page says",
    "trial": "read by its code before it is known who is asking; pages show it with its draft only",
    "api_token": "read before it is known who is asking; each person manages only their own",
    "follow": "read for its own account, and to tell everybody when a release is published",
    "audit_entry": "written by everybody; its page narrows it",
}

_CODE = f"(SELECT c.participant_id FROM identity.access_code c WHERE c.digest = {_SECRET}"
_OWN = (
    "secret_digest = (SELECT s.response_secret FROM answers.participant_session s "
    f"WHERE s.digest = {_SECRET} AND s.ended_at IS NULL) "
    f"OR withdrawal_digest = {_SECRET} "
    f"OR participant_id = {_CODE} AND c.revoked_at IS NULL)"
)

# Somebody who answers an open call has no code yet: the reference is made of the secret, and a code
# may be added for nobody but a person whom the secret shows, with that secret for its digest.
_ALONE = f"'open-' || encode({_SECRET}, 'hex')"
_OPEN_CALL = (
    "EXISTS (SELECT 1 FROM programme.wave w WHERE w.id = wave_id AND w.frame = 'open_call' "
    "AND w.opened_at IS NOT NULL AND w.closed_at IS NULL)"
)

# What participants' pages see, and what they may write: USING, WITH CHECK.
PARTICIPANTS: dict[str, tuple[tuple[str, str, str], ...]] = {
    "access_code": (
        ("SELECT", f"digest = {_SECRET}", ""),
        ("INSERT", "", f"digest = {_SECRET} AND identity.sees_person(participant_id)"),
    ),
    "count_table": (("SELECT", "open", ""),),
    "feedback_page": (("SELECT", "published_at IS NOT NULL", ""),),
    "contact_wish": (("INSERT", "", "true"),),  # said with a signed link; read by staff
    "assistance": (("ALL", f"digest = {_SECRET}", "false"),),
    "participant": (
        (
            "ALL",
            f"id = {_CODE}) OR EXISTS "
            "(SELECT 1 FROM answers.response r WHERE r.participant_id = participant.id)",
            "",
        ),
        ("SELECT", f"reference = {_ALONE}", ""),
        ("INSERT", "", f"NOT listed AND reference = {_ALONE} AND {_OPEN_CALL}"),
    ),
    "response": (
        ("SELECT", _OWN, ""),
        ("UPDATE", _OWN, ""),
        ("INSERT", "", f"participant_id = {_CODE} AND c.revoked_at IS NULL)"),
    ),
    "save_key": (
        (
            "ALL",
            "EXISTS (SELECT 1 FROM answers.response r WHERE r.id = save_key.response_id)",
            "",
        ),
    ),
    "answer_file": (
        (
            "ALL",
            "EXISTS (SELECT 1 FROM answers.response r WHERE r.id = answer_file.response_id)",
            "",
        ),
    ),
    "response_key": (
        (
            "ALL",
            "EXISTS (SELECT 1 FROM answers.response r "
            "WHERE r.secret_digest = response_key.secret_digest)",
            "",
        ),
    ),
    # A new session must know the response's own secret: without it, it shows no row.
    "participant_session": (("ALL", f"digest = {_SECRET}", "response_secret IS NOT NULL"),),
}

_LINK = (
    "CREATE OR REPLACE FUNCTION answers.link_is_only_cut() RETURNS trigger LANGUAGE plpgsql AS "
    "$$ BEGIN RAISE EXCEPTION 'a response keeps its participant or loses it' "
    "USING ERRCODE = 'insufficient_privilege'; END $$",
    "CREATE OR REPLACE TRIGGER link_is_only_cut BEFORE UPDATE OF participant_id "
    "ON answers.response FOR EACH ROW WHEN (NEW.participant_id IS NOT NULL "
    "AND NEW.participant_id IS DISTINCT FROM OLD.participant_id) "
    "EXECUTE FUNCTION answers.link_is_only_cut()",
)

# A function, and not a condition: it is planned by itself, so that the policies of the two tables
# may ask each other. It sees what its caller sees.
_SEES_PERSON = (
    "CREATE OR REPLACE FUNCTION identity.sees_person(person bigint) RETURNS boolean "
    "LANGUAGE plpgsql STABLE SET search_path = '' AS $$ BEGIN "
    "RETURN EXISTS (SELECT 1 FROM identity.participant p WHERE p.id = person); END $$"
)


def guards(tables: MetaData) -> Iterator[str]:
    """The statements that give the roles their rights and the tables their policies.

    For a superuser, or for the owner with CREATEROLE. Running them again changes nothing.
    """
    yield from grants(tables)
    yield from _LINK
    yield _SEES_PERSON
    for table in tables.sorted_tables:
        if table.name in STAFF:
            yield _walled(table)


def _walled(table: Table) -> str:
    """One statement, so that no moment is without its policies."""
    name = table.fullname
    lines = [
        f"ALTER TABLE {name} ENABLE ROW LEVEL SECURITY",
        f"ALTER TABLE {name} FORCE ROW LEVEL SECURITY",
    ]
    for kept, verb, using, check in (
        ("staff", "ALL", STAFF[table.name], WRITTEN.get(table.name, "")),
        *((f"participants_{v.lower()}", v, u, c) for v, u, c in PARTICIPANTS.get(table.name, ())),
    ):
        to = "covalue_public" if kept != "staff" else "covalue_office, covalue_job, %I"
        words = f"CREATE POLICY {kept} ON {name} FOR {verb} TO {to}"
        words += f" USING ({using})" if using else ""
        words += f" WITH CHECK ({check})" if check else ""
        lines += [f"DROP POLICY IF EXISTS {kept} ON {name}", words]
    done = "; ".join(
        f"EXECUTE format($w${line}$w$, owner)" if "%I" in line else line for line in lines
    )
    of = f"schemaname = '{table.schema}' AND tablename = '{table.name}'"
    return (
        "DO $walls$ DECLARE owner name; BEGIN "
        f"SELECT tableowner INTO owner FROM pg_tables WHERE {of}; {done}; END $walls$"
    )


MISSING = (
    "SELECT relnamespace::regnamespace || '.' || relname FROM pg_class c WHERE relkind = 'r' "
    "AND relnamespace::regnamespace || '.' || relname = ANY (%s) AND NOT (relrowsecurity "
    "AND relforcerowsecurity AND EXISTS (SELECT 1 FROM pg_policy p WHERE p.polrelid = c.oid))"
)
