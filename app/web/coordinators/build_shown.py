"""What the pages of the builder show: the draft as a whole, and one question of it."""

from __future__ import annotations

from dataclasses import dataclass, replace

from app.domain.checks import Finding, Level
from app.domain.composition import plugged
from app.domain.conditions import Condition, items_of
from app.domain.fingerprints import fingerprint
from app.domain.lengths import Length, lengths
from app.domain.plain_documents import Raw, Spot, digest, spots
from app.domain.questionnaire import Kind, Module, Option, Question, Questionnaire
from app.domain.reference_checks import conditions_of
from app.domain.sound_names import question_sound
from app.web.coordinators.condition_form import Rows, by_code, items_asked, rows_shown
from app.workflows.edit_act import Desk
from app.workflows.examining import Examined


@dataclass(frozen=True)
class Board:
    """A draft as the builder shows it."""

    desk: Desk
    examined: Examined
    whole: Questionnaire  # what will be answered: a module in its core
    language: str

    @property
    def draft_id(self) -> int:
        return self.desk.row.id

    @property
    def languages(self) -> tuple[str, ...]:
        """The languages of the draft, as its document says them."""
        return tuple(self.desk.document["languages"])

    @property
    def findings(self) -> tuple[Finding, ...]:
        return self.examined.findings

    @property
    def module(self) -> bool:
        return isinstance(self.examined.thing, Module)

    def errors(self) -> int:
        """How many findings forbid publishing."""
        return sum(found.level is Level.ERROR for found in self.findings)

    def at(self, *places: str) -> tuple[Finding, ...]:
        """The findings on these codes."""
        return tuple(found for found in self.findings if found.place in places)

    @property
    def spots(self) -> dict[str, Spot]:
        """The draft's own questions and rows, by code."""
        found: dict[str, Spot] = {}
        for each in spots(self.desk.document):
            found[each.question["code"]] = each
            for row in each.question.get("rows", ()):
                found.setdefault(row["code"], each)
        return found

    def editor_of(self, place: str) -> str:
        """Code of the question whose editor mends a finding at this place; empty: the head."""
        found = self.spots.get(place)
        return found.question["code"] if found else ""

    def length(self) -> Length:
        """Pages and minutes against what the audience is given."""
        return lengths(self.whole)


def board(desk: Desk, examined: Examined, language: str) -> Board:
    """The draft with what will be answered of it."""
    thing = examined.thing
    if isinstance(thing, Module):
        core = desk.around.cores.get(thing.audience)
        whole = plugged(core, thing) if core else _alone(thing)
    else:
        assert isinstance(thing, Questionnaire)
        whole = plugged(thing, None)
    return Board(desk, examined, whole, language)


def _alone(module: Module) -> Questionnaire:
    """A module without a core to be put into: nothing to show."""
    return Questionnaire(module.code, module.audience, module.title, module.languages, ())


@dataclass(frozen=True)
class Editor:
    """One question in its editor."""

    spot: Spot
    seen: str  # digest of the question as shown
    kind: Kind
    page: str  # code of the page that the preview shows
    conditions: Rows  # when it is asked
    earlier: tuple[Question, ...]  # what a condition may read
    feeds: tuple[tuple[str, str], ...]  # framework, indicator
    read_by: tuple[str, ...]  # questions shown depending on it
    recordings: tuple[tuple[str, str, str], ...]  # item, language, name of its recording
    listed: tuple[Option, ...] = ()  # the answers to choose from, read from a named list

    @property
    def question(self) -> Raw:
        """The question as its document says it."""
        return self.spot.question

    @property
    def ends(self) -> tuple[str, ...]:
        """Of a rating: every value that has words, and both ends."""
        said = set(self.question.get("labels", {})) | {self.question["from"], self.question["to"]}
        return tuple(sorted(said, key=lambda each: (len(each), each)))

    def typed_over(self, question: Raw) -> Editor:
        """The same editor with what was typed and could not be saved."""
        asked = by_code(self.earlier)
        return replace(
            self,
            spot=replace(self.spot, question=question),
            kind=Kind(question["type"]),
            conditions=rows_shown(question.get("shown_when"), asked),
        )

    @property
    def offered_when(self) -> dict[str, Condition]:
        """The conditions of the options, by their codes."""
        return {each.code: each.shown_when for each in self.listed if each.shown_when is not None}


def editor(shown: Board, found: Spot, feeds: tuple[tuple[str, str], ...]) -> Editor:
    """What the editor of one question shows."""
    code = found.question["code"]
    pages = shown.whole.pages
    here = [i for i, p in enumerate(pages) if any(q.written_code == code for q in p.questions)]
    index = here[0] if here else len(pages)
    earlier = items_asked(shown.whole, index)
    said = next((q for q in shown.whole.questions if q.written_code == code), None)
    return Editor(
        found,
        digest(found.question),
        Kind(found.question["type"]),
        pages[index].code if here else "",
        rows_shown(found.question.get("shown_when"), by_code(earlier)),
        earlier,
        feeds,
        _read_by(shown, found.question),
        _recordings(shown, found.question),
        said.options if said else (),
    )


def codes_of(question: Raw) -> frozenset[str]:
    """The question's code and those of its rows."""
    return frozenset((question["code"], *(row["code"] for row in question.get("rows", ()))))


def _read_by(shown: Board, question: Raw) -> tuple[str, ...]:
    codes = codes_of(question)
    return tuple(
        dict.fromkeys(
            place
            for page in shown.whole.pages
            for place, condition in conditions_of(page)
            if items_of(condition) & codes and place not in codes
        )
    )


def _recordings(shown: Board, question: Raw) -> tuple[tuple[str, str, str], ...]:
    asked = {
        code: each
        for code, each in shown.whole.question_by_item.items()
        if code in codes_of(question)
    }
    return tuple(
        (code, tag, question_sound(fingerprint(each, code), tag))
        for code, each in asked.items()
        for tag in shown.languages
    )
