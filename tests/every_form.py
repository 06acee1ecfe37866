"""Every page of the office and every form on it, with work of every kind under way."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Collection
from datetime import timedelta

import foreign_files
import people
from browser import Browser
from evaluated import Evaluated
from extra_fields import OWN, Fields, Form, Ground, Seen, written
from flask.testing import FlaskClient
from sqlalchemy import select
from staffed import BEFORE, ENGLISH, FRENCH, HALF, HERE, WAVE, Staffed, office, pages, staffed

from app.domain.feedback import Feedback, Finding
from app.domain.keying import Typed
from app.domain.permissions import Role
from app.domain.questionnaire import Kind
from app.domain.retention import CLASSES
from app.domain.sittings import Sitting
from app.domain.text import Text
from app.storage.accounts import Account
from app.storage.contacting import Contact
from app.storage.database import now
from app.storage.invitations import LinkedIdentity
from app.storage.outbox import DOUBTFUL, OutgoingMessage
from app.storage.participants import Participant
from app.storage.responses import Response
from app.storage.retention import SetAside
from app.storage.waves import Wave
from app.web.participants.recordings import FOLDER
from app.workflows import contacting, feedback, keying, sheets, signing_in
from app.workflows.acting import House

SOUND = next(FOLDER.glob("[0-9a-f]*.mp3")).read_bytes()
TOTALS = "territory;audience;margin;category;count;units;into;source;dated\n"


def file(content: str | bytes, name: str) -> tuple[bytes, str]:
    """A file in a form, as often as it is sent."""
    return content.encode() if isinstance(content, str) else content, name


def special(made: Staffed, proof: str) -> dict[str, Fields]:
    """What a form needs, by endpoint, where anything at all would not do."""
    reference = made.values["reference"]
    total = {"margin": "ESEX", "category": "woman", "count": "24000", "units": "", "into": ""}
    wave = {"code": "W9", "period_start": "2026-01-01", "period_end": "2026-06-30"}
    wave |= {"opens_at": "2026-01-05T09:00", "closes_at": "2099-01-05T18:00"}
    return {
        "accounts.sign_in_submit": {"email": ENGLISH.email, "password": people.PASSWORD},
        "accounts.second_submit": {"code": proof},
        "accounts.invitation_accept": {"password": "a long way to go 7"},
        "accounts.confirm_submit": {"code": proof},
        "accounts.password_change": {"present": people.PASSWORD, "password": "a long way to go 7"},
        "coordinators.build_record": {"file": file(SOUND, "a.mp3")},
        "officer.notice_record": {"file": file(SOUND, "a.mp3")},
        "coordinators.wave_totals_preview": {
            "file": file(f"{TOTALS}MAY;elderly;ESEX;woman;24000;;;INSEE;2022-01-01\n", "t.csv")
        },
        "coordinators.wave_sample_preview": {
            "file": file("reference;territory;audience\nZ-1;MAY;elderly\n", "s.csv")
        },
        "coordinators.questionnaire_import_report": {
            "file": file(foreign_files.xlsform(), "f.xlsx"),
            "goal": "core:family",
        },
        "coordinators.wave_keying_find": {"sheet": reference},
        "evaluators.extract_ask": {"purpose": "Une étude de l’isolement à la campagne"},
        "coordinators.wave_outcome": {"reference": reference},
        "coordinators.wave_visit_make": {"reference": reference},
        "coordinators.wave_code_again": {"reference": reference},
        "coordinators.wave_total_enter": {"place": "MAY.elderly", **total, "dated": "2022-01-01"},
        "coordinators.wave_weighting_rule": {"lower": "0,5", "upper": "2", "collapse_below": "5"},
        "coordinators.wave_create": wave,
        "coordinators.wave_sample_columns": {
            "column-0": "reference",
            "column-1": "territory",
            "column-2": "audience",
        },
        "coordinators.wave_assign": {"territory": HERE},
        "officer.retention_keep": {"because": "Une réclamation est en cours"},
        "officer.request_ask": {"wave": "V2", "reference": reference},
    }


# What is carried out between two rounds, so that there are the forms that come after it.
CARRIED_OUT = (
    *("accounts.person_disable", "accounts.token_make", "officer.request_ask"),
    *("coordinators.series_enter", "coordinators.wave_total_enter", "coordinators.wave_create"),
    *("coordinators.build_save", "coordinators.board_relate", "coordinators.wave_totals_preview"),
    *("coordinators.questionnaire_import_report", "coordinators.wave_sample_preview"),
    *("coordinators.wave_keying_find", "evaluators.make"),
)


def befalls(made: Staffed) -> None:
    """What has to go before the last forms: an institution's sign-in, a message in doubt, a class
    of data set aside, a step in force, somebody who visits, people drawn who stayed silent, a text
    for those who answered, a sheet that was keyed once."""
    house, moment = made.house, now()
    actor = people.acting(house, FRENCH)
    people.settle(house, people.Person("Fanny", Role.FIELD_WORKER, HERE))
    contacting.set_in_force(house, actor, WAVE, made.values["step_id"])
    keying.set_rate(house, actor, WAVE, 0)
    with house.database.write() as session:
        mine = session.scalars(select(Account.id).where(Account.email == FRENCH.email)).one()
        session.add(
            LinkedIdentity(account_id=mine, issuer="https://i.example", subject="x", made_at=moment)
        )
        session.get_one(Wave, 1).closed_at = moment - timedelta(days=100)
        session.add(SetAside(wave_id=1, name=CLASSES[0].name, at=moment))
        session.add(
            OutgoingMessage(
                key="in-doubt",
                channel="mail",
                purpose="contact",
                identity="in-doubt",
                queued_at=moment,
                next_at=moment,
                ended_at=moment,
                outcome=DOUBTFUL,
            )
        )
        session.add(
            Contact(
                step_id=made.values["step_id"],
                participant_id=made.values["person"],
                channel="mail",
                at=moment,
                message_key="in-doubt",
            )
        )
        drawn = (Participant.wave_id == 1, Participant.territory == HERE)
        some = session.scalars(select(Participant).where(*drawn).limit(15)).all()
        session.add_all(
            Participant(
                wave_id=1,
                reference=f"silent-{number}",
                territory=HERE,
                audience=one.audience,
                stratum=one.stratum,
                sub_area=one.sub_area,
                weight=one.weight,
                created_at=moment,
            )
            for number, one in enumerate(some)
        )
        free = session.scalars(
            select(Participant)
            .where(
                *(Participant.wave_id == WAVE, Participant.territory == HERE),
                *(Participant.audience == "family", Participant.disposition.is_(None)),
                Participant.id.not_in(select(Response.participant_id)),
            )
            .order_by(Participant.id.desc())
        ).first()
    assert free is not None
    new = sheets.NewEntry("13-A", True, Sitting(role="self", notice="1"))
    entry = sheets.begin(house, actor, WAVE, free.id, new)
    for section in keying.open_entry(house, actor, entry).sections:
        choices = [each for each in keying.questions_of(section) if each.kind is Kind.CHOICE]
        typed = {each.code: Typed("1", "") for each in choices[:1]}
        keying.key_section(house, actor, entry, section.code, typed)
    keying.finish(house, actor, entry)
    made.values["coordinators.wave_keying_sheet person"] = free.id
    release = made.values["release_id"]
    words = Text.of(fr="Vous êtes bien chez vous.", en="You are well at home.")
    codes = list(feedback.choices(house, actor, release, HERE))[:3]
    said = Feedback(tuple(Finding(code, words) for code in codes), words, words, words)
    feedback.write(house, actor, 1, HERE, release, said)


class Office:
    """Every page of the office, with work of every kind under way: who is at it, and its forms."""

    def __init__(self, there: Evaluated, ground: Callable[[House], Ground]) -> None:
        self.made = staffed(there)
        self.app = office(there)
        house = self.made.house
        self.client, half = self.app.test_client(), self.app.test_client()
        self.client.set_cookie("staff", people.session_of(house, FRENCH.email))
        first = signing_in.sign_in(house, FRENCH.email, people.PASSWORD, "192.0.2.1")
        half.set_cookie("staff", first.secret)
        self.given = special(self.made, people.second_factor(house, FRENCH.email))
        browser = Browser(self.client)
        browser.get("/office/trial/")
        browser.submit({"code": self.made.trial_codes[0]})
        browser.get(f"/office/waves/{WAVE}/reason")
        browser.submit({"why": "inviting"}, form="/reason")
        names: dict[str, set[str]] = defaultdict(set)
        self.inside, self.half = Seen(self.app, names), Seen(self.app, names)
        self.before = Seen(self.app, names)
        self.rooms = (
            (self.client, self.inside),
            (half, self.half),
            (self.app.test_client(), self.before),
        )
        self.ground: Ground = ground(house)
        self.tried, self.acted = set[tuple[str, str]](), set[str]()
        self.found: set[str] = set()

    def look(self) -> None:
        """At every page, and where it leads."""
        for call in pages(self.app, self.made):
            who = 2 if call.endpoint in BEFORE else int(call.endpoint == HALF)
            client, seen = self.rooms[who]
            answer = client.get(call.address, follow_redirects=True)
            if answer.mimetype == "text/html":
                seen.look(answer.get_data(as_text=True), answer.request.path)
            answer.close()

    def try_all(self, only: Collection[str] = ()) -> None:
        """Every form that was not tried yet, by who has it; ``only``: those of these endpoints."""
        self.ground.keep()
        for client, seen in self.rooms:
            for (endpoint, button), form in seen.forms.items():
                wanted = endpoint in only if only else not endpoint.startswith("/")
                if wanted and (endpoint, button) not in self.tried:
                    self._try(client, endpoint, button, form)
        self.ground.put_back()

    def _try(self, client: FlaskClient, endpoint: str, button: str, form: Form) -> None:
        fields = form.fields | self.given.get(endpoint, {})
        own = self.inside.names[endpoint] | OWN.get(endpoint, set()) | fields.keys()
        answered, found = self.ground.tried(client, form.to, fields, own, content_type=form.kind)
        self.tried.add((endpoint, button))
        self.found |= {f"{endpoint} {button}: {each}" for each in found}
        if self.ground.acted(answered):
            self.acted.add(endpoint)

    def bring(self, fields: Fields) -> None:
        """Send the form of a sample with another file, and look at what comes."""
        form = self.inside.forms["coordinators.wave_sample_preview", ""]
        sent = written(form.fields | fields)
        page = self.client.post(form.to, data=sent, content_type=form.kind)
        self.inside.look(page.get_data(as_text=True), form.to)

    def carry_out(self, endpoint: str) -> None:
        """Send a form for good, and look at what comes; a refusal brings its form again."""
        form = next(each for each in self.inside.forms.values() if each.endpoint == endpoint)
        fields = form.fields | self.given.get(endpoint, {})
        answer = self.client.post(
            form.to, data=written(fields), content_type=form.kind, follow_redirects=True
        )
        assert answer.status_code in (200, 422), endpoint
        self.inside.look(answer.get_data(as_text=True), answer.request.path)
        answer.close()
