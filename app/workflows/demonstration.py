"""The demonstration: two waves of made-up people, filled through the product's own acts.

Nothing is filled twice: where a wave exists, the data stay as they are. The access codes and the
sign-ins that are shown at the start are kept in one file that only its owner may read.
"""

from __future__ import annotations

import os
import secrets
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from pathlib import Path
from random import Random
from typing import Any

import orjson

from app.definitions.demonstration_reading import (
    DemonstrationPlan,
    PlannedWave,
    read_demonstration,
)
from app.domain.permissions import Grant, Role, Verb
from app.domain.questionnaire import Audience
from app.domain.territories import NATION
from app.interchange.sample_csv import SampleRow
from app.protection.codes import code_place, printed
from app.protection.sealing import unseal
from app.storage import demonstration as stored
from app.storage.database import now
from app.workflows.accounts import create_account, operator
from app.workflows.acting import Actor, House, act
from app.workflows.dossiers import load_dossier
from app.workflows.made_up import MadeUp
from app.workflows.sample import issue_codes
from app.workflows.sample_import import import_sample
from app.workflows.waves import NewWave, close_wave, create_wave, open_wave, waves

PROGRAMME = "DEMO"
SHOWN = "demonstration.json"
SHOWN_TERRITORY = "MAY"
CONTACT = ("Personne d’exemple (synthétique)", "1 rue de l’Exemple", "00000 Exemple")

# e-mail, name, role, territory
STAFF = (
    ("nationale@exemple.invalid", "Coordination nationale", Role.NATIONAL_OWNER, NATION),
    ("relecture@exemple.invalid", "Relecture nationale", Role.NATIONAL_OWNER, NATION),
    ("mayenne@exemple.invalid", "Coordination Mayenne", Role.TERRITORY_COORDINATOR, "MAY"),
    ("evaluation@exemple.invalid", "Évaluation", Role.EVALUATOR, NATION),
)


@dataclass(frozen=True, slots=True)
class Shown:
    """What the demonstration shows at its start: codes by audience, and (e-mail, password)."""

    codes: Mapping[str, str]
    staff: tuple[tuple[str, str, str], ...]  # name, e-mail, password


def fill(house: House, root: Path) -> Shown:
    """Fill the loaded programme with synthetic people, once. Returns what to show."""
    path = house.folder / SHOWN
    actor = operator(house, PROGRAMME)
    if waves(house, actor):
        return _shown_before(path)
    plan = read_demonstration((root / "config" / "demonstration.yaml").read_text("utf-8"))
    staff = tuple(_staff(house, actor))
    dossier = (root / "config" / "dossier.yaml").read_text("utf-8")
    wave_id = 0
    for planned in plan.waves:
        wave_id = _wave(house, actor, plan, planned, dossier)
    shown = Shown(_codes(house, wave_id), staff)
    _keep(path, shown)
    return shown


def _staff(house: House, actor: Actor) -> Iterator[tuple[str, str, str]]:
    for email, name, role, territory in STAFF:
        password = secrets.token_urlsafe(12)
        create_account(
            house, actor, email=email, name=name, password=password, grant=Grant(role, territory)
        )
        yield name, email, password


def _wave(
    house: House, actor: Actor, plan: DemonstrationPlan, planned: PlannedWave, dossier: str
) -> int:
    """Make one wave with its dossier, sample, codes and answers; closed where the plan says so."""
    opens = datetime.combine(planned.period_start, time(6), UTC)
    ends = datetime.combine(planned.period_end, time(22), UTC)
    if not planned.closed:  # the running wave runs whenever the demonstration is made
        opens = min(opens, now() - timedelta(days=30))
        ends = max(ends, now() + timedelta(days=90))
    wave_id = create_wave(
        house,
        actor,
        NewWave(
            code=planned.code,
            title=planned.title,
            frame=planned.frame,
            period_start=opens.date(),
            period_end=ends.date(),
            opens_at=opens,
            closes_at=ends,
            partials_from=None,
            draft_decision="Démonstration : réponses synthétiques, personne n’est interrogé.",
        ),
    )
    load_dossier(house, actor, wave_id, dossier, approve=True)
    open_wave(house, actor, wave_id)
    import_sample(house, actor, wave_id, tuple(_sample(plan, actor)))
    issue_codes(house, actor, wave_id)
    _answers(house, actor, plan, planned, wave_id)
    if planned.closed:
        close_wave(house, actor, wave_id)
    return wave_id


def _sample(plan: DemonstrationPlan, actor: Actor) -> Iterator[SampleRow]:
    """The same people in every wave, so that waves are paired."""
    random = Random(plan.seed)
    line = 1
    for code, territory in actor.territories.items():
        if code == NATION:
            continue
        elderly = plan.size(code, Audience.ELDERLY)
        for audience in Audience:
            for number in range(1, plan.size(code, audience) + 1):
                line += 1
                area = random.choice(territory.sub_areas) if territory.sub_areas else None
                yield SampleRow(
                    line=line,
                    reference=f"{code}-{audience[0].upper()}{number:04d}",
                    territory=code,
                    audience=audience.value,
                    case=_case(plan, audience, code, number, elderly, random),
                    stratum=area or "",
                    weight=random.choice((0.8, 1.0, 1.25)),
                    language="en" if random.random() < plan.people["english"] else "fr",
                    sub_area=area,
                    contact=CONTACT,
                )


def _case(
    plan: DemonstrationPlan,
    audience: Audience,
    code: str,
    number: int,
    elderly: int,
    random: Random,
) -> str | None:
    """Elderly people are cases; some family members belong to one."""
    if audience is Audience.ELDERLY:
        return f"{code}-C{number:04d}"
    linked = audience is Audience.FAMILY and random.random() < plan.people["with_family"]
    return f"{code}-C{random.randint(1, elderly):04d}" if linked else None


def _answers(
    house: House, actor: Actor, plan: DemonstrationPlan, planned: PlannedWave, wave_id: int
) -> None:
    """Write the responses of everybody who answers, and what became of some others."""
    with house.database.read() as session:
        people = stored.people_of(session, wave_id)
    made_up = MadeUp(house, plan, planned, wave_id, actor.territories)
    rows: list[dict[str, Any]] = []
    dispositions: dict[int, str] = {}
    for person in people:
        outcome = made_up.outcome(person)
        if isinstance(outcome, str):
            dispositions[person.id] = outcome
        elif outcome is not None:
            rows.append(outcome)
    with act(house, actor, Verb.RESPONSES_IMPORT, thing=f"wave:{wave_id}") as acted:
        stored.add_responses(acted.session, rows)
        stored.set_dispositions(acted.session, dispositions, now())
        acted.details = {"synthetic": True, "responses": len(rows)}


def _codes(house: House, wave_id: int) -> dict[str, str]:
    """One code that nobody has used for each audience of one territory."""
    codes = {}
    with house.database.read() as session:
        for audience, code in stored.unused_codes(session, wave_id, SHOWN_TERRITORY):
            assert code.sealed is not None  # the query asks for sealed ones
            place = code_place(code.participant_id, code.generation)
            plain = unseal(house.keys.sealing, code.sealed, place)
            codes[audience] = printed(plain)
    return codes


def _keep(path: Path, shown: Shown) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(handle, "wb") as file:
        file.write(orjson.dumps({"codes": dict(shown.codes), "staff": list(shown.staff)}))


def _shown_before(path: Path) -> Shown:
    """What was shown at the first start; nothing where the file is gone."""
    if not path.exists():
        return Shown({}, ())
    kept = orjson.loads(path.read_bytes())
    return Shown(kept["codes"], tuple((name, email, word) for name, email, word in kept["staff"]))
