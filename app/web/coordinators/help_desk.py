"""Pages of the help desk and of the call list: somebody calls, or is called."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from flask import redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import lazy_gettext as _l

from app.domain.calls import RESULTS
from app.domain.errors import BadInput, NotFound
from app.domain.permissions import Verb
from app.web.coordinators.contact import CHANNELS, KINDS, OUTCOMES
from app.web.coordinators.entry import blueprint
from app.web.coordinators.field_words import DISPOSITIONS, actor, names, places
from app.web.coordinators.looking import reason_words, with_reason, with_reason_for_many
from app.web.coordinators.wave_form import ZONE
from app.web.entrance import enters
from app.web.pages import house, problems_of
from app.workflows import calls as calling
from app.workflows import help_desk as acts
from app.workflows import waves
from app.workflows.fieldwork import record_disposition
from app.workflows.receipt_checks import Checked, check_receipt
from app.workflows.sample import reissue_codes

STAGES: dict[str, Any] = {
    "none": _l("not opened yet"),
    "opened": _l("opened"),
    "consented": _l("begun"),
    "submitted": _l("answers sent"),
    "hidden": _l("not shown for professionals"),
}
CALL_RESULTS: dict[str, Any] = {
    "spoke": _l("spoke with somebody"),
    "no_answer": _l("nobody answered"),
    "wrong_number": _l("wrong number"),
}
RECEIPTS: dict[str, Any] = {
    "stands": _l("This receipt is good: what is stored is what was saved then."),
    "earlier": _l("This receipt is good. The person has changed or added answers since."),
    "unknown": _l("This receipt is none of this person’s of the last thirty days."),
    "lost": _l("What is stored is not what was saved last. Tell the operator at once."),
    "hidden": _l("Nothing can be told here: of professionals, and where nobody has answered."),
    "typo": _l("This is no receipt: one has eight letters and digits, never 0, 1, I or O."),
}


def _shown(template: str, wave_id: int, **values: Any) -> str:
    return render_template(
        f"coordinators/{template}",
        wave=waves.wave(house(), actor(), wave_id),
        names=names(),
        result_words=CALL_RESULTS,
        stage_words=STAGES,
        reason=reason_words(wave_id),
        **values,
    )


@blueprint.get("/waves/<int:wave_id>/desk")
@enters(Verb.DISPOSITION_RECORD)
@with_reason
def help_desk(wave_id: int) -> ResponseReturnValue:
    """The box in which somebody is looked for."""
    return _shown("desk.html", wave_id, found=None, by_name=_by_name())


def _by_name() -> bool:
    return bool(actor().scope(Verb.CODES_ISSUE))


@blueprint.post("/waves/<int:wave_id>/desk")
@enters(Verb.DISPOSITION_RECORD)
@with_reason
def help_search(wave_id: int) -> ResponseReturnValue:
    """Whom the words find; sent as a form, so that no code or name stands in an address."""
    words = request.form.get("words", "").strip()[:120]
    found = acts.search(house(), actor(), wave_id, words) if words else []
    return _shown("desk.html", wave_id, found=found, by_name=_by_name())


@blueprint.get("/waves/<int:wave_id>/desk/<path:reference>")
@enters(Verb.DISPOSITION_RECORD)
@with_reason
def help_person(wave_id: int, reference: str) -> ResponseReturnValue:
    """One person's invitation, and what can be done for them."""
    return _person(wave_id, reference, {})


def _person(
    wave_id: int, reference: str, problems: dict[str, str], checked: Checked | None = None
) -> str:
    return _shown(
        "desk_person.html",
        wave_id,
        seen=acts.seen(house(), actor(), wave_id, reference),
        problems=problems,
        typed=request.form if problems else {},
        may_codes=bool(actor().scope(Verb.CODES_ISSUE)),
        disposition_words=DISPOSITIONS,
        channel_words=CHANNELS,
        kind_words=KINDS,
        outcome_words=OUTCOMES,
        done=request.args.get("done"),
        checked=checked,
        receipt_words=RECEIPTS,
    )


@blueprint.post("/waves/<int:wave_id>/desk/<path:reference>")
@enters(Verb.DISPOSITION_RECORD)
@with_reason
def help_act(wave_id: int, reference: str) -> ResponseReturnValue:
    """What was asked for: wishes, an outcome, a call written down, a receipt checked."""
    sent, what = request.form, request.form.get("do", "")
    if what == "receipt":
        told = check_receipt(house(), actor(), wave_id, reference, sent.get("receipt", "")[:40])
        return _person(wave_id, reference, {}, told)
    try:
        if what == "wishes":
            acts.set_wishes(
                house(),
                actor(),
                wave_id,
                reference,
                language=sent.get("language", ""),
                large_print="large" in sent,
                results="results" in sent,
            )
        elif what == "outcome":
            said = sent.get("disposition", "")
            record_disposition(
                house(), actor(), wave_id, reference, None if said == "none" else said
            )
        elif what == "call":
            calling.record_call(
                house(),
                actor(),
                wave_id,
                reference,
                sent.get("result", ""),
                _moment(sent.get("next_at", "")),
                sent.get("note", "")[:500],
            )
        else:
            raise NotFound
    except BadInput as refusal:
        return _person(wave_id, reference, problems_of(refusal)), 422
    return redirect(_to(wave_id, reference, what), 303)


def _to(wave_id: int, reference: str, done: str) -> str:
    return url_for("coordinators.help_person", wave_id=wave_id, reference=reference, done=done)


def _moment(written: str) -> datetime | None:
    try:
        found = datetime.strptime(written, "%Y-%m-%dT%H:%M")  # noqa: DTZ007 - the zone follows
    except ValueError:
        return None
    return found.replace(tzinfo=ZONE)


@blueprint.post("/waves/<int:wave_id>/desk-code/<path:reference>")
@enters(Verb.CODES_ISSUE)
def help_code(wave_id: int, reference: str) -> ResponseReturnValue:
    """A new code, or none any more."""
    if request.form.get("do") == "revoke":
        acts.revoke(house(), actor(), wave_id, reference)
        return redirect(_to(wave_id, reference, "revoked"), 303)
    reissue_codes(house(), actor(), wave_id, [reference])
    return redirect(_to(wave_id, reference, "code"), 303)


@blueprint.get("/waves/<int:wave_id>/calls")
@enters(Verb.DISPOSITION_RECORD)
@with_reason_for_many
def wave_calls(wave_id: int) -> ResponseReturnValue:
    """Whom to call next; the page prints as the list of the day."""
    leads = bool(actor().scope(Verb.VISIT_CODE_ISSUE))
    return _shown(
        "calls.html",
        wave_id,
        people=calling.call_list(house(), actor(), wave_id),
        results=RESULTS,
        workers=calling.workers(house(), actor()) if leads else (),
        places=places(Verb.VISIT_CODE_ISSUE),
    )


@blueprint.post("/waves/<int:wave_id>/calls")
@enters(Verb.VISIT_CODE_ISSUE)
def wave_assign(wave_id: int) -> ResponseReturnValue:
    """Give the people of a territory to a field worker."""
    account = request.form.get("account", "")
    calling.assign(
        house(),
        actor(),
        wave_id,
        request.form.get("territory", ""),
        int(account) if account.isdecimal() else None,
    )
    return redirect(url_for("coordinators.wave_calls", wave_id=wave_id), 303)
