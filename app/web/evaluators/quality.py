"""How good the data of a release are: from the invited to answers that count, modes, proxies."""

from __future__ import annotations

from dataclasses import dataclass

from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from app.domain.permissions import Verb
from app.evaluation.tables import What
from app.web.charts import Chart, Mark, Row, draw
from app.web.entrance import enters
from app.web.evaluators import pictures
from app.web.evaluators.entry import blueprint, kept, page, reading_of
from app.web.evaluators.reading import Reading
from app.workflows.quality_words import CHANNELS


@dataclass(frozen=True, slots=True)
class Step:
    """One step on the way to answers that count; ``share``: of those invited, if known."""

    title: str
    people: int
    share: str


@blueprint.get("/<int:release_id>/quality")
@enters(Verb.RELEASE_VIEW)
@kept
def quality(release_id: int) -> ResponseReturnValue:
    """The flow, the response by territory and audience, how people answered, for whom."""
    r = reading_of(release_id, "territory", "audience")
    cells = [each for place in r.places for each in r.people.cells(place, r.one_audience)]
    return page(
        "quality.html",
        r,
        lede=_lede(r),
        steps=_steps(r),
        cells=cells,
        chart=_rates(r),
        channels=_channels(r),
        proxies=_proxies(r),
    )


def _lede(r: Reading) -> str:
    """Who answered, and how, in two sentences; of all territories and audiences."""
    told = {name: share for name, _count, share in _modes(r)}
    if not r.people.rated():
        said = _("The answers were imported: nobody knows who was asked and did not answer.")
    else:
        said = _(
            "Of those who could answer, %(rate)s did; the others may think otherwise.",
            rate=r.people.rate(),
        )
    if "channel:paper" in told:
        said += " " + _("On paper: %(share)s of the answers.", share=told["channel:paper"])
    if "proxy" in told:
        said += " " + _("Given by somebody else for the person: %(share)s.", share=told["proxy"])
    return str(said)


def _steps(r: Reading) -> list[Step]:
    people = r.seen.manifest["people"]
    invited = people["invited"] if people["eligible"] else 0
    said = [
        (_("Invited"), people["invited"]),
        (_("Able to answer (without deaths, moves and mistakes of the list)"), people["eligible"]),
        (_("Opened the questionnaire"), people["opened"]),
        (_("Sent it: complete answers"), people["submitted"]),
    ]
    return [
        Step(str(title), count, r.percent(count / invited) if invited else "–")
        for title, count in said
    ]


def _rates(r: Reading) -> Chart | None:
    """Response rate by territory, as far as it is known who was invited."""
    rows = []
    for place in r.places:
        counted = r.people.rate(place, r.one_audience)
        cells = r.people.cells(place, r.one_audience)
        marks: tuple[Mark, ...] = ()
        if counted != "–":
            sent = sum(each["submitted"] for each in cells)
            asked = sum(each["eligible"] for each in cells)
            marks = (Mark(round(100 * sent / asked, 1), None, None, "nation", True, 0),)
        said = (
            str(_("not told, to protect people"))
            if r.people.hidden(place, r.one_audience)
            else counted
        )
        rows.append(Row(r.name(place), marks, ((said, ""),)))
    if not any(row.marks for row in rows):
        return None
    title = _("Response rate by territory, in percent")
    return draw(
        "rates",
        title,
        pictures.described(r, rows),
        rows,
        pictures.scale_of(r, rows, within=(0.0, 100.0), whole=True),
        mention=r.mention,
    )


def _channels(r: Reading) -> list[tuple[str, int, str]]:
    """How answers came in: by channel and language, over all territories."""
    found = []
    for name, count, share in _modes(r):
        kind, _colon, value = name.partition(":")
        said = CHANNELS.get(value or kind)
        title = r.say(said) if said is not None else value or kind
        found.append((title, count, share))
    return found


def _modes(r: Reading) -> list[tuple[str, int, str]]:
    """How answers came in, by its name in the manifest."""
    modes = r.seen.manifest.get("modes", {})
    whole = sum(count for name, count in modes.items() if name.startswith("channel:"))
    return [
        (name, count, r.percent(count / whole) if whole else "–") for name, count in modes.items()
    ]


def _proxies(r: Reading) -> list[tuple[str, str, str]]:
    """Share of figures' bases answered for somebody else: least and greatest by territory."""
    found = []
    for place in r.places:
        shares = [
            each.proxies
            for each in r.seen.table.of(What.COMPONENT, territory=place, audience="elderly")
            if each.shown and each.proxies is not None
        ]
        if shares:
            found.append((r.name(place), r.percent(min(shares)), r.percent(max(shares))))
    return found
