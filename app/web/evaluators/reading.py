"""A release in the language of a page: names, figures, verdicts and cautions in words."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import cached_property

from flask_babel import gettext as _

from app.domain.dates import spoken_date
from app.domain.frameworks import Framework, Indicator
from app.domain.territories import NATION
from app.domain.text import Text
from app.evaluation.tables import Observation, What
from app.interchange import figure_words as words
from app.interchange.verdict_words import (
    DOWN,
    MOVED,
    UP,
    short_verdict,
    verdict_of,
    verdict_sentence,
)
from app.storage.published import Published
from app.web.evaluators.who_answered import WhoAnswered
from app.web.pages import day
from app.workflows.choosing import EVERYBODY, NOW, TOGETHER, WHOLE, Choice, group_audience
from app.workflows.chosen_summary import group_words
from app.workflows.summary_words import (
    AUDIENCES,
    COMPARABLE,
    EVIDENCES,
    RELATIONS,
    SYNTHETIC,
    VOLUNTARY,
)
from app.workflows.waves import FRAMES


@dataclass(frozen=True)
class Reading:
    """What templates and charts ask of a release."""

    seen: Published
    language: str
    choice: Choice = WHOLE  # what the page is narrowed down to
    offered: tuple[str, ...] = ()  # the fields by which it can be

    @property
    def one_audience(self) -> str:
        """The audience that is chosen; empty for all together."""
        return "".join(each for each in self.choice.audience if each != TOGETHER)

    @property
    def one_wave(self) -> str:
        """The earlier wave that is chosen; empty for this one."""
        return "".join(each for each in self.choice.wave if each != NOW)

    @property
    def one_group(self) -> str:
        """The group of a breakdown that is chosen; empty for everybody."""
        return "".join(each for each in self.choice.group if each != EVERYBODY)

    def group(self, code: str) -> str:
        """The name of a group, or of everybody."""
        return self.say(group_words(self.seen, code))

    def taken(self, code: str = "") -> dict[str, list[str]]:
        """What stands on the page, as the address of the downloads says it."""
        told = self.choice.told
        if "territory" in told:
            told["territory"] = [NATION, *told["territory"]]
        return told | ({"code": [code]} if code else {})

    def figure(self, place: str, code: str) -> Observation | None:
        """The indicator in a territory, of the audience, the wave or the group that is chosen."""
        if self.one_group:
            return self._of_group(place, code)
        if self.one_audience:
            if self.one_wave:
                return None  # earlier waves are told for the whole indicator
            return self.seen.table.one(place, None, What.COMPONENT, code, self.one_audience)
        if self.one_wave:
            return self.one(place, What.EARLIER, f"{code}@{self.one_wave}")
        return self.one(place, What.INDICATOR, code) or self.one(place, What.LEDGER, code)

    def _of_group(self, place: str, code: str) -> Observation | None:
        """Of the audience that is broken down; earlier waves are told for everybody."""
        audience = group_audience(self.seen, self.one_group)
        if self.one_wave or self.one_audience not in ("", audience):
            return None
        return self.seen.table.one(place, None, What.GROUP, code, audience, self.one_group)

    def say(self, text: Text) -> str:
        """A text in the language of the page."""
        return text.in_(self.language)

    def name(self, territory: str) -> str:
        """The name of a territory."""
        return self.seen.name(territory, self.language)

    @cached_property
    def names(self) -> dict[str, str]:
        """Every territory's name by its code."""
        return {code: self.name(code) for code in self.seen.territories}

    def value(self, seen: Observation | None, *, signed: bool = False) -> str:
        """A figure, or why there is none."""
        return words.value_in_words(seen, self.language, signed=signed)

    def measured(self, code: str, seen: Observation) -> str:
        """A figure of an indicator with its unit."""
        if self.seen.indicators[code].unit != "%":
            return f"{self.value(seen)} {self.unit(code)}"
        return f"{self.value(seen)}{words.NARROW_SPACE if self.language == 'fr' else ''}%"

    def interval(self, seen: Observation | None, *, signed: bool = False) -> str:
        """The interval in brackets, or nothing."""
        found = words.interval_in_words(seen, self.language, signed=signed)
        return f"({found})" if found else ""

    def flags(self, seen: Observation | None) -> str:
        """What to be careful about."""
        return (
            ""
            if seen is None
            else " ; ".join(words.flags_in_words(seen, self.language, self.names))
        )

    def origin(self, seen: Observation) -> str:
        """Period and source of an administrative figure."""
        start, _slash, end = (seen.period or "").partition("/")
        days = f"{self.day(date.fromisoformat(start))} – {self.day(date.fromisoformat(end))}"
        return f"{days}. {seen.source}"

    def percent(self, share: float) -> str:
        """A share of 1 as percent."""
        return words.percent(share, self.language)

    def number(self, value: float, decimals: int = 1, *, signed: bool = False) -> str:
        """A number as the language writes it."""
        return words.number(value, self.language, decimals, signed=signed)

    def decimal2(self, seen: Observation | None) -> str:
        """A coefficient with two decimals, or why there is none."""
        return self.decimals(seen, 2)

    def decimals(self, seen: Observation | None, places: int) -> str:
        """A coefficient with so many decimals, or why there is none."""
        if seen is None or not seen.shown or seen.value is None:
            return self.value(seen)
        return self.number(seen.value, places)

    def verdict(self, seen: Observation) -> str:
        """The verdict's whole sentence."""
        return verdict_sentence(
            seen,
            self.one(seen.territory, What.SMALLEST_DETECTABLE, framework=seen.framework),
            self.language,
        )

    def short(self, seen: Observation | None) -> str:
        """The verdict in a few words."""
        if seen is None:
            return words.UNKNOWN.in_(self.language)
        if seen.shown and seen.verdict is None:
            return str(_("no verdict: the error of this shift is not known"))
        return short_verdict(seen, self.language)

    def covers(self, shift: Observation | None) -> str:
        """The share of its own values that a shift rests on, once what is withheld is left out."""
        if shift is None or not shift.shown or shift.coverage is None:
            return "–"
        return self.percent(shift.coverage)

    def direction(self, seen: Observation | None) -> str:
        """``up``, ``down`` or nothing: which way the territory moved, if it did."""
        found = verdict_of(seen)
        return "up" if found in UP else "down" if found in DOWN else ""

    def moved(self, seen: Observation | None) -> bool:
        """Whether the survey says that the territory stands elsewhere."""
        return verdict_of(seen) in MOVED

    def one(
        self, territory: str, what: What, code: str = "", framework: str | None = None
    ) -> Observation | None:
        """One observation of the whole table."""
        return self.seen.table.one(territory, framework, what, code)

    def own(self, territory: str, what: What, code: str = "") -> Observation | None:
        """One observation about a territory's own framework."""
        own = self.seen.own.get(territory)
        return None if own is None else self.one(territory, what, code, own.code)

    def national(self, territory: str, what: What, code: str = "") -> Observation | None:
        """One observation about a territory by the national framework."""
        return self.one(territory, what, code, self.seen.national.code)

    @property
    def places(self) -> tuple[str, ...]:
        """The territories that are chosen, in the order of their names."""
        kept = self.choice.territory
        return tuple(each for each in self.seen.places if not kept or each in kept)

    @property
    def nation(self) -> str:
        """The code of the whole."""
        return NATION

    def indicator(self, code: str) -> Indicator:
        """An indicator of any of the frameworks."""
        return self.seen.indicators[code]

    def title(self, code: str) -> str:
        """The title of an indicator."""
        return self.say(self.seen.indicators[code].title)

    def target(self, code: str) -> str:
        """The level that somebody set for an indicator, by whom and when; or that none is set."""
        target = self.seen.indicators[code].target
        if target is None:
            return str(_("none set"))
        when = self.say(spoken_date(target.date))
        return f"{self.number(target.value)} ({self.say(target.owner)}, {when})"

    def unit(self, code: str) -> str:
        """The unit as it stands behind a figure."""
        return "%" if self.seen.indicators[code].unit == "%" else _("points")

    def day(self, moment: datetime | date) -> str:
        """A date as the language writes it."""
        return day(moment)

    @cached_property
    def people(self) -> WhoAnswered:
        """Who was invited, who answered, and how far that carries."""
        return WhoAnswered(self.seen, self.language)

    @cached_property
    def of_several(self) -> tuple[Indicator, ...]:
        """The indicators that more than one audience answers, each with its own questions."""
        told = {(each.code, each.audience) for each in self.seen.table.of(What.COMPONENT)}
        count = Counter(code for code, _audience in told if code in self.seen.indicators)
        return tuple(each for each in self.seen.indicators.values() if count[each.code] > 1)

    @property
    def mention(self) -> str:
        """What is written inside every chart of a synthetic programme."""
        return self.say(SYNTHETIC) if self.seen.synthetic else ""

    @property
    def voluntary(self) -> str:
        """The sentence that goes with every figure of a voluntary sample."""
        return self.say(VOLUNTARY)

    @property
    def frame(self) -> str:
        """Who could be asked."""
        return self.say(FRAMES[self.seen.frame])

    @property
    def versions(self) -> str:
        """The frameworks with their version numbers."""
        shown: Sequence[Framework] = self.seen.frameworks
        return ", ".join(f"{each.code} {each.version or ''}".strip() for each in shown)

    def audience(self, code: str) -> str:
        """The name of an audience."""
        return self.say(AUDIENCES[code])

    def relation(self, code: str) -> str:
        """What a territory did with an indicator."""
        return self.say(RELATIONS[code])

    def evidence(self, code: str | None) -> str:
        """Documented or illustrative."""
        return self.say(EVIDENCES[code]) if code else ""

    def comparable(self, code: str) -> str:
        """Whether an indicator can be compared."""
        return self.say(COMPARABLE[code])
