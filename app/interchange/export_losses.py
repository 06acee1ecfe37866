"""What a foreign format has no place for, said before a questionnaire leaves in it."""

from __future__ import annotations

from collections.abc import Iterator

from app.domain.lists import ENTRY
from app.domain.perspective import reworded
from app.domain.piping import pipes_in
from app.domain.questionnaire import Kind, Proxy, Question, Questionnaire, Required, Slot
from app.domain.text import Text, names_in, without_answers
from app.interchange.import_report import ImportReport


def say_losses(questionnaire: Questionnaire, report: ImportReport) -> None:
    """One line for each thing of ours that no foreign format takes, by item code."""
    for section in questionnaire.sections:
        for entry in section.entries:
            if isinstance(entry, Slot):
                report.unsupported(entry.code, "form", "out_lost", what="slot")
    instead = [(questionnaire.code, questionnaire.proxy_introduction)]
    instead += [(each.code, each.proxy_title) for each in questionnaire.sections]
    instead += [(each.code, each.proxy_title) for each in questionnaire.pages]
    for code, words in instead:
        if words.wordings:
            report.unsupported(code, "form", "out_lost", what="proxy")
    for question in written_questions(questionnaire):
        for what in _lost(question):
            report.unsupported(question.code, "look", "out_lost", what=what)


def _lost(question: Question) -> Iterator[str]:
    if question.ways_out:
        yield "ways_out: " + ", ".join(way.why.value for way in question.ways_out)
    rules = [question.proxy, *(row.proxy for row in question.rows)]
    beside_it = question.proxy_hint.wordings or question.proxy_why_we_ask.wordings
    if reworded(question) or beside_it or Proxy.NOT_ASKED in rules:
        yield "proxy"
    if question.required is Required.SOFT:
        yield "required: soft"
    beside = {
        "sensitive": question.sensitive,
        "interviewer_note": question.interviewer_note.wordings,
    }
    yield from (name for name, said in beside.items() if said)
    if question.kind is Kind.RATING and not unlabelled(question):
        yield "type: rating"
    if any(option.closed for option in question.options):
        yield "closed options"
    said = [wording for _, wording in (*question.text.wordings, *question.hint.wordings)]
    if any(pipes_in(wording) or names_in(wording) for wording in said):
        yield "{…}"


def unlabelled(rating: Question) -> bool:
    """Whether the values of a rating have no words of their own."""
    return all(
        wording == option.code for option in rating.options for _, wording in option.text.wordings
    )


def written_questions(questionnaire: Questionnaire) -> Iterator[Question]:
    """Every question as written: a battery once, what a list asks once."""
    seen: set[str] = set()
    for question in questionnaire.questions:
        if question.of_list or (question.kind is Kind.BATTERY and question.code in seen):
            continue
        seen.add(question.code)
        yield question
        yield from question.each


def whole_battery(questionnaire: Questionnaire, question: Question) -> tuple[Question, ...]:
    """The questions, one for each page, that make up a battery."""
    same = (q for q in questionnaire.questions if q.code == question.code)
    return tuple(one for one in same if one.kind is Kind.BATTERY)


def bare(text: Text) -> Text:
    """The text with what stands where there is no earlier answer."""
    said = without_answers(text)
    return Text(tuple((tag, wording.replace(ENTRY, "…")) for tag, wording in said.wordings))
