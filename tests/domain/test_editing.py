"""Edits of plain documents: what refers to a code follows, and every edit can be taken back."""

from __future__ import annotations

import pytest
import tiny
from hypothesis import given
from hypothesis import strategies as st

from app.definitions.files import questionnaire_in
from app.definitions.nodes import Document, read_document
from app.definitions.plain_source import as_yaml, document_in, source_of
from app.domain import editing, section_editing
from app.domain.condition_rows import condition_of, rows_of
from app.domain.conditions import All, Answered, Any, Compare, Includes, Not, OneOf
from app.domain.edit_history import next_turns
from app.domain.errors import BadInput
from app.domain.new_questions import new_question
from app.domain.patches import apply, inverse, patch
from app.domain.plain_documents import Raw, spot, spots
from app.domain.questionnaire import Kind, Questionnaire

CORE = """\
format: covalue/questionnaire/1
code: c
audience: elderly
languages: [fr]
title: {fr: T}
sections:
  - code: one
    title: {fr: Un}
    items:
      - {code: A, type: number, text: {fr: a}}
      - {code: B, type: number, text: {fr: "b {answer:A|x}"}, limits: {compare: [">= A"]}}
      - code: L
        type: list
        text: {fr: l}
        name: {fr: n}
        entry: {fr: e}
        most: 2
        questions: [{code: L1, type: text, text: {fr: "{entry} ?"}}]
  - code: two
    title: {fr: Deux}
    items:
      - code: C
        type: choice
        text: {fr: c}
        shown_when: {all: ["A >= 3", {not: "answered B"}, {any: ["AA = A", "L1_2 = x"]}]}
        options: [{code: "A", text: {fr: A}}, {code: "n", text: {fr: N}}]
      - page:
          code: P
          questions:
            - {code: D, type: text, text: {fr: d}}
            - {code: E, type: text, text: {fr: e}, shown_when: "A=3"}
"""
DOCUMENT: Raw = read_document(CORE).data


def order(document: Raw) -> list[str]:
    return [each.question["code"] for each in spots(document)]


def load(document: Raw) -> Questionnaire:
    return questionnaire_in(Document(document, {(): 1}))


def test_what_names_a_renamed_question_names_it_anew() -> None:
    after = editing.changed(DOCUMENT, "A", {**spot(DOCUMENT, "A").question, "code": "AGE"})
    asked = spot(after, "C").question
    assert asked["shown_when"] == {
        "all": ["AGE >= 3", {"not": "answered B"}, {"any": ["AA = A", "L1_2 = x"]}]
    }
    assert asked["options"][0]["code"] == "A"
    assert spot(after, "B").question["limits"] == {"compare": [">= AGE"]}
    assert spot(after, "B").question["text"] == {"fr": "b {answer:AGE|x}"}
    assert spot(after, "E").question["shown_when"] == "AGE=3"
    assert read_document(CORE).data == DOCUMENT


def test_the_places_of_a_list_follow_its_questions() -> None:
    after = editing.changed(DOCUMENT, "L1", {**spot(DOCUMENT, "L1").question, "code": "WHO"})
    assert spot(after, "C").question["shown_when"]["all"][2] == {"any": ["AA = A", "WHO_2 = x"]}


def test_the_nearest_slot_is_behind_the_question() -> None:
    core = DOCUMENT
    for section, code in (("one", "early"), ("two", "late")):
        core = section_editing.with_slot(core, section, code, "1")
    found = [editing.nearest_slot(core, code) for code in ("A", "L", "C", "D", "nowhere")]
    assert found == ["early", "early", "late", "late", "late"]
    assert editing.nearest_slot(DOCUMENT, "A") == ""


def test_a_code_that_is_taken_is_refused() -> None:
    for taken in ("B", "two", "P", "L_1"):
        with pytest.raises(BadInput):
            editing.changed(DOCUMENT, "A", {**spot(DOCUMENT, "A").question, "code": taken})


def test_questions_move_through_sections_and_stay_in_their_page() -> None:
    assert order(DOCUMENT) == ["A", "B", "L", "L1", "C", "D", "E"]
    assert order(editing.moved(DOCUMENT, "C", -1))[:5] == ["A", "B", "L", "L1", "C"]
    assert spot(editing.moved(DOCUMENT, "C", -1), "C").home == "one"
    assert order(editing.moved(DOCUMENT, "E", -1))[-2:] == ["E", "D"]
    assert editing.moved(DOCUMENT, "A", -1) is DOCUMENT
    assert spot(editing.put_into(DOCUMENT, "A", "two"), "A").home == "two"


def test_a_copy_has_free_codes_of_its_own() -> None:
    after, code = editing.duplicated(DOCUMENT, "L", {"L_3"})
    assert code not in {"L", "L_1", "L_2", "L_3"}
    assert len(load(after).questions) > len(load(DOCUMENT).questions)
    rows = [
        {"code": "R1", "text": {"fr": "r"}},
        {"code": "R2", "text": {"fr": "r"}, "shown_when": "R1 = n"},
    ]
    battery = {"code": "R", "type": "battery", "text": {"fr": "r"}, "options": [], "rows": rows}
    copy = editing.copied(DOCUMENT, battery, "Q", "_X")
    assert [row["code"] for row in copy["rows"]] == ["R1_X", "R2_X"]
    assert copy["rows"][1]["shown_when"] == "R1_X = n"


def test_an_emptied_page_goes_and_a_module_keeps_one_question() -> None:
    after = editing.removed(editing.removed(DOCUMENT, "D"), "E")
    assert order(after) == ["A", "B", "L", "L1", "C"]
    with pytest.raises(BadInput):
        editing.removed(DOCUMENT, "L1")
    module: Raw = {"slots": {"s": [{"code": "A", "type": "text", "text": {"fr": "a"}}]}}
    two = editing.added(module, "t", new_question(Kind.TEXT, "B", ["fr"]))
    assert editing.removed(two, "B") == module
    with pytest.raises(BadInput):
        editing.removed(module, "A")


def test_a_new_question_of_each_kind_can_be_read() -> None:
    for kind in Kind:
        code = f"N{list(Kind).index(kind)}"
        load(editing.added(DOCUMENT, "two", new_question(kind, code, ["fr"])))


values = st.recursive(
    st.sampled_from(["", "a", "b", "yes"]),
    lambda inner: (
        st.lists(inner, max_size=4) | st.dictionaries(st.sampled_from("abcd"), inner, max_size=4)
    ),
    max_leaves=12,
)


@given(values, values)
def test_a_patch_leads_there_and_back_with_the_order_of_keys(before: object, after: object) -> None:
    one, other = {"x": before}, {"x": after}
    found = patch(one, other)
    assert repr(apply(one, found)) == repr(other)
    assert repr(apply(other, inverse(found))) == repr(one)


def test_a_small_edit_is_a_small_patch() -> None:
    after = editing.changed(DOCUMENT, "D", {**spot(DOCUMENT, "D").question, "text": {"fr": "neu"}})
    assert len(repr(patch(DOCUMENT, after))) < 150
    assert patch(DOCUMENT, DOCUMENT) == []


@given(st.lists(st.sampled_from(["change", "undo", "redo"]), max_size=30))
def test_undo_and_redo_behave_as_in_an_editor(wanted: list[str]) -> None:
    edits: list[tuple[int, str, int | None]] = []
    text, model, at = "", [""], 0
    texts = {0: ""}
    for did in wanted:
        number = len(edits) + 1
        undo, redo = next_turns(edits)
        turned = {"undo": undo, "redo": redo}.get(did)
        assert (undo is None, redo is None) == (at == 0, at == len(model) - 1)
        if did == "change":
            text = f"{number}"
            model = [*model[: at + 1], text]
            at += 1
            edits.append((number, did, None))
        elif turned is not None:
            at += -1 if did == "undo" else 1
            edits.append((number, did, turned))
    assert texts[0] == model[0]


def test_conditions_come_back_from_the_rows_of_a_form() -> None:
    for condition in (
        Compare("A", "=", "x"),
        OneOf("A", ("x", "y")),
        Not(Answered("A")),
        Includes("A", ("x",), True),
        All((Compare("A", ">=", "3"), Any((Answered("B"), Answered("C"))))),
        Any((Compare("A", "!=", "x"), Includes("B", ("x", "y"), False))),
    ):
        join, rows = rows_of(condition)
        assert condition_of(join, rows) == condition
    assert condition_of(*rows_of(None)) is None


def test_a_source_is_the_same_definition_as_json_and_as_yaml() -> None:
    for name in tiny.NAMES:
        data = read_document(tiny.text_of(name)).data
        stored = source_of(data)
        assert document_in(stored).data == data
        assert read_document(as_yaml(stored)).data == data
        assert as_yaml(tiny.text_of(name)) == tiny.text_of(name)
    foreign = '{"format": true, "x": [1.50, null]}'
    assert document_in(foreign).data == read_document(foreign).data
