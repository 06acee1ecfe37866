"""Who runs a collection hears once a week by mail what needs a look; the worker asks once a day."""

from __future__ import annotations

from collections.abc import Sequence

from app.domain.addresses import mail_address
from app.domain.field_alerts import Alert, Kind
from app.domain.permissions import Role, Verb
from app.domain.questionnaire import Audience
from app.domain.text import Text
from app.storage.accounts import Account, grants_of, holders_of
from app.storage.audit import record
from app.storage.database import now
from app.storage.territories import ProgrammeRow, programmes, territories_of
from app.storage.waves import Wave, waves_of
from app.workflows.acting import Actor, House
from app.workflows.field_monitor import course_of, watched
from app.workflows.mail import queue_mail

NOTED = "field-warned.txt"
TOLD = (Role.TERRITORY_COORDINATOR, Role.NATIONAL_OWNER)

SUBJECT = Text.of(
    fr="Covalue\u00a0: la collecte {wave} demande un regard",
    en="Covalue: the collection {wave} needs a look",
)
BODY = Text.of(
    fr="Bonjour,\n\nDans la collecte {wave} ({programme})\u00a0:\n\n{lines}\n\n"
    "À voir ici, après vous être identifié\u00a0: {address}\n",
    en="Hello,\n\nIn the collection {wave} ({programme}):\n\n{lines}\n\n"
    "See it here, once signed in: {address}\n",
)
LINES = {
    Kind.BEHIND: Text.of(
        fr="{place}\u00a0: {is_:.0f} réponses, le plan en prévoit {should:.0f} à ce jour.",
        en="{place}: {is_:.0f} answers, the plan has {should:.0f} by now.",
    ),
    Kind.QUOTA: Text.of(
        fr="{place}\u00a0: {is_:.0f} réponses, le quota de {should:.0f} est atteint.",
        en="{place}: {is_:.0f} answers, the quota of {should:.0f} is reached.",
    ),
    Kind.SILENT: Text.of(
        fr="{place}\u00a0: aucune réponse depuis {is_:.0f} jours.",
        en="{place}: no answer for {is_:.0f} days.",
    ),
    Kind.BOUNCES: Text.of(
        fr="{place}\u00a0: {percent}\u00a0% des messages reviennent.",
        en="{place}: {percent}% of the messages come back.",
    ),
    Kind.KEYING: Text.of(
        fr="{place}\u00a0: les deux saisies diffèrent pour {percent}\u00a0% des réponses.",
        en="{place}: two keyings differ in {percent}% of the answers.",
    ),
}


AUDIENCES = {
    Audience.ELDERLY: Text.of(fr="personnes âgées", en="elderly people"),
    Audience.FAMILY: Text.of(fr="proches aidants", en="family carers"),
    Audience.PROFESSIONAL: Text.of(fr="professionnels", en="professionals"),
}


def line_of(alert: Alert, actor: Actor, language: str) -> str:
    """An alert as a sentence, for the page and for the mail."""
    place = actor.territories[alert.territory].name.in_(language)
    if alert.audience:
        place += f", {AUDIENCES[Audience(alert.audience)].in_(language)}"
    percent = f"{100 * alert.is_:.1f}"
    return (
        LINES[alert.kind]
        .in_(language)
        .format(
            place=place,
            is_=alert.is_,
            should=alert.should,
            percent=percent.replace(".", ",") if language == "fr" else percent,
        )
    )


def warn_today(house: House) -> int:
    """Queue what there is to say, unless that was done today; how many. The worker calls it."""
    today = now().date().isoformat()
    noted = house.folder / NOTED
    if noted.exists() and noted.read_text("ascii").startswith(today):
        return 0
    with house.database.read() as session:
        found = [
            (programme.id, wave)
            for programme in programmes(session)
            for wave in waves_of(session, programme.id)
            if course_of(wave) is not None
        ]
    told = sum(_warn(house, programme_id, wave) for programme_id, wave in found)
    noted.write_text(f"{today}\n", "ascii")
    return told


def _warn(house: House, programme_id: int, wave: Wave) -> int:
    with house.database.read() as session:
        people = {
            account.id: account
            for role in TOLD
            for account in holders_of(session, programme_id, role)
        }
        programme = session.get_one(ProgrammeRow, programme_id)
        places = territories_of(session, programme_id)
        readers = [
            (
                account,
                Actor(
                    programme_id,
                    places,
                    grants_of(session, account.id, programme_id),
                    account.id,
                    programme_title=Text.of(programme.title),
                    origin="job",
                ),
            )
            for account in people.values()
        ]
    may = [each for each in readers if each[1].scope(Verb.FIELDWORK_VIEW)]
    return sum(_tell(house, wave, *each) for each in may)


def _tell(house: House, wave: Wave, account: Account, reader: Actor) -> bool:
    """Queue one mail with everything, once a week; whether there was something to say."""
    alerts: Sequence[Alert] = watched(house, reader, wave.id).alerts
    if not alerts or mail_address(account.email) is None:
        return False
    wording = {
        "wave": wave.code,
        "programme": reader.programme_title.in_(account.language),
        "lines": "\n".join(f"- {line_of(each, reader, account.language)}" for each in alerts),
        "address": f"{house.office_url}/office/waves/{wave.id}/monitor",
    }
    year, week, _ = now().isocalendar()
    with house.database.write() as session:
        queued = queue_mail(
            session,
            house,
            to=account.email,
            subject=SUBJECT.in_(account.language).format(**wording).replace("\u00a0", " "),
            text=BODY.in_(account.language).format(**wording),
            purpose="fieldwork",
            key=f"fieldwork:{wave.id}:{account.id}:{year}-{week}",
        )
        if queued:
            record(
                session,
                actor=None,
                origin="job",
                act=Verb.FIELDWORK_VIEW,
                programme_id=reader.programme_id,
                thing=f"wave:{wave.id}",
                details={"alerts": len(alerts), "told": account.id},
            )
    return queued
