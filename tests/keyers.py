"""People who key sheets, and a sheet of every kind of question as it is keyed."""

from __future__ import annotations

from builders import World, world
from participants import EVERY_KIND
from people import Person, acting, settle

from app.domain.keying import Typed
from app.domain.permissions import Role
from app.domain.sittings import Sitting
from app.domain.territories import Territory
from app.domain.text import Text
from app.storage.territories import put_territory
from app.workflows import keying, sheets
from app.workflows.acting import Actor, House
from app.workflows.sheets import NewEntry

OWEN = Person("Owen", Role.NATIONAL_OWNER, "FR")
CARLA = Person("Carla", Role.TERRITORY_COORDINATOR, "BDX")
FANNY = Person("Fanny", Role.FIELD_WORKER, "BDX")
FRED = Person("Fred", Role.FIELD_WORKER, "BDX")
EVAN = Person("Evan", Role.EVALUATOR, "FR")
LIFE = {"K1": "1", "K2": "2 3", "K2-other": "Le jardin", "K3": "4"}
MORE = {
    "K4": "2",
    "K5": "Cenon",
    "K6": "3/2020",
    "K7a": "2",
    "K7b": "1",
    "K8": "Merci",
    "K9": "1/2/2020",
}
SHEET = {"life": LIFE, "more": MORE}


def typed(fields: dict[str, str]) -> dict[str, Typed]:
    return {
        item: Typed(value, fields.get(f"{item}-other", ""))
        for item, value in fields.items()
        if not item.endswith("-other")
    }


def place(house: House, rate: int = 0, people: int = 1, **wave: object) -> World:
    """An open wave with people who are invited and people who key; ``rate``: keyed twice."""
    made = world(house, EVERY_KIND, people=people, wave={"double_entry": rate, **wave})
    with house.database.write() as session:
        put_territory(
            session, made.programme_id, Territory("MAY", Text.of(fr="Là", en="There"), "FR")
        )
    settle(house, OWEN, CARLA, FANNY, FRED, EVAN, programme="TEST")
    return made


def actor(house: House, person: Person) -> Actor:
    return acting(house, person)


def begin(house: House, who: Actor, made: World, number: int = 0, role: str = "self") -> int:
    new = NewEntry("12-A", True, Sitting(role=role))  # type: ignore[arg-type] # by its name
    return sheets.begin(house, who, made.wave_id, made.participants[number], new)


def key(
    house: House, who: Actor, made: World, number: int = 0, role: str = "self", **changes: str
) -> str:
    """Key the whole sheet, some items otherwise; what came of it."""
    entry = begin(house, who, made, number, role)
    for section, fields in SHEET.items():
        own = {item: value for item, value in changes.items() if item in fields}
        assert not keying.key_section(house, who, entry, section, typed(fields | own)).faults
    return keying.finish(house, who, entry)
