"""The library: linked by version, brought up as one edit, instruments locked on every way."""

from __future__ import annotations

from pathlib import Path

import people
import programme
import pytest
from people import ALICE, BASILE, MAYA
from sqlalchemy import select

from app.domain import editing as edits
from app.domain import section_editing
from app.domain.errors import BadInput, NotAllowed, NotFound
from app.domain.library import EntryKind, Licence
from app.domain.plain_documents import Raw, digest, homes, spot
from app.storage.audit import AuditEntry
from app.workflows import beginning_drafts, editing, library, library_shelf
from app.workflows.acting import Actor, House
from app.workflows.edit_act import desk
from app.workflows.examining import blocks, examine
from app.workflows.library import Taken
from app.workflows.library_shelf import Shown
from app.workflows.surroundings import surroundings

once = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)


@pytest.fixture
def alice(house: House, tmp_path: Path) -> Actor:
    programme.loaded(house, tmp_path)
    people.settle(house, ALICE, MAYA, BASILE)
    return people.acting(house, ALICE)


def begun(house: House, actor: Actor) -> int:
    return beginning_drafts.begin_from(house, actor, "questionnaire", 1)


def document(house: House, actor: Actor, draft: int) -> Raw:
    with house.database.read() as session:
        return desk(session, actor, "questionnaire", draft).document


def say(house: House, actor: Actor, draft: int, code: str, words: str) -> None:
    question = spot(document(house, actor, draft), code).question
    after = {**question, "text": {"fr": words, "en": words}}
    editing.change_question(house, actor, draft, code, after, digest(question))


def taken(draft: int, place: str, licence: str = Licence.FREE) -> Taken:
    return Taken(draft, place, licence, "Own wording")


def shown(house: House, actor: Actor, entry: int) -> Shown:
    with house.database.read() as session:
        return library_shelf.entry_shown(session, actor, entry)


def with_section(house: House, actor: Actor, draft: int, *codes: str) -> None:
    """A section "scale" whose items are those of ``codes``, the second asked if the first is."""

    def change(before: Raw) -> Raw:
        title = {"fr": "Échelle", "en": "Scale"}
        return section_editing.with_section(before, "scale", title)

    editing.change_parts(house, actor, draft, "scale", change)
    for code in codes:
        question = {
            "code": code,
            "type": "choice",
            "text": {"fr": code, "en": code},
            "options": "yes_no",
            **({"shown_when": f"{codes[0]} = yes"} if code != codes[0] else {}),
        }
        editing.add_question(house, actor, draft, "scale", question)


def emptied(house: House, actor: Actor, draft: int, *codes: str) -> None:
    """The section without these questions, which stand there under no link."""
    for code in codes:
        editing.retire_question(house, actor, draft, code)


def test_a_question_is_linked_counted_and_brought_up_as_one_edit(
    house: House, alice: Actor
) -> None:
    draft = begun(house, alice)
    entry = library.add_entry(
        house, alice, EntryKind.QUESTION, "team", "The team", taken(draft, "E02")
    )
    [first] = shown(house, alice, entry).versions
    [kept] = first.document["entries"]
    assert kept["options"][0]["code"] == "yes", "its list's answers stand in it"
    assert "shown_when" not in kept
    library.put_into_draft(house, alice, entry, draft, "home")
    asked = spot(document(house, alice, draft), "E02_2").question
    assert asked["library"] == {"entry": "team", "version": "1", "item": "E02"}
    assert shown(house, alice, entry).counts == {1: 1}

    say(house, alice, draft, "E02", "Newer")
    assert (
        library.add_version(
            house, alice, entry, EntryKind.QUESTION, taken(draft, "E02", Licence.HELD)
        )
        == 2
    )
    say(house, alice, draft, "E02_2", "Said here")
    before = document(house, alice, draft)
    library.bring_up(house, alice, entry, draft)
    after = spot(document(house, alice, draft), "E02_2").question
    assert (after["text"]["fr"], after["library"]["version"]) == ("Newer", "2")
    assert shown(house, alice, entry).counts == {2: 1}
    editing.turn(house, alice, "questionnaire", draft, back=True)
    assert document(house, alice, draft) == before
    with house.database.read() as session:
        made = select(AuditEntry).where(AuditEntry.thing == f"library:{entry}")
        assert [each.act for each in session.scalars(made)] == ["questionnaire.draft"] * 2


@once
def test_a_list_keeps_its_link_at_the_head(house: House, alice: Actor) -> None:
    draft = begun(house, alice)
    entry = library.add_entry(
        house, alice, EntryKind.LIST, "agreeing", "Yes and no", taken(draft, "yes_no")
    )
    library.put_into_draft(house, alice, entry, draft, "")
    with pytest.raises(BadInput):
        library.put_into_draft(house, alice, entry, draft, "")
    with pytest.raises(BadInput):  # a version that says the same
        library.add_version(house, alice, entry, EntryKind.LIST, taken(draft, "yes_no"))
    longer = [{"code": "so", "text": {"fr": "Bof", "en": "So so"}}]
    editing.change_parts(
        house,
        alice,
        draft,
        "yes_no",
        lambda d: edits.with_list(d, "yes_no", [*d["option_lists"]["yes_no"], *longer]),
    )
    library.add_version(house, alice, entry, EntryKind.LIST, taken(draft, "yes_no"))
    library.bring_up(house, alice, entry, draft)
    found = document(house, alice, draft)
    assert [each["code"] for each in found["option_lists"]["agreeing"]] == ["yes", "no", "so"]
    assert found["library_lists"] == {"agreeing": {"entry": "agreeing", "version": "2"}}


@once
def test_an_instrument_stands_whole_word_for_word_or_not_at_all(house: House, alice: Actor) -> None:
    draft = begun(house, alice)
    with_section(house, alice, draft, "S1", "S2")
    entry = library.add_entry(
        house, alice, EntryKind.INSTRUMENT, "scale", "A scale", taken(draft, "scale", Licence.HELD)
    )
    with pytest.raises(BadInput):  # its codes are part of it
        library.put_into_draft(house, alice, entry, draft, "home")
    emptied(house, alice, draft, "S2", "S1")
    library.put_into_draft(house, alice, entry, draft, "scale")
    before = document(house, alice, draft)
    refused = [
        lambda: say(house, alice, draft, "S1", "Otherwise"),
        lambda: editing.retire_question(house, alice, draft, "S2"),
        lambda: editing.move_question(house, alice, draft, "S2", -1),
        lambda: editing.copy_question(house, alice, draft, "S1"),
        lambda: editing.put_question(house, alice, draft, "S1", "home"),
    ]
    for act in refused:
        with pytest.raises(BadInput) as refusal:
            act()
        assert "verrouillé" in refusal.value.faults[0].reason.in_("fr")
    assert document(house, alice, draft) == before
    with house.database.read() as session:
        around = surroundings(session, alice.programme_id, alice.territories)
        source = desk(session, alice, "questionnaire", draft).row.source
    rules = [found.rule for found in examine(source, around).findings]
    changed = examine(source.replace('"fr": "S1"', '"fr": "S9"'), around)
    assert "instrument_changed" not in rules
    assert "instrument_changed" in [found.rule for found in changed.findings]
    assert blocks(changed.findings)
    library.take_out(house, alice, entry, draft)
    assert not next(h for h in homes(document(house, alice, draft)) if h.code == "scale").entries


@once
def test_a_block_keeps_its_renamed_items_when_it_is_brought_up(house: House, alice: Actor) -> None:
    draft = begun(house, alice)
    with_section(house, alice, draft, "B1", "B2")
    entry = library.add_entry(
        house, alice, EntryKind.BLOCK, "pair", "A pair", taken(draft, "scale")
    )
    emptied(house, alice, draft, "B2", "B1")
    library.put_into_draft(house, alice, entry, draft, "scale")
    say(house, alice, draft, "B2", "Newer")
    library.add_version(house, alice, entry, EntryKind.BLOCK, taken(draft, "scale"))
    emptied(house, alice, draft, "B2")
    question = spot(document(house, alice, draft), "B1").question
    named = {**question, "code": "OWN"}
    editing.change_question(house, alice, draft, "B1", named, digest(question))
    library.bring_up(house, alice, entry, draft)
    [own, second] = next(
        h for h in homes(document(house, alice, draft)) if h.code == "scale"
    ).entries
    assert (own["code"], own["library"]) == (
        "OWN",
        {"entry": "pair", "version": "2", "item": "B1"},
    )
    assert (second["text"]["fr"], second["shown_when"]) == ("Newer", "OWN = yes")


@once
def test_a_place_for_an_instrument_waits_for_its_text(house: House, alice: Actor) -> None:
    draft = begun(house, alice)
    waits = Taken(0, "", Licence.TO_SUPPLY, "Ask its publisher")
    entry = library.add_entry(house, alice, EntryKind.INSTRUMENT, "bound", "Bound", waits)
    with pytest.raises(BadInput) as refusal:
        library.put_into_draft(house, alice, entry, draft, "home")
    assert "supplied" in refusal.value.faults[0].reason.in_("en")
    with pytest.raises(BadInput):
        library.add_entry(
            house, alice, EntryKind.BLOCK, "b", "B", Taken(draft, "home", Licence.TO_SUPPLY, "")
        )
    with_section(house, alice, draft, "S1")
    held = taken(draft, "scale", Licence.HELD)
    library.add_version(house, alice, entry, EntryKind.INSTRUMENT, held)
    assert [each.locked for each in shown(house, alice, entry).versions] == [True, False]


def test_territories_see_the_nations_entries_and_their_own(house: House, alice: Actor) -> None:
    maya, basile = people.acting(house, MAYA), people.acting(house, BASILE)
    module = beginning_drafts.begin_from(house, maya, "questionnaire", 2)
    own = library.add_entry(
        house, maya, EntryKind.QUESTION, "plan", "The plan", taken(module, "E02_MAY")
    )
    national = library.add_entry(
        house, alice, EntryKind.QUESTION, "team", "The team", taken(1, "E02")
    )
    assert shown(house, maya, own).entry.territory == "MAY"
    assert shown(house, basile, national).entry.territory == "FR"
    with pytest.raises(NotFound):
        shown(house, basile, own)
    library.put_into_draft(house, maya, national, module, "after_E02")
    with pytest.raises(NotFound):  # an entry of one territory is not for the nation
        library.put_into_draft(house, alice, own, begun(house, alice), "home")
    with pytest.raises(NotAllowed):
        library.add_version(house, maya, national, EntryKind.QUESTION, taken(module, "E02_MAY"))
    waits = Taken(0, "", Licence.TO_SUPPLY, "")
    with pytest.raises(NotAllowed):
        library.add_entry(house, maya, EntryKind.INSTRUMENT, "mine", "Mine", waits)
    with pytest.raises(BadInput):  # a code of the nation's
        library.add_entry(house, maya, EntryKind.QUESTION, "team", "Team", taken(module, "E02_MAY"))
