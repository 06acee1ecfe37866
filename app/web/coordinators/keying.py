"""Pages on which sheets of paper are found and keyed, a section at a time."""

from __future__ import annotations

from typing import Any, get_args

from flask import redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from app.domain.answers import RespondentRole
from app.domain.assent import MEASURES, REPRESENTATIVES
from app.domain.errors import BadInput, Fault, NotFound
from app.domain.keying import Typed
from app.domain.permissions import Verb
from app.domain.sittings import AGREEMENTS, RELATIONS, ROLES, Sitting
from app.storage import keying as stored
from app.web.coordinators.entry import blueprint
from app.web.coordinators.field_words import actor, names
from app.web.coordinators.keyed_words import questions, terms_of
from app.web.entrance import enters
from app.web.language import LANGUAGES
from app.web.pages import house, in_language, problems_of
from app.web.sitting_words import INSTEAD_WORDS, RELATION_WORDS, ROLE_WORDS
from app.workflows import correcting, notices, sheets, waves
from app.workflows import keying as acts
from app.workflows.keying import OpenEntry
from app.workflows.sheets import NewEntry

REASONS: dict[str, Any] = {
    "misread": _l("a box or a word was misread"),
    "left_out": _l("something was left out"),
    "other_sheet": _l("the sheet of somebody else was keyed"),
    "other": _l("something else"),
}


@blueprint.get("/waves/<int:wave_id>/keying")
@enters(Verb.RESPONSE_KEY)
def wave_keying(wave_id: int) -> ResponseReturnValue:
    """Find a sheet; what this person has open; what waits for a second keying or a decision."""
    return _start(wave_id, {})


def _start(wave_id: int, problems: dict[str, str]) -> str:
    wave = waves.wave(house(), actor(), wave_id)
    own, scope = actor().account_id, actor().scope(Verb.RESPONSE_KEY)
    with house().database.read() as session:
        open_entries = stored.unfinished(session, wave_id, own)
        waiting = stored.waiting(session, wave_id, scope)
        quality = stored.quality(session, wave_id, scope)
    return render_template(
        "coordinators/keying.html",
        wave=wave,
        problems=problems,
        done=request.args.get("done"),
        open_entries=open_entries,
        second=[row for row in waiting if row[5] == 1 and row[4] != own],
        differing=[row for row in waiting if row[5] == 2],
        quality=quality,
        may_decide=bool(actor().scope(Verb.RESPONSE_DECIDE)),
        may_set=actor().may(Verb.WAVE_CREATE),
    )


@blueprint.post("/waves/<int:wave_id>/keying")
@enters(Verb.RESPONSE_KEY)
def wave_keying_find(wave_id: int) -> ResponseReturnValue:
    """Find the sheet by its code or reference; neither goes into an address."""
    try:
        found = sheets.find(house(), actor(), wave_id, request.form.get("sheet", ""))
    except NotFound:
        words = _("No sheet with this code or reference in your territories.")
        return _start(wave_id, {"sheet": words}), 422
    address = url_for("coordinators.wave_keying_sheet", wave_id=wave_id, person=found)
    return redirect(address, 303)


@blueprint.post("/waves/<int:wave_id>/keying/rate")
@enters(Verb.WAVE_CREATE)
def wave_keying_rate(wave_id: int) -> ResponseReturnValue:
    """How many of a hundred sheets are keyed twice."""
    written = request.form.get("rate", "").strip()
    try:
        percent = int(written) if written.isdecimal() and len(written) < 4 else -1
        acts.set_rate(house(), actor(), wave_id, percent)
    except BadInput as refusal:
        return _start(wave_id, problems_of(refusal)), 422
    return redirect(url_for("coordinators.wave_keying", wave_id=wave_id, done="rate"), 303)


@blueprint.get("/waves/<int:wave_id>/keying/<int:person>")
@enters(Verb.RESPONSE_KEY)
def wave_keying_sheet(wave_id: int, person: int) -> ResponseReturnValue:
    """Where a sheet stands, and the form that begins to key it."""
    return _sheet(wave_id, person, {})


def _sheet(wave_id: int, person: int, problems: dict[str, str]) -> str:
    found = sheets.sheet(house(), actor(), wave_id, person)
    scope = actor().scope(Verb.RESPONSE_DECIDE)
    with house().database.read() as session:
        batch = stored.last_batch(session, wave_id, actor().account_id)
        owner = stored.person(session, wave_id, person, scope)
        correctable = owner is not None and correcting.may_correct(session, owner)
    return render_template(
        "coordinators/keying_sheet.html",
        wave=waves.wave(house(), actor(), wave_id),
        notices=[
            str(each.number)
            for each in notices.notices(house(), actor())
            if each.kind == "participants"
        ],
        sheet=found,
        names=names(),
        problems=problems,
        batch=request.form.get("batch", batch),
        sent=request.form,
        role_words={role: ROLE_WORDS[role] for role in ROLES[found.audience]},
        relation_words=RELATION_WORDS,
        instead_words=INSTEAD_WORDS,
        correctable=correctable,
        reason_words=REASONS,
    )


@blueprint.post("/waves/<int:wave_id>/keying/<int:person>")
@enters(Verb.RESPONSE_KEY)
def wave_keying_begin(wave_id: int, person: int) -> ResponseReturnValue:
    """Begin to key a sheet."""
    try:
        entry_id = sheets.begin(house(), actor(), wave_id, person, _new_entry())
    except BadInput as refusal:
        return _sheet(wave_id, person, problems_of(refusal)), 422
    return redirect(url_for("coordinators.keying_entry", entry_id=entry_id), 303)


@blueprint.post("/waves/<int:wave_id>/keying/<int:person>/correct")
@enters(Verb.RESPONSE_DECIDE)
def wave_keying_correct(wave_id: int, person: int) -> ResponseReturnValue:
    """Begin to key a sheet anew that was keyed wrongly."""
    reason = request.form.get("reason", "")
    try:
        entry_id = correcting.begin(house(), actor(), wave_id, person, _new_entry(), reason)
    except BadInput as refusal:
        return _sheet(wave_id, person, problems_of(refusal)), 422
    return redirect(url_for("coordinators.keying_entry", entry_id=entry_id), 303)


def _new_entry() -> NewEntry:
    sent = request.form
    roles: tuple[RespondentRole, ...] = get_args(RespondentRole)
    role = next((one for one in roles if one == sent.get("role")), roles[0])
    lang = sent.get("language", "fr")
    instead = {
        name: sent.get(name, "") if role == "proxy" and sent.get(name) in known else ""
        for name, known in (
            ("relation", RELATIONS),
            ("agrees", AGREEMENTS),
            ("measure", MEASURES),
            ("representative", REPRESENTATIVES),
        )
    }
    sitting = Sitting(
        role=role,
        lang=lang if lang in LANGUAGES else "fr",
        relation=instead["relation"],
        agrees=instead["agrees"],
        measure=instead["measure"],
        representative=instead["representative"],
        notice=sent.get("notice", ""),
    )
    return NewEntry(sent.get("batch", ""), sent.get("consent") == "yes", sitting)


@blueprint.get("/keying/<int:entry_id>")
@enters(Verb.RESPONSE_KEY)
def keying_entry(entry_id: int) -> ResponseReturnValue:
    """The next section to key; when none is left, the way to finish."""
    found = acts.open_entry(house(), actor(), entry_id)
    following = found.next_section
    if following is not None and "all" not in request.args:
        return redirect(
            url_for(
                "coordinators.keying_section",
                entry_id=entry_id,
                section=following.code,
                beside=request.args.get("beside"),
            ),
            303,
        )
    return render_template(
        "coordinators/keying_entry.html",
        found=found,
        following=following,
        beside=_beside(),
        names=names(),
        terms=terms_of(actor(), found.entry.territory),
    )


def _beside() -> int:
    written = request.args.get("beside", "")
    return int(written) if written.isdecimal() and len(written) < 4 else 0


@blueprint.get("/keying/<int:entry_id>/<section>")
@enters(Verb.RESPONSE_KEY)
def keying_section(entry_id: int, section: str) -> ResponseReturnValue:
    """All questions of a section."""
    return _section(acts.open_entry(house(), actor(), entry_id), section, None, ())


def _section(
    found: OpenEntry, code: str, typed: dict[str, Typed] | None, faults: tuple[Fault, ...]
) -> str:
    section = next((one for one in found.sections if one.code == code), None)
    if section is None:
        raise NotFound
    terms = terms_of(actor(), found.entry.territory)
    return render_template(
        "coordinators/keying_section.html",
        found=found,
        section=section,
        part=found.sections.index(section) + 1,
        questions=questions(found.questionnaire, section, found.keyed, typed, terms),
        problems={
            f"k-{one.place}": f"{in_language(one.reason)} {in_language(one.remedy)}"
            for one in faults
        },
        beside=_beside(),
        terms=terms,
    )


@blueprint.post("/keying/<int:entry_id>/<section>")
@enters(Verb.RESPONSE_KEY)
def keying_save(entry_id: int, section: str) -> ResponseReturnValue:
    """Save a section, or show it again with what has to be typed otherwise."""
    typed = _typed()
    judged = acts.key_section(house(), actor(), entry_id, section, typed)
    if judged.faults:
        found = acts.open_entry(house(), actor(), entry_id)
        return _section(found, section, typed, judged.faults), 422
    beside: Any = len(judged.beside) or None
    return redirect(url_for("coordinators.keying_entry", entry_id=entry_id, beside=beside), 303)


def _typed() -> dict[str, Typed]:
    sent = {name[2:]: value for name, value in request.form.items() if name.startswith("k-")}
    return {
        item: Typed(value, sent.get(f"{item}-other", ""))
        for item, value in sent.items()
        if not item.endswith("-other")
    }


@blueprint.post("/keying/<int:entry_id>/finish")
@enters(Verb.RESPONSE_KEY)
def keying_finish(entry_id: int) -> ResponseReturnValue:
    """The sheet is keyed."""
    wave_id = acts.open_entry(house(), actor(), entry_id).entry.wave_id
    outcome = acts.finish(house(), actor(), entry_id)
    return redirect(url_for("coordinators.wave_keying", wave_id=wave_id, done=outcome), 303)


@blueprint.post("/keying/<int:entry_id>/drop")
@enters(Verb.RESPONSE_KEY)
def keying_drop(entry_id: int) -> ResponseReturnValue:
    """Give the keying up."""
    wave_id = acts.open_entry(house(), actor(), entry_id).entry.wave_id
    acts.drop(house(), actor(), entry_id)
    return redirect(url_for("coordinators.wave_keying", wave_id=wave_id, done="dropped"), 303)
