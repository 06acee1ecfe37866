"""The way of a release from draft to published: who did what, and what may be done next."""

from __future__ import annotations

from flask import g, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import lazy_gettext as _l

from app.domain.errors import BadInput
from app.domain.permissions import Verb
from app.web.entrance import enters
from app.web.evaluators.entry import blueprint, page, reading_of
from app.web.pages import house, problems_of
from app.workflows import opening_results, publishing

STATES = {
    "draft": _l("draft"),
    "checked": _l("checked"),
    "approved": _l("approved"),
    "published": _l("published"),
    "withdrawn": _l("withdrawn"),
}
DONE = {
    "draft": _l("Made"),
    "checked": _l("Checked"),
    "approved": _l("Approved"),
    "published": _l("published"),
    "withdrawn": _l("Withdrawn"),
}


@blueprint.get("/<int:release_id>/state")
@enters(Verb.RELEASE_VIEW)
def state(release_id: int) -> ResponseReturnValue:
    """The steps that were taken, and the next one."""
    return _page(release_id)


def _page(release_id: int, problems: dict[str, str] | None = None) -> ResponseReturnValue:
    r = reading_of(release_id)
    may_publish = g.actor.may(Verb.RELEASE_PUBLISH)
    return page(
        "state.html",
        r,
        way=publishing.way_of(house(), g.actor, release_id),
        drawing=opening_results.drawings(house(), g.actor).get(release_id) if may_publish else None,
        states=STATES,
        done=DONE,
        problems=problems or {},
        reason=request.form.get("reason", ""),
    ), (422 if problems else 200)


def _back(release_id: int) -> ResponseReturnValue:
    return redirect(url_for("evaluators.state", release_id=release_id), 303)


@blueprint.post("/<int:release_id>/check")
@enters(Verb.RELEASE_CHECK)
def check(release_id: int) -> ResponseReturnValue:
    """Say that the release was looked through."""
    publishing.check_release(house(), g.actor, release_id)
    return _back(release_id)


@blueprint.post("/<int:release_id>/approve")
@enters(Verb.RELEASE_APPROVE)
def approve(release_id: int) -> ResponseReturnValue:
    """Approve what somebody else made and checked."""
    publishing.approve_release(house(), g.actor, release_id)
    return _back(release_id)


@blueprint.post("/<int:release_id>/publish")
@enters(Verb.RELEASE_PUBLISH)
def publish(release_id: int) -> ResponseReturnValue:
    """Publish an approved release."""
    publishing.publish_release(house(), g.actor, release_id)
    return _back(release_id)


@blueprint.post("/<int:release_id>/withdraw")
@enters(Verb.RELEASE_WITHDRAW)
def withdraw(release_id: int) -> ResponseReturnValue:
    """Withdraw a release, saying why."""
    try:
        publishing.withdraw_release(house(), g.actor, release_id, request.form.get("reason", ""))
    except BadInput as refusal:
        return _page(release_id, problems_of(refusal))
    return _back(release_id)
