"""XLSForm workbooks (ODK, Kobo, SurveyCTO, CommCare) to questionnaires. See docs/formats.md."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, field, replace

from app.domain.questionnaire import Kind, Limits, Option, Question, Questionnaire, Required
from app.domain.text import NO_TEXT, Text
from app.interchange.foreign_expressions import read_xpath
from app.interchange.foreign_form import MOST_ENTRIES, Entry, ForeignForm, Source
from app.interchange.foreign_names import Names
from app.interchange.import_report import ForeignFault, ImportReport
from app.interchange.xlsform_limits import NoLimit, limited
from app.interchange.xlsform_sheets import Row, Sheet, read_sheets
from app.interchange.xlsform_texts import Columns, columns_of

MOST_RATING = 21
MAX_NESTED = 40
_SELECT = re.compile(
    r"(select[ _]?one|select1|select[ _]?multiple|select all that apply|rank)"
    r"(?P<where>_from_file|_external)?(?:\s+from)?\s+(?P<list>.+)",
    re.IGNORECASE,
)
_SIMPLE: dict[str, Kind] = {
    **dict.fromkeys(("text", "string"), Kind.TEXT),
    **dict.fromkeys(("integer", "int"), Kind.NUMBER),
    "decimal": Kind.NUMBER,
    "date": Kind.DATE,
    "note": Kind.INFORMATION,
}
_AS_TEXT = frozenset({"time", "barcode", "geopoint", "gps", "location", "email", "url", "hidden"})
_DEVICE = frozenset(
    "start end today deviceid device_id phonenumber phone_number username email simserial "  # noqa: SIM905
    "subscriberid sim_id subscriber_id audit start-geopoint background-audio csv-external "
    "xml-external start_time end_time uri:deviceid uri:phonenumber uri:username uri:email "
    "last-saved caseid duration sensor_statistic sensor_stream text_audit speed_violations_count "
    "speed_violations_list speed_violations_audit audio_audit comments entity hidden "
    "background-geopoint enum".split()
)
_ROW_COLUMNS = frozenset(
    "type name label hint relevant constraint constraint_message required required_message "  # noqa: SIM905
    "calculation choice_filter repeat_count parameters appearance default readonly "
    "guidance_hint disabled $given_name media image audio video big-image".split()
)
_QUIET_COLUMNS = frozenset("comment comments note notes note_to_self section kuid".split())  # noqa: SIM905
_MEDIA = frozenset({"media", "image", "audio", "video", "big-image"})
_UNSPOKEN = {"guidance_hint": "guidance", "required_message": "required_message"}
_SETTINGS = frozenset(
    "form_title title form_id id_string id version default_language allow_choice_duplicates".split()  # noqa: SIM905
)
_SHEETS = frozenset({"survey", "choices", "settings", "external_choices"})
_TIME = "([01]?[0-9]|2[0-3])[:h][0-5][0-9]"
_YES = frozenset({"yes", "true", "true()", "1", "oui"})
_NO = frozenset({"", "no", "false", "false()", "0", "non"})
_OTHER_WORDS = {"fr": "Autre", "en": "Other", "es": "Otro", "pt": "Outro", "de": "Anderes"}
_NAME_WORDS = {"fr": "Nom ou numéro", "en": "Name or number", "es": "Nombre o número"}


@dataclass(frozen=True, slots=True)
class _List:
    """A list of options; ``codes``: ours by the form's."""

    options: tuple[Option, ...]
    codes: dict[str, str]
    media: bool


@dataclass
class _Group:
    place: str
    repeat: bool
    section: Text
    conditions: tuple[Source, ...]
    entry: Entry | None  # of a repeat that became a list


@dataclass
class _Reader:
    form: ForeignForm
    columns: Columns
    lists: dict[str, _List]
    groups: list[_Group] = field(default_factory=list)

    @property
    def report(self) -> ImportReport:
        return self.form.report

    def row(self, row: Row) -> None:
        """One line of the sheet ``survey``."""
        written = " ".join(row.get("type").split())
        kind = written.casefold().replace("_", " ")
        if row.get("disabled").casefold() in _YES:
            self.report.unsupported(row.place, "form", "row", value="disabled")
        elif kind.startswith(("begin group", "begin repeat", "begin loop", "begin lgroup")):
            self._begin(row, repeat="group" not in kind)
        elif kind in ("end group", "end repeat", "end loop", "end lgroup"):
            if not self.groups:
                raise ForeignFault(row.place, "unbalanced")
            self._end()
        elif written:
            self._asked(row, written)
        elif row.get("name") or self.columns.text(row, "label", None).wordings:
            self.report.unsupported(row.place, "form", "row", value=row.get("name", "label"))

    # groups

    def _begin(self, row: Row, *, repeat: bool) -> None:
        if len(self.groups) >= MAX_NESTED:
            raise ForeignFault(row.place, "too_deep")
        outer = self.groups[-1] if self.groups else None
        conditions = (*(outer.conditions if outer else ()), *_relevant(row))
        label = self.columns.text(row, "label", self.form.meanings)
        title = _joined(outer.section if outer else NO_TEXT, label)
        inside = next((group.entry for group in self.groups if group.entry), None)
        group = _Group(row.place, repeat, title, conditions, inside)
        if repeat and inside is None:
            group.entry = self._list(row, label, conditions)
            group.conditions = ()
        elif repeat:
            self.report.approximated(row.place, "type", "repeat_inside")
        if row.get("appearance"):
            self.report.approximated(row.place, "look", "look", value=row.get("appearance"))
        self.groups.append(group)
        self._leftovers(row)

    def _end(self) -> None:
        group = self.groups.pop()
        outer = next((found.entry for found in self.groups if found.entry), None)
        if group.entry is None or outer is not None:
            return
        inner = group.entry.inner
        if not any(one.question.kind is not Kind.INFORMATION for one in inner):
            for one in inner:
                self.form.add(one)
            if not inner:
                self.report.unsupported(group.place, "form", "children_of_option")
            return
        question = replace(group.entry.question, each=tuple(one.question for one in inner))
        group.entry.question = question
        self.form.section(self.groups[-1].section if self.groups else NO_TEXT)
        self.form.add(group.entry)
        for one in inner:
            self.form.told(one)

    def _list(self, row: Row, label: Text, conditions: tuple[Source, ...]) -> Entry:
        name = row.get("name") or "repeat"
        text = label if label.wordings else self._words({}, name)
        wanted = row.get("repeat_count")
        most = int(wanted) if wanted.isdecimal() and 1 <= int(wanted[:4]) <= MOST_ENTRIES else 0
        if not most:
            most = MOST_ENTRIES if wanted else 6
            if wanted:
                self.report.approximated(
                    row.place, "limits", "repeat_count", expression=wanted, most=most
                )
        self.report.approximated(row.place, "look", "repeat")
        question = Question(
            code=self.form.code(row.place, name, repeated=True),
            kind=Kind.LIST,
            text=text,
            name=self._words(_NAME_WORDS, "Name or number"),
            entry=text,
            most=most,
        )
        return Entry(row.place, question, conditions)

    def _words(self, known: dict[str, str], otherwise: str) -> Text:
        return Text(tuple((tag, known.get(tag, otherwise)) for tag in self.form.languages))

    # questions

    def _asked(self, row: Row, written: str) -> None:
        base = written.casefold()
        other = base.endswith((" or_other", " or specify other", " or other"))
        if other:
            written = re.sub(r"(?i)\s+or(_other| specify other| other)$", "", written)
            base = written.casefold()
        if base in ("calculate", "calculate_here") or (base == "hidden" and row.get("calculation")):
            self._calculated(row)
            return
        select = _SELECT.fullmatch(written)
        if select:
            self._select(row, select, other=other)
        elif base in _SIMPLE:
            self._simple(row, _SIMPLE[base], base)
        elif base in _OTHERS:
            _OTHERS[base](self, row)
        else:
            self._unlike(row, written, base)

    def _unlike(self, row: Row, written: str, base: str) -> None:
        """What no kind of question of ours is like."""
        if base in _DEVICE or base.startswith(("get ", "set ")):
            self.report.unsupported(row.place, "form", "device_value", type=written)
        elif base in _AS_TEXT:
            self.report.approximated(row.place, "type", "as_text", type=written)
            limits = Limits(pattern=_TIME) if base == "time" else Limits()
            self._add(row, Kind.TEXT, limits=limits)
        else:
            self.report.unsupported(row.place, "type", "not_taken", type=written)

    def _moment(self, row: Row) -> None:
        self.report.approximated(row.place, "type", "as_date", type=row.get("type"))
        self._simple(row, Kind.DATE, "date")

    def _calculated(self, row: Row) -> None:
        name = row.get("name")
        self.report.unsupported(row.place, "form", "calculation", name=name)
        if row.get("calculation") and name:
            self.form.calculated(name, row.get("calculation"))

    def _select(self, row: Row, found: re.Match[str], *, other: bool) -> None:
        wanted, name = found[1].casefold(), found["list"].strip()
        listed = self.lists.get(name)
        multiple = not wanted.startswith(
            ("select_one", "select one", "select1", "rank", "selectone")
        )
        if listed is None and name.startswith("${"):
            listed = None
        if listed is None or not listed.options:
            self.report.unsupported(row.place, "options", "options_missing", name=name)
            self._add(row, Kind.TEXT)
            return
        options, codes = listed.options, dict(listed.codes)
        if other:
            option = Option("other", self._words(_OTHER_WORDS, "Other"), specify=True)
            options = (*(o for o in options if o.code != "other"), option)
            codes["other"] = "other"
        self._about_options(row, listed)
        if wanted == "rank":
            self._ranks(row, options, codes)
        elif "label" in row.get("appearance").casefold().replace("nolabel", "").split():
            self._add(row, Kind.INFORMATION)
        else:
            self._add(row, Kind.CHOICES if multiple else Kind.CHOICE, options=options, codes=codes)

    def _about_options(self, row: Row, listed: _List) -> None:
        if len(listed.options) < 2:
            self.report.approximated(row.place, "look", "one_option")
        if listed.media:
            self.report.unsupported(row.place, "look", "option_media")
        if row.get("choice_filter"):
            written = row.get("choice_filter")
            self.report.approximated(row.place, "options", "options_filtered", filter=written)
        if "randomize" in row.get("parameters").replace(" ", "").casefold():
            self.report.approximated(row.place, "look", "options_shuffled")

    def _ranks(self, row: Row, options: tuple[Option, ...], codes: dict[str, str]) -> None:
        self.report.approximated(row.place, "type", "as_ranks", type="rank")
        for rank in range(1, min(len(options), 10) + 1):
            self._add(row, Kind.CHOICE, options=options, codes=codes, suffix=f"_{rank}")

    def _simple(self, row: Row, kind: Kind, base: str) -> None:
        look = row.get("appearance").casefold()
        limits = Limits()
        precision: str = "day"
        if kind is Kind.NUMBER:
            limits = Limits(decimals=6 if base == "decimal" else 0)
        if kind is Kind.DATE:
            precision = {"year": "year", "month-year": "month"}.get(look, "day")
        if kind is Kind.TEXT and "multiline" in look:
            kind = Kind.LONG_TEXT
        if kind is Kind.TEXT and "numbers" in look.split():
            limits = Limits()
        self._add(row, kind, limits=limits, precision=precision)

    def _range(self, row: Row) -> None:
        given = dict(re.findall(r"(\w+)\s*=\s*(-?[\d.]+)", row.get("parameters")))
        try:
            low, high = float(given.get("start", 0)), float(given.get("end", 10))
            step = float(given.get("step", 1))
        except ValueError:
            low, high, step = 0.0, 10.0, 1.0
        whole = low.is_integer() and high.is_integer() and step == 1
        if whole and 1 <= high - low < MOST_RATING and low >= -100 and high <= 100:
            numbers = [str(number) for number in range(int(low), int(high) + 1)]
            options = tuple(Option(n, self._words({}, n), float(n)) for n in numbers)
            self._add(row, Kind.RATING, options=options, codes={n: n for n in numbers})
            return
        if step != 1:
            self.report.approximated(row.place, "limits", "constraint", expression=f"step={step:g}")
        whole = all(number.is_integer() for number in (low, high, step))
        limits = Limits(min(low, high), max(low, high), decimals=0 if whole else 6)
        self._add(row, Kind.NUMBER, limits=limits)

    def _acknowledge(self, row: Row) -> None:
        words = {"fr": "Oui", "en": "OK", "es": "Sí"}
        options = (Option("OK", self._words(words, "OK")),)
        self.report.approximated(row.place, "look", "one_option")
        self._add(row, Kind.CHOICES, options=options, codes={"OK": "OK"})

    def _add(
        self,
        row: Row,
        kind: Kind,
        *,
        options: tuple[Option, ...] = (),
        codes: dict[str, str] | None = None,
        limits: Limits = Limits(),  # noqa: B008  frozen
        precision: str = "day",
        suffix: str = "",
    ) -> None:
        name = row.get("name")
        if not name:
            self.report.approximated(row.place, "look", "renamed", name="", code="Q")
        text = self.columns.text(row, "label", self.form.meanings)
        if not text.wordings:
            text = self._words({}, name or "…")
            self.report.approximated(row.place, "text", "no_label", name=name)
        inside = next((group.entry for group in self.groups if group.entry), None)
        repeated = inside is not None
        question = Question(
            code=self.form.code(row.place, f"{name or 'Q'}{suffix}", repeated=repeated),
            kind=kind,
            text=text,
            hint=self.columns.text(row, "hint", self.form.meanings),
            options=options,
            limits=limits,
            precision=precision,  # type: ignore[arg-type]
            required=Required.NO if kind is Kind.INFORMATION else self._required(row),
        )
        question = self._constrained(question, row)
        conditions = (*(self.groups[-1].conditions if self.groups else ()), *_relevant(row))
        entry = Entry(row.place, question, conditions)
        if kind is not Kind.INFORMATION:
            self.form.means(name, question, codes or {})
        if inside is not None:
            inside.inner.append(entry)
        else:
            self.form.section(self.groups[-1].section if self.groups else NO_TEXT)
            self.form.add(entry)
        self._leftovers(row)

    def _required(self, row: Row) -> Required:
        said = row.get("required").strip().casefold()
        if said in _YES:
            return Required.HARD
        if said not in _NO:
            self.report.approximated(
                row.place, "limits", "required_when", expression=row.get("required")
            )
        return Required.NO

    def _constrained(self, question: Question, row: Row) -> Question:
        written = row.get("constraint")
        message = self.columns.text(row, "constraint_message", None)
        if not written or question.kind is Kind.INFORMATION:
            return question
        try:
            found = limited(question, written, message, self.form.meanings.get)
        except NoLimit:
            self.report.unsupported(row.place, "limits", "constraint", expression=written)
            found = question
        if message.wordings and found.limits.pattern_text != message:
            self.report.approximated(row.place, "look", "constraint_message")
        return found

    def _leftovers(self, row: Row) -> None:
        """Say what else stands in the row and has no place with us."""
        if not row.get("type").casefold().startswith("begin"):
            for column, tell in _TOLD.items():
                if row.get(column):
                    tell(self, row, row.get(column))
        for head in row.cells:
            column, _, rest = head.partition("::")
            if column in _MEDIA:
                self.report.unsupported(row.place, "look", "media", what=f"{column} {rest}".strip())
            elif column in _UNSPOKEN:
                self.report.unsupported(row.place, "look", _UNSPOKEN[column])
            elif column not in _ROW_COLUMNS and column not in _QUIET_COLUMNS:
                self.report.unsupported(row.place, "look", "column", name=head)

    def _default(self, row: Row, value: str) -> None:
        self.report.unsupported(row.place, "look", "default", value=value)

    def _calculates(self, row: Row, _value: str) -> None:
        self.report.unsupported(row.place, "look", "calculated_answer")

    def _look(self, row: Row, value: str) -> None:
        if value.casefold() not in ("multiline", "year", "month-year", "minimal", "quick", "label"):
            self.report.approximated(row.place, "look", "look", value=value)

    def _read_only(self, row: Row, value: str) -> None:
        if value.casefold() not in _NO and row.get("type").casefold() != "note":
            self.report.approximated(row.place, "look", "read_only")


_TOLD: dict[str, Callable[[_Reader, Row, str], None]] = {
    "appearance": _Reader._look,
    "default": _Reader._default,
    "readonly": _Reader._read_only,
    "calculation": _Reader._calculates,
}
_OTHERS: dict[str, Callable[[_Reader, Row], None]] = {
    "range": _Reader._range,
    **dict.fromkeys(("acknowledge", "trigger"), _Reader._acknowledge),
    **dict.fromkeys(("datetime", "date_time", "date time"), _Reader._moment),
}


def read_xlsform(content: bytes, report: ImportReport) -> Questionnaire:
    """The questionnaire of a workbook. Raises ``ForeignFault``."""
    sheets = read_sheets(content)
    survey = sheets.get("survey")
    if survey is None:
        raise ForeignFault("-", "no_sheet")
    if "type" not in survey.headings or not {"name", "label"} & {
        head.partition("::")[0] for head in survey.headings
    }:
        raise ForeignFault("survey:1", "no_columns")
    for name in sheets:
        if name not in _SHEETS and sheets[name].rows:
            report.unsupported(name, "form", "sheet", name=name)
    empty = Sheet("choices")
    choices = sheets.get("choices", empty)
    settings = _settings(sheets.get("settings", empty), report)
    spoken = (survey, choices, sheets.get("external_choices", empty))
    columns = columns_of(spoken, settings.get("default_language", ""), report)
    languages = columns.languages
    written = settings.get("form_title") or settings.get("title") or settings.get("form_id") or "…"
    title = Text(tuple((tag, written) for tag in languages))
    form = ForeignForm(report, languages, title, read_xpath)
    lists = {
        **_lists(sheets.get("external_choices", empty), columns, report),
        **_lists(choices, columns, report),
    }
    reader = _Reader(form, columns, lists)
    for row in survey.rows:
        reader.row(row)
    if reader.groups:
        raise ForeignFault(reader.groups[-1].place, "unbalanced")
    return form.finish(settings.get("form_id") or settings.get("id_string") or "form")


def _settings(sheet: Sheet, report: ImportReport) -> dict[str, str]:
    found = dict(sheet.rows[0].cells) if sheet.rows else {}
    for name, value in found.items():
        if name not in _SETTINGS:
            report.unsupported(sheet.rows[0].place, "form", "setting", name=f"{name} = {value}")
    return found


def _lists(sheet: Sheet, columns: Columns, report: ImportReport) -> dict[str, _List]:
    rows: dict[str, list[Row]] = {}
    for row in sheet.rows:
        name = row.get("list_name", "list")
        if name:
            rows.setdefault(name, []).append(row)
    return {name: _list(found, columns, report) for name, found in rows.items()}


def _list(rows: list[Row], columns: Columns, report: ImportReport) -> _List:
    names = Names(options=True)
    codes: dict[str, str] = {}
    options: list[Option] = []
    media = False
    for row in rows:
        name = row.get("name", "value")
        text = columns.text(row, "label", None)
        media = media or any(head.startswith(("media", "image", "audio")) for head in row.cells)
        if not name and not text.wordings:
            continue
        name = name or text.wordings[0][1]
        if name in codes:
            report.approximated(row.place, "options", "option_twice", name=name)
            continue
        codes[name] = names.code(name)
        if codes[name] != name:
            report.approximated(row.place, "look", "option_renamed", name=name, code=codes[name])
        if not text.wordings:
            text = Text(tuple((tag, name) for tag in columns.languages))
            report.approximated(row.place, "text", "no_label", name=name)
        options.append(Option(codes[name], text))
    return _List(tuple(options), codes, media)


def _relevant(row: Row) -> tuple[Source, ...]:
    return (Source(row.place, row.get("relevant")),) if row.get("relevant") else ()


def _joined(outer: Text, label: Text) -> Text:
    """The title of a group in a group: both, one after the other."""
    if not outer.wordings or not label.wordings:
        return label if label.wordings else outer
    above = outer.as_dict()
    return Text(
        tuple(
            (tag, f"{above[tag]} – {words}" if tag in above else words)
            for tag, words in label.wordings
        )
    )
