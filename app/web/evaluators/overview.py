"""The overview of a release, and its methods."""

from __future__ import annotations

from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import ngettext

from app.domain.permissions import Verb
from app.evaluation.tables import What
from app.web.entrance import enters
from app.web.evaluators import pictures
from app.web.evaluators.entry import blueprint, kept, page, reading_of
from app.web.evaluators.reading import Reading
from app.workflows.release_methods import methods_of
from app.workflows.summary_words import NOTES


@blueprint.get("/<int:release_id>")
@enters(Verb.RELEASE_VIEW)
@kept
def overview(release_id: int) -> ResponseReturnValue:
    """National and own score of each territory."""
    r = reading_of(release_id, "territory")
    return page("overview.html", r, chart=pictures.scores(r), lede=_lede(r), What=What)


def _lede(r: Reading) -> str:
    nation = r.national(r.nation, What.TOTAL)
    if nation is None or not nation.shown:
        said = _("The national mean cannot be given: %(reason)s.", reason=r.value(nation))
    else:
        said = _(
            "On average the territories reach %(value)s of 100 by the national framework.",
            value=f"{r.value(nation)} {r.interval(nation)}".strip(),
        )
    return f"{said} {moved_sentence(r)}"


def moved_sentence(r: Reading) -> str:
    """For how many territories the judgement changes with their own values."""
    shifts = [r.own(place, What.STANDING_SHIFT) for place in r.places]
    judged = [each for each in shifts if each is not None]
    moved = sum(r.moved(each) for each in judged)
    if not judged:
        return str(_("No territory here has a framework of its own."))
    if not moved:
        return str(_("The survey finds no territory whose standing changes by its own values."))
    return str(
        ngettext(
            "For %(num)d territory of %(whole)s, the standing changes by its own values.",
            "For %(num)d territories of %(whole)s, the standing changes by their own values.",
            moved,
            whole=len(judged),
        )
    )


@blueprint.get("/<int:release_id>/methods")
@enters(Verb.RELEASE_VIEW)
@kept
def methods(release_id: int) -> ResponseReturnValue:
    """How the figures were made, from what, by which versions."""
    r = reading_of(release_id)
    said = methods_of(r.seen, r.language)
    cells = [each for place in r.places for each in r.people.cells(place)]
    return page("methods.html", r, methods=said, notes=[r.say(each) for each in NOTES], cells=cells)
