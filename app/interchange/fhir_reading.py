"""FHIR R4 Questionnaires, with the usual part of SDC, to questionnaires. See docs/formats.md."""

from __future__ import annotations

import re
from dataclasses import dataclass, field, replace
from typing import Any

from app.domain.conditions import ISO_DATE, as_number
from app.domain.patterns import compiled
from app.domain.questionnaire import Kind, Limits, Option, Question, Questionnaire, Required
from app.domain.text import NO_TEXT, Text
from app.interchange.fhir_resources import (
    CORE,
    SDC,
    Choice,
    Json,
    Resources,
    Wordings,
    choices_of,
    extension,
    listed,
    read_resources,
    text_of,
    value_in,
    wordings_of,
)
from app.interchange.foreign_expressions import Binary, Call, Expression, Literal, Name
from app.interchange.foreign_form import Entry, ForeignForm, Source
from app.interchange.foreign_names import Names, plain_code
from app.interchange.import_report import ForeignFault, ImportReport
from app.interchange.lss_words import built_in

MAX_NESTED = 40
_TIME = "([01][0-9]|2[0-3]):[0-5][0-9](:[0-5][0-9])?"
_KINDS: dict[str, Kind] = {
    "boolean": Kind.CHOICE,
    "choice": Kind.CHOICE,
    "open-choice": Kind.CHOICE,
    "coding": Kind.CHOICE,  # R5
    "integer": Kind.NUMBER,
    "decimal": Kind.NUMBER,
    "quantity": Kind.NUMBER,
    "date": Kind.DATE,
    "dateTime": Kind.DATE,
    "string": Kind.TEXT,
    "text": Kind.LONG_TEXT,
    "time": Kind.TEXT,
    "url": Kind.TEXT,
}
_ITEM = frozenset(
    "linkId text _text type prefix _prefix required repeats maxLength enableWhen enableBehavior "  # noqa: SIM905
    "answerOption answerValueSet item extension code id initial readOnly".split()
)
_ROOT = frozenset(
    "resourceType id meta text url version name title _title status date publisher description "  # noqa: SIM905
    "item extension contained language copyright subjectType experimental identifier".split()
)
_FORMAT = f"{CORE}entryFormat"
_PRECISIONS = {"YYYY-MM": "month", "YYYY": "year"}
_HIDDEN = f"{CORE}questionnaire-hidden"
_CONTROL = f"{CORE}questionnaire-itemControl"
_UNIT = f"{CORE}questionnaire-unit"
_UNIT_OPTION = f"{CORE}questionnaire-unitOption"
_SCORES = (f"{CORE}ordinalValue", f"{CORE}itemWeight")
_EXCLUSIVE = f"{CORE}questionnaire-optionExclusive"
_PREFIX = f"{CORE}questionnaire-optionPrefix"
_WHEN = f"{SDC}enableWhenExpression"
_CALCULATED = f"{SDC}calculatedExpression"
_READ = frozenset(
    {_HIDDEN, _CONTROL, _UNIT, _UNIT_OPTION, _WHEN, _CALCULATED}
    | {f"{CORE}{name}" for name in ("minValue", "maxValue", "minLength", "regex")}
    | {f"{CORE}{name}" for name in ("maxDecimalPlaces", "questionnaire-minOccurs")}
    | {f"{CORE}questionnaire-maxOccurs", f"{CORE}questionnaire-choiceOrientation"}
    | {f"{CORE}entryFormat"}
)
_QUIET_CONTROLS = frozenset({"radio-button", "check-box", "drop-down", "text-box", "spinner"})


@dataclass
class _Reader:
    resources: Resources
    wordings: Wordings
    form: ForeignForm
    list_entry: Entry | None = None
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
        conditions = (*above, *self._conditions(item, place))
        children = listed(item, "item")
        if value_in(extension(item, _HIDDEN)) is True:
            self.report.unsupported(place, "form", "hidden")
            if kind != "group":
                return
        if kind == "group":
            self._group(item, place, title, conditions, depth)
            return
        if kind == "display":
            self._told(item, place, title, conditions)
        elif kind in _KINDS:
            self._asked(item, place, title, conditions)
            children = [c for c in children if _help(c) is None]
        else:
            self.report.unsupported(place, "type", "not_taken", type=kind)
        self._leftovers(item, place)
        self.items(children, f"{place}.item", title, conditions, depth + 1)

    def _group(
        self, item: Json, place: str, title: Text, conditions: tuple[Source, ...], depth: int
    ) -> None:
        label = self._text(item, place)
        inner = _joined(title, label)
        children = listed(item, "item")
        self._leftovers(item, place)
        repeats = item.get("repeats") is True
        if not repeats or self.list_entry is not None:
            if repeats:
                self.report.approximated(place, "type", "repeat_inside")
            self.items(children, f"{place}.item", inner, conditions, depth + 1)
            return
        self.report.approximated(place, "look", "repeat")
        words = label if label.wordings else self._same(text_of(item.get("linkId")) or "…")
        question = Question(
            self._code(item, place),
            Kind.LIST,
            words,
            name=Text.of({t: _NAMES.get(t, _NAMES["en"]) for t in self.form.languages}),
            entry=words,
            most=self._most(item),
        )
        entry = Entry(place, question, conditions)
        self.list_entry = entry
        self.items(children, f"{place}.item", inner, (), depth + 1)
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

    def _most(self, item: Json) -> int:
        most = value_in(extension(item, f"{CORE}questionnaire-maxOccurs"))
        return most if isinstance(most, int) and 1 <= most <= 12 else 6

    def _told(self, item: Json, place: str, title: Text, conditions: tuple[Source, ...]) -> None:
        text = self._text(item, place)
        if not text.wordings:
            self.report.unsupported(place, "form", "row", value=text_of(item.get("linkId")))
            return
        self._add(
            Question(self._code(item, place), Kind.INFORMATION, text), place, title, conditions
        )

    def _asked(self, item: Json, place: str, title: Text, conditions: tuple[Source, ...]) -> None:
        form = text_of(item.get("type"))
        options, codes = self._options(item, place)
        kind = _KINDS[form]
        if options and kind is not Kind.CHOICE:
            kind = Kind.CHOICE
        if kind is Kind.CHOICE and not options:
            kind = Kind.TEXT
        if item.get("repeats") is True:
            if kind is Kind.CHOICE:
                kind = Kind.CHOICES
            else:
                self.report.approximated(place, "type", "several_answers")
        self._about(form, kind, place)
        text = self._text(item, place)
        if not text.wordings:
            text = self._same(text_of(item.get("linkId")) or "…")
            self.report.approximated(place, "text", "no_label", name=item.get("linkId"))
        question = Question(
            code=self._code(item, place),
            kind=kind,
            text=text,
            hint=self._beside(item, place, "hint"),
            why_we_ask=self._beside(item, place, "why"),
            precision=_PRECISIONS.get(  # type: ignore[arg-type]  # one of three words
                text_of(value_in(extension(item, _FORMAT))), "day"
            ),
            options=options if kind in (Kind.CHOICE, Kind.CHOICES) else (),
            required=Required.HARD if item.get("required") is True else Required.NO,
            limits=self._limits(item, form, kind, place, len(options)),
            unit=self._unit(item, place) if kind is Kind.NUMBER else NO_TEXT,
            source=_codes(item),
        )
        if kind is not Kind.CHOICES and any(option.exclusive for option in options):
            plain = tuple(replace(option, exclusive=False) for option in question.options)
            question = replace(question, options=plain)
        self.form.means(text_of(item.get("linkId")), question, codes)
        self._add(question, place, title, conditions)

    def _about(self, form: str, kind: Kind, place: str) -> None:
        if form == "dateTime":
            self.report.approximated(place, "type", "as_date", type=form)
        elif form in ("time", "url") and kind is Kind.TEXT:
            self.report.approximated(place, "type", "as_text", type=form)

    def _add(
        self, question: Question, place: str, title: Text, conditions: tuple[Source, ...]
    ) -> None:
        entry = Entry(place, question, conditions)
        if self.list_entry is not None:
            self.list_entry.inner.append(entry)
        else:
            self.form.section(title)
            self.form.add(entry)

    # words

    def _code(self, item: Json, place: str) -> str:
        repeated = self.list_entry is not None or item.get("type") == "group"
        return self.form.code(place, text_of(item.get("linkId")) or "Q", repeated=repeated)

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
            if _help(child) == part:
                where = f"{place}.item[{number}]"
                found = _joined(found, self.wordings.text(where, child, "text"))
                if listed(child, "enableWhen"):
                    self.report.unsupported(where, "look", "element", name="enableWhen")
        return found

    def _unit(self, item: Json, place: str) -> Text:
        coding = value_in(extension(item, _UNIT)) or value_in(extension(item, _UNIT_OPTION))
        if isinstance(coding, dict):
            found = self.wordings.text(place, coding, "display")
            return found if found.wordings else self._same(text_of(coding.get("code")) or "…")
        for child in listed(item, "item"):
            if _help(child) == "unit":
                return self.wordings.text(place, child, "text")
        initial = listed(item, "initial")
        quantity = initial[0].get("valueQuantity") if initial else None
        unit = text_of(quantity.get("unit")) if isinstance(quantity, dict) else ""
        return self._same(unit) if unit else NO_TEXT

    # options and limits

    def _options(self, item: Json, place: str) -> tuple[tuple[Option, ...], dict[str, str]]:
        form = text_of(item.get("type"))
        if form == "boolean":
            words = (("true", "Y"), ("false", "N"))
            pairs = [(c, Text.of(built_in(w, self.form.languages))) for c, w in words]
            return tuple(Option(c, w) for c, w in pairs), {"true": "true", "false": "false"}
        found, missing = choices_of(item, self.resources)
        if missing or (_KINDS[form] is Kind.CHOICE and not found):
            self.report.unsupported(place, "options", "options_missing", name=missing or "-")
            return (), {}
        names, codes, options = Names(options=True), dict[str, str](), list[Option]()
        for choice in found:
            if choice.key in codes or not choice.key:
                self.report.approximated(place, "options", "option_twice", name=choice.key)
                continue
            codes[choice.key] = names.code(choice.key)
            options.append(self._option(choice, codes[choice.key], place))
        if form == "open-choice" or item.get("answerConstraint") == "optionsOrString":
            words_of = Text.of(built_in("other", self.form.languages))
            code = names.code("other")
            options.append(Option(code, words_of, specify=True))
        if len(options) == 1:
            self.report.approximated(place, "look", "one_option")
        return tuple(options), codes

    def _option(self, choice: Choice, code: str, place: str) -> Option:
        text = self.wordings.text(place, choice.holder, choice.word)
        if not text.wordings:
            text = self._same(choice.key)
        score, exclusive = None, False
        for one in choice.extensions:
            value = value_in(one)
            if one.get("url") in _SCORES and isinstance(value, int | float):
                score = float(value)
            elif one.get("url") == _EXCLUSIVE:
                exclusive = value is True
            elif one.get("url") == _PREFIX and isinstance(value, str):
                text = Text(tuple((t, f"{value} {words}") for t, words in text.wordings))
            else:
                name = text_of(one.get("url")).rpartition("/")[2]
                self.report.unsupported(place, "look", "extension", name=name)
        if code != choice.key:
            self.report.approximated(place, "look", "option_renamed", name=choice.key, code=code)
        return Option(code, text, score, exclusive)

    def _limits(self, item: Json, form: str, kind: Kind, place: str, options: int) -> Limits:
        if kind is Kind.CHOICES:
            least = self._occurs(item, "minOccurs", options, place)
            most = self._occurs(item, "maxOccurs", options, place)
            crossed = least is not None and most is not None and least > most
            return Limits() if crossed else Limits(min_choices=least, max_choices=most)
        if kind is Kind.NUMBER:
            places = value_in(extension(item, f"{CORE}maxDecimalPlaces"))
            decimals = 0 if form == "integer" else 6
            if isinstance(places, int) and 0 <= places <= 6 and form != "integer":
                decimals = places
            low, high = self._bound(item, "minValue", place), self._bound(item, "maxValue", place)
            if isinstance(low, str) or isinstance(high, str):
                low = high = None
            crossed = low is not None and high is not None and low > high
            return Limits(decimals=decimals) if crossed else Limits(low, high, decimals=decimals)
        if kind is Kind.DATE:
            low, high = self._bound(item, "minValue", place), self._bound(item, "maxValue", place)
            bounds = [b if isinstance(b, str) and len(b) == 10 else None for b in (low, high)]
            return Limits(bounds[0], bounds[1])
        if kind in (Kind.TEXT, Kind.LONG_TEXT):
            return self._text_limits(item, form, place)
        return Limits()

    def _occurs(self, item: Json, name: str, options: int, place: str) -> int | None:
        value = value_in(extension(item, f"{CORE}questionnaire-{name}"))
        if value is None:
            return None
        if isinstance(value, int) and 1 <= value <= options:
            return value
        self.report.unsupported(place, "limits", "constraint", expression=f"{name}={value}")
        return None

    def _bound(self, item: Json, name: str, place: str) -> float | str | None:
        value = value_in(extension(item, f"{CORE}{name}"))
        if isinstance(value, dict):
            value = value.get("value")
        if isinstance(value, int | float) and not isinstance(value, bool) and abs(value) < 1e15:
            return float(value)
        if isinstance(value, str) and ISO_DATE.fullmatch(value[:10]):
            return value[:10]
        if value is not None or extension(item, f"{CORE}{name}"):
            self.report.unsupported(place, "limits", "constraint", expression=f"{name}={value}")
        return None

    def _text_limits(self, item: Json, form: str, place: str) -> Limits:
        longest = item.get("maxLength")
        most = longest if isinstance(longest, int) and 1 <= longest <= 20_000 else None
        least = value_in(extension(item, f"{CORE}minLength"))
        low = least if isinstance(least, int) and 1 <= least <= (most or 4_000) else None
        pattern = text_of(value_in(extension(item, f"{CORE}regex")))
        inside = pattern.removeprefix("^").removesuffix("$")
        if pattern and (not inside or compiled(inside) is None):
            self.report.unsupported(place, "limits", "constraint", expression=pattern)
            inside = ""
        if form == "time":
            inside = _TIME
        return Limits(max_length=most, min_length=low, pattern=inside or None)

    # conditions and what is left

    def _conditions(self, item: Json, place: str) -> tuple[Source, ...]:
        found: list[Source] = []
        wanted = listed(item, "enableWhen")
        if wanted:
            joint = "or" if item.get("enableBehavior") == "any" else "and"
            told = f" {joint} ".join(_written(one) for one in wanted)
            tree: Expression = _tree(wanted[0])
            for one in wanted[1:]:
                tree = Binary(joint, tree, _tree(one))
            found.append(Source(f"{place}.enableWhen", told, tree))
        expression = extension(item, _WHEN)
        if expression is not None:
            value = value_in(expression)
            told = text_of(value.get("expression")) if isinstance(value, dict) else ""
            found.append(Source(place, told or "enableWhenExpression", Call("unreadable", ())))
        return tuple(found)

    def _leftovers(self, item: Json, place: str) -> None:
        initial = [value_in(one) for one in (*listed(item, "initial"),)]
        initial += [value_in(o) for o in listed(item, "answerOption") if o.get("initialSelected")]
        for value in initial:
            if not isinstance(value, dict) or value.get("value", value.get("code")) is not None:
                shown = value if not isinstance(value, dict) else value.get("code", value)
                self.report.unsupported(place, "look", "default", value=shown)
        if item.get("readOnly") is True and item.get("type") not in ("group", "display"):
            self.report.approximated(place, "look", "read_only")
        if extension(item, _CALCULATED) is not None:
            self.report.unsupported(place, "look", "calculated_answer")
        control = _control(item)
        if control and control not in _QUIET_CONTROLS and _help(item) is None:
            self.report.approximated(place, "look", "look", value=control)
        units = [e for e in listed(item, "extension") if e.get("url") == _UNIT_OPTION]
        if len(units) > 1:
            coding = value_in(units[0])
            shown = text_of(coding.get("display") or coding.get("code")) if coding else ""
            self.report.approximated(place, "limits", "unit_options", value=shown)
        self._unread(item, place)

    def _unread(self, item: Json, place: str) -> None:
        """Extensions and elements that nothing here has a place for."""
        for holder in (item, *(v for k, v in item.items() if k[0] == "_" and isinstance(v, dict))):
            for one in listed(holder, "extension"):
                url = text_of(one.get("url"))
                if url not in _READ and not url.endswith("/translation"):
                    name = url.rpartition("/")[2] or url
                    self.report.unsupported(place, "look", "extension", name=name)
        for name in item:
            if name not in _ITEM:
                self.report.unsupported(place, "look", "element", name=name)


_NAMES = {"fr": "Nom ou numéro", "en": "Name or number"}


def _control(item: Json) -> str:
    value = value_in(extension(item, _CONTROL))
    codings = listed(value, "coding") if isinstance(value, dict) else []
    return text_of(codings[0].get("code")) if codings else ""


def _help(item: Json) -> str | None:
    """Whether a display item only explains the question that it stands in."""
    if item.get("type") != "display":
        return None
    control = _control(item)
    if control in ("help", "prompt", "legal", "lower", "upper"):
        return "hint"
    return {"unit": "unit", "flyover": "why"}.get(control)


def _codes(item: Json) -> str:
    """The concepts that an item stands for, as its source."""
    told = (
        f"{text_of(one.get('system'))}|{text_of(one.get('code'))}" for one in listed(item, "code")
    )
    return re.sub(r"\s+", " ", ", ".join(told))[:500].strip()


def _written(when: Json) -> str:
    return f"{when.get('question')} {when.get('operator')} {_answer(when)}"


def _answer(when: Json) -> str | None:
    value: Any = next((v for k, v in when.items() if k.startswith("answer")), None)
    if isinstance(value, dict):
        value = value.get("code") or value.get("value") or value.get("display")
    if isinstance(value, bool):
        return "true" if value else "false"
    return str(value) if isinstance(value, int | float | str) else None


def _tree(when: Json) -> Expression:
    """One ``enableWhen`` as a tree: for several answers, = means that one of them is."""
    asked, operator, value = (
        Name(text_of(when.get("question"))),
        when.get("operator"),
        _answer(when),
    )
    if operator == "exists":
        filled = Call("boolean", (asked,))
        return filled if value == "true" else Call("not", (filled,))
    if value is None or operator not in ("=", "!=", "<", "<=", ">", ">="):
        return Call("unreadable", ())
    if operator in ("=", "!="):
        chosen = Call("selected", (asked, Literal(value)))
        return chosen if operator == "=" else Call("not", (chosen,))
    number = as_number(value)
    return Binary(operator, asked, Literal(value if number is None else f"{number:.12g}"))


def _joined(outer: Text, label: Text) -> Text:
    """The title of a group in a group: both, one after the other."""
    if not outer.wordings or not label.wordings:
        return label if label.wordings else outer
    above = outer.as_dict()
    return Text(
        tuple((t, f"{above[t]} – {words}" if t in above else words) for t, words in label.wordings)
    )


def read_fhir(content: bytes, report: ImportReport) -> Questionnaire:
    """The questionnaire of a JSON file. Raises ``ForeignFault``."""
    resources = read_resources(content, report)
    root = resources.root
    wordings = wordings_of(root, report)
    title = wordings.text("title", root, "title")
    name = text_of(root.get("name")) or text_of(root.get("id")) or "F"
    if not title.wordings:
        title = Text(tuple((tag, name) for tag in wordings.languages))
    form = ForeignForm(report, wordings.languages, title)
    form.introduction = wordings.text("description", root, "description")
    form.licence = re.sub(r"\s+", " ", text_of(root.get("copyright")))[:500].strip()
    form.source = re.sub(r"\s+", " ", text_of(root.get("publisher")))[:500].strip()
    for element in root:
        if element not in _ROOT:
            report.unsupported(element, "look", "element", name=element)
    for one in listed(root, "extension"):
        report.unsupported(
            "-", "look", "extension", name=text_of(one.get("url")).rpartition("/")[2]
        )
    _Reader(resources, wordings, form).items(listed(root, "item"), "item", NO_TEXT, (), 0)
    return form.finish(plain_code(name, "F"))
