"""Hostile texts in every field of the office that takes words, and every page that shows them."""

from __future__ import annotations

from collections.abc import Iterator
from copy import copy
from dataclasses import dataclass, field
from itertools import count, cycle, islice

from every_form import Office
from extra_fields import Form, written
from flask.testing import FlaskClient
from scripted_texts import active, payloads
from sqlalchemy import select
from staffed import HERE, WAVE, pages

from app.storage.accounts import Account
from app.storage.participants import Participant
from app.storage.territories import TerritoryRow
from app.workflows.sample import sealed_contact

ALL = tuple(payloads())
TOGETHER = 20  # texts in one field


@dataclass
class Sent:
    """Fields that were sent, answers and pages that showed some of the texts; what would run."""

    fields: set[tuple[str, str]] = field(default_factory=set)
    answers: int = 0
    pages: int = 0
    found: list[str] = field(default_factory=list)


def send_texts(work: Office, turn: int) -> Sent:
    """Each field is sent with some of the texts together, and with a short one; look at what comes
    of it, and then at every page. In so many turns as there are parts, a field meets all texts."""
    work.look()
    _of_others(work, turn)
    work.ground.keep()
    many = (
        " ".join(islice(cycle(ALL), start, start + TOGETHER))
        for start in count(turn * TOGETHER, TOGETHER)
    )
    short = islice(cycle(text for text in ALL if len(text) < 40), turn, None)
    done = Sent()
    for client, seen in work.rooms:
        for form in [form for form in seen.forms.values() if form.texts]:
            for texts in (many, short):
                _send(work, client, form, texts, done)
    for call in pages(work.app, work.made):
        answer = work.client.get(call.address, follow_redirects=True)
        if answer.mimetype == "text/html":
            done.pages += _shows(answer.get_data(as_text=True), call.address, done)
        answer.close()
    return done


def _send(work: Office, client: FlaskClient, form: Form, texts: Iterator[str], done: Sent) -> None:
    jar = copy(client._cookies)
    sent = form.fields | work.given.get(form.endpoint, {})
    sent |= {name: next(texts) for name in sorted(form.texts)}
    answer = client.post(form.to, data=written(sent), content_type=form.kind, follow_redirects=True)
    if answer.status_code >= 500:
        done.found.append(f"{answer.status_code} of {form.endpoint}")
    if answer.mimetype == "text/html":
        done.answers += _shows(answer.get_data(as_text=True), form.endpoint, done)
    answer.close()
    done.fields |= {(form.endpoint, name) for name in form.texts}
    if client.get("/office/account").status_code != 200:  # nobody sits there any more
        client._cookies = jar
        work.ground.put_back()


def _shows(html: str, place: str, done: Sent) -> bool:
    """Whether a page shows some of the texts."""
    if active(html):
        done.found.append(f"something runs at {place}")
    return "p()" in html


def _of_others(work: Office, turn: int) -> None:
    """Texts that come otherwise: people of the sample, names of accounts and of territories."""
    house, some = work.made.house, islice(cycle(ALL), turn * TOGETHER, None)
    with house.database.write() as session:
        people = select(Participant).where(
            Participant.wave_id == WAVE, Participant.territory == HERE
        )
        for person in session.scalars(people.order_by(Participant.id).limit(100)):
            told = (next(some), next(some), next(some))
            person.sealed_contact = sealed_contact(house, WAVE, person.reference, told)
        for account in session.scalars(select(Account)):
            account.name = next(some)
        for place in session.scalars(select(TerritoryRow)):
            text = next(some)
            place.document = {**place.document, "name": {"fr": text, "en": text}}
