"""Pages of accounts: sign in, sign out, choose a language, and the start page."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from flask import g, redirect, render_template, request, session, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from werkzeug.exceptions import BadRequest

from app.domain.permissions import Verb
from app.web import language
from app.web.accounts.entry import blueprint, browser_words, inside
from app.web.accounts.forms import SignInForm
from app.web.accounts.words import ROLES
from app.web.entrance import enters, hand_over, open_to, signed_in, staff_secret, take_away
from app.web.pages import house
from app.workflows import accounts, signing_in
from app.workflows.acting import Actor


@blueprint.get("/sign-in")
@open_to("anyone")
def sign_in() -> ResponseReturnValue:
    """The sign-in page; who is signed in already goes on."""
    if signed_in() is not None:
        return redirect(inside(request.args.get("next")), 303)
    return render_template("accounts/sign_in.html", form=SignInForm(next=request.args.get("next")))


@blueprint.post("/sign-in")
@open_to("anyone")
def sign_in_submit() -> ResponseReturnValue:
    """Try to sign in. Every failure looks the same, whatever its cause."""
    form = SignInForm()
    if not form.validate():
        return render_template("accounts/sign_in.html", form=form), 422
    tried = signing_in.sign_in(
        house(),
        form.email.data,
        form.password.data,
        request.remote_addr or "",
        staff_secret(),
        browser_words(),
    )
    if tried.outcome == "throttled":
        refusal = _("There were too many tries. Wait a quarter of an hour, then try again.")
        return _sign_in_again(form, refusal), 429
    if tried.outcome == "wrong":
        return _sign_in_again(form, _("This e-mail address and this password do not match.")), 422
    session.clear()  # the mark of forms opened before signing in ends with it
    target = inside(form.next.data)
    if tried.outcome == "half":
        target = url_for("accounts.second", next=target)
    return hand_over(redirect(target, 303), tried.secret)


def _sign_in_again(form: SignInForm, refusal: str) -> str:
    """The page again, with nothing of what was typed."""
    form.email.data = ""
    return render_template("accounts/sign_in.html", form=form, refusal=refusal)


@blueprint.post("/sign-out")
@open_to("anyone")
def sign_out() -> ResponseReturnValue:
    """End the session on the server and in the browser."""
    if staff_secret():
        signing_in.sign_out(house(), staff_secret())
    return take_away(redirect(url_for("accounts.sign_in"), 303))


@blueprint.post("/language")
@open_to("anyone")
def set_language() -> ResponseReturnValue:
    """Read in another language from now on: in the account, or in this browser."""
    wanted = request.form.get("language", "")
    if wanted not in language.LANGUAGES:
        raise BadRequest
    actor = signed_in()
    if actor is not None:
        accounts.set_language(house(), actor, wanted)
    return language.remembered(redirect(inside(request.form.get("next")), 303), wanted)


@dataclass(frozen=True, slots=True)
class Duty:
    """One thing that the account can do: where, and in one sentence what."""

    label: str
    sentence: str
    address: str


# endpoint, permission that shows it, words, sentence
DUTIES: tuple[tuple[str, Verb, Any, Any], ...] = (
    (
        "coordinators.questionnaires",
        Verb.QUESTIONNAIRE_VIEW,
        _l("Questionnaires"),
        _l("Read what is asked, prepare a new version, publish it."),
    ),
    (
        "coordinators.frameworks",
        Verb.FRAMEWORK_VIEW,
        _l("Frameworks"),
        _l("See what the programme is judged by, nationally and in each territory."),
    ),
    (
        "coordinators.waves",
        Verb.WAVE_VIEW,
        _l("Waves"),
        _l("Prepare a round of collection, invite people, follow the answers."),
    ),
    (
        "evaluators.releases",
        Verb.RELEASE_VIEW,
        _l("Results"),
        _l("Read the figures that were released, compare territories, download files."),
    ),
    (
        "officer.log",
        Verb.AUDIT_READ,
        _l("Data protection"),
        _l("Read the audit log; requests of people, dossiers, notices, what is removed and when."),
    ),
    (
        "accounts.people",
        Verb.ACCOUNT_MANAGE,
        _l("Accounts"),
        _l("Invite colleagues, give and take back rights, help who lost a way in."),
    ),
)


@blueprint.get("/")
@enters(None)
def start() -> ResponseReturnValue:
    """What this account can do here, one sentence each."""
    actor: Actor = g.actor
    duties = [
        Duty(str(label), str(sentence), url_for(endpoint))
        for endpoint, verb, label, sentence in DUTIES
        if actor.scope(verb)
    ]
    return render_template("accounts/start.html", duties=duties, grants=actor.grants, roles=ROLES)
