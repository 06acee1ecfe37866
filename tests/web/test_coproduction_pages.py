"""The pages on co-production and on audiences: figures of the release, nothing that is withheld."""

from __future__ import annotations

from browser import Browser
from evaluated import COORDINATOR, Evaluated

from app.evaluation.tables import What
from app.interchange.figure_words import value_in_words
from app.storage.published import Published


def test_twelve_shares_of_each_audience_stand_on_the_page(
    visitor: Browser, seen: Published
) -> None:
    page = visitor.get("/office/results/1/coproduction")
    for audience in ("elderly", "family", "professional"):
        cells = seen.table.of(What.COPRODUCTION, territory="FR", audience=audience)
        assert len(cells) == 12
        for each in cells:
            assert value_in_words(each, "fr") in page.words
    assert "Les niveaux ne sont jamais moyennés" in page.words


def test_who_with_whom_and_distances_are_there(visitor: Browser, seen: Published) -> None:
    words = visitor.get("/office/results/1/coproduction").words
    for expected in (
        "Par métier",
        "les médecins généralistes",
        "Distance de Gower",
        "ils n’en sont pas la cause",
    ):
        assert expected in words
    assert len(seen.table.of(What.TIE, territory="FR")) == 9
    assert {each.code for each in seen.table.of(What.DESIGN_DISTANCE, territory="BDX")} == {
        "MAY",
        "VAL",
    }


def test_gaps_are_shown_for_mirrored_questions_only(visitor: Browser, seen: Published) -> None:
    page = visitor.get("/office/results/1/audiences")
    gaps = seen.table.of(What.AUDIENCE_GAP, territory="FR")
    assert [each.code for each in gaps] == ["whom_to_call", "role_agreed", "feedback", "trust"]
    for each in gaps:
        assert value_in_words(each, "fr", signed=True) in page.words
        assert not each.shown or each.verdict
    assert "Savoir quel service appeler" in page.words


def test_a_gap_is_withheld_with_one_of_its_sides(seen: Published) -> None:
    found = 0
    for gap in seen.table.of(What.AUDIENCE_GAP):
        sides = [
            seen.table.one(gap.territory, None, What.MIRRORED, gap.code, audience)
            for audience in ("elderly", "family")
        ]
        if any(side is not None and side.confidentiality == "N" for side in sides):
            found += 1
            assert gap.confidentiality == "N"
    assert found


def test_a_mirrored_question_is_withheld_where_its_indicator_is(seen: Published) -> None:
    for audience in ("elderly", "family"):
        for place in seen.places:
            twin = seen.table.one(place, None, What.COMPONENT, "SQ5", audience)
            here = seen.table.one(place, None, What.MIRRORED, "whom_to_call", audience)
            assert twin is not None
            assert here is not None
            assert (here.value, here.confidentiality) == (twin.value, twin.confidentiality)


def test_a_coordinator_sees_the_own_territory(evaluated: Evaluated, catalogues: None) -> None:
    browser = evaluated.browser(COORDINATOR)
    words = browser.get("/office/results/1/coproduction").words
    assert "Mayenne" in words
    assert "Valenciennois" not in words
