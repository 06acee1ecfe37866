"""A wave is read with the borders of its time, whatever becomes of the territories after."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import collection
import programme
import pytest
from evaluated import Evaluated

from app.domain.errors import BadDefinition
from app.domain.territories import Territory, TerritoryChange
from app.domain.text import NO_TEXT, Text
from app.storage.database import now
from app.storage.published import published
from app.storage.territories import put_territory, territories_of, tree_of
from app.storage.waves import Wave
from app.workflows import waves
from app.workflows.acting import House
from app.workflows.contact_words import Words
from app.workflows.evaluate import verify_release

DATED = programme.TERRITORIES.replace(
    "{code: BDX, parent: FR,", "{code: BDX, parent: FR, valid_to: 2026-03-31, merged_into: MAY,"
)
LETTER = Text.of(fr="{territory}, {team} : {phone}", en="{territory}, {team}: {phone}")
OTHER = Text.of(fr="Autre nom", en="Another name")


def change(house: House, code: str, **parts: object) -> None:
    """Keep a territory with other parts, whatever the rules of acts say."""
    with house.database.write() as session:
        put_territory(session, 1, replace(tree_of(session, 1)[code], **parts))  # type: ignore[arg-type]


def names(house: House, wave_id: int) -> dict[str, str]:
    """The territories of a wave and what they are called."""
    found = waves.places(house, collection.operator(house), wave_id)
    return {code: place.name.in_("fr") for code, place in found.items()}


def test_a_wave_keeps_the_territories_that_it_was_opened_with(house: House, tmp_path: Path) -> None:
    wave_id = collection.opened(house, tmp_path)
    before = names(house, wave_id)
    assert before == {"FR": "France", "MAY": "Mayenne", "BDX": "Bordeaux"}
    with house.database.read() as session:
        wave = session.get_one(Wave, wave_id)
        frozen = Words.of(session, house, wave).made_up("MAY", "fr", NO_TEXT, LETTER)[1]
    change(
        house,
        "MAY",
        name=OTHER,
        sub_areas=("north",),
        terms={"support_team": OTHER},
        help_phone="01 99 00 10 00",
    )
    with house.database.read() as session:
        later = Words.of(session, house, wave).made_up("MAY", "fr", NO_TEXT, LETTER)[1]
    assert later.startswith(frozen.strip())  # names and local words
    assert later.endswith("01 99 00 10 00")  # and the telephone that is answered now
    change(house, "BDX", valid_to=date(2020, 1, 1), merged_into="MAY")
    assert names(house, wave_id) == before
    with house.database.read() as session:
        today = territories_of(session, 1)["MAY"]  # what everybody else reads
    assert today.name.in_("fr") == "Autre nom"


def test_a_planned_wave_has_the_territories_of_its_first_day(house: House, tmp_path: Path) -> None:
    first = collection.planned(
        house,
        tmp_path,
        {"config/territories.yaml": DATED},
        opens_at=datetime(2026, 3, 30, 23, tzinfo=UTC),  # 31 March in Paris
        closes_at=now() + timedelta(days=30),
    )
    last_day = names(house, first)
    later = collection.new_wave(code="W2", opens_at=datetime(2026, 3, 31, 22, tzinfo=UTC))
    second = waves.create_wave(house, collection.operator(house), later)
    collection.with_dossier(house, collection.operator(house), second)
    assert (set(last_day), set(names(house, second))) == ({"FR", "MAY", "BDX"}, {"FR", "MAY"})
    operator = collection.operator(house)
    assert set(waves.planned_versions(house, operator, second)[2].places) == {("MAY", "elderly")}
    waves.open_wave(house, operator, second)
    assert set(names(house, second)) == {"FR", "MAY"}


def test_a_sample_is_read_with_the_borders_of_its_wave(house: House, tmp_path: Path) -> None:
    wave_id = collection.opened(house, tmp_path, opens_at=datetime(2026, 1, 1, tzinfo=UTC))
    change(house, "MAY", changes=(TerritoryChange(date(2026, 2, 1), sub_areas=("north",)),))
    later = collection.new_wave(code="W2", opens_at=datetime(2026, 2, 1, tzinfo=UTC))
    planned = waves.create_wave(house, collection.operator(house), later)
    found = [waves.places(house, collection.operator(house), one) for one in (wave_id, planned)]
    assert [each["MAY"].sub_areas for each in found] == [(), ("north",)]


def test_loading_a_file_keeps_what_was_changed_on_the_pages(house: House, tmp_path: Path) -> None:
    programme.loaded(house, tmp_path)
    change(house, "MAY", name=OTHER)
    more = programme.TERRITORIES.replace("Bordeaux", "Bordeaux métropole")
    report = programme.loaded(house, tmp_path, {"config/territories.yaml": more})
    assert report.files[0].state == "loaded"  # of Mayenne the file says nothing new
    more = more.replace("name: {fr: Mayenne", "name: {fr: La Mayenne")
    report = programme.loaded(house, tmp_path, {"config/territories.yaml": more})
    (finding,) = report.files[0].findings
    assert (report.files[0].state, finding.rule, finding.place) == (
        "diverged",
        "territory_diverged",
        "MAY",
    )
    with house.database.read() as session:
        found = territories_of(session, 1)
    assert [found[code].name.in_("fr") for code in ("MAY", "BDX")] == [
        "Autre nom",
        "Bordeaux métropole",
    ]


def test_a_file_cannot_change_borders_of_an_open_wave(house: House, tmp_path: Path) -> None:
    wave_id = collection.opened(house, tmp_path)
    more = programme.TERRITORIES.replace("name: {fr: Bordeaux, ", "name: {fr: Gironde, ")
    with pytest.raises(BadDefinition) as refusal:
        programme.loaded(house, tmp_path, {"config/territories.yaml": more})
    assert [(each.rule, each.place) for each in refusal.value.findings] == [("open_wave", "BDX")]
    with house.database.read() as session:
        assert territories_of(session, 1)["BDX"].name.in_("fr") == "Bordeaux"
    phone = programme.TERRITORIES.replace("code: BDX,", 'code: BDX, help_phone: "01 99 00 10 00",')
    programme.loaded(house, tmp_path, {"config/territories.yaml": phone})
    waves.close_wave(house, collection.operator(house), wave_id)
    programme.loaded(house, tmp_path, {"config/territories.yaml": more})


def test_a_release_of_a_past_wave_is_made_again_with_its_own_borders(
    evaluated: Evaluated, tmp_path: Path
) -> None:
    own = evaluated.copied(tmp_path / "own")
    house = own.house()
    with house.database.write() as session:
        tree = tree_of(session, 1)
        bdx = replace(tree["BDX"], name=OTHER, population_75=1, valid_to=date(2020, 1, 1))
        put_territory(session, 1, bdx)
        put_territory(session, 1, Territory("AAA", OTHER, "FR"))
    house.database.dispose()
    house = own.house()  # as another process, which has read nothing yet
    seen = published(house.database, 1, own.release_id)
    assert seen is not None
    assert (seen.name("BDX", "fr"), "AAA" in seen.territories) == ("Bordeaux", False)
    found = verify_release(house, collection.operator(house), own.release_id)
    assert found == {"figures": True, "files": True, "erased": 0}
