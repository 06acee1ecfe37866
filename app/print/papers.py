"""Paper questionnaires as tagged PDF: the instrument that is answered on screen, for a pen.

Everything that is printed is data for the template; nothing in it is ever markup of Typst.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

import orjson

from app.domain.paper import Box, boxes, skips
from app.domain.questionnaire import Kind, Proxy, Question, Questionnaire, Row, Section
from app.domain.text import Text, fill
from app.print.letters import qr_svg
from app.print.setting import set_pdf
from app.print.wording import Runs, Wording

TEMPLATE = Path(__file__).with_name("paper.typ")
USUAL_WAYS = {
    "dont_know": Text.of(fr="Je ne sais pas", en="I don’t know"),
    "prefer_not": Text.of(fr="Je préfère ne pas répondre", en="I prefer not to answer"),
    "not_concerned": Text.of(fr="Cela ne me concerne pas", en="This does not apply to me"),
}
_NEXT = Text.of(fr="passez à la question {number}", en="go to question {number}")
_END = Text.of(fr="passez à la fin", en="go to the end")


@dataclass(frozen=True, slots=True, repr=False)
class Sheet:
    """Whose questionnaire it is: the code as printed and the reference; both empty on a blank.

    ``withdrawal``: the code to take the answers back, empty where there is no way back.
    ``link``: what the square opens, the person's own way in; empty: the address for everybody.
    """

    code: str = ""
    reference: str = ""
    withdrawal: str = ""
    link: str = ""


@dataclass(frozen=True, slots=True)
class Surroundings:
    """What all sheets of one territory and language share."""

    language: str  # fr or en
    programme: str
    place: str  # the territory's name
    phone: str
    until: str
    address: str  # where it can be answered on the internet, with the code
    terms: Mapping[str, Text]
    synthetic: bool
    notice: str = ""  # what people are told of their data, as Markdown in this language
    notice_number: str = ""
    hours: str = ""  # when somebody answers at the telephone


def papers_pdf(
    questionnaire: Questionnaire,
    checksum: str,
    sheets: Sequence[Sheet],
    around: Surroundings,
    made_at: datetime,
) -> tuple[bytes, frozenset[str]]:
    """One tagged PDF (PDF/UA-1) with the questionnaire once for each sheet, each on its own paper.

    With it the signs that no font here could show: with one, this is not what is asked on screens.

    The first eight digits of ``checksum`` stand at the foot of every page. Raises
    ``CannotBeSet``.
    """
    form = _Form(questionnaire, around)
    data = {
        "form": form.as_data(),
        "sheets": [
            asdict(sheet) | {"qr": qr_svg(sheet.link or around.address)} for sheet in sheets
        ],
        "version": checksum[:8],
        "programme": around.programme,
        "place": around.place,
        "phone": around.phone,
        "hours": around.hours,
        "until": around.until,
        "address": around.address.removeprefix("https://"),
        "synthetic": around.synthetic,
        "notice": form.said(around.notice),
        "notice_number": around.notice_number,
    }
    return set_pdf(TEMPLATE, {"paper": orjson.dumps(data).decode()}, made_at)


class _Form:
    """A questionnaire in one language, as plain data for the template."""

    def __init__(self, questionnaire: Questionnaire, around: Surroundings) -> None:
        self._asked = questionnaire
        self._wording = Wording(questionnaire, around.language, around.terms)
        self._skips = skips(questionnaire)

    def as_data(self) -> dict[str, Any]:
        """The title, the introduction, and the sections with their blocks."""
        return {
            "language": self._wording.language,
            "audience": self._asked.audience.value,
            "title": self._wording.plain(self._asked.title),
            "introduction": self._wording.paragraphs(self._asked.introduction),
            "minutes": self._asked.minutes and round(self._asked.minutes),
            "sections": [
                {"title": self._wording.plain(section.title), "blocks": self._blocks(section)}
                for section in self._asked.sections
                if section.pages
            ],
        }

    def said(self, wording: str) -> list[Runs]:
        """The paragraphs of a wording in the form's language."""
        return (
            self._wording.paragraphs(Text.of({self._wording.language: wording})) if wording else []
        )

    def _blocks(self, section: Section) -> list[dict[str, Any]]:
        """The questions of a section; the rows of a battery stand together, one page or several."""
        found: list[dict[str, Any]] = []
        before = None
        for question in (each for page in section.pages for each in page.questions):
            if question.is_name:
                found[-1]["names"].append(self._head(question))
                continue
            if question.kind is Kind.BATTERY and before == question.code:
                found[-1]["rows"] += [self._head(row) for row in question.rows]
            else:
                found.append(self._block(question))
            before = question.code
        return found

    def _block(self, question: Question) -> dict[str, Any]:
        if question.kind is Kind.INFORMATION:  # printed for all: it may be what somebody needs
            return {"kind": "information", "paragraphs": self._wording.paragraphs(question.text)}
        return {
            **self._head(question),
            "kind": question.kind.value,
            "several": question.kind is Kind.CHOICES,
            "hint": self._wording.line(question.hint),
            "boxes": [self._box(question, box) for box in boxes(question)],
            "rows": [self._head(row) for row in question.rows],
            "names": [],
            "unit": self._wording.plain(question.unit),
            "precision": question.precision,
        }

    def _head(self, thing: Question | Row) -> dict[str, Any]:
        """Number, wording and who is asked: the same for a question and a row of a battery."""
        return {
            "number": self._wording.numbers[thing.code],
            "text": self._wording.line(thing.text),
            "only_if": self._wording.routing.only_if(thing.shown_when) if thing.shown_when else "",
            "own_only": thing.proxy is Proxy.NOT_ASKED,
        }

    def _box(self, question: Question, box: Box) -> dict[str, Any]:
        words: Runs = []
        if box.option is not None:
            words = self._wording.option(box.option)
        elif box.way is not None:
            own = box.way.text if box.way.text.wordings else USUAL_WAYS[box.way.why.value]
            words = self._wording.line(own)
        to = self._skips.get((question.code, box.key))
        leads = ""
        if to is not None:
            text = _NEXT if to else _END
            leads = fill(
                text.in_(self._wording.language), {"number": self._wording.numbers.get(to, "")}
            )
        return {
            "key": box.key,
            "text": words,
            "leads": leads,
            "specify": box.option is not None and box.option.specify,
            "way": box.way is not None,
        }
