"""Which territories an account follows, and the files that it took."""

from __future__ import annotations

from flask import g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from app.domain.permissions import Verb
from app.domain.territories import NATION
from app.storage.published import sort_key
from app.web.entrance import enters
from app.web.evaluators.entry import blueprint
from app.web.language import current
from app.web.pages import house
from app.workflows import alerting, extracts_taken


@blueprint.get("/follow")
@enters(Verb.RELEASE_FOLLOW)
def follow() -> ResponseReturnValue:
    """The territories, ticked where they are followed."""
    scope = g.actor.scope(Verb.RELEASE_FOLLOW)
    places = sorted(
        (code for code in scope if code != NATION),
        key=lambda code: sort_key(g.actor.territories[code].name.in_(current())),
    )
    return render_template(
        "evaluators/follow.html",
        places=[(code, g.actor.territories[code].name) for code in places],
        followed=alerting.followed(house(), g.actor),
        nation=NATION,
        saved="saved" in request.args,
        mail=house().mail is not None,
    )


@blueprint.post("/follow")
@enters(Verb.RELEASE_FOLLOW)
def set_follow() -> ResponseReturnValue:
    """Follow what is ticked, and nothing else."""
    alerting.follow(house(), g.actor, frozenset(request.form.getlist("territory")))
    return redirect(url_for("evaluators.follow", saved=1), 303)


@blueprint.get("/mine")
@enters(Verb.RELEASE_VIEW)
def mine() -> ResponseReturnValue:
    """The files that this account took, newest first."""
    return render_template(
        "evaluators/mine.html",
        taken=extracts_taken.taken(house(), g.actor),
        said=lambda choice: "; ".join(extracts_taken.chosen_in_words(choice, g.actor, current())),
    )
