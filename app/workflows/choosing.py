"""Which figures of a release: one choice for the form, its preview, every file and the API."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from app.domain.errors import BadInput, Fault
from app.domain.questionnaire import Audience
from app.domain.territories import NATION
from app.domain.text import Text
from app.evaluation.tables import Observation, ProtectedTable, What
from app.storage.published import Published

W = What
TOGETHER = "together"  # the audience of figures that belong to no single one
NOW = "now"  # the wave of figures that look at no earlier one
EVERYBODY = "everybody"  # the group of figures that are of no group of a breakdown
SUBJECTS: dict[str, tuple[Text, frozenset[What]]] = {
    "indicators": (
        Text.of(fr="Indicateurs", en="Indicators"),
        frozenset({
            W.COMPONENT, W.DISTRIBUTION, W.INDICATOR, W.LEDGER, W.COMPONENT_BY_POPULATION,
            W.INDICATOR_BY_POPULATION, W.LEDGER_BY_POPULATION,
        }),
    ),
    "groups": (
        Text.of(fr="Groupes de personnes", en="Groups of people"),
        frozenset({W.GROUP, W.GROUP_GAP}),
    ),
    "scores": (
        Text.of(fr="Scores", en="Scores"),
        frozenset({
            W.VALUE_NODE, W.DIMENSION, W.TOTAL, W.DIMENSION_BY_POPULATION,
            W.TOTAL_BY_POPULATION, W.GAP_DESCRIPTION,
        }),
    ),
    "shifts": (
        Text.of(fr="Décalages entre les deux cadres", en="Shifts between the two frameworks"),
        frozenset({
            W.DISTANCE, W.STANDING_SHIFT, W.SHIFT_PART, W.SHIFT_INDICATOR, W.MARGIN,
            W.SMALLEST_DETECTABLE, W.LARGEST_ATTAINABLE, W.OVERLAP, W.COVERED_SHARE,
            W.BLIND_SPOT,
        }),
    ),
    "order": (
        Text.of(fr="Places et ordres", en="Places and orders"),
        frozenset({W.CROSS, W.RANK, W.FIRST_PLACE, W.ORDER, W.FLIP}),
    ),
    "methods": (
        Text.of(fr="Autres calculs", en="Other methods"),
        frozenset({W.METHOD_SHARE, W.METHOD_COUNT, W.SOBOL, W.VARIANT_RANK, W.AGREEMENT}),
    ),
    "coproduction": (
        Text.of(fr="Coproduction et publics", en="Co-production and audiences"),
        frozenset({
            W.COPRODUCTION, W.BREADTH, W.PARTICIPATION, W.SEEN_IN_DESIGN, W.TIE, W.MIRRORED,
            W.AUDIENCE_GAP, W.GAP_DETECTABLE, W.GAP_MARGIN, W.DESIGN_DISTANCE,
        }),
    ),
    "waves": (
        Text.of(fr="Évolution", en="Change"),
        frozenset({W.EARLIER, W.CHANGE, W.ATTRITION}),
    ),
    "comparability": (
        Text.of(fr="Comparabilité", en="Comparability"),
        frozenset({W.COMPARABILITY, W.RELIABILITY, W.DIF, W.DIF_LOGISTIC, W.DIF_P}),
    ),
}  # fmt: skip
FIELDS = ("territory", "subject", "audience", "code", "wave", "group")


@dataclass(frozen=True, slots=True)
class Choice:
    """What is wanted of a release; a field without content lets everything through.

    ``territory``, ``code`` (of indicators): codes; ``subject``: keys of ``SUBJECTS``;
    ``audience``: audiences, or ``together``; ``wave``: codes of earlier waves, or ``now``;
    ``group``: groups of breakdowns (``SEX.women``), or ``everybody``.
    Each sorted, without repetition.
    """

    territory: tuple[str, ...] = ()
    subject: tuple[str, ...] = ()
    audience: tuple[str, ...] = ()
    code: tuple[str, ...] = ()
    wave: tuple[str, ...] = ()
    group: tuple[str, ...] = ()

    @property
    def whole(self) -> bool:
        """Whether everything is wanted."""
        return not any(getattr(self, name) for name in FIELDS)

    @property
    def told(self) -> dict[str, list[str]]:
        """The fields with content, as in an address."""
        return {name: list(getattr(self, name)) for name in FIELDS if getattr(self, name)}

    @property
    def mark(self) -> str:
        """A few letters that tell files of different choices apart; empty for the whole."""
        if self.whole:
            return ""
        return hashlib.sha256(repr(self.told).encode()).hexdigest()[:8]

    def takes(self, seen: Observation) -> bool:
        """Whether this figure is wanted."""
        return (
            (not self.territory or seen.territory in self.territory)
            and (not self.subject or any(seen.what in SUBJECTS[s][1] for s in self.subject))
            and (not self.audience or (seen.audience or TOGETHER) in self.audience)
            and (not self.code or plain_code(seen) in self.code)
            and (not self.wave or wave_of(seen) in self.wave)
            and (not self.group or group_of(seen) in self.group)
        )


WHOLE = Choice()


def plain_code(seen: Observation) -> str:
    """The code of what is measured, without the side of a gap and the wave."""
    return seen.code.split("@")[0].split(".")[0]


def wave_of(seen: Observation) -> str:
    """The earlier wave that a figure is of or is compared with, or ``now``."""
    return seen.code.partition("@")[2] or NOW if seen.what in SUBJECTS["waves"][1] else NOW


def group_of(seen: Observation) -> str:
    """The group of a breakdown that a figure is of, or ``everybody``; a difference of two groups
    belongs to the one that is compared with the first."""
    return (seen.group or EVERYBODY).partition("-")[0]


def known(seen: Published) -> dict[str, tuple[str, ...]]:
    """Everything that may be chosen of this release, by field, in the order of its pages."""
    there = seen.table.unlike
    kinds = {each.what for each in there}
    audiences = {each.audience or TOGETHER for each in there}
    codes = {plain_code(each) for each in there}
    groups = {group_of(each) for each in there}
    return {
        "territory": (NATION, *seen.places),
        "subject": tuple(name for name, (_, whats) in SUBJECTS.items() if whats & kinds),
        "audience": tuple(a for a in (TOGETHER, *Audience) if a in audiences),
        "code": tuple(code for code in seen.indicators if code in codes),
        "wave": (NOW, *sorted({wave_of(each) for each in there} - {NOW})),
        "group": (EVERYBODY, *(code for code, _ in groups_of(seen) if code in groups)),
    }


def groups_of(seen: Published) -> list[tuple[str, Text]]:
    """Every group that the national framework declares, with its name, in order."""
    return [
        (f"{each.code}.{group.code}", group.title)
        for each in seen.national.breakdowns
        for group in each.groups
    ]


def group_audience(seen: Published, code: str) -> str:
    """The audience of which this is a group."""
    breakdown = code.partition(".")[0]
    return next(str(b.audience) for b in seen.national.breakdowns if b.code == breakdown)


def group_title(seen: Published, code: str) -> Text:
    """A group by its name; of a difference both, the one that is compared first."""
    titles = dict(groups_of(seen))
    breakdown, _, both = code.partition(".")
    names = [titles.get(f"{breakdown}.{each}", _code(each)) for each in both.split("-")]
    if len(names) == 1:
        return names[0]
    return Text.of({tag: " − ".join(each.in_(tag) for each in names) for tag in ("fr", "en")})


def _code(code: str) -> Text:
    return Text.of(fr=code, en=code)


def choice_of(seen: Published, wanted: Mapping[str, Sequence[str]]) -> Choice:
    """The choice that an address or a form makes. All of a field is the same as none of it.

    Raises ``BadInput`` for what this release does not have, or this account may not see.
    """
    offered = known(seen)
    faults = [
        Fault(name, _UNKNOWN, _REMEDY)
        for name in FIELDS
        if not set(wanted.get(name, ())) <= set(offered[name])
    ]
    if faults:
        raise BadInput(faults)
    return Choice(*(_field(wanted.get(name, ()), offered[name]) for name in FIELDS))


def _field(wanted: Iterable[str], offered: Sequence[str]) -> tuple[str, ...]:
    found = tuple(sorted(set(wanted)))
    return () if len(found) == len(offered) else found


_UNKNOWN = Text.of(
    fr="Cette diffusion n’a pas ce qui est demandé ici.",
    en="This release does not have what is asked for here.",
)
_REMEDY = Text.of(
    fr="Choisissez dans la liste de la page des téléchargements.",
    en="Choose from the list on the page of downloads.",
)


def chosen(seen: Published, choice: Choice) -> Published:
    """The release with the figures that are wanted, and nothing else."""
    if choice.whole:
        return seen
    kept = tuple(each for each in seen.table if choice.takes(each))
    own = {c: f for c, f in seen.own.items() if not choice.territory or c in choice.territory}
    return replace(seen, table=ProtectedTable(kept, seen.table.threshold), own=own)
