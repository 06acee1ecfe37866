"""Row-level security on PostgreSQL: with each role's own connection, everything is tried."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from typing import Any, LiteralString

import postgres
import psycopg
import pytest
from builders import world
from participants import EVERY_KIND
from psycopg import sql
from sqlalchemy import select, text
from sqlalchemy.engine import URL

from app.domain.fieldwork import OPEN_CALL
from app.domain.sittings import Sitting
from app.protection.keys import Keys, digest
from app.storage.database import SCHEMAS, Database
from app.storage.participants import Participant
from app.storage.responses import ParticipantSession, Response, pack
from app.storage.row_security import EVERYTHING, PARTICIPANTS, SHARED, STAFF, Reach
from app.storage.schema import TABLES, unguarded
from app.storage.waves import Wave
from app.workflows.acting import House
from app.workflows.entering import begin

CANARY = "kestrel over the marsh"


@dataclass
class Two:
    """Two people of different territories who have begun to answer, and how to sign in."""

    server: postgres.Server
    programme: int
    wave: int
    responses: list[int]
    participants: list[int]
    codes: list[bytes]
    sessions: list[bytes]

    def login(self, role: str) -> psycopg.Connection[Any]:
        """A connection of a member of this role, nothing told."""
        name = sql.Identifier(f"try_{role}")
        self.server.execute(
            sql.SQL("DROP ROLE IF EXISTS {}").format(name),
            sql.SQL("CREATE ROLE {} LOGIN").format(name),
            sql.SQL("GRANT {} TO {}").format(sql.Identifier(f"covalue_{role}"), name),
        )
        place = self.server.url("covalue", f"try_{role}")
        return psycopg.connect(place.render_as_string(hide_password=False), autocommit=True)


@pytest.fixture
def house(_postgres_emptied: Any, tmp_path: Any) -> Iterator[House]:
    """A house on PostgreSQL, as its owner."""
    url: URL = _postgres_emptied()
    database = Database(url)
    yield House(database, Keys.derive(b"a secret that is only good for tests"), tmp_path)
    database.dispose()


@pytest.fixture
def two(house: House, postgres_server: postgres.Server) -> Two:
    made = world(house, EVERY_KIND, people=2)
    codes = [digest(house.keys.lookup, code) for code in made.codes]
    secrets = [begin(house, code, Sitting(role="self", lang="fr")) for code in codes]
    with house.database.write() as session:
        rows = session.scalars(select(Response).order_by(Response.id)).all()
        for row in rows:
            row.body = pack({"a": {"K8": {"v": CANARY}}, "sit": [], "v": 1})
        people = session.scalars(select(Participant).order_by(Participant.id)).all()
        for person in people:
            person.sealed_contact = CANARY.encode()
        people[1].territory = rows[1].territory = "MAY"
        return Two(
            postgres_server,
            made.programme_id,
            made.wave_id,
            [row.id for row in rows],
            [person.id for person in people],
            codes,
            [digest(house.keys.lookup, secret) for secret in secrets],
        )


def tell(connection: psycopg.Connection[Any], name: str, value: str) -> None:
    connection.execute("SELECT set_config(%s, %s, false)", (f"covalue.{name}", value))


def everything_read(connection: psycopg.Connection[Any]) -> dict[str, list[tuple[Any, ...]]]:
    """What this connection can read at all: each protected table, column by column."""
    found: dict[str, list[tuple[Any, ...]]] = {}
    for table in TABLES.sorted_tables:
        if table.name not in STAFF:
            continue
        for column in table.columns:
            with suppress(psycopg.errors.InsufficientPrivilege):
                rows = connection.execute(
                    sql.SQL("SELECT {} FROM {}").format(
                        sql.Identifier(column.name),
                        sql.Identifier(str(table.schema), table.name),
                    )
                ).fetchall()
                found[f"{table.name}.{column.name}"] = rows
    return found


def test_every_table_that_names_a_territory_is_walled_or_says_why_not(house: House) -> None:
    named = {table.name for table in TABLES.sorted_tables if "territory" in table.columns}
    assert named <= STAFF.keys() | SHARED.keys()
    assert not STAFF.keys() & SHARED.keys()
    assert PARTICIPANTS.keys() <= STAFF.keys()
    assert unguarded(house.database) == []
    with house.database.read() as session:
        ours = {"ours": list(SCHEMAS)}
        views = session.scalars(
            text("SELECT count(*) FROM pg_views WHERE schemaname = ANY (:ours)"), ours
        )
        definers = session.scalars(
            text(
                "SELECT count(*) FROM pg_proc WHERE prosecdef "
                "AND pronamespace::regnamespace::text = ANY (:ours)"
            ),
            ours,
        )
        roles = session.scalars(
            text(
                "SELECT count(*) FROM pg_roles r WHERE rolname LIKE 'covalue\\_%' AND (rolsuper OR "
                "rolbypassrls OR EXISTS (SELECT 1 FROM pg_class c WHERE c.relowner = r.oid))"
            )
        )
        assert [views.one(), definers.one(), roles.one()] == [0, 0, 0]


@pytest.mark.parametrize("role", ["public", "office", "job"])
def test_nothing_told_nothing_seen(two: Two, role: str) -> None:
    with two.login(role) as connection:
        found = everything_read(connection)
    assert found
    assert not any(found.values())


def test_the_owner_is_walled_too(two: Two) -> None:
    with psycopg.connect(
        two.server.url("covalue").render_as_string(hide_password=False), autocommit=True
    ) as connection:
        assert not any(everything_read(connection).values())


@pytest.mark.parametrize("role", ["office", "job"])
def test_staff_see_the_territories_told_and_write_no_other(two: Two, role: str) -> None:
    with two.login(role) as connection:
        tell(connection, "programme", str(two.programme))
        tell(connection, "territories", "MAY,XXX")
        if role == "office":
            found = everything_read(connection)
            assert found["participant.id"] == [(two.participants[1],)]
            assert found["response.id"] == [(two.responses[1],)]
            assert found["access_code.digest"] == [(two.codes[1],)]
        rows = "UPDATE answers.response SET weight = 9 WHERE id = ANY (%s)"
        assert connection.execute(rows, (two.responses,)).rowcount == 1
        with pytest.raises(psycopg.errors.InsufficientPrivilege):
            connection.execute(
                "INSERT INTO identity.participant (wave_id, reference, territory, audience, "
                "stratum, weight, language, listed, answered, created_at) "
                "VALUES (%s, 'X', 'BDX', 'elderly', '', 1, 'fr', true, false, now())",
                (two.wave,),
            )
        with pytest.raises(psycopg.errors.InsufficientPrivilege):
            connection.execute("UPDATE answers.response SET territory = 'BDX'")
        tell(connection, "programme", str(two.programme + 1))
        assert not connection.execute("SELECT id FROM answers.response").fetchall()


def test_what_was_told_is_gone_with_the_transaction(two: Two, house: House) -> None:
    with two.login("office") as connection:
        name = connection.info.user
    told = Database(two.server.url("covalue", name), pool_size=1, surface="office")
    try:
        seen = told.seen_by(Reach(two.programme, frozenset({"BDX"})))
        for _ in range(2):
            with seen.read() as session:
                assert session.scalars(select(Response.id)).all() == two.responses[:1]
            with told.read() as session:
                assert session.scalars(select(Response.id)).all() == []
        with told.seen_by(EVERYTHING).read() as session:
            assert sorted(session.scalars(select(Response.id))) == two.responses
    finally:
        told.dispose()


@pytest.mark.parametrize("kind", ["code", "session"])
def test_a_secret_shows_one_persons_rows_only(two: Two, kind: str) -> None:
    secret = {"code": two.codes, "session": two.sessions}[kind][0]
    with two.login("public") as connection:
        tell(connection, "secret", secret.hex())
        found = everything_read(connection)
    assert found["response.id"] == [(two.responses[0],)]
    assert found["participant.id"] == [(two.participants[0],)]
    assert "participant.sealed_contact" not in found
    assert "access_code.sealed" not in found
    foreign = {two.responses[1], two.codes[1], two.sessions[1]}
    keys = ("id", "digest", "response_id")
    seen = {v for name, rows in found.items() if name.split(".")[1] in keys for (v,) in rows}
    assert not (seen - {two.participants[0]}) & foreign


def test_with_every_setting_it_can_make_the_public_role_sees_no_more(two: Two) -> None:
    with two.login("public") as connection:
        tell(connection, "programme", "*")
        tell(connection, "territories", "*")
        assert not any(everything_read(connection).values())
        for secret in ("00" * 32, "", two.codes[0].hex()[:-2]):
            tell(connection, "secret", secret)
            assert not any(everything_read(connection).values())


FOREIGN: tuple[LiteralString, ...] = (
    "UPDATE answers.response SET body = '\\x01' WHERE id = %(response)s",
    "UPDATE answers.response SET withdrawn_at = now() WHERE participant_id = %(person)s",
    "UPDATE identity.participant SET disposition = 'refused' WHERE id = %(person)s",
    "UPDATE answers.participant_session SET seen_at = now() WHERE response_id = %(response)s",
    "DELETE FROM answers.participant_session WHERE response_id = %(response)s",
    "DELETE FROM answers.save_key WHERE response_id = %(response)s",
    "DELETE FROM identity.assistance",
)
REFUSED: tuple[LiteralString, ...] = (
    "INSERT INTO answers.save_key (response_id, key, goes_to, at) "
    "VALUES (%(response)s, 'k', 'x', now())",
    "INSERT INTO answers.participant_session (digest, response_id, shared_device, sees_earlier, "
    "sitting, language, made_at, seen_at) "
    "VALUES ('\\x02', %(response)s, false, true, 0, 'fr', now(), now())",
    "INSERT INTO answers.response (wave_id, participant_id, territory, audience, instrument_id, "
    "secret_digest, body, revision, weight, stratum, channel, started_at, saved_at) "
    "VALUES (%(wave)s, %(person)s, 'MAY', 'elderly', 1, '\\x03', '\\x01', 0, 1, '', 'web', "
    "now(), now())",
    "UPDATE answers.response SET participant_id = %(person)s",
    "UPDATE answers.response SET secret_digest = '\\x04'",
    "UPDATE answers.response SET territory = 'MAY'",
    "UPDATE answers.participant_session SET response_id = %(response)s",
    "UPDATE answers.participant_session SET response_secret = '\\x05'",
    "UPDATE identity.participant SET territory = 'MAY'",
    "DELETE FROM answers.response",
    "DELETE FROM identity.participant",
    "SELECT sealed FROM identity.access_code",
    "SELECT sealed_contact FROM identity.participant",
    "SELECT * FROM identity.account",
    "SELECT * FROM audit.audit_entry",
    "UPDATE audit.audit_entry SET act = 'x'",
    "SELECT file FROM programme.job",
    "SELECT * FROM programme.release",
    "SELECT * FROM programme.questionnaire_version",
    "TRUNCATE answers.save_key",
    "COPY answers.response TO PROGRAM 'cat'",
    "COPY identity.account TO STDOUT",
    "CREATE TABLE answers.mine (id integer)",
    "CREATE VIEW answers.mine AS SELECT 1",
    "CREATE FUNCTION answers.mine() RETURNS int LANGUAGE sql AS 'SELECT 1'",
    "ALTER TABLE answers.response DISABLE ROW LEVEL SECURITY",
    "ALTER TABLE answers.response NO FORCE ROW LEVEL SECURITY",
    "DROP POLICY staff ON answers.response",
    "CREATE POLICY mine ON answers.response USING (true)",
    "ALTER TABLE answers.response DISABLE TRIGGER link_is_only_cut",
    "SET ROLE covalue_office",
    "SET ROLE covalue",
    "SET SESSION AUTHORIZATION covalue",
    "ALTER ROLE try_public BYPASSRLS",
    "GRANT covalue_office TO try_public",
    "SET session_replication_role = replica",
    "SELECT pg_read_file('pg_hba.conf')",
    "SELECT lo_import('/etc/hostname')",
)


@pytest.mark.parametrize("kind", ["none", "code", "session"])
def test_the_public_role_tries_everything_on_somebody_else(two: Two, kind: str) -> None:
    """With its own connection, a chosen id, and the secret of the first person only."""
    values = {"response": two.responses[1], "person": two.participants[1], "wave": two.wave}
    secret = {"none": "", "code": two.codes[0].hex(), "session": two.sessions[0].hex()}[kind]
    with two.login("public") as connection:
        tell(connection, "secret", secret)
        for statement in FOREIGN:
            assert connection.execute(statement, values).rowcount == 0, statement
        for statement in REFUSED:
            if kind == "none" and statement.startswith("UPDATE answers.response SET participant"):
                continue  # no row to try it on
            with pytest.raises(psycopg.Error) as caught:
                connection.execute(statement, values)
            assert caught.value.sqlstate == "42501", (statement, str(caught.value))
            assert CANARY not in str(caught.value)
        connection.execute("SET row_security = off")
        with pytest.raises(psycopg.errors.InsufficientPrivilege):
            connection.execute("SELECT id FROM answers.response")


def test_statistics_tell_the_public_role_nothing(two: Two) -> None:
    two.server.execute("ANALYZE", database="covalue")
    with two.login("public") as connection:
        assert not connection.execute(
            "SELECT * FROM pg_stats WHERE schemaname IN ('answers', 'identity') "
            "AND tablename <> 'throttle'"
        ).fetchall()


def test_an_ended_session_and_a_replaced_code_open_nothing(two: Two, house: House) -> None:
    with house.database.write() as session:
        session.execute(text("UPDATE answers.participant_session SET ended_at = now()"))
        session.execute(text("UPDATE identity.access_code SET revoked_at = now()"))
    with two.login("public") as connection:
        for secret in (two.codes[0], two.sessions[0]):
            tell(connection, "secret", secret.hex())
            assert not connection.execute("SELECT id FROM answers.response").fetchall()


def test_look_ups_by_secret_read_an_index(two: Two, house: House) -> None:
    """A wall must not turn the look-up of a session or a code into a reading of the table."""
    two.server.execute(
        "INSERT INTO answers.participant_session (digest, response_id, shared_device, "
        "sees_earlier, sitting, language, made_at, seen_at) SELECT sha256(n::text::bytea), "
        "(SELECT min(id) FROM answers.response), false, true, 0, 'fr', now(), now() "
        "FROM generate_series(1, 3000) n",
        "INSERT INTO identity.access_code (participant_id, digest, generation, made_at) "
        "SELECT (SELECT min(id) FROM identity.participant), sha256(n::text::bytea), n + 1, now() "
        "FROM generate_series(1, 3000) n",
        "ANALYZE answers.participant_session, identity.access_code",
        database="covalue",
    )
    with two.login("public") as connection:
        tell(connection, "secret", two.sessions[0].hex())
        for table in ("answers.participant_session", "identity.access_code"):
            plan = connection.execute(
                sql.SQL("EXPLAIN SELECT digest FROM {} WHERE digest = '\\x01'").format(
                    sql.Identifier(*table.split("."))
                )
            ).fetchall()
            assert "Seq Scan" not in str(plan), plan


def test_a_session_that_knows_no_secret_of_its_response_shows_nothing(
    two: Two, house: House
) -> None:
    with two.login("public") as connection:
        connection.execute(
            "INSERT INTO answers.participant_session (digest, response_id, response_secret, "
            "shared_device, sees_earlier, sitting, language, made_at, seen_at) "
            "VALUES ('\\x0a', %s, '\\x0b', false, true, 0, 'fr', now(), now())",
            (two.responses[1],),
        )
        tell(connection, "secret", "0a")
        assert not connection.execute("SELECT id FROM answers.response").fetchall()
        assert not connection.execute("SELECT id FROM answers.save_key").fetchall()
    with house.database.read() as session:
        assert session.query(ParticipantSession).count() == 3


def test_an_open_call_brings_nobody_near_an_invited_person(two: Two, house: House) -> None:
    secret = "ab" * 32
    code = (
        "INSERT INTO identity.access_code (participant_id, digest, generation, made_at) "
        "VALUES (%s, decode(%s, 'hex'), 9, now())"
    )
    person = (
        "INSERT INTO identity.participant (wave_id, reference, territory, audience, stratum, "
        "weight, language, listed, answered, created_at) "
        "VALUES (%s, %s, 'MAY', 'elderly', '', 1, 'fr', %s, false, now()) RETURNING id"
    )
    own = f"open-{secret}"
    with two.login("public") as connection:
        tell(connection, "secret", secret)
        for statement, values in (
            (code, (two.participants[0], secret)),
            (person, (two.wave, own, False)),  # people of this wave are invited
        ):
            with pytest.raises(psycopg.errors.InsufficientPrivilege):
                connection.execute(statement, values)
        with house.database.write() as session:
            session.get_one(Wave, two.wave).frame = OPEN_CALL
        for values in ((two.wave, own, True), (two.wave, "open-someone", False)):
            with pytest.raises(psycopg.errors.InsufficientPrivilege):
                connection.execute(person, values)
        made = connection.execute(person, (two.wave, own, False)).fetchone()
        assert made
        with pytest.raises(psycopg.errors.InsufficientPrivilege):
            connection.execute(code, (made[0], "cd" * 32))  # somebody else's secret
        connection.execute(code, (made[0], secret))
        with pytest.raises(psycopg.errors.InsufficientPrivilege):
            connection.execute(code, (two.participants[1], secret))
