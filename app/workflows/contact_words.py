"""What is filled into the texts of a contact plan, for one person or for a made-up one."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from zoneinfo import ZoneInfo

from sqlalchemy.orm import Session

from app.domain.contact import filled
from app.domain.territories import NATION, Territory, telephone
from app.domain.text import NO_TEXT, Text
from app.print.letters import written_date
from app.protection.codes import code_place
from app.protection.letter_links import link_token
from app.protection.sealing import unseal
from app.storage.participants import AccessCode, Participant
from app.storage.territories import ProgrammeRow
from app.storage.wave_territories import territories_in_letters
from app.storage.waves import Wave
from app.workflows.acting import House
from app.workflows.wishes import wish_link

ZONE = ZoneInfo("Europe/Paris")


@dataclass(frozen=True)
class Words:
    """What all messages of a wave share."""

    house: House
    wave: Wave
    programme: Text
    territories: Mapping[str, Territory]

    @classmethod
    def of(cls, session: Session, house: House, wave: Wave) -> Words:
        """Read the programme and its territories."""
        programme = session.get_one(ProgrammeRow, wave.programme_id)
        places = territories_in_letters(session, wave)
        return cls(house, wave, Text.of(programme.title), places)

    def made_up(self, territory: str, language: str, subject: Text, text: Text) -> tuple[str, str]:
        """Subject and text with links that open nothing."""
        values = self._values(territory, language)
        values |= {"link": f"{self.house.public_url}/q/…", "stop": f"{self.house.public_url}/s/…"}
        return filled(subject, values, language), filled(text, values, language)

    def of_person(
        self, person: Participant, code: AccessCode, subject: Text, text: Text
    ) -> tuple[str, str, str]:
        """Subject and text for one person, and the address where they say stop."""
        language = person.language if person.language in ("fr", "en") else "fr"
        assert code.sealed is not None  # the query wants a printable form
        ring = self.house.keys.sealing
        digits = unseal(ring, code.sealed, code_place(person.id, code.generation))
        stop = wish_link(self.house, person.id)
        values = self._values(person.territory, language)
        values["link"] = f"{self.house.public_url}/q/{link_token(self.house.keys.lookup, digits)}"
        values["stop"] = stop
        return filled(subject, values, language), filled(text, values, language), stop

    def _values(self, territory: str, language: str) -> dict[str, str]:
        nation, place = self.territories.get(NATION), self.territories[territory]
        terms = {**(nation.terms if nation else {}), **place.terms}
        last_day = self.wave.closes_at.astimezone(ZONE).date()
        return {name: words.in_(language) for name, words in terms.items()} | {
            "programme": self.programme.in_(language),
            "territory": place.name.in_(language),
            "team": terms.get("support_team", NO_TEXT).in_(language),
            "phone": telephone(place, nation)[0],
            "until": written_date(last_day, language),
        }
