"""Paper questionnaires: one blank for a territory, or a job with one for each participant.

These and the show-cards come from the instrument that the wave froze at its opening. Sealed codes
are opened inside the job and leave it only in the PDF.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby

from sqlalchemy import Row
from sqlalchemy.orm import Session

from app.domain.errors import Conflict, NotFound
from app.domain.fieldwork import NO_LETTER, Disposition
from app.domain.permissions import Verb
from app.domain.questionnaire import Audience
from app.domain.territories import NATION, Territory, telephone
from app.domain.text import Text
from app.print.cards import carded, cards_pdf
from app.print.letters import written_date
from app.print.papers import Sheet, Surroundings, papers_pdf
from app.protection.codes import code_place, printed
from app.protection.letter_links import link_token
from app.protection.sealing import unseal
from app.protection.withdrawal_codes import sheet_code
from app.storage import participants as sample
from app.storage.database import now
from app.storage.dossiers import Notice
from app.storage.instruments import frozen
from app.storage.participants import AccessCode, Participant
from app.storage.territories import ProgrammeRow
from app.storage.wave_territories import territories_in_letters
from app.storage.waves import Wave, instruments_of, wave_by_id
from app.workflows import jobs
from app.workflows.acting import Actor, House, act, require
from app.workflows.jobs import JobHandle
from app.workflows.letters import ZONE, bundle
from app.workflows.notices import shown

KIND = "papers"
PART = 25  # questionnaires in one PDF, of some 15 pages each; more than one part makes a ZIP
LANGUAGES = ("fr", "en")


@dataclass(frozen=True, slots=True)
class _Order:
    """What all questionnaires of a territory share."""

    wave: Wave
    programme: ProgrammeRow
    territory: Territory
    nation: Territory | None
    instruments: dict[str, int]  # by audience
    notice: Notice | None  # what participants are told of their data


def start_papers(
    house: House,
    actor: Actor,
    wave_id: int,
    territory: str,
    audience: str | None = None,
    *,
    asked_only: bool = False,
) -> int:
    """Start the printing of a territory's paper questionnaires; the job's id.

    ``asked_only``: for those who asked for paper, else for everybody with a live code. Raises
    ``NotFound``, ``NotAllowed``, ``Conflict`` where the wave is not open.
    """
    _known_place(actor, territory, audience)
    with act(house, actor, Verb.LETTERS_PRINT, territory, f"wave:{wave_id}") as acted:
        _open(wave_by_id(acted.session, actor.programme_id, wave_id))
        arguments = {"wave": wave_id, "audience": audience, "asked": asked_only}
        return jobs.start(house, actor, KIND, arguments, territory, session=acted.session)


def blank_paper(
    house: House, actor: Actor, wave_id: int, territory: str, audience: str, language: str
) -> bytes:
    """One questionnaire without a code, as PDF.

    Raises ``NotFound`` where nobody is asked that, ``NotAllowed``, ``Conflict``.
    """
    _known_place(actor, territory, audience)
    order = _without_code(house, actor, Verb.LETTERS_PRINT, wave_id, territory, language)
    return _set(house, order, audience, language, [Sheet()])


def _without_code(
    house: House, actor: Actor, verb: Verb, wave_id: int, territory: str, language: str
) -> _Order:
    """What is printed in a territory for nobody in particular, by who may act by this verb."""
    if language not in LANGUAGES:
        raise NotFound
    require(house, actor, verb, territory)
    with house.database.read() as session:
        wave = _open(wave_by_id(session, actor.programme_id, wave_id))
        return _order(session, wave, actor.programme_id, territory)


def show_cards(
    house: House, actor: Actor, wave_id: int, territory: str, audience: str, language: str
) -> bytes:
    """The show-cards of what a territory asks an audience, as PDF, for who interviews there.

    Raises ``NotFound`` where nobody is asked that, ``NotAllowed``, ``Conflict``.
    """
    _known_place(actor, territory, audience)
    order = _without_code(house, actor, Verb.RESPONSE_ASSIST, wave_id, territory, language)
    if audience not in order.instruments:
        raise NotFound
    found = frozen(house.database, order.instruments[audience], house.folder)
    if not carded(found.questionnaire):
        raise Conflict(
            Text.of(
                fr="Aucune question de ce questionnaire n’a de réponses à montrer.",
                en="No question of this questionnaire has answers to show.",
            )
        )
    around = _surroundings(house, order, language)
    return _shown(*cards_pdf(found.questionnaire, found.checksum, around, now()))


def _known_place(actor: Actor, territory: str, audience: str | None) -> None:
    if territory == NATION or territory not in actor.territories:
        raise NotFound
    if audience is not None and audience not in set(Audience):
        raise NotFound


def _open(wave: Wave | None) -> Wave:
    if wave is None:
        raise NotFound
    if wave.state != "open":
        raise Conflict(
            Text.of(
                fr="Le questionnaire sur papier s’imprime quand la vague est ouverte : "
                "avant, ses questions peuvent encore changer.",
                en="The paper questionnaire is printed while the wave is open: "
                "before, its questions may still change.",
            )
        )
    return wave


def _order(session: Session, wave: Wave, programme_id: int, territory: str) -> _Order:
    territories = territories_in_letters(session, wave)
    asked = instruments_of(session, wave.id)
    return _Order(
        wave,
        session.get_one(ProgrammeRow, programme_id),
        territories[territory],
        territories.get(NATION),
        {audience: number for (place, audience), number in asked.items() if place == territory},
        shown(session, programme_id, "participants", wave.notice_version),
    )


def print_papers(house: House, job: JobHandle) -> None:
    """The job: one questionnaire for each participant of the territory with a live code."""
    with house.database.read() as session:
        wave = _open(wave_by_id(session, job.programme_id, int(job.arguments["wave"])))
        order = _order(session, wave, job.programme_id, job.territory or NATION)
        people = sample.printable(
            session, wave.id, order.territory.code, job.arguments["audience"], NO_LETTER
        )
    if job.arguments["asked"]:
        people = [row for row in people if row[0].disposition == Disposition.ASKED_PAPER]
    if not people:
        raise Conflict(
            Text.of(
                fr="Personne ici n’attend de questionnaire sur papier.",
                en="Nobody here waits for a paper questionnaire.",
            )
        )
    made, parts = 0, []
    for audience, language, some in _portions(people):
        job.progress(made, len(people))
        sheets = list(_sheets(house, wave, some))
        exchange = some[0][0].exchange_instrument_id
        parts.append(_set(house, order, audience, language, sheets, exchange))
        made += len(some)
    job.progress(made, len(people))
    stem = f"questionnaires-{order.wave.code}-{order.territory.code}"
    if order.programme.synthetic or house.demonstration:
        stem += "-synthetic"
    job.file, job.file_name = bundle(stem, parts)
    job.result = {"papers": made, "parts": len(parts)}


def _portions(
    people: Sequence[Row[Participant, AccessCode]],
) -> Iterator[tuple[str, str, Sequence[Row[Participant, AccessCode]]]]:
    """What goes into one PDF: people of one audience, language and instrument, at most ``PART``."""

    def alike(row: Row[Participant, AccessCode]) -> tuple[str, str, int]:
        person = row[0]
        language = person.language if person.language in LANGUAGES else "fr"
        return person.audience, language, person.exchange_instrument_id or 0

    for (audience, language, _exchange), group in groupby(sorted(people, key=alike), key=alike):
        rows = list(group)
        for start in range(0, len(rows), PART):
            yield audience, language, rows[start : start + PART]


def _sheets(
    house: House, wave: Wave, people: Sequence[Row[Participant, AccessCode]]
) -> Iterator[Sheet]:
    for person, code in people:
        assert code.sealed is not None  # the query wants a printable form
        place = code_place(person.id, code.generation)
        back = ""
        if wave.link_after_submission == "keep":
            back = f"R {printed(sheet_code(house.keys.lookup, person.id))}"
        digits = unseal(house.keys.sealing, code.sealed, place)
        link = f"{house.public_url}/q/{link_token(house.keys.lookup, digits)}"
        yield Sheet(printed(digits), person.reference, back, link)


def _set(
    house: House,
    order: _Order,
    audience: str,
    language: str,
    sheets: Sequence[Sheet],
    exchange: int | None = None,
) -> bytes:
    if audience not in order.instruments:
        raise NotFound
    found = frozen(house.database, exchange or order.instruments[audience], house.folder)
    around = _surroundings(house, order, language)
    return _shown(*papers_pdf(found.questionnaire, found.checksum, sheets, around, now()))


def _surroundings(house: House, order: _Order, language: str) -> Surroundings:
    nation = order.nation
    phone, hours = telephone(order.territory, nation)
    return Surroundings(
        language=language,
        programme=Text.of(order.programme.title).in_(language),
        place=order.territory.name.in_(language),
        phone=phone,
        hours=hours.in_(language),
        until=written_date(order.wave.closes_at.astimezone(ZONE).date(), language),
        address=house.public_url,
        terms=dict(nation.terms if nation else {}) | dict(order.territory.terms),
        synthetic=order.programme.synthetic or house.demonstration,
        notice=order.notice.text.in_(language) if order.notice else "",
        notice_number=str(order.notice.number) if order.notice else "",
    )


def _shown(pdf: bytes, unshown: frozenset[str]) -> bytes:
    """What was set, if every sign of it could be shown."""
    if unshown:
        signs = " ".join(sorted(unshown))
        raise Conflict(
            Text.of(
                fr=f"Aucune police du serveur ne montre ces signes du questionnaire : {signs}. "
                "Faites-en installer une qui les connaît, puis recommencez.",
                en=f"No font of the server shows these signs of the questionnaire: {signs}. "
                "Have one installed that knows them, and start again.",
            )
        )
    return pdf


jobs.KINDS[KIND] = print_papers
jobs.VERBS[KIND] = Verb.LETTERS_PRINT
