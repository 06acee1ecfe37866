"""Pages of a wave's weights: known totals, how they are used, and what the answers would get."""

from __future__ import annotations

import io
from datetime import date
from typing import Any

from flask import Response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import format_decimal, format_percent, ngettext
from flask_babel import gettext as _
from flask_wtf import FlaskForm
from werkzeug.wrappers import Response as Redirect
from wtforms import DateField, SelectField, StringField
from wtforms.validators import Length, Optional

from app.domain.errors import BadInput, Fault
from app.domain.known_totals import FRAME, LONGEST, KnownTotal, WeightingRule
from app.domain.permissions import Verb
from app.domain.text import Text
from app.domain.written_numbers import number_fault, number_in
from app.interchange.known_totals_csv import (
    COLUMNS,
    KnownTotalsFile,
    read_totals,
    totals_template,
    written_totals,
)
from app.web.coordinators.entry import blueprint
from app.web.coordinators.field_words import AUDIENCES, actor, names, places
from app.web.entrance import enters
from app.web.pages import day, house, in_language, problems_of
from app.web.weights_picture import effective_shares
from app.workflows import known_totals as acts
from app.workflows import uploads
from app.workflows import waves as waves_acts
from app.workflows.weight_words import METHODS
from app.workflows.weighting_report import WeightingView, last_weighting, start_weighting

FAULTS_SHOWN = 100


class TotalForm(FlaskForm):  # type: ignore[misc] # WTForms has no types
    """One total; rules are in ``app.domain.known_totals`` and ``app.workflows.known_totals``."""

    place = SelectField(validate_choice=False)  # TERRITORY.AUDIENCE
    margin = StringField(validators=[Length(max=LONGEST)])
    category = StringField(validators=[Length(max=LONGEST)])
    count = StringField(validators=[Length(max=30)])
    units = StringField(validators=[Length(max=30)])
    into = StringField(validators=[Length(max=LONGEST)])
    source = StringField(validators=[Length(max=LONGEST)])
    dated = DateField(validators=[Optional()])

    def problems(self) -> dict[str, str]:
        """What cannot be read, by field."""
        self.validate()
        found = {name: _("This cannot be read. Correct it.") for name in self.errors if name}
        if self.dated.data is None:
            found["dated"] = _("A date is needed here.")
        for name in ("count", "units"):
            if self[name].data and (said := number_fault(self[name].data)):
                found[name] = " ".join(map(in_language, said))
        return found

    def total(self) -> KnownTotal:
        """The total as it was filled in; only without ``problems``."""
        territory, _dot, audience = (self.place.data or "").partition(".")
        return KnownTotal(
            territory=territory,
            audience=audience,
            margin=(self.margin.data or "").strip(),
            category=(self.category.data or "").strip(),
            count=number_in(self.count.data) if self.count.data else None,
            source=(self.source.data or "").strip(),
            dated=self.dated.data,
            units=number_in(self.units.data) if self.units.data else None,
            into=(self.into.data or "").strip(),
        )


@blueprint.get("/waves/<int:wave_id>/weighting")
@enters(Verb.MARGINS_VIEW)
def wave_weighting(wave_id: int) -> ResponseReturnValue:
    """What is known of the populations, and what the weights would be."""
    return _page(wave_id)


def _page(wave_id: int, form: TotalForm | None = None, **values: Any) -> str:
    wave = waves_acts.wave(house(), actor(), wave_id)
    known = acts.known(house(), actor(), wave_id)
    job, found = last_weighting(house(), actor(), wave_id)
    form = form or TotalForm()
    own = places(Verb.MARGINS_ENTER)
    form.place.choices = [
        (f"{code}.{audience}", f"{name}, {words}")
        for code, name in own.items()
        for audience, words in AUDIENCES.items()
    ]
    groups: dict[tuple[str, str], list[Any]] = {}
    for row in known.rows:
        groups.setdefault((row.territory, row.audience), []).append(row)
    return render_template(
        "coordinators/weighting.html",
        wave=wave,
        form=form,
        own=own,
        groups=groups,
        rules=known.rules,
        lede=_lede(groups),
        job=job,
        found=found,
        chart=_chart(found),
        methods={code: in_language(text) for code, text in METHODS.items()},
        columns=COLUMNS,
        names=names(),
        number=_number,
        percent=_percent,
        dated=_dated,
        FRAME=FRAME,
        done=request.args.get("done"),
        **values,
    )


def _lede(groups: dict[tuple[str, str], list[Any]]) -> str:
    weighted = sum(any(row.margin != FRAME for row in rows) for rows in groups.values())
    if not weighted:
        return str(_("Nothing is known of the populations yet: the weights of the sample count."))
    return str(
        ngettext(
            "The answers of one group are weighted to known totals.",
            "The answers of %(num)d groups are weighted to known totals.",
            weighted,
        )
    )


def _number(value: float, decimals: int = 0) -> str:
    return str(format_decimal(round(value, decimals)))


def _percent(share: float) -> str:
    return str(format_percent(share, "#,##0.## %" if 0 < share < 0.01 else "#,##0 %"))


def _dated(written: str | date) -> str:
    return day(date.fromisoformat(written) if isinstance(written, str) else written)


def _chart(found: WeightingView | None) -> Any:
    if found is None or not found.reports:
        return None
    known = names()
    labelled = [
        (f"{known[each['territory']]}, {AUDIENCES[each['audience']]}", each)
        for each in found.reports
    ]
    return effective_shares(labelled, _number, _percent)


@blueprint.post("/waves/<int:wave_id>/weighting")
@enters(Verb.MARGINS_ENTER)
def wave_total_enter(wave_id: int) -> ResponseReturnValue:
    """Enter one total."""
    form = TotalForm()
    problems = form.problems()
    if not problems:
        try:
            acts.enter(house(), actor(), wave_id, [("category", form.total())], whole=False)
        except BadInput as refusal:
            said = (f"{in_language(f.reason)} {in_language(f.remedy)}" for f in refusal.faults)
            problems = {"category": " ".join(said)}
        else:
            return _done(wave_id, "entered")
    return _page(wave_id, form, problems=problems), 422


def _done(wave_id: int, done: str) -> Redirect:
    return redirect(url_for("coordinators.wave_weighting", wave_id=wave_id, done=done), 303)


@blueprint.post("/waves/<int:wave_id>/weighting/<int:row_id>/take-back")
@enters(Verb.MARGINS_ENTER)
def wave_total_take_back(wave_id: int, row_id: int) -> ResponseReturnValue:
    """Let a total stop counting."""
    acts.take_back(house(), actor(), wave_id, row_id)
    return _done(wave_id, "taken_back")


@blueprint.post("/waves/<int:wave_id>/weighting/rule")
@enters(Verb.MARGINS_ENTER)
def wave_weighting_rule(wave_id: int) -> ResponseReturnValue:
    """Bounds, merging and the finite population of one group."""
    territory, _dot, audience = request.form.get("group", "").partition(".")
    texts = {
        name: request.form.get(name, "").strip()[:30]
        for name in ("lower", "upper", "collapse_below")
    }
    read = {name: number_in(text) if text else None for name, text in texts.items()}
    problems = {
        name: " ".join(map(in_language, said))
        for name, text in texts.items()
        if text and (said := number_fault(text))
    }
    if not problems:
        rule = WeightingRule(
            territory,
            audience,
            read["lower"],
            read["upper"],
            int(read["collapse_below"] or 0),
            bool(request.form.get("finite")),
        )
        try:
            acts.set_rule(house(), actor(), wave_id, rule)
        except BadInput as refusal:
            problems = problems_of(refusal)
        else:
            return _done(wave_id, "rule")
    return _page(wave_id, rule_problems=problems, sent=request.form), 422


@blueprint.post("/waves/<int:wave_id>/weighting/try")
@enters(Verb.MARGINS_VIEW)
def wave_weighting_try(wave_id: int) -> ResponseReturnValue:
    """Weigh the answers of now, in the background."""
    start_weighting(house(), actor(), wave_id)
    return _done(wave_id, "started")


@blueprint.get("/waves/<int:wave_id>/totals.csv")
@enters(Verb.MARGINS_VIEW)
def wave_totals_file(wave_id: int) -> Response:
    """The totals that count, as the file that the import takes; empty where there is none."""
    known = acts.known(house(), actor(), wave_id)
    totals = [row.total for row in known.rows]
    headers = {"Content-Disposition": 'attachment; filename="totals.csv"'}
    content = written_totals(totals) if totals else totals_template()
    return Response(content, mimetype="text/csv", headers=headers)


@blueprint.post("/waves/<int:wave_id>/weighting/file")
@enters(Verb.MARGINS_ENTER)
def wave_totals_preview(wave_id: int) -> ResponseReturnValue:
    """Read the file and say what an import would do; nothing is changed yet."""
    sent = request.files.get("file")
    content = sent.read() if sent else b""
    if not content:
        return _page(wave_id, faults=[_NO_FILE]), 422
    try:
        found, report = _read(wave_id, content)
    except BadInput as refusal:
        shown = refusal.faults[:FAULTS_SHOWN]
        return _page(wave_id, faults=shown, fault_count=len(refusal.faults)), 422
    token = uploads.keep(house(), actor(), f"totals:{wave_id}", content)
    return _page(wave_id, report=report, upload=token, warnings=found.warnings)


_NO_FILE = Fault(
    "",
    Text.of(fr="Aucun fichier, ou un fichier vide.", en="No file, or an empty one."),
    Text.of(fr="Choisissez le fichier des effectifs.", en="Choose the file of the totals."),
)


def _read(wave_id: int, content: bytes) -> tuple[KnownTotalsFile, acts.TotalsReport]:
    """The file and what its import would do; every fault of every line, or none."""
    found = read_totals(io.BytesIO(content))
    own = actor().scope(Verb.MARGINS_ENTER)
    foreign = [
        Fault(
            f"{place} territory",
            Text.of(
                fr="Votre compte ne couvre pas ce territoire.",
                en="Your account is not for this territory.",
            ),
            Text.of(fr="Retirez cette ligne du fichier.", en="Take this line out of the file."),
        )
        for place, total in found.totals
        if total.territory not in own
    ]
    if faults := [*found.faults, *foreign]:
        raise BadInput(faults)
    return found, acts.preview(house(), actor(), wave_id, found.totals)


@blueprint.post("/waves/<int:wave_id>/weighting/import")
@enters(Verb.MARGINS_ENTER)
def wave_totals_import(wave_id: int) -> ResponseReturnValue:
    """Import the file that was previewed: all of it or nothing."""
    token = request.form.get("token", "")
    content = uploads.take(house(), actor(), f"totals:{wave_id}", token)
    found, _report = _read(wave_id, content)
    acts.enter(house(), actor(), wave_id, found.totals)
    uploads.forget(house(), token)
    return _done(wave_id, "imported")
