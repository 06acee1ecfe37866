"""Words for what stands beside the frameworks: co-production, gaps between audiences, waves."""

from __future__ import annotations

from collections.abc import Mapping

from app.domain.questionnaire import Audience, Question
from app.domain.text import Text
from app.evaluation.gaps import GapVerdict
from app.evaluation.tables import Observation, What
from app.interchange.figure_words import number
from app.storage.published import Published
from app.workflows.summary_words import AUDIENCES

PHASES = {
    "commissioning": Text.of(fr="Choisir les priorités", en="Setting priorities"),
    "design": Text.of(fr="Concevoir un service", en="Designing a service"),
    "delivery": Text.of(fr="Mener une action", en="Delivering"),
    "assessment": Text.of(fr="Évaluer un service", en="Assessing a service"),
}
LEVELS = {
    "individual": Text.of(fr="pour soi", en="for oneself"),
    "group": Text.of(fr="en petit groupe", en="in a small group"),
    "collective": Text.of(fr="pour tous", en="for everyone"),
}
KINDS = {
    What.BREADTH: Text.of(
        fr="Étendue : part des quatre temps où la personne a pris part",
        en="Breadth: share of the four phases in which a person took part",
    ),
    What.PARTICIPATION: Text.of(
        fr="A pris part à au moins un temps", en="Took part in at least one phase"
    ),
    What.SEEN_IN_DESIGN: Text.of(
        fr="A vu des usagers ou aidants concevoir un service",
        en="Saw users or carers help design a service",
    ),
    What.TIE: Text.of(fr="Travaille chaque mois avec", en="Works every month with"),
    What.AUDIENCE_GAP: Text.of(fr="Écart entre publics", en="Gap between audiences"),
    What.GAP_DETECTABLE: Text.of(
        fr="Plus petit écart que l’enquête pouvait voir",
        en="Smallest gap that the survey could have seen",
    ),
    What.GAP_MARGIN: Text.of(
        fr="Écart entre publics sans importance", en="Gap between audiences that does not matter"
    ),
    What.DESIGN_DISTANCE: Text.of(
        fr="Distance entre services, d’après des documents",
        en="Distance between services, from documents",
    ),
}
ALL_ROLES = Text.of(fr="tous les autres métiers", en="all other professions")
OUTCOMES = {
    "again": Text.of(fr="A répondu de nouveau", en="Answered again"),
    "deceased": Text.of(fr="Décès", en="Deceased"),
    "moved": Text.of(fr="A déménagé", en="Moved away"),
    "not_invited": Text.of(fr="Pas invité cette fois", en="Not invited this time"),
    "silent": Text.of(fr="Invité, n’a pas répondu", en="Invited, did not answer"),
    "not_again": Text.of(fr="N’a pas répondu de nouveau", en="Did not answer again"),
}
GAP_VERDICTS = {
    GapVerdict.EQUIVALENT: Text.of(
        fr="pas d’écart qui compte : moins de {margin} points",
        en="no gap that matters: less than {margin} points",
    ),
    GapVerdict.HIGHER: Text.of(
        fr="plus haut chez les {first} que chez les {second}",
        en="higher among {first} than among {second}",
    ),
    GapVerdict.LOWER: Text.of(
        fr="plus bas chez les {first} que chez les {second}",
        en="lower among {first} than among {second}",
    ),
    GapVerdict.CANNOT_TELL: Text.of(
        fr="on ne peut pas dire : l’enquête aurait pu voir un écart de {detectable} points",
        en="cannot tell: the survey could have seen a gap of {detectable} points",
    ),
}


def beside_title(seen: Published, each: Observation) -> Text | None:
    """What an observation beside the frameworks is about; None for any other."""
    what, code = What(each.what), each.code
    if what is What.COPRODUCTION:
        phase, _, level = code.partition(".")
        return _joined(PHASES[phase], LEVELS[level])
    if what is What.SEEN_IN_DESIGN:
        return _joined(KINDS[what], LEVELS[code])
    if what is What.PARTICIPATION:
        return _joined(KINDS[what], profession(seen, code)) if code else KINDS[what]
    if what is What.TIE:
        return _joined(KINDS[what], role(seen, code) if code else ALL_ROLES, " ")
    if what in (What.MIRRORED, What.AUDIENCE_GAP, What.GAP_DETECTABLE):
        pair = seen.manifest.get("beside", {}).get("pairs", {}).get(code)
        title = Text.of(pair["title"]) if pair else Text.of(fr=code, en=code)
        return title if what is What.MIRRORED else _joined(KINDS[what], title)
    if what is What.DISTRIBUTION:
        of, _, band = code.partition(".")
        known = seen.indicators.get(of)  # another territory's own, where only some are seen
        return None if known is None else _joined(known.title, band_title(band))
    if what is What.ATTRITION:
        return OUTCOMES[code.partition("@")[0]]
    return KINDS.get(what)


def band_title(band: str) -> Text:
    """What a band of scores is called: ``20-40``."""
    low, _, high = band.partition("-")
    return Text.of(fr=f"score de {low} à {high}", en=f"score from {low} to {high}")


def gap_sentence(seen: Published, each: Observation, language: str) -> str | None:
    """What may be said of a gap between audiences; None without a verdict."""
    if not each.shown or each.verdict is None:
        return None
    beside = seen.manifest.get("beside", {})
    pair = beside.get("pairs", {}).get(each.code, {})
    detectable = seen.table.one(each.territory, None, What.GAP_DETECTABLE, each.code)
    fills = {
        "first": _audience(pair.get("first", ""), language),
        "second": _audience(pair.get("second", ""), language),
        "margin": number(beside.get("margin", 0.0), language, 0),
        "detectable": number(detectable.value, language)
        if detectable is not None and detectable.value is not None
        else "–",
    }
    return GAP_VERDICTS[GapVerdict(each.verdict)].in_(language).format(**fills)


def _audience(code: str, language: str) -> str:
    return AUDIENCES[code].in_(language) if code in AUDIENCES else code


def profession(seen: Published, code: str) -> Text:
    """The name of a profession, as the questionnaire has it."""
    item = seen.manifest.get("beside", {}).get("professions", "")
    question = _professional(seen).get(item)
    option = question.option_by_code.get(code) if question else None
    return option.text if option else Text.of(fr=code, en=code)


def role(seen: Published, code: str) -> Text:
    """The name of a role that others work with, as the questionnaire has it."""
    item = seen.manifest.get("beside", {}).get("ties", {}).get(code, "")
    question = _professional(seen).get(item)
    row = next((row for row in question.rows if row.code == item), None) if question else None
    return row.text if row else Text.of(fr=code, en=code)


def _professional(seen: Published) -> Mapping[str, Question]:
    return seen.questions.get(Audience.PROFESSIONAL, {})


def _joined(one: Text, other: Text, by: str = ", ") -> Text:
    return Text.of({each: one.in_(each) + by + other.in_(each) for each in ("fr", "en")})
