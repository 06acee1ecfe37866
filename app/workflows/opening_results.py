"""Published releases shown to everybody: a setting of the programme, pages made in advance."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy.orm import Session

from app.domain.permissions import Verb
from app.storage import count_tables, public_pages, releases
from app.storage.jobs import last_of_kind
from app.storage.releases import Release
from app.storage.territories import ProgrammeRow
from app.workflows import jobs
from app.workflows.acting import Actor, House, act
from app.workflows.own_jobs import state_of

KIND = "public_pages"  # the kind is registered by the web, which draws the pages


@dataclass(frozen=True, slots=True)
class Drawing:
    """How far the public pages of a release are. ``state``: that of the last job that drew them."""

    release_id: int
    state: str
    done: int
    total: int


def is_public(house: House, actor: Actor) -> bool:
    """Whether the programme shows its published releases to everybody."""
    with house.database.read() as session:
        return public_pages.is_public(session, actor.programme_id)


def set_public(house: House, actor: Actor, *, public: bool) -> int:
    """Show published releases to everybody from now on, or none; how many are concerned."""
    with act(house, actor, Verb.RELEASE_PUBLISH) as acted:
        programme = acted.session.get_one(ProgrammeRow, actor.programme_id)
        programme.public_results = public
        programme.public_counts = public and programme.public_counts
        published = published_releases(acted.session, actor.programme_id)
        for row in published:
            if public:
                draw(house, actor, acted.session, row)
            else:
                take_down(acted.session, row.id)
        acted.thing = f"programme:{programme.id}"
        acted.details = {"public": public, "releases": len(published)}
        return len(published)


def published_releases(session: Session, programme_id: int) -> list[Release]:
    """The releases of a programme that are published, newest first."""
    return [
        row
        for row, _cut, _wave in releases.releases_of(session, programme_id)
        if row.state == "published"
    ]


def take_down(session: Session, release_id: int) -> None:
    """Show everybody nothing of a release any more: neither its pages nor its counts."""
    public_pages.remove_pages(session, release_id)
    count_tables.set_open(session, release_id, opened=False)


def draw(house: House, actor: Actor, session: Session, release: Release) -> None:
    """Start the job that draws the pages of a published release, where they are public."""
    if public_pages.is_public(session, actor.programme_id):
        jobs.start(house, actor, KIND, {"release": release.id}, session=session)


def drawings(house: House, actor: Actor) -> dict[int, Drawing]:
    """The last drawing of each release's pages, by release, that is under way or failed."""
    found: dict[int, Drawing] = {}
    with house.database.read() as session:
        for job in last_of_kind(session, actor.programme_id, KIND):
            release_id = int(job.arguments["release"])
            found.setdefault(
                release_id, Drawing(release_id, state_of(job), job.done, job.total or 1)
            )
    return {each: drawing for each, drawing in found.items() if drawing.state in _UNDONE}


_UNDONE = ("waiting", "running", "failed")
