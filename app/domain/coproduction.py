"""What a programme reports of co-production: who takes part, how, and with whom.

Four phases (Bovaird & Loeffler) by three levels (Nabatchi, Sancino & Sicilia 2017): twelve shares
for each audience, never averaged over levels.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from app.domain.conditions import Condition
from app.domain.frameworks import Scale, Share, ShareOfItems
from app.domain.questionnaire import Audience
from app.domain.text import Text

PersonMeasure = Share | Scale | ShareOfItems


class Phase(StrEnum):
    """The four Co's."""

    COMMISSIONING = "commissioning"
    DESIGN = "design"
    DELIVERY = "delivery"
    ASSESSMENT = "assessment"


class LevelOfCoproduction(StrEnum):
    """For whom or with whom one takes part."""

    INDIVIDUAL = "individual"
    GROUP = "group"
    COLLECTIVE = "collective"


@dataclass(frozen=True)
class TakingPart:
    """How an audience says that it took part: a condition for each phase and each level."""

    phases: Mapping[Phase, Condition]
    levels: Mapping[LevelOfCoproduction, Condition]


@dataclass(frozen=True)
class Ties:
    """How often a professional works with other roles: an item for each role, own and absent
    roles without a value; ``at_least``: the score from which it is a tie."""

    items: Mapping[str, str]  # by role
    at_least: int


@dataclass(frozen=True)
class Mirrored:
    """Two questions with one meaning, put to two audiences: only such may be compared."""

    code: str
    title: Text
    first: tuple[Audience, PersonMeasure]
    second: tuple[Audience, PersonMeasure]


@dataclass(frozen=True)
class CoproductionPlan:
    """``margin``: largest gap between audiences that does not matter, in points, set beforehand;
    ``seen``: what professionals saw of users in design, by level; ``professions``: item and codes.
    """

    margin: float
    parts: Mapping[Audience, TakingPart] = field(default_factory=dict)
    seen: Mapping[LevelOfCoproduction, Condition] = field(default_factory=dict)
    professions: tuple[str, tuple[str, ...]] | None = None
    ties: Ties | None = None
    mirrored: tuple[Mirrored, ...] = ()


class FeatureKind(StrEnum):
    """How a feature of a service design is compared (``evaluation.gower``)."""

    NOMINAL = "nominal"
    ORDINAL = "ordinal"
    ASYMMETRIC = "asymmetric"


@dataclass(frozen=True)
class Feature:
    """One thing that service designs may differ in; ``values``: the codes, in order if ordinal."""

    code: str
    title: Text
    kind: FeatureKind
    values: tuple[str, ...]


@dataclass(frozen=True)
class Design:
    """How a territory arranged its services, as far as documents say; a missing code is unknown."""

    territory: str
    values: Mapping[str, str]
    source: Text


@dataclass(frozen=True)
class Designs:
    """The features and what is known of each territory."""

    features: tuple[Feature, ...]
    designs: tuple[Design, ...]
