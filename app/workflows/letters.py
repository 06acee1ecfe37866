"""Invitation letters as a job: sealed codes are opened inside it and leave it only in the PDF."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from zoneinfo import ZoneInfo

from sqlalchemy import Row
from sqlalchemy.orm import Session

from app.domain.errors import Conflict, NotFound
from app.domain.fieldwork import NO_LETTER
from app.domain.permissions import Verb
from app.domain.questionnaire import Audience
from app.domain.territories import NATION, Territory, telephone
from app.domain.text import NO_TEXT, Text, fill
from app.print.letters import Letter, letters_pdf, written_date
from app.protection.codes import code_place, printed
from app.protection.letter_links import link_token
from app.protection.sealing import unseal
from app.storage import contacting
from app.storage import participants as sample
from app.storage.database import now
from app.storage.instruments import frozen
from app.storage.participants import AccessCode, Participant
from app.storage.territories import ProgrammeRow
from app.storage.wave_territories import territories_in_letters
from app.storage.waves import Wave, instruments_of, wave_by_id
from app.workflows import jobs
from app.workflows.acting import Actor, House, act
from app.workflows.jobs import JobHandle
from app.workflows.sample import contact_of

KIND = "letters"
PART = 250  # letters in one PDF; more than one part makes a ZIP
ZONE = ZoneInfo("Europe/Paris")


def start_letters(
    house: House, actor: Actor, wave_id: int, territory: str, audience: str | None = None
) -> int:
    """Start the printing of a territory's letters; the job's id.

    Raises ``NotFound``, ``NotAllowed``, ``Conflict`` where the wave is closed.
    """
    if territory == NATION or territory not in actor.territories:
        raise NotFound
    if audience is not None and audience not in set(Audience):
        raise NotFound
    with act(house, actor, Verb.LETTERS_PRINT, territory, f"wave:{wave_id}") as acted:
        wave = wave_by_id(acted.session, actor.programme_id, wave_id)
        if wave is None:
            raise NotFound
        _printable(wave)
        arguments = {"wave": wave_id, "audience": audience}
        return jobs.start(house, actor, KIND, arguments, territory, session=acted.session)


def _printable(wave: Wave) -> None:
    if wave.state == "closed":
        raise Conflict(
            Text.of(
                fr="Cette vague est close\u00a0: ses codes ne peuvent plus être imprimés.",
                en="This wave is closed: its codes can no longer be printed.",
            )
        )


@dataclass(frozen=True, slots=True)
class _Order:
    """What all letters of a job share."""

    wave: Wave
    programme: ProgrammeRow
    territory: Territory
    terms: dict[str, Text]
    instruments: Mapping[str, int]  # by audience, once the wave is open
    phone: str = ""
    hours: Text = NO_TEXT  # when somebody answers there
    words: Text = NO_TEXT  # the plan's own, in place of the letter's first paragraph


def print_letters(house: House, job: JobHandle) -> None:
    """The job: one letter for each participant of the territory with a live code."""
    order, people = _read(house, job)
    if not people:
        raise Conflict(
            Text.of(
                fr="Personne à qui écrire ici\u00a0: créez d’abord les codes.",
                en="Nobody to write to here: create the codes first.",
            )
        )
    parts: list[bytes] = []
    unshown: list[str] = []
    for start in range(0, len(people), PART):
        job.progress(start, len(people))
        pdf, told = _part(house, order, people[start : start + PART])
        parts.append(pdf)
        unshown += told
    job.progress(len(people), len(people))
    stem = f"letters-{order.wave.code}-{order.territory.code}"
    if order.programme.synthetic or house.demonstration:
        stem += "-synthetic"
    job.file, job.file_name = bundle(stem, parts)
    job.result = {"letters": len(people), "parts": len(parts), "unshown": unshown}


def _read(house: House, job: JobHandle) -> tuple[_Order, Sequence[Row[Participant, AccessCode]]]:
    with house.database.read() as session:
        wave = wave_by_id(session, job.programme_id, int(job.arguments["wave"]))
        assert wave is not None  # jobs are started on waves that exist, and none is removed
        _printable(wave)
        territories = territories_in_letters(session, wave)
        order = _Order(
            wave,
            session.get_one(ProgrammeRow, job.programme_id),
            territories[job.territory or NATION],
            dict(territories[NATION].terms if NATION in territories else {}),
            _instruments(session, wave, job.territory or NATION),
            *telephone(territories[job.territory or NATION], territories.get(NATION)),
        )
        order.terms.update(order.territory.terms)
        step = contacting.step_by_id(session, wave.id, int(job.arguments.get("step", 0)))
        if step is not None:
            order = replace(order, words=Text.of(step.text))
            batch = int(job.arguments.get("batch", job.id))
            return order, contacting.of_batch(session, batch, frozenset([order.territory.code]))
        people = sample.printable(
            session, wave.id, order.territory.code, job.arguments["audience"], NO_LETTER
        )
    return order, people


def _instruments(session: Session, wave: Wave, territory: str) -> dict[str, int]:
    asked = instruments_of(session, wave.id)
    return {audience: number for (place, audience), number in asked.items() if place == territory}


def _minutes(house: House, order: _Order) -> dict[str, str]:
    """What answering takes, by audience, as each questionnaire says of itself."""
    found = {
        audience: frozen(house.database, number, house.folder).questionnaire.minutes
        for audience, number in order.instruments.items()
    }
    return {audience: f"{minutes:.0f}" for audience, minutes in found.items() if minutes}


def _part(
    house: House, order: _Order, people: Sequence[Row[Participant, AccessCode]]
) -> tuple[bytes, list[str]]:
    """The PDF, and the references of letters with a sign in them that no font here could show."""
    letters = list(_letters(house, order, people))
    pdf, signs = letters_pdf(
        letters,
        programme={name: Text.of(order.programme.title).in_(name) for name in ("fr", "en")},
        title={
            name: f"{Text.of(order.wave.title).in_(name)} – {order.territory.name.in_(name)}"
            for name in ("fr", "en")
        },
        address=house.public_url,
        synthetic=order.programme.synthetic or house.demonstration,
        made_at=now(),
    )
    return pdf, [one.sheet for one in letters if not signs.isdisjoint("".join(one.address))]


def _letters(
    house: House, order: _Order, people: Sequence[Row[Participant, AccessCode]]
) -> Iterator[Letter]:
    last_day, minutes = order.wave.closes_at.astimezone(ZONE).date(), _minutes(house, order)
    for person, code in people:
        assert code.sealed is not None  # the query wants a printable form
        place = code_place(person.id, code.generation)
        digits = unseal(house.keys.sealing, code.sealed, place)
        language = person.language if person.language in ("fr", "en") else "fr"
        yield Letter(
            code=printed(digits),
            language=language,
            address=contact_of(house, person),
            place=order.territory.name.in_(language),
            team=order.terms.get("support_team", Text(())).in_(language),
            phone=order.phone,
            until=written_date(last_day, language),
            sheet=person.reference,
            words=fill(order.words.in_(language), _terms(order, language)),
            large=person.large_print,
            minutes=minutes.get(person.audience, ""),
            hours=order.hours.in_(language),
            link=f"{house.public_url}/q/{link_token(house.keys.lookup, digits)}",
        )


def _terms(order: _Order, language: str) -> dict[str, str]:
    known = {name: words.in_(language) for name, words in order.terms.items()}
    return known | {
        "programme": Text.of(order.programme.title).in_(language),
        "territory": order.territory.name.in_(language),
        "team": known.get("support_team", ""),
        "phone": order.phone,
    }


def bundle(stem: str, parts: Sequence[bytes]) -> tuple[bytes, str]:
    """One PDF as it is, several in a ZIP: content and file name."""
    if len(parts) == 1:
        return parts[0], f"{stem}.pdf"
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for number, part in enumerate(parts, 1):
            archive.writestr(f"{stem}-{number:03d}.pdf", part)
    return out.getvalue(), f"{stem}.zip"


jobs.KINDS[KIND] = print_letters
jobs.VERBS[KIND] = Verb.LETTERS_PRINT
