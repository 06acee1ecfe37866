"""How people of a sample are written to: the steps of a plan, their texts, and when one stops."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date, datetime, timedelta

from app.domain.errors import Fault
from app.domain.fieldwork import NO_LETTER, Disposition
from app.domain.text import Text, fill, names_in

LETTER, MAIL, SMS = CHANNELS = ("letter", "mail", "sms")
INVITATION, REMINDER = KINDS = ("invitation", "reminder")
LONGEST = {LETTER: 1200, MAIL: 4000, SMS: 300}
LONGEST_SUBJECT = 150
LATEST = 365  # days after the opening
KIND_HOURS = range(9, 19)  # messages that make a telephone ring leave at these hours, here

# What may be filled into a text; beside these the territory's own words.
NAMES = ("programme", "territory", "team", "phone", "until", "link", "stop")
NEEDED = {LETTER: (), MAIL: ("link", "stop"), SMS: ("link",)}

# Nobody hears of it any more: the person said so, or it would hurt. A stay in hospital is waited
# for; a returned letter says nothing of a telephone.
STOPS = {
    LETTER: NO_LETTER | {Disposition.IN_HOSPITAL},
    MAIL: (NO_LETTER | {Disposition.IN_HOSPITAL}) - {Disposition.LETTER_RETURNED},
    SMS: (NO_LETTER | {Disposition.IN_HOSPITAL}) - {Disposition.LETTER_RETURNED},
}

# What a person says on the page of the link in a message.
NO_MESSAGES, NO_CONTACT, RESULTS = WISHES = ("no_messages", "no_contact", "results")


def step_faults(channel: str, after_days: int, subject: Text, text: Text) -> Iterator[Fault]:
    """What is wrong with a step before it may be kept: both languages, known names, length."""
    if not 0 <= after_days <= LATEST:
        yield Fault("after_days", _DAYS, Text.of(fr="0 à 365.", en="0 to 365."))
    for language in ("fr", "en"):
        yield from _wording_faults(channel, f"text_{language}", text.in_(language, language))
        if channel == MAIL:
            yield from _subject_faults(f"subject_{language}", subject.in_(language, language))


def _subject_faults(place: str, wording: str) -> Iterator[Fault]:
    if not wording.strip() or not wording.isprintable() or len(wording) > LONGEST_SUBJECT:
        yield Fault(
            place,
            Text.of(fr="L’objet manque ou est trop long.", en="The subject is missing or long."),
            Text.of(fr="Une ligne de 150 signes au plus.", en="One line, at most 150 characters."),
        )


def _wording_faults(channel: str, place: str, wording: str) -> Iterator[Fault]:
    if not wording.strip() or len(wording) > LONGEST[channel]:
        most = LONGEST[channel]
        yield Fault(
            place,
            Text.of(fr="Le texte manque ou est trop long.", en="The text is missing or too long."),
            Text.of(fr=f"{most} signes au plus.", en=f"At most {most} characters."),
        )
    missing = [name for name in NEEDED[channel] if name not in names_in(wording)]
    if wording.strip() and missing:
        listed = ", ".join(f"{{{name}}}" for name in missing)
        yield Fault(
            place,
            Text.of(fr=f"Il manque {listed}.", en=f"{listed} is missing."),
            Text.of(
                fr="Sans lui, personne ne peut répondre ou se désinscrire.",
                en="Without it nobody can answer or unsubscribe.",
            ),
        )


_DAYS = Text.of(fr="Ce nombre de jours ne convient pas.", en="This number of days will not do.")


def filled(text: Text, values: Mapping[str, str], language: str) -> str:
    """The wording in one language with its names filled in; an unknown name stays as it is."""
    return fill(text.in_(language), values)


def due_on(opened: date, after_days: int) -> date:
    """The day on which a step falls due."""
    return opened + timedelta(days=after_days)


def kind_hour(local: datetime) -> datetime:
    """The first moment from ``local`` on at which a message may ring: 9 to 19, local time."""
    if local.hour in KIND_HOURS:
        return local
    day = local if local.hour < KIND_HOURS.start else local + timedelta(days=1)
    return day.replace(hour=KIND_HOURS.start, minute=0, second=0, microsecond=0)


SUBJECTS = {
    INVITATION: Text.of(
        fr="Votre avis compte – {programme}", en="Your opinion counts – {programme}"
    ),
    REMINDER: Text.of(
        fr="Il est encore temps de donner votre avis", en="There is still time to give your opinion"
    ),
}
_FOOT = Text.of(
    fr="Une question\u00a0? Appelez le {phone}.\n\n{team} – {territory}\n\n"
    "Ne plus recevoir de messages, ou recevoir les résultats\u00a0:\n{stop}\n",
    en="A question? Call {phone}.\n\n{team} – {territory}\n\n"
    "To receive no more messages, or to receive the results:\n{stop}\n",
)
TEXTS = {
    (MAIL, INVITATION): Text.of(
        fr="Bonjour,\n\nVotre avis sur les aides et les soins près de chez vous nous intéresse.\n"
        "Répondre est libre. Si vous ne répondez pas, rien ne change pour vous.\n\n"
        "Pour répondre, ouvrez cette adresse\u00a0:\n{link}\n\n"
        "Vous pouvez répondre jusqu’au {until}.\n\n" + _FOOT.in_("fr"),
        en="Hello,\n\nWe would like your opinion on the help and care near your home.\n"
        "Answering is your choice. If you do not answer, nothing changes for you.\n\n"
        "To answer, open this address:\n{link}\n\nYou can answer until {until}.\n\n"
        + _FOOT.in_("en"),
    ),
    (MAIL, REMINDER): Text.of(
        fr="Bonjour,\n\nNous vous avons écrit il y a quelques jours. Si vous avez déjà répondu, "
        "merci\u00a0: oubliez ce message.\n\nSinon, il est encore temps\u00a0:\n{link}\n\n"
        "Vous pouvez répondre jusqu’au {until}.\n\n" + _FOOT.in_("fr"),
        en="Hello,\n\nWe wrote to you a few days ago. If you have answered already, thank you: "
        "please forget this message.\n\nIf not, there is still time:\n{link}\n\n"
        "You can answer until {until}.\n\n" + _FOOT.in_("en"),
    ),
    (SMS, INVITATION): Text.of(
        fr="{programme}\u00a0: votre avis compte. Répondez jusqu’au {until}\u00a0: {link}",
        en="{programme}: your opinion counts. Answer until {until}: {link}",
    ),
    (SMS, REMINDER): Text.of(
        fr="{programme}\u00a0: il est encore temps de répondre, jusqu’au {until}\u00a0: {link}",
        en="{programme}: there is still time to answer, until {until}: {link}",
    ),
    (LETTER, INVITATION): Text.of(
        fr="Vous recevez cette lettre parce que votre avis sur les aides et les soins près de chez "
        "vous nous intéresse. Répondre est libre. Si vous ne répondez pas, rien ne change pour "
        "vous.",
        en="You receive this letter because we would like your opinion on the help and care near "
        "your home. Answering is your choice. If you do not answer, nothing changes for you.",
    ),
    (LETTER, REMINDER): Text.of(
        fr="Nous vous avons écrit il y a quelques semaines. Si vous avez déjà répondu, merci. "
        "Sinon, il est encore temps. Le code ci-dessous remplace celui de la première lettre.",
        en="We wrote to you a few weeks ago. If you have answered already, thank you. If not, "
        "there is still time. The code below replaces that of the first letter.",
    ),
}
