"""Pages of administrative series: what was entered, a form for one value, a file for many."""

from __future__ import annotations

import io
from typing import Any

from flask import Response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import format_decimal
from flask_babel import gettext as _
from flask_wtf import FlaskForm
from wtforms import DateField, SelectField, StringField
from wtforms.validators import Length, Optional

from app.domain.errors import BadInput, Fault
from app.domain.permissions import Verb
from app.domain.series import LONGEST_SOURCE, SeriesValue
from app.domain.territories import NATION
from app.domain.text import Text
from app.domain.written_numbers import number_fault, number_in
from app.interchange.series_csv import (
    COLUMNS,
    SeriesFile,
    read_series,
    series_template,
)
from app.web.coordinators.entry import blueprint
from app.web.coordinators.field_words import actor, names, places
from app.web.entrance import enters
from app.web.pages import house, in_language
from app.workflows import series as acts
from app.workflows import uploads
from app.workflows.series import Placed

FAULTS_SHOWN = 100
PURPOSE = "series"


class SeriesForm(FlaskForm):  # type: ignore[misc] # WTForms has no types
    """One value; rules are in ``app.domain.series`` and ``app.workflows.series``."""

    code = SelectField(validate_choice=False)
    place = SelectField(validate_choice=False)  # TERRITORY or TERRITORY/sub-area
    start = DateField(validators=[Optional()])
    end = DateField(validators=[Optional()])
    numerator = StringField(validators=[Length(max=30)])
    denominator = StringField(validators=[Length(max=30)])
    source = StringField(validators=[Length(max=LONGEST_SOURCE)])

    def problems(self) -> dict[str, str]:
        """What cannot be read, by field."""
        self.validate()
        found = {name: _("This cannot be read. Correct it.") for name in self.errors if name}
        for name in ("start", "end"):
            if self[name].data is None:
                found[name] = _("A date is needed here.")
        for name in ("numerator", "denominator"):
            if said := number_fault(self[name].data or ""):
                found[name] = " ".join(map(in_language, said))
        return found

    def value(self) -> SeriesValue:
        """The value as it was filled in; only without ``problems``."""
        territory, _slash, sub_area = (self.place.data or "").partition("/")
        return SeriesValue(
            code=self.code.data or "",
            territory=territory,
            sub_area=sub_area,
            start=self.start.data,
            end=self.end.data,
            numerator=number_in(self.numerator.data) or 0.0,
            denominator=number_in(self.denominator.data) or 0.0,
            source=(self.source.data or "").strip(),
        )


@blueprint.get("/series")
@enters(Verb.SERIES_VIEW)
def series() -> ResponseReturnValue:
    """Every value that counts, by series and territory, with its source."""
    return _page()


def _page(form: SeriesForm | None = None, **values: Any) -> str:
    rows = acts.values_of(house(), actor())
    with house().database.read() as session:
        known = acts.known_series(session, actor().programme_id)
    may = bool(actor().scope(Verb.SERIES_ENTER))
    form = form or SeriesForm()
    form.code.choices = [
        (code, f"{in_language(each.indicator.title)} ({code})") for code, each in known.items()
    ]
    form.place.choices = _places() if may else []
    return render_template(
        "coordinators/series.html",
        form=form,
        may=may,
        known=known,
        groups={code: [row for row in rows if row.code == code] for code in known},
        others=[row for row in rows if row.code not in known],
        columns=COLUMNS,
        names=names(),
        decimal=format_decimal,
        own=actor().scope(Verb.SERIES_ENTER),
        done=request.args.get("done"),
        **values,
    )


def _places() -> list[tuple[str, str]]:
    found = []
    for code, name in places(Verb.SERIES_ENTER).items():
        found.append((code, name))
        found += [
            (f"{code}/{area}", f"{name}, {area}") for area in actor().territories[code].sub_areas
        ]
    return found


@blueprint.post("/series")
@enters(Verb.SERIES_ENTER)
def series_enter() -> ResponseReturnValue:
    """Enter one value."""
    form = SeriesForm()
    problems = form.problems()
    if not problems:
        try:
            report = acts.enter(house(), actor(), [("code", form.value())])
        except BadInput as refusal:
            said = (f"{in_language(f.reason)} {in_language(f.remedy)}" for f in refusal.faults)
            problems = {"code": " ".join(said)}
        else:
            done = "replaced" if report.replaced else "same" if report.same else "entered"
            return redirect(url_for("coordinators.series", done=done), 303)
    return _page(form, problems=problems), 422


@blueprint.post("/series/<int:row_id>/take-back")
@enters(Verb.SERIES_ENTER)
def series_take_back(row_id: int) -> ResponseReturnValue:
    """Let a value stop counting."""
    acts.take_back(house(), actor(), row_id)
    return redirect(url_for("coordinators.series", done="taken_back"), 303)


@blueprint.get("/series-template.csv")
@enters(Verb.SERIES_VIEW)
def series_empty_file() -> Response:
    """An empty file to fill in."""
    headers = {"Content-Disposition": 'attachment; filename="series.csv"'}
    return Response(series_template(), mimetype="text/csv", headers=headers)


@blueprint.post("/series/file")
@enters(Verb.SERIES_ENTER)
def series_preview() -> ResponseReturnValue:
    """Read the file and say what an import would do; nothing is changed yet."""
    sent = request.files.get("file")
    content = sent.read() if sent else b""
    if not content:
        return _page(faults=[_NO_FILE]), 422
    try:
        found, report = _read(content)
    except BadInput as refusal:
        shown = refusal.faults[:FAULTS_SHOWN]
        return _page(faults=shown, fault_count=len(refusal.faults)), 422
    token = uploads.keep(house(), actor(), PURPOSE, content)
    return _page(report=report, upload=token, warnings=found.warnings)


_NO_FILE = Fault(
    "",
    Text.of(fr="Aucun fichier, ou un fichier vide.", en="No file, or an empty one."),
    Text.of(fr="Choisissez le fichier des séries.", en="Choose the file of the series."),
)


def _read(content: bytes) -> tuple[SeriesFile, acts.SeriesReport]:
    """The file and what its import would do; every fault of every line, or none."""
    found = read_series(io.BytesIO(content))
    if faults := [*found.faults, *_foreign(found.values)]:
        raise BadInput(faults)
    return found, acts.preview(house(), actor(), found.values)


def _foreign(values: list[Placed]) -> list[Fault]:
    own = actor().scope(Verb.SERIES_ENTER)
    return [
        Fault(
            f"{place} territory",
            Text.of(
                fr="Votre compte ne couvre pas ce territoire.",
                en="Your account is not for this territory.",
            ),
            Text.of(fr="Retirez cette ligne du fichier.", en="Take this line out of the file."),
        )
        for place, value in values
        if value.territory not in own or value.territory == NATION
    ]


@blueprint.post("/series/import")
@enters(Verb.SERIES_ENTER)
def series_import() -> ResponseReturnValue:
    """Import the file that was previewed: all of it or nothing."""
    token = request.form.get("token", "")
    content = uploads.take(house(), actor(), PURPOSE, token)
    found, _report = _read(content)
    acts.enter(house(), actor(), found.values)
    uploads.forget(house(), token)
    return redirect(url_for("coordinators.series", done="imported"), 303)
