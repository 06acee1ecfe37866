"""The sheet ``survey`` of an XLSForm, row by row: groups, repeats, questions."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace

from app.domain.answer_files import Medium
from app.domain.conditions import Condition
from app.domain.questionnaire import Kind, Limits, Option, Question, Required
from app.domain.text import NO_TEXT, Text
from app.interchange.foreign_form import MOST_ENTRIES, Entry, ForeignForm, Source
from app.interchange.foreign_ranks import MOST_RANKS, after, unplaced
from app.interchange.foreign_text import joined
from app.interchange.import_report import ForeignFault, ImportReport
from app.interchange.xlsform_filters import narrowed
from app.interchange.xlsform_options import Listed
from app.interchange.xlsform_rows import (
    Group,
    constrained,
    ending,
    leftovers,
    relevant,
    required,
)
from app.interchange.xlsform_sheets import Row
from app.interchange.xlsform_texts import Columns
from app.interchange.xlsform_words import (
    AS_TEXT,
    CLOSES,
    DEVICE,
    NAME_WORDS,
    OPENS,
    OPENS_LIST,
    OTHER_WORDS,
    SELECT,
    SHARED,
    SIMPLE,
    YES,
)

MAX_NESTED = 40


@dataclass
class SurveyReader:
    form: ForeignForm
    columns: Columns
    lists: dict[str, Listed]
    kinds: Mapping[str, Callable[[SurveyReader, Row], None]]
    groups: list[Group] = field(default_factory=list)
    asked: int = 0
    used: set[str] = field(default_factory=set)  # names of lists

    @property
    def report(self) -> ImportReport:
        """Where everything is said."""
        return self.form.report

    def row(self, row: Row) -> None:
        """One line of the sheet ``survey``."""
        written = " ".join(row.get("type").split())
        kind = written.casefold().replace("_", " ")
        if row.get("disabled").casefold() in YES:
            self.report.unsupported(row.place, "form", "row", value="disabled")
        elif kind.startswith((*OPENS, *OPENS_LIST)):
            self._begin(row, repeat=kind.startswith(OPENS_LIST))
        elif kind in CLOSES:
            if not self.groups:
                raise ForeignFault(row.place, "unbalanced")
            self._end()
        elif written:
            self._asked(row, written)
        elif row.get("name") or self.columns.text(row, "label", None).wordings:
            self.report.unsupported(row.place, "form", "row", value=row.get("name", "label"))

    def _begin(self, row: Row, *, repeat: bool) -> None:
        if len(self.groups) >= MAX_NESTED:
            raise ForeignFault(row.place, "too_deep")
        outer = self.groups[-1] if self.groups else None
        conditions = (*(outer.conditions if outer else ()), *relevant(row))
        label = self.columns.text(row, "label", self.form.meanings)
        title = joined(outer.section if outer else NO_TEXT, label)
        inside = next((group.entry for group in self.groups if group.entry), None)
        group = Group(row.place, label, title, conditions, inside, self.asked, row.get(*SHARED))
        group.matrix = bool(row.get(SHARED[-1]))
        if repeat and inside is None:
            group.entry = self._list(row, label, conditions)
            group.conditions = ()
        elif repeat:
            self.report.approximated(row.place, "type", "repeat_inside")
        if row.get("appearance"):
            self.report.approximated(row.place, "look", "look", value=row.get("appearance"))
        if self.columns.text(row, "hint", None).wordings:
            self.report.unsupported(row.place, "text", "column", name="hint")
        self.groups.append(group)
        leftovers(self.report, row)

    def _end(self) -> None:
        group = self.groups.pop()
        if self.asked == group.asked and group.label.wordings:
            self.report.unsupported(group.place, "form", "children_of_option")
        outer = next((found.entry for found in self.groups if found.entry), None)
        if group.entry is None or outer is not None:
            return
        inner = group.entry.inner
        if not any(one.question.kind is not Kind.INFORMATION for one in inner):
            for one in inner:
                self.form.add(one)
            return
        question = replace(group.entry.question, each=tuple(one.question for one in inner))
        group.entry.question = question
        self.form.section(self.groups[-1].section if self.groups else NO_TEXT)
        self.form.add(group.entry)
        for one in inner:
            self.form.told(one)

    def _within(self) -> Text:
        """The titles of the groups inside the repeat, which is no section of its own."""
        found = NO_TEXT
        entries = [group.entry for group in self.groups]
        for group in self.groups[entries.index(next(filter(None, entries))) + 1 :]:
            found = joined(found, group.label)
        return found

    def _list(self, row: Row, label: Text, conditions: tuple[Source, ...]) -> Entry:
        name = row.get("name") or "repeat"
        text = label if label.wordings else self.words({}, name)
        wanted = row.get("repeat_count")
        most = int(wanted) if wanted.isdecimal() and 1 <= int(wanted[:4]) <= MOST_ENTRIES else 0
        if not most:
            most = MOST_ENTRIES if wanted else 6
            if wanted:
                told = {"expression": wanted, "most": most}
                self.report.approximated(row.place, "limits", "repeat_count", **told)
        self.report.approximated(row.place, "look", "repeat")
        question = Question(
            code=self.form.code(row.place, name, repeated=True),
            kind=Kind.LIST,
            text=text,
            name=self.words(NAME_WORDS, "Name or number"),
            entry=text,
            most=most,
        )
        return Entry(row.place, question, conditions)

    def words(self, known: dict[str, str], otherwise: str) -> Text:
        return Text(tuple((tag, known.get(tag, otherwise)) for tag in self.form.languages))

    # questions

    def _asked(self, row: Row, written: str) -> None:
        if written in ("select_one", "select_multiple", "rank"):  # the list in a column of its own
            written = f"{written} {row.get('list_name')}".strip()
        base = written.casefold()
        other = base.endswith((" or_other", " or specify other", " or other"))
        if other:
            written = re.sub(r"(?i)\s+or(_other| specify other| other)$", "", written)
            base = written.casefold()
        if base in ("calculate", "calculate_here") or (base == "hidden" and row.get("calculation")):
            self._calculated(row)
            return
        select = SELECT.fullmatch(written)
        if self.groups and self.groups[-1].matrix:
            self.report.approximated(row.place, "type", "matrix_rows", name=self.groups[-1].listed)
        if select:
            self._select(row, select, other=other)
        elif base in SIMPLE:
            self.simple(row, SIMPLE[base], base)
        elif base in self.kinds:
            self.kinds[base](self, row)
        else:
            self._unlike(row, written, base)

    def _unlike(self, row: Row, written: str, base: str) -> None:
        """What no kind of question of ours is like."""
        if base in DEVICE or base.startswith(("get ", "set ")):
            self.report.unsupported(row.place, "form", "device_value", type=written)
        elif base in AS_TEXT:
            self.report.approximated(row.place, "type", "as_text", type=written)
            self.add(row, Kind.TEXT)
        else:
            self.report.unsupported(row.place, "type", "not_taken", type=written)

    def _calculated(self, row: Row) -> None:
        name = row.get("name")
        self.report.unsupported(row.place, "form", "calculation", name=name)
        if row.get("calculation") and name:
            self.form.calculated(name, row.get("calculation"))

    def _select(self, row: Row, found: re.Match[str], *, other: bool) -> None:
        wanted, name = found[1].casefold(), found["list"].strip()
        listed = self.lists.get(name)
        self.used.add(name)
        multiple = not wanted.startswith(
            ("select_one", "select one", "select1", "rank", "selectone")
        )
        if listed is None or not listed.options:
            self.report.unsupported(row.place, "options", "options_missing", name=name)
            self.add(row, Kind.TEXT)
            return
        options, codes = listed.options, dict(listed.codes)
        if other:
            option = Option("other", self.words(OTHER_WORDS, "Other"), specify=True)
            options = (*(o for o in options if o.code != "other"), option)
            codes["other"] = "other"
        self.about_options(row, listed)
        if row.get("choice_filter"):
            written = row.get("choice_filter")
            options = narrowed(self.form, row.place, listed, options, written)
        if wanted == "rank":
            self._ranks(row, options, codes)
        elif "label" in row.get("appearance").casefold().replace("nolabel", "").split():
            self.add(row, Kind.INFORMATION)
        else:
            self.add(row, Kind.CHOICES if multiple else Kind.CHOICE, options=options, codes=codes)

    def about_options(self, row: Row, listed: Listed) -> None:
        if len(listed.options) < 2:
            self.report.approximated(row.place, "look", "one_option")
        if listed.media:
            self.report.unsupported(row.place, "look", "option_media")
        if "randomize" in row.get("parameters").replace(" ", "").casefold():
            self.report.approximated(row.place, "look", "options_shuffled")

    def _ranks(self, row: Row, options: tuple[Option, ...], codes: dict[str, str]) -> None:
        self.report.approximated(row.place, "look", "as_ranks", type="rank")
        if len(options) > MOST_RANKS:
            told = {"most": MOST_RANKS, "number": len(options)}
            self.report.approximated(row.place, "type", "ranks_kept", **told)
        earlier: list[str] = []
        for rank in range(1, min(len(options), MOST_RANKS) + 1):
            left, own = unplaced(options, earlier), after(earlier)
            code = self.add(row, Kind.CHOICE, options=left, codes=codes, suffix=f"_{rank}", own=own)
            earlier.append(code)

    def simple(self, row: Row, kind: Kind, base: str) -> None:
        look = row.get("appearance").casefold()
        limits, precision = Limits(), "day"
        if kind is Kind.NUMBER:
            limits = Limits(decimals=6 if base == "decimal" else 0)
        if kind is Kind.DATE:
            precision = {"year": "year", "month-year": "month"}.get(look, "day")
        if kind is Kind.TEXT and "multiline" in look:
            kind = Kind.LONG_TEXT
        self.add(row, kind, limits=limits, precision=precision)

    def add(
        self,
        row: Row,
        kind: Kind,
        *,
        options: tuple[Option, ...] = (),
        codes: dict[str, str] | None = None,
        limits: Limits = Limits(),  # noqa: B008  frozen
        precision: str = "day",
        suffix: str = "",
        accepts: tuple[Medium, ...] = (),
        own: Condition | None = None,
    ) -> str:
        """The question of a row, or one of several that it becomes; its code."""
        name = row.get("name")
        if not name:
            self.report.approximated(row.place, "look", "renamed", name="", code="Q")
        text = self.columns.text(row, "label", self.form.meanings)
        if not text.wordings:
            text = self.words({}, name or "…")
            self.report.approximated(row.place, "text", "no_label", name=name)
        if suffix:
            text = ending(text, suffix)
        inside = next((group.entry for group in self.groups if group.entry), None)
        repeated = inside is not None
        question = Question(
            code=self.form.code(row.place, f"{name or 'Q'}{suffix}", repeated=repeated),
            kind=kind,
            text=text,
            hint=self.columns.text(row, "hint", self.form.meanings),
            options=options,
            limits=limits,
            accepts=accepts,
            precision=precision,  # type: ignore[arg-type]
            scan=row.get("type").casefold() == "barcode",
            required=Required.NO if kind is Kind.INFORMATION else required(self.report, row),
        )
        question = constrained(self.report, self.columns, self.form.meanings, question, row)
        conditions = (*(self.groups[-1].conditions if self.groups else ()), *relevant(row))
        entry = Entry(row.place, question, conditions, own)
        if kind is not Kind.INFORMATION:
            self.form.means(name, question, codes or {})
        self.asked += 1
        if inside is not None:
            text = self.form.under(row.place, self._within(), question.text)
            entry.question = replace(question, text=text)
            inside.inner.append(entry)
        else:
            self.form.section(self.groups[-1].section if self.groups else NO_TEXT)
            self.form.add(entry)
        leftovers(self.report, row)
        return question.code
