"""The field for a file: what the page says is kept, and which files are taken."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from app.domain.acceptance import Submitted
from app.domain.answer_files import formats_for, names_of, spoken_file, spoken_size
from app.domain.answers import Answers
from app.domain.questionnaire import Kind, Question
from app.domain.text import Text
from app.web.form_files import largest


@dataclass(frozen=True, slots=True)
class FileField:
    """``kept``: the file that is there, in words; ``removing``: its box is ticked.

    ``most``: bytes; ``size``: the same in words. ``accept``: what the browser offers to choose.
    """

    kept: Text
    removing: bool
    most: int
    size: Text
    formats: str
    accept: str


def file_field(
    question: Question, answers: Answers, typed: Mapping[str, Submitted]
) -> FileField | None:
    """The field of a question that is answered with a file; it stands alone on its page."""
    if question.kind is not Kind.FILE:
        return None
    stored, most = answers.get(question.code), largest()
    taken = formats_for(question.accepts).values()
    return FileField(
        spoken_file(stored.value if stored else None),
        typed.get(question.code, Submitted()).removed,
        most,
        spoken_size(most),
        names_of(question.accepts),
        ",".join(mark for form in taken for mark in (form.media_type, *form.endings)),
    )
