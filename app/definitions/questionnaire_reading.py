"""Questionnaire and module files to domain objects, once their keys are known to be right."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from marshmallow import ValidationError

from app.definitions.messages import Trouble, trouble
from app.definitions.nodes import Document, Path
from app.definitions.ratings import MAX_RATING, marks
from app.definitions.scalars import to_date
from app.definitions.worded import own_and_other
from app.domain.checks import Finding
from app.domain.conditions import ISO_TIME
from app.domain.lists import list_pages
from app.domain.patterns import compiled
from app.domain.questionnaire import (
    Kind,
    Limits,
    Module,
    Option,
    Page,
    Proxy,
    Question,
    Questionnaire,
    Required,
    Row,
    Section,
    Slot,
    WayOut,
    Why,
)
from app.domain.text import NO_TEXT, Text

Lists = Mapping[str, tuple[Option, ...]]
Raw = dict[str, Any]
USUAL_ENTRIES = 6  # places of a list that does not say how many
_PRECISIONS = {"day": ("", "2026-01-31"), "month": ("-01", "2026-01"), "year": ("-01-01", "2026")}


@dataclass
class Reader:
    """Turns the parts of one file into objects and gathers what is wrong with them."""

    document: Document
    languages: tuple[str, ...]
    lists: Lists
    usual: Mapping[Why, WayOut]  # the ways out in the file’s own words
    findings: list[Finding] = field(default_factory=list)

    def note(self, found: Trouble | str, path: Path) -> None:
        """Add a finding at this place."""
        self.findings.append(
            self.document.finding(trouble(found) if isinstance(found, str) else found, path)
        )

    def pages(self, entries: list[Raw], path: Path) -> tuple[Page | Slot, ...]:
        """The pages and slots of a list of entries; a battery becomes a page for each row."""
        found: list[Page | Slot] = []
        for index, entry in enumerate(entries):
            found.extend(self._entry(entry, (*path, index)))
        return tuple(found)

    def _entry(self, entry: Raw, path: Path) -> list[Page | Slot]:
        if "slot" in entry:
            return [Slot(entry["slot"]["code"], entry["slot"].get("minutes", 0.0))]
        if "page" in entry:
            return [self._page(entry["page"], (*path, "page"))]
        question = self.question(entry, path)
        if question.kind is Kind.LIST:
            return list(list_pages(question))
        if question.kind is Kind.BATTERY and question.layout == "one_by_one":
            return [Page(row.code, (replace(question, rows=(row,)),)) for row in question.rows]
        return [Page(question.code, (question,))]

    def _page(self, raw: Raw, path: Path) -> Page:
        questions = []
        for index, inner in enumerate(raw["questions"]):
            question = self.question(inner, (*path, "questions", index))
            if question.kind is Kind.BATTERY and question.layout != "list":
                self.note("battery_in_page", (*path, "questions", index))
            if question.kind is Kind.LIST:
                self.note("list_in_page", (*path, "questions", index))
            if question.kind is Kind.FILE and len(raw["questions"]) > 1:
                self.note("file_in_page", (*path, "questions", index))
            questions.append(question)
        return Page(raw["code"], tuple(questions), *own_and_other(raw.get("title")))

    def question(self, raw: Raw, path: Path) -> Question:
        """One question with its options, rows and limits."""
        kind = Kind(raw["type"])
        proxy, proxy_text = _proxy(raw)
        hint, proxy_hint = own_and_other(raw.get("hint"))
        why, proxy_why = own_and_other(raw.get("why_we_ask"))
        return Question(
            code=raw["code"],
            kind=kind,
            text=raw["text"],
            hint=hint,
            why_we_ask=why,
            interviewer_note=raw.get("interviewer_note", NO_TEXT),
            options=self._options(raw, kind, path),
            rows=tuple(_row(row) for row in raw.get("rows", ())),
            ways_out=self._ways_out(raw.get("ways_out", ())),
            required=raw.get("required", Required.NO),
            limits=self._limits(raw, kind, path),
            shown_when=raw.get("shown_when"),
            proxy=proxy,
            proxy_text=proxy_text,
            proxy_hint=proxy_hint,
            proxy_why_we_ask=proxy_why,
            layout=raw.get("layout", "one_by_one"),
            precision=raw.get("precision", "day"),
            accepts=tuple(dict.fromkeys(raw.get("accepts", ()))),
            sensitive=raw.get("sensitive", False),
            scan=raw.get("scan", False),
            unit=raw.get("unit", NO_TEXT),
            source=raw.get("source", NO_TEXT),
            status=raw.get("status", "draft"),
            name=raw.get("name", NO_TEXT),
            entry=raw.get("entry", NO_TEXT),
            most=raw.get("most", USUAL_ENTRIES) if kind is Kind.LIST else 0,
            each=tuple(
                self.question(inner, (*path, "questions", index))
                for index, inner in enumerate(raw.get("questions", ()))
            ),
        )

    def _options(self, raw: Raw, kind: Kind, path: Path) -> tuple[Option, ...]:
        if kind is Kind.RATING:
            return self._rating(raw, path)
        named = raw.get("options", ())
        if isinstance(named, str):
            if named not in self.lists:
                self.note("unknown_list", (*path, "options"))
            options = self.lists.get(named, ())
        else:
            options = options_from(named)
        return options + options_from(raw.get("extra_options", ()))

    def _rating(self, raw: Raw, path: Path) -> tuple[Option, ...]:
        low, high = raw["from"], raw["to"]
        if not 2 <= high - low + 1 <= MAX_RATING:
            self.note("rating_size", (*path, "to"))
            return ()
        labels = raw.get("labels", {})
        for written in labels:
            if not low <= int(written) <= high:
                self.note("label_outside", (*path, "labels", written))
        return marks(low, high, labels, self.languages)

    def _ways_out(self, raw: list[str] | dict[str, Text | Raw | None]) -> tuple[WayOut, ...]:
        own = raw if isinstance(raw, dict) else dict.fromkeys(raw)
        return tuple(
            _way(why, said) if said else self.usual.get(Why(why), WayOut(Why(why)))
            for why, said in own.items()
        )

    def _limits(self, raw: Raw, kind: Kind, path: Path) -> Limits:
        limits = dict(raw.get("limits", {}))
        if not limits:
            return Limits()
        path = (*path, "limits")
        if kind in (Kind.DATE, Kind.TIME):
            self._check_moments(limits, kind, raw.get("precision", "day"), path)
        pattern = limits.get("pattern")
        if pattern is not None and compiled(pattern) is None:
            self.note("pattern", (*path, "pattern"))
        for low, high in (
            ("minimum", "maximum"),
            ("min_length", "max_length"),
            ("min_choices", "max_choices"),
        ):
            if low in limits and high in limits and limits[low] > limits[high]:
                self.note("bounds_crossed", (*path, low))
        limits["compare"] = tuple(limits.get("compare", ()))
        return Limits(**limits)

    def _check_moments(self, limits: Raw, kind: Kind, precision: str, path: Path) -> None:
        if kind is Kind.DATE:
            self._check_dates(limits, precision, path)
            return
        for bound in ("minimum", "maximum"):
            if bound in limits and not ISO_TIME.fullmatch(limits[bound]):
                self.note(trouble("time", allowed="14:30"), (*path, bound))

    def _check_dates(self, limits: Raw, precision: str, path: Path) -> None:
        rest, example = _PRECISIONS[precision]
        for bound in ("minimum", "maximum"):
            if bound in limits:
                try:
                    to_date(limits[bound] + rest)
                except ValidationError:
                    self.note(trouble("date", allowed=example), (*path, bound))


def options_from(raw: Any) -> tuple[Option, ...]:
    """The options of a list read by the schema."""
    return tuple(_option(**option) for option in raw)


def _option(proxy: Text = NO_TEXT, **told: Any) -> Option:
    return Option(**told, proxy_text=proxy)


def _way(why: str, said: Text | Raw) -> WayOut:
    """A way out with its words, and those for a proxy where they are told apart."""
    return WayOut(Why(why), *own_and_other(said))


def _proxy(raw: Raw) -> tuple[Proxy, Text]:
    given = raw.get("proxy")
    if isinstance(given, Text):
        return Proxy.REWORDED, given
    return (Proxy.NOT_ASKED if given else Proxy.ALLOWED), NO_TEXT


def _row(raw: Raw) -> Row:
    proxy, proxy_text = _proxy(raw)
    return Row(raw["code"], raw["text"], raw.get("shown_when"), proxy, proxy_text)


def _section(raw: Raw, entries: tuple[Page | Slot, ...]) -> Section:
    title, proxy_title = own_and_other(raw["title"])
    return Section(raw["code"], title, entries, proxy_title)


def read_lists(raw: Raw) -> dict[str, tuple[Option, ...]]:
    """The option lists of a file, by name."""
    return {name: options_from(listed) for name, listed in raw.get("option_lists", {}).items()}


def usual_ways(raw: Raw) -> dict[Why, WayOut]:
    """The ways out in the file's own words."""
    return {Why(why): _way(why, said) for why, said in raw.get("ways_out", {}).items()}


def questionnaire_from(raw: Raw, document: Document) -> tuple[Questionnaire, list[Finding]]:
    """The questionnaire of a file, with what is wrong in it."""
    lists = read_lists(raw)
    languages = tuple(raw["languages"])
    reader = Reader(document, languages, lists, usual_ways(raw))
    sections = tuple(
        _section(section, reader.pages(section["items"], ("sections", index, "items")))
        for index, section in enumerate(raw["sections"])
    )
    introduction, proxy_introduction = own_and_other(raw.get("introduction"))
    fallback = raw.get("fallback", languages[0])
    if fallback not in languages:
        reader.note(trouble("choice", allowed=", ".join(languages)), ("fallback",))
    questionnaire = Questionnaire(
        code=raw["code"],
        audience=raw["audience"],
        title=raw["title"],
        languages=languages,
        sections=sections,
        fallback=fallback,
        introduction=introduction,
        proxy_introduction=proxy_introduction,
        minutes=raw.get("minutes"),
        source=raw.get("source", NO_TEXT),
        licence=raw.get("licence", ""),
        option_lists=tuple(lists.items()),
    )
    return questionnaire, reader.findings


def module_from(
    raw: Raw, document: Document, core: Questionnaire | None
) -> tuple[Module, list[Finding]]:
    """The module of a file, with what is wrong in it; the core lends its option lists."""
    own = read_lists(raw)
    lent = dict(core.option_lists) if core else {}
    languages = tuple(raw["languages"])
    reader = Reader(document, languages, {**lent, **own}, usual_ways(raw))
    slots = {
        slot: tuple(
            page for page in reader.pages(entries, ("slots", slot)) if isinstance(page, Page)
        )
        for slot, entries in raw["slots"].items()
    }
    module = Module(
        code=raw["code"],
        audience=raw["audience"],
        territory=raw["territory"],
        core=raw["core"]["code"],
        core_number=raw["core"].get("number"),
        title=raw["title"],
        languages=languages,
        pages_by_slot=slots,
        source=raw.get("source", NO_TEXT),
        option_lists=tuple(own.items()),
        instead=raw.get("instead", {}),
    )
    return module, reader.findings
