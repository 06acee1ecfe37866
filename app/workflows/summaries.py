"""The summary of a release: every table that its files hold, in one language."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from app.domain.territories import NATION
from app.domain.text import Text
from app.evaluation.tables import Observation, What
from app.interchange.figure_words import (
    flag_codes,
    flags_in_words,
    number,
    percent,
    reason_in_words,
    rounded,
)
from app.interchange.summary import CellValue, Column, Sheet, Summary
from app.interchange.verdict_words import verdict_sentence
from app.storage.published import Published
from app.workflows import summary_words as words
from app.workflows.beside_words import beside_title, gap_sentence
from app.workflows.choosing import group_title, plain_code
from app.workflows.comparison_sheets import compared
from app.workflows.indicator_sheet import METADATA, indicator_rows
from app.workflows.licensing import licence_of
from app.workflows.release_methods import methods_of
from app.workflows.sheet_words import COLUMNS, KINDS, SHEETS
from app.workflows.summary_columns import (
    BESIDE,
    COMPOSITE,
    COPRODUCTION_KINDS,
    GROUPS,
    INDICATOR,
    TIDY,
    WAVE_KINDS,
)
from app.workflows.waves import FRAMES


def summary(seen: Published, language: str) -> Summary:
    """Everything that the release gives out, as far as ``seen`` reaches."""
    return _Making(seen, language).summary()


class _Making:
    """One summary being made: the release, the language, and the names of its territories."""

    def __init__(self, seen: Published, language: str) -> None:
        self.seen = seen
        self.language = language
        self.names = {code: seen.name(code, language) for code in seen.territories}
        self.order = (NATION, *seen.places)

    def say(self, text: Text) -> str:
        return text.in_(self.language)

    def summary(self) -> Summary:
        seen = self.seen
        dated = f"{seen.data_at:%Y-%m-%d}"
        synthetic = f"-{self.say(words.SYNTHETIC_NAME)}" if seen.synthetic else ""
        title = (
            self.say(words.TITLE)
            + f" – {self.say(seen.programme_title)}, "
            + self.say(seen.wave_title)
        )
        return Summary(
            name=f"{seen.programme}-{seen.wave}-{dated}-{seen.number}{synthetic}".lower(),
            title=title,
            language=self.language,
            synthetic=seen.synthetic,
            dated=seen.data_at,
            words=words.WORDS[self.language],
            cover=tuple(self.cover()),
            notes=tuple(self.say(each) for each in words.NOTES),
            methods=methods_of(seen, self.language),
            sheets=(
                self.sheet("metadata", METADATA, indicator_rows(seen, self.language)),
                self.listed("indicators", INDICATOR, (What.INDICATOR, What.LEDGER)),
                self.listed("dimensions", COMPOSITE, (What.DIMENSION,)),
                self.totals(),
                self.shifts(),
                *(self.sheet(*each) for each in compared(seen, self.names, self.language)),
                self.crosswalk(),
                *self.beside(),
            ),
            tidy=self.tidy(),
            metadata={key: value for key, value in seen.manifest.items() if key != "files"},
        )

    def cover(self) -> Iterator[tuple[str, str]]:
        seen, manifest = self.seen, self.seen.manifest
        label = {key: self.say(text) for key, text in words.COVER.items()}
        yield label["programme"], self.say(seen.programme_title)
        if seen.synthetic:
            yield label["synthetic"], self.say(words.SYNTHETIC_SENTENCE)
        yield label["wave"], f"{self.say(seen.wave_title)} ({seen.wave})"
        yield label["period"], f"{seen.period[0]:%d/%m/%Y} – {seen.period[1]:%d/%m/%Y}"
        yield label["frame"], self.say(FRAMES[seen.frame])
        people = manifest.get("people", {})
        yield label["answers"], number(people.get("submitted", 0), self.language, 0)
        if people.get("partial"):
            yield label["partial"], number(people["partial"], self.language, 0)
        if people.get("eligible"):
            yield label["rate"], percent(people["submitted"] / people["eligible"], self.language)
        elif people.get("submitted"):
            yield label["rate"], self.say(words.NO_RATE)
        yield label["data_at"], f"{seen.data_at:%d/%m/%Y}"
        yield label["release"], str(seen.number)
        yield (
            label["frameworks"],
            ", ".join(f"{each.code} {each.version or ''}".strip() for each in seen.frameworks),
        )
        after = words.MORE_TO_COME if seen.data_at.date() <= seen.period[1] else words.NO_MORE
        yield label["next"], self.say(after).format(end=f"{seen.period[1]:%d/%m/%Y}")
        if who := manifest.get("publisher"):  # releases of earlier versions do not say
            yield label["contact"], f"{who['name']}, {who['email']}"
            yield label["licence"], licence_of(who, self.language)

    def sheet(
        self, code: str, names: tuple[str, ...], rows: Iterator[tuple[CellValue, ...]]
    ) -> Sheet:
        title, note = SHEETS[code]
        columns = tuple(
            Column(name, self.say(COLUMNS[name]), KINDS.get(name, "text"))  # type: ignore[arg-type] # only the four kinds stand there
            for name in names
        )
        return Sheet(code, self.say(title), self.say(note), columns, tuple(rows))

    def listed(self, code: str, names: tuple[str, ...], whats: tuple[What, ...]) -> Sheet:
        seen = [
            each
            for what in whats
            for each in self.seen.table.of(what)
            if each.audience is None and each.territory in self.order
        ]
        return self.sheet(code, names, (self.row(each, names) for each in seen))

    def beside(self) -> Iterator[Sheet]:
        """Groups, co-production and change over waves, where the release has them."""
        for code, whats, names in (
            ("groups", (What.GROUP, What.GROUP_GAP), GROUPS),
            ("coproduction", COPRODUCTION_KINDS, BESIDE),
            ("waves", WAVE_KINDS, BESIDE),
        ):
            rows = [
                self.row(each, names)
                for what in whats
                for each in self.seen.table.of(what)
                if each.territory in self.order
            ]
            if rows:
                yield self.sheet(code, names, iter(rows))

    def tidy(self) -> Sheet:
        return self.sheet("tidy", TIDY, (self.row(each, TIDY) for each in self.seen.table))

    def row(self, seen: Observation, names: tuple[str, ...]) -> tuple[CellValue, ...]:
        seen = rounded(seen)
        return tuple(self.field(seen, name) for name in names)

    def field(self, seen: Observation, name: str) -> CellValue:
        made: dict[str, Callable[[Observation], CellValue]] = {
            "what": lambda each: str(each.what),
            "territory_name": lambda each: self.names.get(each.territory, each.territory),
            "title": self.title,
            "group_name": self.group_name,
            "unit": self.unit,
            "status": lambda each: each.confidentiality,
            "reason": lambda each: None if each.shown else reason_in_words(each, self.language),
            "flags": lambda each: "; ".join(flags_in_words(each, self.language, self.names)),
            "flag_codes": lambda each: flag_codes(each.flags),
            "verdict": self.verdict,
        }
        value: CellValue = made[name](seen) if name in made else getattr(seen, name)
        return None if value == "" else value

    def verdict(self, seen: Observation) -> str | None:
        if seen.what == What.AUDIENCE_GAP:
            return gap_sentence(self.seen, seen, self.language)
        if seen.what != What.STANDING_SHIFT or not seen.shown:
            return None
        return verdict_sentence(seen, self.own(seen, What.SMALLEST_DETECTABLE), self.language)

    def own(self, seen: Observation, what: What) -> Observation | None:
        """The observation of this kind that stands beside ``seen``."""
        return self.seen.table.one(seen.territory, seen.framework, what)

    def title(self, seen: Observation) -> str | None:
        beside = beside_title(self.seen, seen)
        if beside is not None:
            return self.say(beside)
        code = plain_code(seen)
        if code in self.seen.indicators:
            return self.say(self.seen.indicators[code].title)
        node = self.seen.nodes.get((seen.framework or "", code))
        return None if node is None else self.say(node.title)

    def group_name(self, seen: Observation) -> str | None:
        return None if seen.group is None else self.say(group_title(self.seen, seen.group))

    def unit(self, seen: Observation) -> str | None:
        if seen.what == What.DISTRIBUTION:
            return self.say(words.UNITS["%"])
        indicator = self.seen.indicators.get(plain_code(seen))
        return None if indicator is None else self.say(words.UNITS[indicator.unit])

    def totals(self) -> Sheet:
        names = (
            "territory", "territory_name", "national_score", "own_score", "gap", "reason",
            "flag_codes",
        )  # fmt: skip

        def rows() -> Iterator[tuple[CellValue, ...]]:
            table, national = self.seen.table, self.seen.national.code
            for place in self.order:
                own = self.seen.own.get(place)
                score = table.one(place, national, What.TOTAL)
                mine = table.one(place, own.code, What.TOTAL) if own else None
                gap = table.one(place, own.code, What.GAP_DESCRIPTION) if own else None
                missing = next((s for s in (score, mine) if s is not None and not s.shown), None)
                yield (
                    place,
                    self.names[place],
                    _value(score),
                    _value(mine),
                    _value(gap),
                    reason_in_words(missing, self.language) if missing else None,
                    flag_codes(flag for each in (score, mine) if each for flag in each.flags),
                )

        return self.sheet("totals", names, rows())

    def shifts(self) -> Sheet:
        names = (
            "territory", "territory_name", "distance_national", "distance_own", "shift", "low",
            "high", "verdict", "covered_share", "smallest", "margin", "flag_codes",
        )  # fmt: skip

        def rows() -> Iterator[tuple[CellValue, ...]]:
            table = self.seen.table
            for place in self.seen.places:
                own = self.seen.own.get(place)
                shift = table.one(place, own.code, What.STANDING_SHIFT) if own else None
                if own is None or shift is None:
                    continue
                near = {
                    what: table.one(place, own.code, what)
                    for what in (What.COVERED_SHARE, What.SMALLEST_DETECTABLE, What.MARGIN)
                }
                low, high = (rounded(shift).low, rounded(shift).high)
                yield (
                    place,
                    self.names[place],
                    _value(table.one(place, self.seen.national.code, What.DISTANCE)),
                    _value(table.one(place, own.code, What.DISTANCE)),
                    _value(shift),
                    low,
                    high,
                    self.verdict(shift) or reason_in_words(shift, self.language),
                    *(_value(each) for each in near.values()),
                    flag_codes(shift.flags),
                )

        return self.sheet("shifts", names, rows())

    def crosswalk(self) -> Sheet:
        names = (
            "territory", "territory_name", "relation", "national_code", "national_weight",
            "own_code", "own_weight", "title", "comparable", "evidence", "reason", "source",
        )  # fmt: skip

        def rows() -> Iterator[tuple[CellValue, ...]]:
            for place in self.seen.places:
                found = self.seen.crosswalk(place)
                for row in found.rows if found else ():
                    code = row.own or row.national or ""
                    yield (
                        place,
                        self.names[place],
                        self.say(words.RELATIONS[row.relation]),
                        row.national,
                        round(float(row.national_weight), 4) if row.national else None,
                        row.own,
                        round(float(row.own_weight), 4) if row.own else None,
                        self.say(self.seen.indicators[code].title),
                        self.say(words.COMPARABLE[row.comparable]) if row.comparable else None,
                        self.say(words.EVIDENCES[row.evidence]) if row.evidence else None,
                        self.say(row.reason) or None,
                        self.say(row.source) or None,
                    )

        return self.sheet("crosswalk", names, rows())


def _value(seen: Observation | None) -> float | None:
    return None if seen is None or not seen.shown else rounded(seen).value
