"""Feedback to participants: a territory's page, from a release, checked, then told to who asked."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from app.domain.errors import BadInput, Conflict, Fault, NotFound
from app.domain.feedback import Feedback, feedback_faults
from app.domain.permissions import Verb
from app.domain.text import Text
from app.evaluation.tables import Observation, What
from app.interchange.figure_words import number, value_in_words
from app.interchange.verdict_words import verdict_of, verdict_sentence
from app.print.feedback import feedback_pdf, fits_one_page
from app.storage import feedback as stored
from app.storage.database import now
from app.storage.feedback import FeedbackPage
from app.storage.published import Published, published
from app.storage.waves import wave_by_id
from app.workflows.acting import Actor, House, act, require
from app.workflows.mail import queue_mail
from app.workflows.sample import contact_of, reach_of
from app.workflows.wishes import wish_link


@dataclass(frozen=True, slots=True)
class Choice:
    """An indicator that may be told: its title and its figure in words, by language."""

    code: str
    title: Text
    figure: Text
    numbers: tuple[str, ...]


def choices(house: House, actor: Actor, release_id: int, territory: str) -> dict[str, Choice]:
    """The indicators published for a territory by a release; withheld ones are not among them.

    Raises ``NotFound``, ``NotAllowed``.
    """
    require(house, actor, Verb.FEEDBACK_WRITE, territory)
    seen = _release(house, actor, release_id)
    found: dict[str, Choice] = {}
    for each in seen.table.of(What.INDICATOR, territory=territory):
        if each.shown and each.code in seen.indicators and each.code not in found:
            title = seen.indicators[each.code].title
            found[each.code] = Choice(each.code, title, _figure(each), _numbers(each))
    return found


def _release(house: House, actor: Actor, release_id: int) -> Published:
    seen = published(house.database, actor.programme_id, release_id)
    if seen is None or seen.state != "published":
        raise NotFound
    return seen


def _figure(each: Observation) -> Text:
    return Text.of(fr=value_in_words(each, "fr"), en=value_in_words(each, "en"))


def _numbers(each: Observation) -> tuple[str, ...]:
    """As they may be written: as on the evaluators' pages, and rounded to the whole."""
    assert each.value is not None  # it is shown
    whole = round(each.value * 100) if "%" in value_in_words(each, "en") else round(each.value)
    told = value_in_words(each, "en").split("%", maxsplit=1)[0].strip()
    return (told, number(each.value, "en"), str(whole))


def write(
    house: House, actor: Actor, wave_id: int, territory: str, release_id: int, said: Feedback
) -> None:
    """Keep the territory's page, checked against what the release gives out.

    A published page that is changed is no longer published. Raises ``BadInput`` with every fault,
    and where the printed sheet would not be one page.
    """
    known = choices(house, actor, release_id, territory)
    shown = {code: choice.numbers for code, choice in known.items()}
    every = {number for choice in known.values() for number in choice.numbers}
    faults = list(feedback_faults(said, shown, every))
    if faults:
        raise BadInput(faults)
    seen = _release(house, actor, release_id)
    document = _document(seen, territory, said, known)
    long = [_too_long(tag) for tag in ("fr", "en") if not fits_one_page(document, tag)]
    if long:
        raise BadInput(long)
    with act(house, actor, Verb.FEEDBACK_WRITE, territory, f"wave:{wave_id}") as acted:
        wave = wave_by_id(acted.session, actor.programme_id, wave_id)
        if wave is None or wave.code != seen.wave:
            raise NotFound
        row = stored.page_of(acted.session, wave_id, territory, lock=True)
        if row is None:
            row = FeedbackPage(wave_id=wave_id, territory=territory)
            acted.session.add(row)
        row.release_id, row.said = release_id, document
        row.made_at, row.made_by, row.published_at = now(), actor.account_id, None
        acted.details = {"did": "write", "release": release_id}


def _too_long(language: str) -> Fault:
    french, english = (
        ("en français", "in French") if language == "fr" else ("en anglais", "in English")
    )
    return Fault(
        f"change_{language}",
        Text.of(
            fr=f"La feuille {french} dépasse une page.",
            en=f"The sheet {english} is longer than one page.",
        ),
        Text.of(
            fr="Raccourcissez ce qui va changer, ou les mots d’un résultat.",
            en="Shorten what will change, or the words of a finding.",
        ),
    )


def _document(
    seen: Published, territory: str, said: Feedback, known: Mapping[str, Choice]
) -> dict[str, Any]:
    """Everything that the page shows: words of people, figures and verdict as published."""
    shifts = seen.table.of(What.STANDING_SHIFT, territory=territory)
    smallest = seen.table.of(What.SMALLEST_DETECTABLE, territory=territory)
    verdict: dict[str, str] = {}
    if shifts and verdict_of(shifts[0]) is not None:
        least = smallest[0] if smallest else None
        verdict = {tag: verdict_sentence(shifts[0], least, tag) for tag in ("fr", "en")}
    return {
        "findings": [
            {
                "code": finding.code,
                "title": known[finding.code].title.as_dict(),
                "figure": known[finding.code].figure.as_dict(),
                "words": finding.words.as_dict(),
            }
            for finding in said.findings
        ],
        "change": said.change.as_dict(),
        "decided": said.decided.as_dict(),
        "when": said.when.as_dict(),
        "verdict": verdict,
        "place": {tag: seen.name(territory, tag) for tag in ("fr", "en")},
        "programme": seen.programme_title.as_dict(),
        "synthetic": seen.synthetic,
    }


def page(house: House, actor: Actor, wave_id: int, territory: str) -> FeedbackPage | None:
    """The territory's page as it stands. Raises ``NotAllowed``."""
    require(house, actor, Verb.FEEDBACK_WRITE, territory)
    with house.database.read() as session:
        return stored.page_of(session, wave_id, territory)


def publish(house: House, actor: Actor, wave_id: int, territory: str) -> int:
    """Put the page in the open, and queue a message to each who asked and has e-mail; how many.

    Whoever asked and has none is among the letters. Who answered is neither looked at nor told.
    Raises ``NotFound`` where nothing is written, ``Conflict`` where its release was withdrawn.
    """
    with act(house, actor, Verb.FEEDBACK_WRITE, territory, f"wave:{wave_id}") as acted:
        wave = wave_by_id(acted.session, actor.programme_id, wave_id)
        row = stored.page_of(acted.session, wave_id, territory, lock=True)
        if wave is None or row is None:
            raise NotFound
        seen = published(house.database, actor.programme_id, row.release_id)
        if seen is None or seen.state != "published":
            raise Conflict(_WITHDRAWN)
        row.published_at = row.published_at or now()
        link, told = f"{house.public_url}/resultats/{wave.code}/{territory}", 0
        for person in stored.asked_for(acted.session, wave_id, territory):
            email = reach_of(house, person)["email"]
            if not email:
                continue
            language = person.language if person.language in ("fr", "en") else "fr"
            told += queue_mail(
                acted.session,
                house,
                to=email,
                subject=_SUBJECT.in_(language),
                text=_LETTER.in_(language).format(link=link, stop=wish_link(house, person.id)),
                purpose="feedback",
                key=f"feedback:{wave_id}:{person.id}",
                unsubscribe=wish_link(house, person.id),
            )
        acted.details = {"did": "publish", "messages": told}
        return told


def sheets(
    house: House, actor: Actor, wave_id: int, territory: str, *, letters: bool
) -> tuple[str, bytes]:
    """The printable sheet in both languages, or one addressed to each who asked and has no e-mail.

    Name of the file, and the PDF. Raises ``NotFound`` where no page is published, or nobody asked.
    """
    verb = Verb.LETTERS_PRINT if letters else Verb.FEEDBACK_WRITE
    with act(house, actor, verb, territory, f"wave:{wave_id}") as acted:
        row = stored.page_of(acted.session, wave_id, territory)
        if row is None or row.published_at is None:
            raise NotFound
        people: list[tuple[str, tuple[str, ...]]] = [("fr", ()), ("en", ())]
        if letters:
            people = [
                (person.language, contact_of(house, person))
                for person in stored.asked_for(acted.session, wave_id, territory)
                if contact_of(house, person) and not reach_of(house, person)["email"]
            ]
        acted.details = {"sheets": len(people)}
    if not people:
        raise NotFound
    stem = "synthetic-" if row.said["synthetic"] or house.demonstration else ""
    made = feedback_pdf(row.said, people, row.published_at)
    return f"{stem}feedback-{territory}{'-letters' if letters else ''}.pdf", made


_WITHDRAWN = Text.of(
    fr="La diffusion dont viennent ces chiffres a été retirée.",
    en="The release that these figures come from was withdrawn.",
)
_SUBJECT = Text.of(fr="Ce que vos réponses ont donné", en="What came of your answers")
_LETTER = Text.of(
    fr="Bonjour,\n\nVous avez souhaité connaître les résultats. Ils sont ici\u00a0:\n{link}\n\n"
    "Ne plus recevoir de messages\u00a0:\n{stop}\n",
    en="Hello,\n\nYou wished to know the results. They are here:\n{link}\n\n"
    "To receive no more messages:\n{stop}\n",
)
