"""A question as it reads with a place's own words in it, for readers who were not asked."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from app.domain.questionnaire import Question
from app.domain.text import Text, fill


def in_local_words(question: Question, terms: Mapping[str, Text]) -> Question:
    """The question with ``terms`` in place of their names, in its text, options and rows, also
    in the words of options for a proxy.

    Where an earlier answer would stand are the words for want of one. The rest is as it was.
    """
    return replace(
        question,
        text=_filled(question.text, terms),
        options=tuple(
            replace(
                each,
                text=_filled(each.text, terms),
                proxy_text=_filled(each.proxy_text, terms),
            )
            for each in question.options
        ),
        rows=tuple(replace(each, text=_filled(each.text, terms)) for each in question.rows),
    )  # fmt: skip


def _filled(text: Text, terms: Mapping[str, Text]) -> Text:
    return Text(
        tuple(
            (tag, fill(wording, {name: said.in_(tag) for name, said in terms.items()}))
            for tag, wording in text.wordings
        )
    )
