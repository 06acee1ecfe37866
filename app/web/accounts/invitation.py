"""The link of an invitation: choosing a password.

The secret of the link leaves the address at once: it is kept in this browser's signed session until
the password is chosen, so that it stands in no history and in no address after the first.
"""

from __future__ import annotations

from flask import redirect, render_template, request, session, url_for
from flask.typing import ResponseReturnValue

from app.domain.errors import BadInput, NotFound
from app.web import language
from app.web.accounts.entry import blueprint
from app.web.entrance import open_to, take_away
from app.web.pages import house, problems_of
from app.workflows import invitations

KEPT = "invitation"


@blueprint.get("/invitation/<secret>")
@open_to("anyone")
def invitation_link(secret: str) -> ResponseReturnValue:
    """Take the secret out of the address, and go on in the language of the message."""
    session[KEPT] = secret[:100]
    answer = redirect(url_for("accounts.invitation"), 303)
    try:
        person = invitations.invited(house(), session[KEPT])
    except NotFound:  # the page says so
        return answer
    return language.remembered(answer, person.language)


@blueprint.get("/invitation")
@open_to("anyone")
def invitation() -> ResponseReturnValue:
    """The form that chooses a password. A link that opens nothing is said to be one."""
    return _page({})


@blueprint.post("/invitation")
@open_to("anyone")
def invitation_accept() -> ResponseReturnValue:
    """Choose the password; then sign in with it."""
    wanted = request.form.get("password", "")[:1024]
    try:
        invitations.accept(house(), session.get(KEPT, ""), wanted, language.current())
    except BadInput as refusal:
        return _page(problems_of(refusal)), 422
    return take_away(redirect(url_for("accounts.sign_in", done="password"), 303))


def _page(problems: dict[str, str]) -> str:
    person = invitations.invited(house(), session.get(KEPT, ""))
    return render_template("accounts/invitation.html", person=person, problems=problems)
