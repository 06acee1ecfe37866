"""Pages of waves: the list, planning, one wave with its next step, opening, closing."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

from flask import redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from app.domain.errors import BadDefinition, BadInput
from app.domain.fieldwork import OPEN_CALL
from app.domain.permissions import Verb
from app.storage.database import now
from app.storage.sample_counts import sample_counts
from app.storage.waves import Wave
from app.web.coordinators.entry import blueprint
from app.web.coordinators.field_words import AUDIENCES, STATES, actor, names
from app.web.coordinators.versions import groups, plan_sent, stock_at_hand, versions_of
from app.web.coordinators.wave_form import LINKS, ZONE, WaveForm, frame_choices
from app.web.entrance import enters
from app.web.pages import house, problems_of
from app.workflows import dossiers, opening
from app.workflows import waves as acts


@blueprint.context_processor
def words() -> dict[str, Any]:
    """Words and the time zone for every page of this room."""
    return {"audience_words": AUDIENCES, "state_words": STATES, "paris": ZONE}


@blueprint.get("/waves")
@enters(Verb.WAVE_VIEW)
def waves() -> ResponseReturnValue:
    """Every wave of the programme, newest first."""
    return render_template(
        "coordinators/waves.html",
        waves=acts.waves(house(), actor()),
        may_create=actor().may(Verb.WAVE_CREATE),
    )


@blueprint.get("/waves/new")
@enters(Verb.WAVE_CREATE)
def wave_new() -> ResponseReturnValue:
    """The form that plans a wave."""
    return _form(WaveForm(), {})


@blueprint.post("/waves/new")
@enters(Verb.WAVE_CREATE)
def wave_create() -> ResponseReturnValue:
    """Plan the wave, or show the form with what is to be mended."""
    form = WaveForm()
    problems = form.problems()
    if not problems:
        try:
            new = replace(form.wave(), plan=plan_sent())
            wave_id = acts.create_wave(house(), actor(), new)
            return redirect(url_for("coordinators.wave", wave_id=wave_id), 303)
        except BadInput as refusal:
            problems = problems_of(refusal)
    return _form(form, problems), 422


def _form(form: WaveForm, problems: dict[str, str]) -> str:
    plan = plan_sent()
    opens_at = form.opens_at.data or now()
    return render_template(
        "coordinators/wave_new.html",
        form=form,
        problems=problems,
        frames=frame_choices(),
        links=LINKS,
        groups=groups(stock_at_hand(opens_at.date()), plan),
        chosen=bool(plan),
    )


@dataclass(frozen=True, slots=True)
class Step:
    """The next thing to do, in one sentence; where, and the right that it needs there."""

    sentence: str
    words: str = ""
    address: str = ""
    verb: Verb | None = None

    @property
    def offered(self) -> bool:
        """Whether this account can go there."""
        return self.verb is not None and bool(actor().scope(self.verb))


@blueprint.get("/waves/<int:wave_id>")
@enters(Verb.WAVE_VIEW)
def wave(wave_id: int) -> ResponseReturnValue:
    """One wave: where it stands, what it is answered with, what comes next."""
    found = acts.wave(house(), actor(), wave_id)
    scope = actor().scope(Verb.FIELDWORK_VIEW) | actor().scope(Verb.SAMPLE_IMPORT)
    with house().database.read() as session:
        counted = sample_counts(session, wave_id, scope)
    invited = sum(counted.people.values())
    return render_template(
        "coordinators/wave.html",
        wave=found,
        step=_next_step(found, invited, counted.missing) if scope else None,
        counts=bool(scope),
        invited=invited,
        missing=counted.missing,
        versions=versions_of(found),
        names=names(),
        frames=dict(frame_choices()),
        open_call=found.frame == OPEN_CALL,
        may={verb.name.lower(): bool(actor().scope(verb)) for verb in Verb},
    )


def _next_step(found: Wave, invited: int, missing: int) -> Step:
    if found.state == "closed":
        return Step(_("The wave is closed: its codes can no longer be printed."))
    if found.frame == OPEN_CALL and found.state == "open" and now() < found.closes_at:
        return Step(_("Anybody can answer now: give the addresses below to who is to know them."))
    if not invited and found.frame != OPEN_CALL:
        link = url_for("coordinators.wave_sample", wave_id=found.id)
        return Step(
            _("Nobody is in the sample yet."), _("Import the sample"), link, Verb.SAMPLE_IMPORT
        )
    if missing:
        link = url_for("coordinators.wave_sample", wave_id=found.id)
        return Step(
            _("Some people have no access code yet."), _("Create the codes"), link, Verb.CODES_ISSUE
        )
    if found.state == "planned" and dossiers.keeps_closed(house(), actor(), found.id):
        link = url_for("officer.dossier", wave_id=found.id)
        return Step(
            _("The data protection dossier is not complete and approved yet."),
            _("Open the dossier"),
            link,
            Verb.WAVE_VIEW,
        )
    if found.state == "planned":
        link = url_for("coordinators.wave_opening", wave_id=found.id)
        return Step(
            _("Everything is ready for the opening."), _("Open the wave"), link, Verb.WAVE_OPEN
        )
    if now() >= found.closes_at:
        link = url_for("coordinators.wave_closing", wave_id=found.id)
        return Step(
            _("Its time is over: nobody can answer any more."),
            _("Close the wave"),
            link,
            Verb.WAVE_CLOSE,
        )
    link = url_for("coordinators.wave_letters", wave_id=found.id)
    return Step(
        _("Letters can be printed, and the collection be followed."),
        _("Print the letters"),
        link,
        Verb.LETTERS_PRINT,
    )


@blueprint.get("/waves/<int:wave_id>/open")
@enters(Verb.WAVE_OPEN)
def wave_opening(wave_id: int) -> ResponseReturnValue:
    """What the wave would be opened with."""
    return _opening(acts.wave(house(), actor(), wave_id), ())


@blueprint.post("/waves/<int:wave_id>/open")
@enters(Verb.WAVE_OPEN)
def wave_open(wave_id: int) -> ResponseReturnValue:
    """Open the wave, or say with every finding why not."""
    found = acts.wave(house(), actor(), wave_id)
    try:
        decision = request.form.get("draft_decision", "")[:500]
        acts.open_wave(house(), actor(), wave_id, draft_decision=decision)
    except BadDefinition as refusal:
        return _opening(found, refusal.findings), 422
    return redirect(url_for("coordinators.wave", wave_id=wave_id), 303)


def _opening(found: Wave, findings: tuple[Any, ...]) -> str:
    prepared = None
    if found.state == "planned":
        try:
            prepared = acts.prepared(house(), actor(), found.id)
        except BadDefinition as refusal:
            findings = findings or refusal.findings
    if found.state == "planned":
        kept = dossiers.keeps_closed(house(), actor(), found.id)
        findings = (*(each for each in findings if each.place != dossiers.PLACE), *kept)
    drafts = opening.drafts_in(prepared) if prepared else 0
    return render_template(
        "coordinators/wave_opening.html",
        wave=found,
        prepared=prepared,
        versions=versions_of(found),
        findings=findings,
        drafts=drafts,
        decision_needed=bool(drafts) and not (house().demonstration or actor().synthetic),
        finding_place=_finding_place,
        places_to_go={"frameworks": ".frameworks", "questionnaires": ".questionnaires"},
        names=names(),
    )


def _finding_place(place: str) -> str:
    """Where a finding is, in words: codes of territories and audiences by their names."""
    known = names() | {code: str(words) for code, words in AUDIENCES.items()}
    known |= {"framework": _("Framework"), "frameworks": _("Frameworks")}
    known |= {"questionnaires": _("Questionnaires")}
    known |= {dossiers.PLACE: _("Data protection dossier")}
    return " ".join(known.get(word, word) for word in place.split())


@blueprint.get("/waves/<int:wave_id>/close")
@enters(Verb.WAVE_CLOSE)
def wave_closing(wave_id: int) -> ResponseReturnValue:
    """What closing does, before it is done."""
    return render_template(
        "coordinators/wave_closing.html", wave=acts.wave(house(), actor(), wave_id)
    )


@blueprint.post("/waves/<int:wave_id>/close")
@enters(Verb.WAVE_CLOSE)
def wave_close(wave_id: int) -> ResponseReturnValue:
    """Close the wave, or open it again where there is a reason."""
    if "reason" in request.form:
        acts.reopen_wave(house(), actor(), wave_id, request.form["reason"])
        return redirect(url_for("coordinators.wave", wave_id=wave_id), 303)
    acts.close_wave(house(), actor(), wave_id)
    return redirect(url_for("coordinators.wave", wave_id=wave_id), 303)
