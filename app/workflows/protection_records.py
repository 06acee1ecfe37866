"""The protection record of a release as its officer reads it, and the ledger behind it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from app.domain.errors import NotFound
from app.domain.permissions import Verb
from app.domain.questionnaire import Audience
from app.domain.text import Text
from app.evaluation.coproduction import MARK
from app.evaluation.tables import Observation, What
from app.storage import releases
from app.storage.extract_requests import requests_of
from app.storage.published import Published, published
from app.storage.releases import ReleaseState
from app.workflows.acting import Actor, House, require
from app.workflows.beside_words import beside_title
from app.workflows.choosing import group_title

AUDIENCES = frozenset(each.value for each in Audience)


@dataclass(frozen=True, slots=True)
class Hidden:
    """A withheld cell: why, and the interval within 0 to 100 that a reader could derive."""

    territory: str
    title: Text
    audience: str
    cause: str
    low: float
    high: float


@dataclass(frozen=True, slots=True)
class Entry:
    """A release in the ledger: how many cells it told of, and how often files were taken."""

    release_id: int
    number: int
    made_at: datetime
    state: ReleaseState
    cells: int
    taken: int


@dataclass(frozen=True, slots=True)
class Extract:
    """Answers without names of a release of the wave that somebody was allowed to take."""

    release_id: int
    at: datetime
    places: Sequence[str]
    audiences: Sequence[str]


@dataclass(frozen=True)
class Record:
    """What the public table does not tell."""

    threshold: int
    respondents: int
    cells: Sequence[Hidden]
    national: Sequence[tuple[str, str]]
    observations: int
    ledger: Sequence[Entry]
    extracts: Sequence[Extract]


def protection_of(house: House, actor: Actor, release_id: int) -> Record:
    """The record of a release. Raises NotFound, NotAllowed."""
    require(house, actor, Verb.PROTECTION_VIEW)
    seen = published(house.database, actor.programme_id, release_id)
    if seen is None:
        raise NotFound
    with house.database.read() as session:
        found = releases.release_of(session, actor.programme_id, release_id)
        if found is None:
            raise NotFound
        row, _cut, wave = found
        record = row.protection
        ledger = [
            Entry(
                each.id,
                each.number,
                each.made_at,
                each.state,
                len(releases.memberships(session, each.id)),
                len(releases.downloads_of(session, each.id)),
            )
            for each in releases.earlier_releases(session, wave.id, None)
        ]
        of_wave = {each.release_id for each in ledger}
        extracts = [
            Extract(each.release_id, each.decided_at, each.places, each.audiences)
            for each in requests_of(session, actor.programme_id)
            if each.allowed and each.decided_at is not None and each.release_id in of_wave
        ]
        return Record(
            threshold=row.threshold,
            respondents=record["respondents"],
            cells=[_hidden(seen, each) for each in record["cells"]],
            national=[(code, tier) for code, tier in record["national"]],
            observations=len(record["observations"]),
            ledger=ledger,
            extracts=extracts,
        )


def _hidden(seen: Published, cell: Mapping[str, Any]) -> Hidden:
    name, _, group = str(cell["component"]).partition("@")
    parts = name.split(".")
    audience = next((each for each in parts if each in AUDIENCES), "")
    title = _title(seen, cell["territory"], [each for each in parts if each != audience])
    if group:
        of = group_title(seen, group)
        title = Text.of({each: f"{title.in_(each)} – {of.in_(each)}" for each in ("fr", "en")})
    return Hidden(
        cell["territory"],
        title,
        audience,
        cell["cause"],
        cell["low"],
        cell["high"],
    )


def _title(seen: Published, territory: str, parts: Sequence[str]) -> Text:
    """What the cell is about: an indicator with its code, or a kind of taking part."""
    code = ".".join(parts)
    if code.startswith(MARK):
        kind, _, rest = code.removeprefix(MARK).partition(".")
        return beside_title(seen, Observation(territory, None, What(kind), rest)) or Text.of(
            fr=rest, en=rest
        )
    known = seen.indicators.get(parts[0])
    if known is None:
        return Text.of(fr=code, en=code)
    return Text.of({each: f"{code} – {known.title.in_(each)}" for each in ("fr", "en")})
