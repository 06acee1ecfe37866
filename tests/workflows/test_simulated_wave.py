"""A wave in small: 9 territories, 2,000 people, every way of writing, deaths, moves, refusals,
messages that come back, a worker killed in the middle of a mailing; then closing, and every rate
recomputed from what was done to each person.
"""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections import Counter
from dataclasses import dataclass, replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import collection
import mail_server
import pytest
from conftest import SECRET
from sqlalchemy import insert, select, update
from test_contacting import REPORT, gateway, step

from app.domain.contact import MAIL, REMINDER, SMS
from app.domain.outcome_rates import Category
from app.interchange.mail import read_server
from app.interchange.sms import read_gateway
from app.storage import participants as stored
from app.storage.database import now
from app.storage.participants import Participant
from app.storage.responses import Response
from app.storage.waves import instruments_of
from app.workflows import contacting as acts
from app.workflows.acting import House
from app.workflows.bounces import receive
from app.workflows.fieldwork import counts
from app.workflows.mailing import queue_due
from app.workflows.outcomes import outcomes
from app.workflows.posting import send_waiting
from app.workflows.sample import issue_codes, sealed_reach
from app.workflows.waves import close_wave

CODES = ("MAY", "BDX", "AAA", "BBB", "CCC", "DDD", "EEE", "FFF", "GGG")
TERRITORIES = """\
format: covalue/territories/1
programme: {code: DEMO, title: {fr: Programme d’essai, en: Trial programme}}
territories:
  - {code: FR, name: {fr: France, en: France}, terms: {team: {fr: l’équipe, en: the team}}}
""" + "\n".join(
    f"  - {{code: {c}, parent: FR, name: {{fr: Lieu {c}, en: Place {c}}}}}" for c in CODES
)
PEOPLE = 2000
WORKER = """
import os, sys
from datetime import datetime
from pathlib import Path
from app.interchange.mail import read_server
from app.protection.keys import Keys
from app.storage.database import Database
from app.workflows import mailing
from app.workflows.acting import House
from app.workflows.posting import send_waiting
url, secret, port, at = sys.argv[1:]
mail = read_server(f"smtp://127.0.0.1:{port}", "survey@example.org", rate=100_000)
house = House(Database(url), Keys.derive(secret.encode()), Path("."), "http://localhost", mail=mail)
moment = datetime.fromisoformat(at)
send_waiting(house, at=lambda: moment)
"""


@dataclass
class Life:
    """What happens to one person of the simulation, by their number."""

    number: int

    @property
    def territory(self) -> str:
        return CODES[self.number % 9]

    @property
    def case(self) -> str:
        """Two of a case: the elderly person, then a child."""
        return f"C-{self.number // 2}"

    @property
    def audience(self) -> str:
        return "family" if self.number % 2 else "elderly"

    @property
    def way(self) -> str:
        """200 by e-mail, 200 by short message, the others by letter."""
        return (MAIL, SMS, *["letter"] * 8)[self.number // 2 % 10]

    @property
    def email(self) -> str:
        name = "gone" if self.number % 40 == 0 else "p"
        return f"{name}{self.number}@example.org" if self.way == MAIL else ""

    @property
    def said(self) -> str | None:
        """After the invitation."""
        return {3: "refused", 5: "moved", 8: "deceased", 13: "in_hospital", 17: "ineligible"}.get(
            self.number % 50
        )

    @property
    def answers(self) -> bool:
        """Some answer at once, also of those who are then recorded otherwise: none here."""
        return self.said is None and self.number % 3 == 0

    @property
    def begins(self) -> bool:
        return self.said is None and not self.answers and self.number % 7 == 0

    @property
    def bereaved(self) -> bool:
        """The elderly person of the case, whose number is the even one, has died."""
        return Life(self.number // 2 * 2).said == "deceased"


LIVES = [Life(number) for number in range(PEOPLE)]


def peopled(house: House, wave: int) -> dict[str, int]:
    """The sample, put in with the functions of the storage: ids by reference."""
    at = now()
    rows: list[dict[str, Any]] = []
    for life in LIVES:
        reference, phone = f"P-{life.number}", "+33612345678" if life.way == SMS else ""
        rows.append(
            {
                "wave_id": wave,
                "reference": reference,
                "territory": life.territory,
                "audience": life.audience,
                "case_reference": life.case,
                "language": "en" if life.number % 5 == 0 else "fr",
                "sealed_reach": sealed_reach(house, wave, reference, life.email, phone),
                "by_mail": bool(life.email),
                "by_sms": bool(phone),
                "created_at": at,
            }
        )
    with house.database.write() as session:
        stored.add(session, rows)
    issue_codes(house, collection.operator(house), wave)
    with house.database.read() as session:
        return {p.reference: p.id for p in session.scalars(select(Participant))}


def lived(house: House, wave: int, ids: dict[str, int]) -> None:
    """Refusals, moves, deaths, answers sent and begun."""
    at = now()
    with house.database.write() as session:
        asked = instruments_of(session, wave)
        elderly = asked["MAY", "elderly"]
        rows = []
        for life in LIVES:
            person = ids[f"P-{life.number}"]
            if life.said:
                session.execute(
                    update(Participant)
                    .where(Participant.id == person)
                    .values(disposition=life.said, disposition_at=at)
                )
            if life.answers or life.begins:
                rows.append(
                    {
                        "wave_id": wave,
                        "participant_id": person,
                        "territory": life.territory,
                        "audience": life.audience,
                        "instrument_id": elderly,
                        "secret_digest": person.to_bytes(32),
                        "body": b"",
                        "revision": 1,
                        "weight": 1.0,
                        "stratum": "",
                        "channel": "web",
                        "started_at": at,
                        "saved_at": at,
                        "consented_at": at,
                        "submitted_at": at if life.answers else None,
                    }
                )
        session.execute(insert(Response), rows)


def killed_in_the_middle(house: House, server: mail_server.Received, at: str, after: int) -> None:
    """Send in another process, which dies when the server has taken ``after`` messages."""
    url = house.database.url.render_as_string(hide_password=False)
    worker = subprocess.Popen(
        [sys.executable, "-c", WORKER, url, SECRET.decode(), str(server.port), at],
        cwd=Path(__file__).parents[2],
    )
    server.on_data = lambda count: os.kill(worker.pid, signal.SIGKILL) if count == after else None
    assert worker.wait(120) == -signal.SIGKILL
    server.on_data = lambda _count: None


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_a_wave_from_the_first_letter_to_its_rates(house: House, tmp_path: Path) -> None:
    files = {"config/territories.yaml": TERRITORIES}
    wave = collection.opened(house, tmp_path, files)
    ids = peopled(house, wave)
    actor = collection.operator(house)
    with mail_server.running() as server, gateway() as (address, asked):
        mail = read_server(f"smtp://127.0.0.1:{server.port}", "survey@example.org", rate=100_000)
        sms = read_gateway(address, "secret", "127.0.0.1")
        sending = replace(house, mail=mail, sms=replace(sms, rate=100_000) if sms else None)
        for audience in ("elderly", "family"):
            for channel in (MAIL, SMS, "letter"):
                step(sending, wave, channel, audience=audience)
        noon = (now() + timedelta(days=1)).replace(hour=11, minute=0)
        by_mail = {life.email for life in LIVES if life.email}
        by_sms = [life for life in LIVES if life.way == SMS]
        assert queue_due(sending, noon) == len(by_mail) + len(by_sms)
        assert queue_due(sending, noon) == 0
        killed_in_the_middle(sending, server, noon.isoformat(), 30)
        later = noon + timedelta(minutes=11)
        first = send_waiting(sending, at=lambda: later)
        assert first["doubtful"] == 1
        assert len(server.to) == len(set(server.to))  # nobody twice
        assert (
            set(server.to) | {a for a in by_mail if a.startswith("gone")} == by_mail
        )  # nor nobody
        assert len(asked) == len(by_sms)
        assert acts.settle(sending, actor, wave, again=False) == 1
        identity = server.mails[1]["Message-ID"]
        lost = server.to[1]
        receive(sending, [REPORT.format(identity=identity, status="5.1.1", to=lost).encode()])
        lived(sending, wave, ids)

        server.mails.clear()
        asked.clear()
        for audience in ("elderly", "family"):
            for channel in (MAIL, SMS):
                step(sending, wave, channel, audience=audience, kind=REMINDER, after_days=14)
        queue_due(sending, noon + timedelta(days=14))
        send_waiting(sending, at=lambda: noon + timedelta(days=14))
        open_still = [life for life in LIVES if not (life.answers or life.said or life.bereaved)]
        assert Counter(server.to) == Counter(
            life.email
            for life in open_still
            if life.email and not life.email.startswith("gone") and life.email != lost
        )
        assert len(asked) == len([life for life in open_still if life.way == SMS])
        close_wave(sending, actor, wave)
        assert queue_due(sending, noon + timedelta(days=15)) == 0

    said = {
        "refused": Category.REFUSAL,
        "moved": Category.UNKNOWN,
        "deceased": Category.OTHER,
        "in_hospital": Category.OTHER,
        "ineligible": Category.INELIGIBLE,
    }
    shown = {(r.territory, r.audience): r for r in outcomes(house, actor, wave).rows if not r.way}
    for territory in (*CODES, ""):
        for audience in ("elderly", "family"):
            own = [
                life
                for life in LIVES
                if territory in (life.territory, "") and life.audience == audience
            ]
            complete = sum(life.answers for life in own)
            broke_off = sum(life.begins for life in own)
            told = Counter(said[life.said] for life in own if life.said)
            row = shown[territory, audience]
            assert row.counts[Category.COMPLETE] == complete
            assert row.counts[Category.REFUSAL] == told[Category.REFUSAL] + broke_off
            assert sum(row.counts.values()) == len(own)  # each once
            out = told[Category.INELIGIBLE]
            assert row.rates["RR1"] == pytest.approx(complete / (len(own) - out))
    followed = {(r.territory, r.audience): r.stages for r in counts(house, actor, wave).rows}
    for (territory, audience), stages in followed.items():
        row = shown[territory, audience]
        assert stages["submitted"].shown == row.counts[Category.COMPLETE]
