"""The columns of an extract of answers: what each is, its codes, and why a value may be missing."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from app.domain.text import Text

Form = Literal["text", "weight", "choice", "choices", "number", "written", "place"]
WORDS = frozenset({"written", "place"})  # answers that stay text among numbers
FIRST_MISSING = -9990  # codes of missing values in SPSS and Stata: -9991 and below
# In the order of evaluation.columns.Status, from 1; then what was taken out to protect people.
MISSING: tuple[tuple[str, str, Text], ...] = (
    ("dont_know", "!dont_know", Text.of(fr="Ne sait pas", en="Do not know")),
    ("prefer_not", "!prefer_not", Text.of(fr="Ne souhaite pas répondre", en="Prefer not to say")),
    ("not_concerned", "!not_concerned", Text.of(fr="Pas concerné", en="Not concerned")),
    ("skipped", "", Text.of(fr="Passé", en="Passed over")),
    ("not_shown", "!not_shown", Text.of(fr="Non demandé", en="Not asked")),
    ("removed", "", Text.of(fr="Retiré pour protéger", en="Removed to protect")),
)
NOT_SHOWN, REMOVED = 5, 6


@dataclass(frozen=True, slots=True)
class Variable:
    """One column. ``codes``: of the options, in order; ``names``: their words, also for a proxy.

    ``question``: as it was asked, the same as ``label`` where there is no longer form.
    """

    name: str
    label: Text
    form: Form = "text"
    codes: tuple[str, ...] = ()
    names: tuple[Text, ...] = ()
    audience: str = ""

    @property
    def answered(self) -> bool:
        """Whether it holds answers, and so may say why there is none."""
        return self.form not in ("text", "weight")

    def columns(self) -> Iterator[tuple[str, str]]:
        """Name of each numeric column and the option that it is about (several choices)."""
        if self.form != "choices":
            yield self.name, ""
            return
        for code in self.codes:
            yield f"{self.name}_{code}", code


FIXED: tuple[Variable, ...] = (
    Variable("respondent", Text.of(fr="Pseudonyme, propre à cet extrait",
        en="Pseudonym, of this extract alone")),
    Variable("territory", Text.of(fr="Territoire", en="Territory")),
    Variable("audience", Text.of(fr="Répondants", en="Audience")),
    Variable("sub_area", Text.of(fr="Secteur", en="Sub-area")),
    Variable("stratum", Text.of(fr="Strate (pseudonyme)", en="Stratum (pseudonym)")),
    Variable("psu", Text.of(fr="Unité primaire : la personne, ou la situation (pseudonyme)",
        en="Primary unit: the person, or the case (pseudonym)")),
    Variable("weight", Text.of(fr="Poids", en="Weight"), "weight"),
    Variable("by_proxy", Text.of(fr="Répondu à la place de la personne : yes, no",
        en="Answered in the person’s place: yes, no")),
    Variable("channel", Text.of(fr="Canal", en="Channel")),
    Variable("language", Text.of(fr="Langue", en="Language")),
    Variable("partial", Text.of(fr="Jamais envoyé, utilisé par la règle de la vague : yes, no",
        en="Never sent, used by the rule of the wave: yes, no")),
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Described:
    """An extract as its codebooks describe it; ``rows`` people in it."""

    title: Text
    variables: Sequence[Variable]
    rows: int
    facts: Mapping[str, str]  # programme, wave, publisher, citation, dated, period, frame, version
    synthetic: bool
    language: str

    def missing(self) -> Iterator[tuple[int, str, str]]:
        """Number, cell in CSV, and words of each reason."""
        for place, (_, cell, words) in enumerate(MISSING, 1):
            yield FIRST_MISSING - place, cell, words.in_(self.language)
