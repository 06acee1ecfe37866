"""What participants are told came of their answers: three findings, what will change, who, when."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass

from app.domain.errors import Fault
from app.domain.text import Text

FINDINGS = 3
LONGEST = 400
_NUMBER = re.compile(r"\d+(?:[.,]\d+)?")
_YEAR = re.compile(r"(?:19|20)\d\d")


@dataclass(frozen=True, slots=True)
class Finding:
    """One finding: the indicator that it rests on, and plain words in both languages."""

    code: str
    words: Text


@dataclass(frozen=True, slots=True)
class Feedback:
    """A territory's page, as its coordinator writes it."""

    findings: tuple[Finding, ...]
    change: Text  # what will change
    decided: Text  # who decided
    when: Text


def feedback_faults(
    said: Feedback, shown: Mapping[str, Collection[str]], figures: Collection[str]
) -> Iterator[Fault]:
    """What keeps the page from being given out.

    ``shown``: what may be told, by indicator, as numbers written (``63``, ``63,2``); an indicator
    that is withheld is not in it. ``figures``: further numbers that may stand in any text. A number
    that no released figure gives is refused: it would be a figure that nobody protected. Years, and
    numbers in who and when, are free.
    """
    codes = [finding.code for finding in said.findings]
    if len(codes) != FINDINGS or len(set(codes)) != FINDINGS:
        yield Fault("findings", _THREE, _CHOOSE)
    for place, finding in enumerate(said.findings, 1):
        if finding.code not in shown:
            yield Fault(f"finding_{place}", _WITHHELD, _CHOOSE)
        known = {*shown.get(finding.code, ()), *figures}
        yield from _text_faults(f"words_{place}", finding.words, known)
    yield from _text_faults("change", said.change, figures)
    for place_, text in (("decided", said.decided), ("when", said.when)):
        yield from _length_faults(place_, text)


def _text_faults(place: str, text: Text, known: Collection[str]) -> Iterator[Fault]:
    yield from _length_faults(place, text)
    plain = {number.replace(",", ".") for number in known}
    for language in ("fr", "en"):
        for number in _NUMBER.findall(text.in_(language, language)):
            if not _YEAR.fullmatch(number) and number.replace(",", ".") not in plain:
                yield Fault(
                    f"{place}_{language}",
                    Text.of(
                        fr=f"{number} n’est pas un chiffre publié ici.",
                        en=f"{number} is not a figure published here.",
                    ),
                    Text.of(
                        fr="Reprenez le chiffre affiché à côté, ou n’en donnez pas.",
                        en="Take the figure shown beside, or give none.",
                    ),
                )


def _length_faults(place: str, text: Text) -> Iterator[Fault]:
    for language in ("fr", "en"):
        wording = text.in_(language, language).strip()
        if not wording or len(wording) > LONGEST:
            yield Fault(
                f"{place}_{language}",
                Text.of(fr="Ce texte manque ou est trop long.", en="This text is missing or long."),
                Text.of(
                    fr="Quelques phrases simples, 400 signes au plus.",
                    en="A few plain sentences, at most 400 characters.",
                ),
            )


_THREE = Text.of(fr="Il faut trois constats différents.", en="Three different findings are needed.")
_CHOOSE = Text.of(fr="Choisissez dans la liste.", en="Choose from the list.")
_WITHHELD = Text.of(
    fr="Cet indicateur n’est pas publié pour ce territoire.",
    en="This indicator is not published for this territory.",
)
