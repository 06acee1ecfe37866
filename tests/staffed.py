"""The evaluated programme with work of every kind under way: a page of each kind has its matter.

Drafts of both levels with a module that awaits a decision, the library, trials, sheets keyed once
and twice otherwise, a visit, steps of contact, jobs, an extract that was asked for, an invitation.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Any

import people
from evaluated import Evaluated
from every_route import Call, calls
from flask import Flask
from people import Person
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.definitions.plain_source import document_in
from app.domain.keying import Typed
from app.domain.library import EntryKind, Licence
from app.domain.permissions import Grant, Role
from app.domain.plain_documents import spots
from app.domain.questionnaire import Kind
from app.domain.sittings import Sitting
from app.domain.territories import NATION
from app.domain.text import Text
from app.factory import create_app
from app.protection.sign_on import Provider
from app.settings import from_environment
from app.storage.accounts import Account
from app.storage.database import now
from app.storage.frameworks import FrameworkVersion
from app.storage.participants import Participant
from app.storage.responses import Response
from app.storage.surveys import QuestionnaireVersion
from app.workflows import (
    accounts,
    assisting,
    beginning_drafts,
    contacting,
    evaluate,
    extracting,
    invitations,
    keying,
    library,
    publishing,
    reviewing,
    sheets,
    trials,
)
from app.workflows.acting import Actor, House
from app.workflows.letters import start_letters
from app.workflows.library import Taken

SURFACES = ("accounts", "coordinators", "evaluators", "officer", "preview", "trial")
# Who is not signed in yet.
BEFORE = frozenset({"accounts.sign_in", "accounts.invitation", "accounts.invitation_link"})
HALF = "accounts.second"  # the password was right, and nothing else is known
# What one person began, and that person alone goes on with.
OWN = frozenset(
    f"coordinators.{page}" for page in ("interview", "wave_job", "keying_entry", "keying_section")
) | {"evaluators.making"}
# Where there is something to refuse: an institution that does not answer or was not asked, an
# invitation without its link, a recording that nobody made, a file that nobody gave.
REFUSALS = {
    "accounts.institution": 502,
    "accounts.institution_back": 422,
    "accounts.invitation": 404,
    "trial.recording": 404,
    "officer.given_file": 404,
}
# Pages that lead on at once, and where to.
LEADS = {
    "accounts.invitation_link": "/office/invitation",
    "coordinators.review": "/agree",
    "coordinators.keying_entry": "/keying/",
    "trial.onward": "/office/trial/r/",
    "trial.check": "/office/trial/r/",
}
# An institution's machine that is not there.
NOBODY = Provider("http://127.0.0.1:9", "covalue", "a secret")
HERE = "MAY"
# Every right in the nation; each reads the pages in a language of their own.
FRENCH = Person("Francine", Role.NATIONAL_OWNER, NATION)
ENGLISH = Person("Edith", Role.NATIONAL_OWNER, NATION)
PEOPLE = {"fr": FRENCH, "en": ENGLISH}
WAVE = 2  # runs; the first one is closed and was cut
STEP = contacting.NewStep(
    HERE,
    "elderly",
    "letter",
    "invitation",
    0,
    Text.of(fr="Votre avis", en="Your opinion"),
    Text.of(fr="Bonjour, votre code : {code}", en="Good day, your code: {code}"),
)


@dataclass
class Staffed:
    """The house, and what the variables of addresses stand for (see ``every_route.calls``)."""

    house: House
    values: dict[str, Any]
    trial_codes: tuple[str, ...] = ()
    invitation: str = ""


def office(there: Evaluated) -> Flask:
    """The staff's surface on the programme, with an institution that does not answer."""
    return create_app(replace(from_environment(there.environment), sign_on=NOBODY), "office")


def pages(app: Flask, made: Staffed) -> Iterator[Call]:
    """Every address of the staff's surface that can be opened, from its route map."""
    for call in calls(app, made.values):
        if call.method == "GET" and call.endpoint.partition(".")[0] in SURFACES:
            address = call.address.replace("/invitation/x", f"/invitation/{made.invitation}")
            if call.endpoint in ("coordinators.wave_paper_blank", "coordinators.wave_cards_pdf"):
                address += f"?territory={HERE}"
            yield replace(call, address=address)


def staffed(there: Evaluated) -> Staffed:
    """Bring all of it about in the programme, by the product's own acts."""
    house = there.house()
    for language, person in PEOPLE.items():
        _settled(house, person, language)
    actor, other = (people.acting(house, person) for person in (FRENCH, ENGLISH))
    made = Staffed(house, {"wave_id": WAVE, "territory": HERE, "code": HERE})
    made.values |= {
        "release_id": there.release_id,
        "coordinators.questionnaire_export_file form": "xlsform",
        "evaluators.definition_file kind": "framework",
        "evaluators.definition_file code": "NAT",
        "evaluators.definition_file form": "yaml",
        "coordinators.feedback_form wave_id": 1,
    }
    _designed(house, actor, other, made)
    _keyed(house, actor, other, made)
    _fielded(house, actor, made)
    publishing.check_release(house, actor, there.release_id)
    publishing.approve_release(house, other, there.release_id)
    publishing.publish_release(house, actor, there.release_id)
    order = extracting.New((HERE,), ("elderly",), "Une étude de l’isolement", "fr")
    extracting.ask(house, other, there.release_id, order)
    made.values["evaluators.making job_id"] = evaluate.start_release(house, actor, 1)
    link = invitations.invite(
        house, actor, email="nina@example.org", name="Nina", grant=Grant(Role.REVIEWER, HERE)
    )
    made.invitation = link.secret
    return made


def _settled(house: House, person: Person, language: str) -> None:
    """An account with every role."""
    people.settle(house, person)
    operator = accounts.operator(house, "DEMO")
    with house.database.write() as session:
        account = session.scalars(select(Account).where(Account.email == person.email)).one()
        account.language = language
        session.add_all(
            accounts.grant_row(operator, account.id, Grant(role, NATION))
            for role in Role
            if role is not person.role
        )


def _designed(house: House, actor: Actor, other: Actor, made: Staffed) -> None:
    with house.database.read() as session:
        core = _latest(session, QuestionnaireVersion, NATION, audience="elderly")
        module = _latest(session, QuestionnaireVersion, HERE, audience="elderly")
        own = _latest(session, FrameworkVersion, HERE)
    national = beginning_drafts.begin_from(house, actor, "questionnaire", core.id)
    local = beginning_drafts.begin_from(house, other, "questionnaire", module.id)
    asked = next(
        each.question["code"]
        for each in spots(document_in(core.source).data)
        if each.question["type"] == Kind.CHOICE
    )
    slot = next(iter(document_in(module.source).data["slots"]))
    until = (now().date() + timedelta(days=200)).isoformat()
    reviewing.adapt(house, other, local, asked, slot, "Ici on dit autrement", until)
    review = reviewing.submit(house, other, local, "Deux questions d’ici")
    reviewing.comment(house, actor, review, asked, "Dites-le plus simplement.")
    entry = library.add_entry(
        house,
        actor,
        EntryKind.QUESTION,
        "home",
        "Vivre chez soi",
        Taken(national, asked, Licence.FREE, "Notre main"),
    )
    made.trial_codes = trials.make_codes(house, actor, national, "self", 2)
    framework = beginning_drafts.begin_from(house, actor, "framework", own.id)
    made.values |= {"draft_id": national, "entry_id": entry, "version_id": module.id}
    made.values |= {"coordinators.agree draft_id": local, "review_id": review}
    for page in ("coordinators.build_question", "preview.page", "trial.question"):
        made.values[f"{page} code"] = asked
    for page in ("framework", "framework_file", "framework_history"):
        made.values[f"coordinators.{page} version_id"] = own.id
    for page in ("framework_draft", "framework_edit", "board", "indicator", "indicator_new"):
        made.values[f"coordinators.{page} draft_id"] = framework
    added = document_in(own.source).data["added"][0]["indicator"]["code"]
    made.values |= {"coordinators.indicator code": added, "evaluators.indicator code": "OUT1"}


def _latest(session: Session, table: Any, territory: str, **more: Any) -> Any:
    found = select(table).where(table.territory == territory, table.number.is_not(None))
    for name, value in more.items():
        found = found.where(getattr(table, name) == value)
    return session.scalars(found.order_by(table.number.desc())).first()


def _keyed(house: House, actor: Actor, other: Actor, made: Staffed) -> None:
    """One sheet that is begun, and one that two people keyed otherwise."""
    keying.set_rate(house, actor, WAVE, 100)
    with house.database.read() as session:
        free = session.scalars(
            select(Participant)
            .where(
                Participant.wave_id == WAVE,
                Participant.territory == HERE,
                Participant.audience == "family",
                Participant.disposition.is_(None),
                Participant.id.not_in(select(Response.participant_id)),
            )
            .order_by(Participant.id)
        ).all()
    begun, twice = free[0], free[1]
    new = sheets.NewEntry("12-A", True, Sitting(role="self", notice="1"))
    entries = []
    for who, value in ((actor, "1"), (other, "2")):
        entry = sheets.begin(house, who, WAVE, twice.id, new)
        for section in keying.open_entry(house, who, entry).sections:
            choices = [each for each in keying.questions_of(section) if each.kind is Kind.CHOICE]
            typed = {each.code: Typed(value, "") for each in choices[:1]}
            assert not keying.key_section(house, who, entry, section.code, typed).faults
        keying.finish(house, who, entry)
        entries.append(entry)
    entry = sheets.begin(house, actor, WAVE, begun.id, new)
    section = keying.open_entry(house, actor, entry).sections[0].code
    made.values |= {"person": begun.id, "reference": begun.reference, "section": section}
    for page, number in (("entry", entry), ("section", entry), ("differences", entries[0])):
        made.values[f"coordinators.keying_{page} entry_id"] = number


def _fielded(house: House, actor: Actor, made: Staffed) -> None:
    made.values["step_id"] = contacting.add_step(house, actor, WAVE, STEP)
    made.values["job_id"] = start_letters(house, actor, WAVE, HERE)
    tomorrow = now().date() + timedelta(days=1)
    reference = made.values["reference"]
    made.values["number"] = assisting.issue_visit_code(house, actor, WAVE, reference, tomorrow)
    with house.database.read() as session:
        found = select(Account.id).where(Account.email == ENGLISH.email)
        made.values["account_id"] = session.scalars(found).one()
