"""Acts on territories: who may, what becomes of the tree, what is refused and leaves no trace."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path

import collection
import people
import programme
import pytest
from sqlalchemy import select

from app.domain.errors import BadDefinition, BadInput, Conflict, NotAllowed
from app.domain.permissions import Verb
from app.domain.territories import Territory, TerritoryChange
from app.domain.text import Text
from app.storage.audit import AuditEntry
from app.workflows import territories as acts
from app.workflows import waves
from app.workflows.acting import Actor, House
from app.workflows.territories import Merger
from app.workflows.territory_import import import_territories

DAY = date(2030, 1, 1)
NAME = Text.of(fr="Nouveau nom", en="New name")


@pytest.fixture
def alice(house: House, tmp_path: Path) -> Actor:
    """The national owner of a loaded programme."""
    programme.loaded(house, tmp_path / "files")
    people.settle(house, people.ALICE, people.MAYA)
    return people.acting(house, people.ALICE)


def was(house: House, actor: Actor, code: str) -> str:
    return acts.seen(acts.history(house, actor)[code])


def entries(house: House) -> list[tuple[str, str, str]]:
    with house.database.read() as session:
        rows = session.scalars(
            select(AuditEntry).where(AuditEntry.act.like("territory.%")).order_by(AuditEntry.id)
        )
        return [(row.thing, row.outcome, str(row.details.get("did", ""))) for row in rows]


def test_a_territory_lives_its_life(house: House, alice: Actor) -> None:
    new = Territory(
        "LIB", NAME, "FR", valid_from=date(2020, 1, 1), population_75=50, sub_areas=("l",)
    )
    acts.add_territory(house, alice, new)
    alice = people.acting(house, people.ALICE)  # who comes back sees the new territory
    renamed = TerritoryChange(date(2021, 1, 1), name=Text.of(fr="Libourne", en="Libourne"))
    acts.describe_territory(house, alice, "LIB", renamed, was(house, alice, "LIB"))
    larger = TerritoryChange(date(2022, 1, 1), sub_areas=("l", "m"), population_75=80)
    acts.redraw_territory(house, alice, "LIB", larger, was(house, alice, "LIB"))
    known = TerritoryChange(date(2022, 1, 1), population_75=100)
    acts.redraw_territory(house, alice, "BDX", known, was(house, alice, "BDX"))
    acts.merge_territory(
        house, alice, "LIB", Merger("BDX", date(2023, 1, 1), ("l", "m")), was(house, alice, "LIB")
    )
    tree = acts.history(house, alice)
    assert (tree["LIB"].valid_to, tree["LIB"].merged_into) == (date(2022, 12, 31), "BDX")
    gained = tree["BDX"].changes[-1]
    assert (gained.from_day, gained.sub_areas, gained.population_75) == (
        date(2023, 1, 1),
        ("l", "m"),
        180,
    )
    acts.take_back(house, alice, "LIB", date(2023, 1, 1), was(house, alice, "LIB"))
    again = acts.history(house, alice)
    assert (again["LIB"].valid_to, again["LIB"].merged_into) == (None, None)
    assert [each.from_day for each in again["BDX"].changes] == [date(2022, 1, 1)]
    acts.end_territory(house, alice, "LIB", DAY, NAME, was(house, alice, "LIB"))
    assert acts.history(house, alice)["LIB"].valid_to == DAY
    assert [did for _thing, _outcome, did in entries(house)] == [
        *("add", "describe", "redraw", "redraw", "merge", "take back", "end"),
    ]


def test_who_may_describe_and_who_may_redraw(house: House, alice: Actor) -> None:
    maya = people.acting(house, people.MAYA)
    phone = TerritoryChange(DAY, help_phone="02 61 91 10 02", sub_areas=("x",))
    acts.describe_territory(house, maya, "MAY", phone, was(house, alice, "MAY"))
    (change,) = acts.history(house, alice)["MAY"].changes
    assert (change.help_phone, change.sub_areas) == ("02 61 91 10 02", None)
    refused: tuple[Callable[[], None], ...] = (
        lambda: acts.describe_territory(house, maya, "BDX", phone, was(house, alice, "BDX")),
        lambda: acts.redraw_territory(house, maya, "MAY", phone, was(house, alice, "MAY")),
        lambda: acts.end_territory(house, maya, "MAY", DAY, NAME, was(house, alice, "MAY")),
        lambda: acts.add_territory(house, maya, Territory("X", NAME, "FR", valid_from=DAY)),
    )
    for each in refused:
        with pytest.raises(NotAllowed):
            each()
    assert [outcome for _thing, outcome, _did in entries(house)] == ["done", *["refused"] * 4]


def test_what_is_refused_says_where_and_changes_nothing(house: House, alice: Actor) -> None:
    before = acts.history(house, alice)
    mark = was(house, alice, "MAY")

    def merge(into: str, day: date = DAY, **more: object) -> None:
        acts.merge_territory(house, alice, "MAY", Merger(into, day, **more), mark)  # type: ignore[arg-type]

    bad: tuple[tuple[str, Callable[[], None]], ...] = (
        ("code", lambda: acts.add_territory(house, alice, Territory("BDX", NAME, "FR", DAY))),
        ("code", lambda: acts.add_territory(house, alice, Territory("9 x", NAME, "FR", DAY))),
        ("parent", lambda: acts.add_territory(house, alice, Territory("Y", NAME, "Z", DAY))),
        ("valid_from", lambda: acts.add_territory(house, alice, Territory("Y", NAME, "FR"))),
        ("into", lambda: merge("MAY")),
        ("into", lambda: merge("FR")),
        ("into", lambda: merge("ZZZ")),
        ("day", lambda: acts.redraw_territory(house, alice, "MAY", TerritoryChange(DAY), mark)),
        ("day", lambda: acts.end_territory(house, alice, "FR", DAY, NAME, was(house, alice, "FR"))),
    )
    for place, each in bad:
        with pytest.raises(BadInput) as refusal:
            each()
        assert place in [fault.place for fault in refusal.value.faults]
    below = TerritoryChange(DAY, parent="MAY")
    acts.redraw_territory(house, alice, "BDX", below, was(house, alice, "BDX"))
    with pytest.raises(
        BadDefinition, match="territory"
    ):  # one that lies in it would hang in the air
        acts.end_territory(house, alice, "MAY", date(2031, 1, 1), NAME, mark)
    with pytest.raises(BadDefinition):  # round in a circle
        acts.redraw_territory(house, alice, "MAY", TerritoryChange(DAY, parent="BDX"), mark)
    after = acts.history(house, alice)
    assert {code: after[code] for code in ("FR", "MAY")} == {
        code: before[code] for code in ("FR", "MAY")
    }


def test_somebody_else_was_quicker(house: House, alice: Actor) -> None:
    mark = was(house, alice, "MAY")
    change = TerritoryChange(DAY, help_phone="1")
    acts.describe_territory(house, alice, "MAY", change, mark)
    with pytest.raises(Conflict):
        acts.describe_territory(house, alice, "MAY", replace(change, help_phone="2"), mark)


def test_an_open_wave_is_not_moved_and_a_merged_territory_is_still_read(
    house: House, tmp_path: Path
) -> None:
    opens = datetime(2026, 5, 1, 8, tzinfo=UTC)
    wave_id = collection.opened(house, tmp_path, opens_at=opens)
    collection.with_sample(house, wave_id)
    people.settle(house, people.ALICE, people.BASILE)
    alice, basile = (people.acting(house, who) for who in (people.ALICE, people.BASILE))
    mark = was(house, alice, "BDX")
    for day in (date(2026, 4, 30), date(2026, 5, 1)):
        with pytest.raises(BadDefinition) as refusal:
            acts.merge_territory(house, alice, "BDX", Merger("MAY", day), mark)
        assert {(each.rule, each.place) for each in refusal.value.findings} == {
            ("open_wave", "BDX")
        }
    acts.merge_territory(house, alice, "BDX", Merger("MAY", date(2026, 5, 2)), mark)
    assert set(waves.places(house, alice, wave_id)) == {"FR", "MAY", "BDX"}
    basile = people.acting(house, people.BASILE)
    assert basile.scope(Verb.FIELDWORK_VIEW) == {"BDX"}  # what was theirs, and no more
    assert basile.territories["BDX"].name.in_("fr") == "Bordeaux"


def test_a_file_is_taken_whole_or_not_at_all(house: House, alice: Actor) -> None:
    good = Territory("LIB", NAME, "FR", valid_from=DAY)
    bad = Territory("XXX", NAME, "nowhere")
    before = acts.history(house, alice)
    with pytest.raises(BadDefinition):
        import_territories(house, alice, [good, bad], dry_run=False)
    shown = import_territories(house, alice, [good, before["MAY"]], dry_run=True)
    assert acts.history(house, alice) == before
    done = import_territories(house, alice, [good, before["MAY"]], dry_run=False)
    assert [(row.code, row.did) for row in done] == [("LIB", "new"), ("MAY", "same")]
    assert shown == done
    assert set(acts.history(house, alice)) == {"FR", "MAY", "BDX", "LIB"}
