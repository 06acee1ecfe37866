"""Whom the answers of a release stand for: who answered, who did not, weighting, comparability."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from flask_babel import gettext as _

from app.domain.questionnaire import Audience
from app.domain.territories import NATION
from app.evaluation.comparable import Comparability
from app.evaluation.tables import What
from app.interchange.figure_words import number, percent
from app.storage.published import Published
from app.workflows.summary_words import AUDIENCES


@dataclass(frozen=True, slots=True)
class WhoAnswered:
    """What pages say of the people of a release, in one language."""

    seen: Published
    language: str

    def answers(self, territory: str = NATION) -> str:
        """How many complete answers; a dash where an audience's number is not told."""
        counted = self._counted(territory)
        return "–" if counted is None else number(counted[0], self.language, 0)

    @property
    def partial(self) -> str:
        """How many unsent answers are used beside the complete ones; nothing where none is."""
        used = self.seen.manifest["people"].get("partial")
        return number(used, self.language, 0) if used else ""

    def rate(self, territory: str = NATION, audience: str = "") -> str:
        """The response rate in percent, of everybody or of an audience; or a dash."""
        counted = self._counted(territory, audience)
        if counted is None or not counted[1]:
            return "–"
        return percent(counted[0] / counted[1], self.language)

    def rated(self, territory: str = NATION) -> bool:
        """Whether it is known who was invited: not where answers were imported without a sample."""
        counted = self._counted(territory)
        return counted is None or bool(counted[1]) or not counted[0]

    def silent(self, territory: str = NATION) -> str:
        """Who did not answer, by audience, in a sentence: of an audience of which one number of
        answers is not told, that; where nobody knows who was invited, nothing."""
        places = self.seen.places if territory == NATION else (territory,)
        told, untold = [], []
        for audience in Audience:
            cells = [each for place in places for each in self.cells(place, audience.value)]
            counted = [(each["submitted"], each["eligible"]) for each in cells if each["eligible"]]
            if not counted:
                continue
            name = AUDIENCES[audience.value].in_(self.language)
            if any(each["submitted"] is None for each in cells):
                untold.append(name)
                continue
            share = sum(sent for sent, _asked in counted) / sum(asked for _sent, asked in counted)
            told.append(f"{name} {percent(1 - share, self.language)}")
        said = [", ".join(told)] if told else []
        if untold:
            said.append(str(_("not told of %(audiences)s", audiences=", ".join(untold))))
        return str(_("Did not answer: %(who)s.", who=", ".join(said))) if said else ""

    def hidden(self, territory: str, audience: str = "") -> bool:
        """Whether a number of answers here is not told, to protect people."""
        return any(each["submitted"] is None for each in self.cells(territory, audience))

    def cells(self, territory: str, audience: str = "") -> list[dict[str, Any]]:
        """How many were invited and answered in a territory, by audience or of one."""
        return [
            each
            for each in self.seen.manifest.get("cells", ())
            if each["territory"] == territory and audience in ("", each["audience"])
        ]

    def _counted(self, territory: str, audience: str = "") -> tuple[int, int] | None:
        """Complete answers, and people who could answer; 0: not known."""
        if territory == NATION:
            people = self.seen.manifest["people"]
            return people["submitted"], people["eligible"]
        cells = self.cells(territory, audience)
        if any(each["submitted"] is None for each in cells):
            return None
        known = all(each["eligible"] or not each["submitted"] for each in cells)
        return (
            sum(each["submitted"] for each in cells),
            sum(each["eligible"] for each in cells) if known else 0,
        )

    @property
    def weighting(self) -> str:
        """How answers are weighted, in a few words."""
        told = self.seen.manifest.get("weights", ())
        met = sum(bool(each.get("margins")) for each in told)
        if not met:
            return str(_("Weighting: the weights of the sample."))
        return str(
            _("Weighting: known totals in %(some)s of %(all)s groups.", some=met, all=len(told))
        )

    @property
    def compared(self) -> str:
        """Of how many figures it is known that territories can be compared, in a few words."""
        verdicts = [each.verdict for each in self.seen.table.of(What.COMPARABILITY)]
        if all(each == Comparability.NOT_ASSESSABLE for each in verdicts):
            return str(
                _(
                    "Comparison between territories: not assessable, with fewer than 200 people on "
                    "one side."
                )
            )
        good = sum(
            each in (Comparability.COMPARABLE, Comparability.ASKED_ALIKE) for each in verdicts
        )
        return str(
            _(
                "Comparable between territories: %(good)s of %(whole)s figures.",
                good=number(good, self.language, 0),
                whole=number(len(verdicts), self.language, 0),
            )
        )
