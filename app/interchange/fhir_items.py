"""The items of a FHIR Questionnaire: groups, repeats, questions, displays."""

from __future__ import annotations

from dataclasses import dataclass, field, replace

from app.domain.answer_files import Medium
from app.domain.conditions import Condition
from app.domain.questionnaire import Kind, Question, Required
from app.domain.text import NO_TEXT, Text
from app.interchange.accepted_files import by_media
from app.interchange.fhir_expressions import PathReader
from app.interchange.fhir_leftovers import conditions_of, leftovers
from app.interchange.fhir_limits import limits_of
from app.interchange.fhir_options import options_of, unit_of
from app.interchange.fhir_parts import (
    FORMAT,
    HIDDEN,
    KINDS,
    MEDIA,
    NAMES,
    POINT,
    PRECISIONS,
    codes_of,
    help_of,
    scale_of,
)
from app.interchange.fhir_repeats import in_turn, most, several, time_of
from app.interchange.fhir_resources import (
    Json,
    Resources,
    Wordings,
    extension,
    listed,
    text_of,
    value_in,
)
from app.interchange.fhir_toggles import toggled
from app.interchange.foreign_form import Entry, ForeignForm, Source
from app.interchange.foreign_text import joined
from app.interchange.import_report import ForeignFault, ImportReport

MAX_NESTED = 40


@dataclass
class ItemReader:
    resources: Resources
    wordings: Wordings
    form: ForeignForm
    paths: PathReader
    list_entry: Entry | None = None
    asked: int = 0
    _seen: set[str] = field(default_factory=set)

    @property
    def report(self) -> ImportReport:
        return self.form.report

    def items(
        self, items: list[Json], path: str, title: Text, above: tuple[Source, ...], depth: int
    ) -> None:
        if depth > MAX_NESTED:
            raise ForeignFault(path, "too_deep")
        for number, item in enumerate(items):
            self._item(item, f"{path}[{number}]", title, above, depth)

    def _item(
        self, item: Json, place: str, title: Text, above: tuple[Source, ...], depth: int
    ) -> None:
        kind = text_of(item.get("type"))
        conditions = (*above, *conditions_of(item, place, self.paths))
        children = listed(item, "item")
        if value_in(extension(item, HIDDEN)) is True:
            self.report.unsupported(place, "form", "hidden")
            if kind != "group":
                return
        if kind == "group":
            self._group(item, place, title, conditions, depth)
            return
        if kind == "display":
            self._told(item, place, title, conditions)
        elif kind in KINDS or (kind == "reference" and listed(item, "answerOption")):
            self._asked(item, place, title, conditions)
            children = [c for c in children if help_of(c) is None]
        else:
            self.report.unsupported(place, "type", "not_taken", type=kind)
        leftovers(self.report, item, place)
        self.items(children, f"{place}.item", title, conditions, depth + 1)

    def _group(
        self, item: Json, place: str, title: Text, conditions: tuple[Source, ...], depth: int
    ) -> None:
        label = self._text(item, place)
        inner = joined(title, label)
        children = listed(item, "item")
        leftovers(self.report, item, place)
        repeats = item.get("repeats") is True
        before = self.asked
        if not repeats or self.list_entry is not None:
            if repeats:
                self.report.approximated(place, "type", "repeat_inside")
            self.items(children, f"{place}.item", inner, conditions, depth + 1)
            if self.asked == before and label.wordings:
                self.report.unsupported(place, "form", "children_of_option")
            return
        self.report.approximated(place, "look", "repeat")
        words = label if label.wordings else self._same(text_of(item.get("linkId")) or "…")
        question = Question(
            self.code(item, place),
            Kind.LIST,
            words,
            name=Text.of({t: NAMES.get(t, NAMES["en"]) for t in self.form.languages}),
            entry=words,
            most=most(item, 6),
        )
        entry = Entry(place, question, conditions)
        self.list_entry = entry
        self.items(children, f"{place}.item", NO_TEXT, (), depth + 1)
        self.list_entry = None
        self._close(entry, title)

    def _close(self, entry: Entry, title: Text) -> None:
        self.form.section(title)
        asks = any(one.question.kind is not Kind.INFORMATION for one in entry.inner)
        if not asks:
            for one in entry.inner:
                self.form.add(one)
            if not entry.inner:
                self.report.unsupported(entry.place, "form", "children_of_option")
            return
        entry.question = replace(entry.question, each=tuple(o.question for o in entry.inner))
        self.form.add(entry)
        for one in entry.inner:
            self.form.told(one)

    def _told(self, item: Json, place: str, title: Text, conditions: tuple[Source, ...]) -> None:
        text = self._text(item, place)
        if not text.wordings:
            self.report.unsupported(place, "form", "row", value=text_of(item.get("linkId")))
            return
        self.add(Question(self.code(item, place), Kind.INFORMATION, text), place, title, conditions)

    def _asked(self, item: Json, place: str, title: Text, conditions: tuple[Source, ...]) -> None:
        form = text_of(item.get("type"))
        options, codes = options_of(self.resources, self.wordings, item, place)
        kind = _kind(item, offered=bool(options))
        repeats = item.get("repeats") is True
        if repeats and kind is Kind.CHOICE:
            kind, repeats = Kind.CHOICES, False
        in_list = repeats and self.list_entry is None
        if form == "dateTime":
            self.report.approximated(place, "look", "as_date_and_time", type=form)
        text = self._text(item, place)
        if not text.wordings:
            text = self._same(text_of(item.get("linkId")) or "…")
            self.report.approximated(place, "text", "no_label", name=item.get("linkId"))
        question = Question(
            code=self.code(item, place, "_each" if in_list else ""),
            kind=kind,
            text=text,
            hint=self._beside(item, place, "hint"),
            why_we_ask=self._beside(item, place, "why"),
            precision=PRECISIONS.get(  # type: ignore[arg-type]  # one of three words
                text_of(value_in(extension(item, FORMAT))), "day"
            ),
            options=options,
            accepts=_accepts(item) if kind is Kind.FILE else (),
            required=Required.HARD if item.get("required") is True else Required.NO,
            limits=limits_of(self.report, item, form, kind, place, len(options)),
            unit=unit_of(self.wordings, item, place) if kind is Kind.NUMBER else NO_TEXT,
            source=Text.written(codes_of(item)),
        )
        if kind is not Kind.CHOICES and any(option.exclusive for option in options):
            plain = tuple(replace(option, exclusive=False) for option in question.options)
            question = replace(question, options=plain)
        if repeats:
            (several if in_list else in_turn)(self, question, item, place, title, conditions)
            return
        self.form.means(text_of(item.get("linkId")), question, codes)
        parts = toggled(self.report, item, place, codes, self.paths)
        self.add(question, place, title, conditions, parts)
        if form == "dateTime":
            second = time_of(question, self.code(item, place, "_time"))
            self.add(second, place, title, conditions)

    def add(
        self,
        question: Question,
        place: str,
        title: Text,
        conditions: tuple[Source, ...],
        parts: dict[str, tuple[Source, ...]] | None = None,
        own: Condition | None = None,
    ) -> None:
        """The next question, in the list that is being read if there is one."""
        self.asked += 1
        entry = Entry(place, question, conditions, own, parts=parts or {})
        if self.list_entry is not None:
            text = self.form.under(place, title, question.text)
            entry.question = replace(question, text=text)
            self.list_entry.inner.append(entry)
        else:
            self.form.section(title)
            self.form.add(entry)

    def code(self, item: Json, place: str, suffix: str = "", *, repeated: bool = False) -> str:
        """A code for the item, or for one of the questions that it becomes."""
        repeated = repeated or suffix == "_each" or self.list_entry is not None
        repeated = repeated or item.get("type") == "group"
        name = f"{text_of(item.get('linkId')) or 'Q'}{suffix}"
        return self.form.code(place, name, repeated=repeated)

    def _same(self, wording: str) -> Text:
        return Text(tuple((tag, wording) for tag in self.form.languages))

    def _text(self, item: Json, place: str) -> Text:
        text = self.wordings.text(place, item, "text")
        prefix = self.wordings.text(place, item, "prefix").as_dict()
        if not prefix or not text.wordings:
            return text
        first = next(iter(prefix.values()))
        return Text(tuple((t, f"{prefix.get(t, first)} {words}") for t, words in text.wordings))

    def _beside(self, item: Json, place: str, part: str) -> Text:
        """What explains the question: its hint, or why it is asked."""
        found = NO_TEXT
        for number, child in enumerate(listed(item, "item")):
            if help_of(child) == part:
                where = f"{place}.item[{number}]"
                found = joined(found, self.wordings.text(where, child, "text"))
                if listed(child, "enableWhen"):
                    self.report.unsupported(where, "look", "element", name="enableWhen")
        return found


def _accepts(item: Json) -> tuple[Medium, ...]:
    """The kinds of file that an attachment may be."""
    media = (value_in(one) for one in listed(item, "extension") if one.get("url") == MEDIA)
    return by_media(text_of(one) for one in media)


def _kind(item: Json, *, offered: bool) -> Kind:
    """What is asked by an item, where options are offered or not."""
    if offered:
        return Kind.RATING if scale_of(item) else Kind.CHOICE
    kind = KINDS.get(text_of(item.get("type")), Kind.CHOICE)
    if kind is Kind.TEXT and value_in(extension(item, FORMAT)) == POINT:
        return Kind.PLACE
    return Kind.TEXT if kind is Kind.CHOICE else kind
