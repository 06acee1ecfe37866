"""One made-up person's part in a wave: no answer, a refusal, a beginning, or a whole response."""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from random import Random
from typing import Any

from app.definitions.demonstration_reading import DemonstrationPlan, PlannedWave
from app.definitions.files import load_framework
from app.domain.answers import RespondentRole
from app.domain.frameworks import Indicator, indicators
from app.domain.questionnaire import Audience, Questionnaire
from app.domain.sittings import Sitting
from app.domain.synthetic import Leaning, Person, answer_all, leanings
from app.domain.territories import NATION, Territory
from app.storage.frameworks import FrameworkVersion
from app.storage.instruments import compiled
from app.storage.participants import Participant
from app.storage.responses import cell_of, pack
from app.storage.waves import frameworks_of, instruments_of
from app.workflows.acting import House


class MadeUp:
    """Everything needed to make up the people of one wave, read once."""

    def __init__(
        self,
        house: House,
        plan: DemonstrationPlan,
        planned: PlannedWave,
        wave_id: int,
        territories: Mapping[str, Territory],
    ) -> None:
        self.plan, self.planned, self.wave_id = plan, planned, wave_id
        with house.database.read() as session:
            self.instruments = instruments_of(session, wave_id)
            versions = frameworks_of(session, wave_id)
            documents = {
                code: session.get_one(FrameworkVersion, version).document
                for code, version in versions.items()
            }
        self.questionnaires: dict[int, Questionnaire] = {
            instrument: compiled(house.database, instrument)
            for instrument in set(self.instruments.values())
        }
        framework = load_framework(documents[NATION])
        national = indicators(framework)
        # who leaves such a question out is in no group; a few of them alone would withhold the rest
        self.grouped_by = frozenset(
            each.question for each in framework.breakdowns if each.question is not None
        )
        self.leanings: dict[tuple[str, Audience], dict[str, Leaning]] = {}
        for code in territories:
            own = indicators(load_framework(documents[code])) if code in documents else ()
            self._lean(code, (*national, *own))
        self.start = datetime.combine(planned.period_start, datetime.min.time()).replace(tzinfo=UTC)

    def _lean(self, code: str, known: tuple[Indicator, ...]) -> None:
        for audience in Audience:
            self.leanings[code, audience] = leanings(known, audience)

    def outcome(self, person: Participant) -> dict[str, Any] | str | None:
        """The columns of a response, a disposition, or None for somebody who never came."""
        random = Random(f"{self.plan.seed}:{self.planned.code}:{person.reference}")
        happened = self._disposition(random)
        audience = Audience(person.audience)
        if happened is not None:
            return happened
        if random.random() >= self.planned.answering[audience]:
            return None
        if random.random() < self.plan.people["refused"]:
            return "refused"
        return self._response(person, audience, random)

    def _disposition(self, random: Random) -> str | None:
        place = random.random()
        for disposition, share in self.plan.people["dispositions"].items():
            place -= share
            if place < 0:
                return str(disposition)
        return None

    def _response(self, person: Participant, audience: Audience, random: Random) -> dict[str, Any]:
        instrument = self.instruments[person.territory, audience.value]
        questionnaire = self.questionnaires[instrument]
        role = self._role(audience, random)
        begun = self.start + timedelta(minutes=random.randint(60 * 9, 60 * 24 * 45))
        ended = begun + timedelta(minutes=random.randint(8, 35))
        partial = random.random() < self.plan.people["partial"]
        paper = not partial and random.random() < self.plan.people["paper"]
        answers = answer_all(
            questionnaire,
            self._person(person, audience, role),
            random,
            at=begun.isoformat(timespec="seconds"),
            pages=random.randint(2, len(questionnaire.pages) - 4) if partial else None,
        )
        sitting = Sitting(
            role=role,
            helper="reads" if role == "helped" else "",
            relation="child" if role == "proxy" else "",
            reason="illness" if role == "proxy" else "",
            agrees="yes" if role == "proxy" else "",
            channel="paper" if paper else "web",
            lang=person.language,
            notice="1",
            at=begun.isoformat(timespec="seconds"),
        )
        document = {
            "a": {item: cell_of(answer) for item, answer in answers.items()},
            "sit": [sitting.as_document()],
            "v": 1,
        }
        return {
            "wave_id": self.wave_id,
            "participant_id": person.id,
            "territory": person.territory,
            "audience": person.audience,
            "instrument_id": instrument,
            "secret_digest": secrets.token_bytes(32),
            "body": pack(document),
            "revision": 1,
            "weight": person.weight,
            "stratum": person.stratum,
            "psu": person.case_reference,
            "sub_area": person.sub_area,
            "channel": "paper" if paper else "web",
            "notice_version": "1",
            "consented_at": begun,
            "started_at": begun,
            "saved_at": ended,
            "submitted_at": None if partial else ended,
        }

    def _role(self, audience: Audience, random: Random) -> RespondentRole:
        if audience is not Audience.ELDERLY:
            return "self"
        place = random.random()
        if place < self.plan.people["proxy"]:
            return "proxy"
        helped = self.plan.people["proxy"] + self.plan.people["helped"]
        return "helped" if place < helped else "self"

    def _person(self, row: Participant, audience: Audience, role: RespondentRole) -> Person:
        """The same person in every wave: the latent position hangs on the reference alone."""
        who = Random(f"{self.plan.seed}:{row.reference}")
        return Person(
            role=role,
            latent=who.gauss(0.0, 1.0),
            effects=self.plan.effects.get(row.territory, {}),
            leanings=self.leanings[row.territory, audience],
            silence=2.5 if who.random() < 0.1 else 0.8,
            never_silent=self.grouped_by,
        )
