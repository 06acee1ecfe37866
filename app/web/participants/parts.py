"""Between the pages: the parts and how far one is, the end of a part, numbers to call."""

from __future__ import annotations

from collections.abc import Hashable
from functools import partial

from flask import redirect, request
from flask.typing import ResponseReturnValue

from app.domain.parts import Part, PartState
from app.domain.perspective import title_for
from app.domain.questionnaire import Audience
from app.web.pages import house
from app.web.participants import doors
from app.web.participants.answering import address_of, here
from app.web.participants.display import page, place, same_page
from app.web.participants.doors import participant
from app.web.participants.page_form import new_key
from app.web.participants.room import blueprint
from app.workflows import onward, viewpoint
from app.workflows.standing import CHECK, Standing

PARTS = "/parties"


def way_in(found: Standing) -> str:
    """The first page after the door: where one stood; the parts first, for who wants to see them.

    Elderly people go straight to the first question, and see the parts when they come back; so do
    professionals, who have read the parts above their consent.
    """
    many = len(onward.parts(found)) > 1
    waits = found.held.audience == Audience.FAMILY or bool(found.answers)
    return PARTS if many and waits and found.open else here(found)


@blueprint.get("/parties")
@participant
def hub() -> ResponseReturnValue:
    """Every part with a word of how far it is, and the way on."""
    found = doors.current()
    if found.open is None:
        return redirect(address_of(CHECK), 303)
    known = onward.parts(found)
    return same_page(
        "parts.html",
        *_as_seen(found, known),
        here(found),
        parts=known,
        at=onward.part_with(found, found.open.code),
        begun=bool(found.answers),
        here=here(found),
        title_of=partial(title_for, role=found.role),
    )


def _as_seen(found: Standing, known: tuple[Part, ...]) -> tuple[Hashable, ...]:
    """What a list of the parts depends on: what is asked, and how far each part is."""
    states = tuple((part.number, part.state, part.minutes, part.pages[0].code) for part in known)
    return (found.frozen.checksum, found.role, found.held.audience, bool(found.answers), *states)


@blueprint.get("/partie/<code>")
@participant
def part_end(code: str) -> ResponseReturnValue:
    """A part is done and saved: a natural moment to rest."""
    found = doors.current()
    all_parts = onward.parts(found)
    done = next((part for part in all_parts if part.section.code == code), None)
    if done is None or done.state is not PartState.DONE:
        return redirect(here(found), 303)
    onto = found.after(done.pages[-1].code)
    return same_page(
        "part_end.html",
        *_as_seen(found, all_parts),
        onto,
        found.view_at(onto),
        own={"key": new_key()},
        done=done,
        view=found.view_at(onto),
        following=onward.part_with(found, onto),
        onto=address_of(onto),
        parts=all_parts,
        shows_all=found.held.audience != Audience.ELDERLY,
        title_of=partial(title_for, role=found.role),
    )


@blueprint.post("/partie/<code>")
@participant
def change_view(code: str) -> ResponseReturnValue:
    """From the next part on, a proxy gives the other view."""
    found = doors.current()
    done = next((part for part in onward.parts(found) if part.section.code == code), None)
    if done is None or not done.pages:
        return redirect(here(found), 303)
    onto = found.after(done.pages[-1].code)
    key = request.form.get("form-key", "")[:40] or new_key()
    viewpoint.change_view(house(), found, onto, request.form.get("view", ""), key)
    return redirect(address_of(onto), 303)


@blueprint.get("/soutien/<code>")
@participant
def support(code: str) -> ResponseReturnValue:
    """Numbers to call, after questions that can hurt; nothing where the place has none."""
    found = doors.current()
    if not onward.eases(found, code):
        return redirect(here(found), 303)
    onto = address_of(onward.beyond(found, code))
    if not place().help_lines:
        return redirect(onto, 303)
    return page("support.html", onto=onto)
