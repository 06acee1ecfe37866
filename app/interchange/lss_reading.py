"""LimeSurvey structure files (.lss) to questionnaires. See docs/formats.md."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace

from app.domain.conditions import Condition, Includes, Not, as_number
from app.domain.patterns import compiled
from app.domain.piping import SPOKEN as CAN_BE_SAID
from app.domain.questionnaire import (
    Kind,
    Limits,
    Option,
    Question,
    Questionnaire,
    Required,
    Row,
)
from app.domain.text import NO_TEXT, Text
from app.interchange.foreign_conditions import Item, Meaning, Ticked
from app.interchange.foreign_expressions import read_lime
from app.interchange.foreign_form import Entry, ForeignForm, Source
from app.interchange.foreign_names import Names, plain_code
from app.interchange.foreign_text import without_braces
from app.interchange.import_report import ForeignFault, ImportReport
from app.interchange.lss_conditions import old_conditions
from app.interchange.lss_tables import Record, Tables, answer_key, number, read_tables
from app.interchange.lss_words import FIXED, NAMES, NOTHING, QUIET, SPOKEN, built_in

_BRACES = re.compile(r"\{([^{}\s][^{}]*)\}")
_SUFFIX = re.compile(r"\.(NAOK|shown|value|valueNAOK|code|question)$")
_ISO = re.compile(r"\d{4}-\d{2}-\d{2}")
_REQUIRED = {"Y": Required.HARD, "S": Required.SOFT}


@dataclass(frozen=True, slots=True)
class _Asked:
    """One question of the file with what belongs to it."""

    row: Record
    place: str
    title: str
    text: Text
    hint: Text
    parts: dict[str, list[Record]]  # subquestions by scale
    answers: dict[str, list[Record]]  # by scale
    attributes: dict[str, dict[str, str]]  # by name and language
    conditions: tuple[Source, ...]

    def attribute(self, name: str) -> str:
        """The attribute in any language; empty where it says nothing."""
        return next((v for v in self.attributes.get(name, {}).values() if v not in NOTHING), "")


class _Reader:
    def __init__(self, tables: Tables, report: ImportReport, form: ForeignForm) -> None:
        self.tables, self.report, self.form = tables, report, form
        self.parts: dict[str, dict[str, list[Record]]] = defaultdict(lambda: defaultdict(list))
        for row in sorted(
            tables.unique("subquestions", "qid"), key=lambda r: number(r, "question_order")
        ):
            self.parts[row.get("parent_qid", "")][row.get("scale_id") or "0"].append(row)
        self.answers: dict[str, dict[str, list[Record]]] = defaultdict(lambda: defaultdict(list))
        seen: set[str] = set()
        for row in sorted(tables.rows["answers"], key=lambda r: number(r, "sortorder")):
            if answer_key(row) not in seen:
                seen.add(answer_key(row))
                self.answers[row.get("qid", "")][row.get("scale_id") or "0"].append(row)
        self.attributes: dict[str, dict[str, dict[str, str]]] = defaultdict(
            lambda: defaultdict(dict)
        )
        for row in tables.rows["question_attributes"]:
            said = self.attributes[row.get("qid", "")][row.get("attribute", "")]
            said[row.get("language", "")] = row.get("value", "")
        self.older = old_conditions(tables.rows["conditions"])

    # texts

    def words(self, word: str) -> Text:
        return Text.of(built_in(word, self.form.languages))

    def text(self, place: str, written: dict[str, str], *, filled: bool = True) -> Text:
        plain = self.tables.text(self.report, place, written)
        return Text(tuple((tag, self._said(place, w, filled)) for tag, w in plain.wordings))

    def _said(self, place: str, wording: str, filled: bool) -> str:
        pieces: list[str] = []
        position = 0
        for match in _BRACES.finditer(wording):
            pieces.append(without_braces(wording[position : match.start()]))
            found = self.form.meanings.get(_SUFFIX.sub("", match[1].strip()))
            if filled and isinstance(found, Item) and found.kind in CAN_BE_SAID:
                pieces.append(f"{{answer:{found.code}|…}}")
            else:
                self.report.approximated(place, "text", "text_reference", name=match[1])
                pieces.append("…")
            position = match.end()
        return "".join((*pieces, without_braces(wording[position:])))

    def part_text(self, place: str, part: Record) -> Text:
        written = self.tables.written("subquestions", part.get("qid", ""), "question")
        found = self.text(place, written)
        title = part.get("title", "")
        return found if found.wordings else self._same(title or "…")

    def _same(self, wording: str) -> Text:
        return Text(tuple((tag, without_braces(wording)) for tag in self.form.languages))

    # groups and questions

    def group(self, row: Record, questions: list[Record]) -> None:
        gid = row.get("gid", "")
        place = f"groups[{gid}]"
        title = self.text(place, self.tables.written("groups", gid, "group_name"), filled=False)
        self.form.section(title)
        conditions = _source(f"{place}.grelevance", row.get("grelevance", ""))
        if row.get("randomization_group"):
            self.report.unsupported(
                place, "look", "attribute", name="randomization_group", value=""
            )
        description = self.text(place, self.tables.written("groups", gid, "description"))
        if description.wordings:
            code = self.form.code(f"{place}.description", plain_code(f"G{gid}", "G"))
            told = Question(code, Kind.INFORMATION, description)
            self.form.add(Entry(f"{place}.description", told, conditions))
        for question in questions:
            self.question(question, conditions)

    def question(self, row: Record, group: tuple[Source, ...]) -> None:
        qid, title = row.get("qid", ""), row.get("title", "") or "Q"
        place = f"questions[{title}]"
        relevance = row.get("relevance", "").strip()
        if relevance in ("", "1"):
            relevance = self.older.get(qid, "")
        asked = _Asked(
            row,
            place,
            title,
            self.text(place, self.tables.written("questions", qid, "question")),
            self.text(place, self.tables.written("questions", qid, "help")),
            self.parts[qid],
            self.answers[qid],
            self.attributes[qid],
            (*group, *_source(place, relevance)),
        )
        kind = row.get("type", "")
        if kind in _KINDS:
            _KINDS[kind](self, asked)
        elif kind == "I":
            self.report.unsupported(place, "form", "device_value", type=NAMES["I"])
        else:
            self.report.unsupported(place, "type", "not_taken", type=NAMES.get(kind, kind))
        self._leftovers(asked)

    def add(
        self,
        asked: _Asked,
        question: Question,
        names: Iterable[tuple[str, Meaning]] = (),
        own: Condition | None = None,
    ) -> None:
        """A question of the file, or one of several that it becomes."""
        if not question.text.wordings:
            self.report.approximated(asked.place, "text", "no_label", name=asked.title)
            question = replace(question, text=self._same(asked.title))
        if question.kind is not Kind.INFORMATION:
            required = _REQUIRED.get(asked.row.get("mandatory", ""), Required.NO)
            question = replace(question, required=required)
        self.form.add(Entry(asked.place, question, asked.conditions, own))
        for name, meaning in names:
            self.form.meanings.setdefault(name, meaning)

    def named(self, asked: _Asked, suffix: str = "") -> tuple[str, str]:
        """The two names that expressions use: by title and by numbers."""
        row = asked.row
        numbers = f"{row.get('sid')}X{row.get('gid')}X{row.get('qid')}"
        return f"{asked.title}{'_' if suffix else ''}{suffix}", f"{numbers}{suffix}"

    def item(
        self, asked: _Asked, question: Question, codes: dict[str, str], suffix: str = ""
    ) -> list[tuple[str, Meaning]]:
        meaning = Item(question.code, question.kind, codes)
        return [(name, meaning) for name in self.named(asked, suffix)]

    def code(self, asked: _Asked, suffix: str = "") -> str:
        wanted = f"{asked.title}_{suffix}" if suffix else asked.title
        return self.form.code(asked.place, wanted)

    # options

    def options(self, asked: _Asked, scale: str = "0") -> tuple[list[Option], dict[str, str]]:
        names, codes, options = Names(options=True), dict[str, str](), list[Option]()
        scored = any(row.get("assessment_value") not in NOTHING for row in asked.answers[scale])
        for row in asked.answers[scale]:
            name = row.get("code", "")
            if name in codes:
                continue
            codes[name] = names.code(name)
            written = self.tables.written("answers", answer_key(row), "answer")
            text = self.text(asked.place, written, filled=False)
            score = as_number(row.get("assessment_value", "")) if scored else None
            options.append(Option(codes[name], text if text.wordings else self._same(name), score))
        return options, codes

    def fixed(self, kind: str) -> tuple[list[Option], dict[str, str]]:
        codes = FIXED[kind]
        options = [Option(c, self.words(c), float(c) if c.isdecimal() else None) for c in codes]
        return options, {code: code for code in codes}

    def with_other(self, asked: _Asked, options: list[Option], codes: dict[str, str]) -> None:
        if asked.row.get("other") != "Y":
            return
        own = {c: v for c, v in asked.attributes.get("other_replace_text", {}).items() if v}
        text = self.text(asked.place, own, filled=False) if own else NO_TEXT
        code = "other" if "other" not in codes else "other_text"
        words = text if text.wordings else self.words("other")
        options.append(Option(code, words, specify=True))
        codes["-oth-"] = code

    # kinds

    def single(self, asked: _Asked) -> None:
        kind = asked.row["type"]
        options, codes = self.fixed(kind) if kind in FIXED else self.options(asked)
        self.with_other(asked, options, codes)
        if not options:
            self.report.unsupported(asked.place, "options", "options_missing", name=asked.title)
        rating = kind == "5"
        form = Kind.RATING if rating else Kind.CHOICE if options else Kind.TEXT
        question = Question(self.code(asked), form, asked.text, asked.hint, options=tuple(options))
        self.add(asked, question, self.item(asked, question, codes))
        if kind == "O":
            code = self.code(asked, "comment")
            self.report.approximated(asked.place, "look", "comment_apart", code=code)
            self.add(asked, Question(code, Kind.LONG_TEXT, self.words("comment")))

    def several(self, asked: _Asked) -> None:
        names, codes = Names(options=True), dict[str, str]()
        alone = set(re.split(r"[;,\s]+", asked.attribute("exclude_all_others")))
        options: list[Option] = []
        for part in asked.parts["0"]:
            title = part.get("title", "")
            if title in codes:
                continue
            codes[title] = names.code(title)
            text = self.part_text(asked.place, part)
            options.append(Option(codes[title], text, exclusive=title in alone))
            self._about_part(asked, part)
        self.with_other(asked, options, codes)
        if not options:
            self.report.unsupported(asked.place, "type", "not_taken", type="M")
            return
        if asked.attribute("array_filter"):
            written = asked.attribute("array_filter")
            self.report.approximated(asked.place, "options", "options_filtered", filter=written)
        limits = Limits(
            min_choices=self._count(asked, "min_answers", len(options)),
            max_choices=self._count(asked, "max_answers", len(options)),
        )
        code = self.code(asked)
        question = Question(
            code, Kind.CHOICES, asked.text, asked.hint, options=tuple(options), limits=limits
        )
        names_of: list[tuple[str, Meaning]] = self.item(asked, question, codes)
        for name, option in codes.items():
            suffix = "other" if name == "-oth-" else name
            names_of += [(n, Ticked(code, option)) for n in self.named(asked, suffix)]
        self.add(asked, question, names_of)
        if asked.row["type"] == "P":
            self._comments(asked, question)

    def _comments(self, asked: _Asked, question: Question) -> None:
        for option in question.options:
            code = self.code(asked, f"{option.code}comment")
            self.report.approximated(asked.place, "look", "comment_apart", code=code)
            ticked = Includes(question.code, (option.code,), every=False)
            self.add(asked, Question(code, Kind.TEXT, option.text), own=ticked)

    def _count(self, asked: _Asked, name: str, most: int) -> int | None:
        written = asked.attribute(name)
        if not written:
            return None
        if written.isdecimal() and 1 <= int(written[:5]) <= most:
            return int(written)
        self.report.unsupported(asked.place, "limits", "constraint", expression=f"{name}={written}")
        return None

    def _about_part(self, asked: _Asked, part: Record) -> None:
        if part.get("relevance", "") not in ("", "1"):
            self.report.approximated(
                asked.place, "options", "options_filtered", filter=part["relevance"]
            )

    def array(self, asked: _Asked) -> None:
        kind = asked.row["type"]
        options, codes = self.fixed(kind) if kind in FIXED else self.options(asked)
        if kind == "H":
            self.report.approximated(asked.place, "look", "transposed")
        self._battery(asked, options, codes, "")

    def dual(self, asked: _Asked) -> None:
        for scale in ("0", "1"):
            options, codes = self.options(asked, scale)
            self._battery(asked, options, codes, f"_{scale}", scale)

    def _battery(
        self,
        asked: _Asked,
        options: list[Option],
        codes: dict[str, str],
        suffix: str,
        scale: str = "",
    ) -> None:
        rows, named = list[Row](), list[tuple[str, Meaning]]()
        for part in asked.parts["0"]:
            title = part.get("title", "")
            wanted = f"{title}{suffix}"
            code = self.code(asked, wanted)
            rows.append(Row(code, self.part_text(asked.place, part), self._filter(asked, title)))
            meaning = Item(code, Kind.CHOICE, codes)
            named.append((f"{asked.title}_{wanted}", meaning))
            named.append((f"{self.named(asked)[1]}{title}{'#' if scale else ''}{scale}", meaning))
            if part.get("relevance", "") not in ("", "1"):
                self.report.unsupported(
                    asked.place, "condition", "condition_part", expression=part["relevance"]
                )
        if not rows or not options:
            self.report.unsupported(asked.place, "type", "not_taken", type=asked.row["type"])
            return
        header = self._header(asked, scale)
        question = Question(
            self.code(asked, f"a{suffix}" if suffix else "a"),
            Kind.BATTERY,
            header,
            asked.hint,
            options=tuple(options),
            rows=tuple(rows),
        )
        self.add(asked, question, named)

    def _header(self, asked: _Asked, scale: str) -> Text:
        name = {"0": "dualscale_headerA", "1": "dualscale_headerB"}.get(scale)
        written = {c: v for c, v in asked.attributes.get(name or "", {}).items() if v}
        if not written:
            return asked.text
        return _beside(asked.text, self.text(asked.place, written))

    def _filter(self, asked: _Asked, title: str) -> Condition | None:
        """A row that is asked only where its namesake was ticked before, or was not."""
        for name, yes in (("array_filter", True), ("array_filter_exclude", False)):
            for other in filter(None, re.split(r"[;,\s]+", asked.attribute(name))):
                found = self.form.meanings.get(f"{other}_{title}")
                if isinstance(found, Ticked):
                    ticked = Includes(found.item, (found.option,), every=False)
                    return ticked if yes else Not(ticked)
        return None

    def parts_asked(self, asked: _Asked) -> None:
        """Several short answers, each of which becomes a question."""
        kind = Kind.NUMBER if asked.row["type"] == "K" or asked.attribute("numbers_only") else None
        for part in asked.parts["0"]:
            title = part.get("title", "")
            text = _beside(asked.text, self.part_text(asked.place, part))
            question = self._field(asked, self.code(asked, title), text, kind or Kind.TEXT)
            self.add(asked, question, self.item(asked, question, {}, title))
        if not asked.parts["0"]:
            self.report.unsupported(asked.place, "type", "not_taken", type=asked.row["type"])

    def cells(self, asked: _Asked) -> None:
        """A table of fields: a question for each cell."""
        ticks = asked.row["type"] == ":" and bool(asked.attribute("multiflexible_checkbox"))
        kind = Kind.NUMBER if asked.row["type"] == ":" else Kind.TEXT
        for line in asked.parts["0"]:
            above = _beside(asked.text, self.part_text(asked.place, line))
            if ticks:
                self._ticked_line(asked, line, above)
                continue
            for column in asked.parts["1"]:
                suffix = f"{line.get('title', '')}_{column.get('title', '')}"
                text = _beside(above, self.part_text(asked.place, column))
                question = self._field(asked, self.code(asked, suffix), text, kind)
                self.add(asked, question, self.item(asked, question, {}, suffix))
        if not asked.parts["0"] or not asked.parts["1"]:
            self.report.unsupported(asked.place, "type", "not_taken", type=asked.row["type"])

    def _ticked_line(self, asked: _Asked, line: Record, above: Text) -> None:
        names, codes = Names(options=True), dict[str, str]()
        options: list[Option] = []
        for column in asked.parts["1"]:
            title = column.get("title", "")
            codes[title] = names.code(title)
            options.append(Option(codes[title], self.part_text(asked.place, column)))
        title = line.get("title", "")
        code = self.code(asked, title)
        question = Question(code, Kind.CHOICES, above, asked.hint, options=tuple(options))
        named: list[tuple[str, Meaning]] = []
        for name, option in codes.items():
            named += [(n, Ticked(code, option)) for n in self.named(asked, f"{title}_{name}")]
        self.add(asked, question, named)

    def ranks(self, asked: _Asked) -> None:
        options, codes = self.options(asked)
        if not options:
            for part in asked.parts["0"]:
                codes[part.get("title", "")] = plain_code(part.get("title", ""), "o")
                text = self.part_text(asked.place, part)
                options.append(Option(codes[part.get("title", "")], text))
        self.report.approximated(asked.place, "type", "as_ranks", type=NAMES["R"])
        for rank in range(1, min(len(options), 12) + 1):
            words = Text(tuple((tag, f"{w} {rank}") for tag, w in self.words("rank").wordings))
            question = Question(
                self.code(asked, str(rank)),
                Kind.CHOICE,
                _beside(asked.text, words),
                asked.hint,
                options=tuple(options),
            )
            self.add(asked, question, self.item(asked, question, codes, str(rank)))

    def written(self, asked: _Asked) -> None:
        kind = Kind.TEXT if asked.row["type"] == "S" else Kind.LONG_TEXT
        if asked.row["type"] == "N" or asked.attribute("numbers_only"):
            kind = Kind.NUMBER
        question = self._field(asked, self.code(asked), asked.text, kind)
        self.add(asked, question, self.item(asked, question, {}))

    def _field(self, asked: _Asked, code: str, text: Text, kind: Kind) -> Question:
        unit = NO_TEXT
        suffix = {c: v for c, v in asked.attributes.get("suffix", {}).items() if v}
        if kind is Kind.NUMBER and suffix:
            unit = self.text(asked.place, suffix, filled=False)
        elif suffix:
            value = next(iter(suffix.values()))
            self.report.unsupported(asked.place, "look", "attribute", name="suffix", value=value)
        limits = self._number_limits(asked) if kind is Kind.NUMBER else self._text_limits(asked)
        return Question(code, kind, text, asked.hint, limits=limits, unit=unit)

    def _number_limits(self, asked: _Asked) -> Limits:
        bounds: dict[str, float | None] = {}
        for end, names in (
            ("minimum", ("min_num_value_n", "multiflexible_min", "slider_min")),
            ("maximum", ("max_num_value_n", "multiflexible_max", "slider_max")),
        ):
            written = next((w for w in map(asked.attribute, names) if w), "")
            bounds[end] = as_number(written) if written else None
            if written and bounds[end] is None:
                told = f"{end} {written}"
                self.report.unsupported(asked.place, "limits", "constraint", expression=told)
        low, high = bounds["minimum"], bounds["maximum"]
        if low is not None and high is not None and low > high:
            low = high = None
        return Limits(low, high, decimals=0 if asked.attribute("num_value_int_only") else 6)

    def _text_limits(self, asked: _Asked) -> Limits:
        written = asked.attribute("maximum_chars")
        longest = int(written) if written.isdecimal() and 1 <= int(written[:6]) <= 20_000 else None
        preg = asked.row.get("preg", "").strip()
        found = re.fullmatch(r"/\^?(.*?)\$?/[a-zA-Z]*", preg, re.DOTALL)
        pattern = found[1] if found and compiled(found[1]) is not None else None
        if preg and not pattern:
            self.report.unsupported(asked.place, "limits", "constraint", expression=preg)
        return Limits(max_length=longest, pattern=pattern or None)

    def moment(self, asked: _Asked) -> None:
        written = asked.attribute("date_format").casefold()
        parts = set(re.findall(r"[a-z]", written))
        if parts & {"h", "i"}:
            self.report.approximated(asked.place, "type", "as_date", type=written)
        precision = "day" if not parts or "d" in parts else "month" if "m" in parts else "year"
        bounds = {}
        for end, name in (("minimum", "date_min"), ("maximum", "date_max")):
            value = asked.attribute(name)
            if _ISO.fullmatch(value) and precision == "day":
                bounds[end] = value
            elif value:
                told = f"{name}={value}"
                self.report.unsupported(asked.place, "limits", "constraint", expression=told)
        question = Question(
            self.code(asked),
            Kind.DATE,
            asked.text,
            asked.hint,
            limits=Limits(bounds.get("minimum"), bounds.get("maximum")),
            precision=precision,  # type: ignore[arg-type]
        )
        self.add(asked, question, self.item(asked, question, {}))

    def told(self, asked: _Asked) -> None:
        self.add(asked, Question(self.code(asked), Kind.INFORMATION, asked.text, asked.hint))

    def equation(self, asked: _Asked) -> None:
        written = asked.attribute("equation")
        if not written:
            by_language = self.tables.written("questions", asked.row.get("qid", ""), "question")
            written = next(iter(by_language.values()), "")
        self.report.unsupported(asked.place, "form", "calculation", name=asked.title)
        inside = re.fullmatch(r"\s*(?:<[^>]*>\s*)*\{(.*)\}\s*(?:</[^>]*>\s*)*", written, re.DOTALL)
        for name in self.named(asked):
            self.form.calculated(name, inside[1] if inside else written)

    def _leftovers(self, asked: _Asked) -> None:
        if asked.attribute("hidden") and asked.row.get("type") != "*":
            self.report.unsupported(asked.place, "look", "never_asked", expression="hidden=1")
        for name, said in asked.attributes.items():
            value = next((v for v in said.values() if v not in NOTHING), "")
            if value and (name not in QUIET or name in SPOKEN):
                self.report.unsupported(asked.place, "look", "attribute", name=name, value=value)


_KINDS: dict[str, Callable[[_Reader, _Asked], None]] = {
    **dict.fromkeys("L!OYG5", _Reader.single),
    **dict.fromkeys("MP", _Reader.several),
    **dict.fromkeys("FABCEH", _Reader.array),
    "1": _Reader.dual,
    **dict.fromkeys("KQ", _Reader.parts_asked),
    **dict.fromkeys(":;", _Reader.cells),
    "R": _Reader.ranks,
    **dict.fromkeys("STUN", _Reader.written),
    "D": _Reader.moment,
    "X": _Reader.told,
    "*": _Reader.equation,
}


def read_lss(content: bytes, report: ImportReport) -> Questionnaire:
    """The questionnaire of a structure file. Raises ``ForeignFault``."""
    tables = read_tables(content, report)
    survey = tables.rows["surveys"][0] if tables.rows["surveys"] else {}
    sid = survey.get("sid", "")
    languages = tuple(tables.languages.values())
    form = ForeignForm(report, languages, NO_TEXT, read_lime)
    form.meanings = _Meanings(form.meanings)
    reader = _Reader(tables, report, form)
    spoken = "surveys_languagesettings"
    form.title = reader.text("surveys", tables.written(spoken, sid, "surveyls_title"), filled=False)
    if not form.title.wordings:
        form.title = Text(tuple((tag, f"Survey {sid}") for tag in languages))
    welcome = [
        reader.text("surveys", tables.written(spoken, sid, f"surveyls_{part}"), filled=False)
        for part in ("description", "welcometext")
    ]
    form.introduction = (
        _beside(*welcome)
        if all(w.wordings for w in welcome)
        else (welcome[1] if welcome[1].wordings else welcome[0])
    )
    _elsewhere(tables, report)
    by_group: dict[str, list[Record]] = defaultdict(list)
    for row in sorted(tables.unique("questions", "qid"), key=lambda r: number(r, "question_order")):
        if row.get("parent_qid", "0") in ("", "0"):
            by_group[row.get("gid", "")].append(row)
    for group in sorted(tables.unique("groups", "gid"), key=lambda r: number(r, "group_order")):
        reader.group(group, by_group.pop(group.get("gid", ""), []))
    if by_group:
        raise ForeignFault("questions", "unbalanced")
    return form.finish(plain_code(f"L{sid}", "L"))


class _Meanings(dict[str, Meaning]):
    """Names without what expressions hang on them: ``Q1.NAOK`` is ``Q1``."""

    def get(self, name: str, otherwise: Meaning | None = None) -> Meaning | None:  # type: ignore[override]
        name = name.removeprefix("INSERTANS:")
        return super().get(_SUFFIX.sub("", name), otherwise)


def _elsewhere(tables: Tables, report: ImportReport) -> None:
    """Parts of the file outside the questions."""
    for table in (
        "quota",
        "assessments",
        "defaultvalues",
        "quota_members",
        "survey_url_parameters",
    ):
        for row in tables.rows[table]:
            told = ", ".join(f"{k}={v}" for k, v in row.items() if v and k != "sid")[:120]
            report.unsupported(table, "look", "element", name=f"{table}: {told}")
    for row in tables.rows["surveys_languagesettings"]:
        for name, value in row.items():
            if value and name in ("surveyls_endtext", "surveyls_policy_notice", "surveyls_url"):
                report.unsupported(f"surveys_languagesettings.{name}", "look", "element", name=name)


def _source(place: str, written: str) -> tuple[Source, ...]:
    written = written.strip()
    if written in ("", "1"):
        return ()
    inside = re.fullmatch(r"\{(.*)\}", written, re.DOTALL)
    return (Source(place, inside[1] if inside else written),)


def _beside(text: Text, part: Text) -> Text:
    """A part of a question under the words of the whole."""
    above = text.as_dict()
    return Text(
        tuple(
            (tag, f"{above[tag]}\n{words}" if above.get(tag) else words)
            for tag, words in part.wordings
        )
    )
