"""Counts of published releases that anybody may ask for: a setting, and tables made in advance.

They are made once, of the release's own cut, and kept for good: closing hides them, opening again
shows the same. A wave's counts come from one cut for ever, since counts of another would differ by
the people who came or went.
"""

from __future__ import annotations

import json
import secrets
from collections.abc import Iterator
from itertools import combinations
from typing import Any

import numpy as np
from sqlalchemy.orm import Session

from app.domain.errors import Conflict, NotFound
from app.domain.permissions import Verb
from app.domain.questionnaire import Audience, Kind, Question
from app.domain.text import NO_TERMS, Text, fill
from app.evaluation.breakdowns import all_group_definitions
from app.evaluation.columns import Status
from app.evaluation.components import components_of
from app.evaluation.count_offer import WHO, Offer, offer
from app.evaluation.count_tables import Answers, CountRules, Layer, count_table, record_keys
from app.storage import count_tables, cuts, releases
from app.storage.count_tables import Counted, CountKeys
from app.storage.database import now
from app.storage.extract_reading import Extracted, columns
from app.storage.published import Content, content_of
from app.storage.releases import DataCut, Release
from app.storage.territories import ProgrammeRow
from app.storage.wave_territories import territories_of_wave
from app.storage.waves import Wave
from app.workflows.acting import Actor, House, act
from app.workflows.besides import beside_of
from app.workflows.opening_results import draw, published_releases
from app.workflows.summary_words import AUDIENCES

SECRET = 32  # bytes
WHO_ANSWERED = Text.of(fr="Qui a répondu", en="Who answered")
BY_WHOM = (
    Text.of(fr="La personne elle-même", en="The person"),
    Text.of(fr="Quelqu’un à sa place", en="Somebody in their place"),
)


def are_asked(house: House, actor: Actor) -> bool:
    """Whether the programme lets anybody ask for counts of its published releases."""
    with house.database.read() as session:
        return count_tables.counts_are_asked(session, actor.programme_id)


def set_counts(house: House, actor: Actor, *, asked: bool) -> int:
    """Let anybody ask for counts of published releases from now on, or nobody; how many releases
    are concerned. Raises NotAllowed; Conflict where published releases are not shown."""
    with act(house, actor, Verb.RELEASE_PUBLISH) as acted:
        programme = acted.session.get_one(ProgrammeRow, actor.programme_id)
        if asked and not programme.public_results:
            raise Conflict(_RESULTS_FIRST)
        programme.public_counts = asked
        published = published_releases(acted.session, actor.programme_id)
        for row in published:
            count_tables.set_open(acted.session, row.id, opened=asked)
            draw(house, actor, acted.session, row)
        acted.thing = f"programme:{programme.id}"
        acted.details = {"counts": asked, "releases": len(published)}
        return len(published)


def open_counts(house: House, programme_id: int, release_id: int) -> bool:
    """Make the tables of a published release where they are not made, and open them where the
    programme lets anybody ask; whether there is now something to be asked."""
    with house.database.read() as session:
        release, cut, wave = _found(session, programme_id, release_id)
        kept = count_tables.kept_counts(session, release_id).keys()
        keys = session.get(CountKeys, wave.id)
        if not _may_open(session, programme_id, release):
            return False
        if not kept and not _one_cut(house, session, keys, cut):
            return False
        secret = secrets.token_bytes(SECRET) if keys is None else keys.secret
        tables = [] if kept else list(tables_of(house, session, release, cut, wave, secret))
        address = f"{session.get_one(ProgrammeRow, programme_id).code}/{wave.code}-{release_id}"
    with house.database.write() as session:
        release, cut, wave = _found(session, programme_id, release_id)
        if not _may_open(session, programme_id, release):
            return False
        if keys is None and not kept:
            session.add(CountKeys(wave_id=wave.id, cut_id=cut.id, secret=secret, made_at=now()))
        count_tables.keep_counts(session, release_id, address, tables)
        count_tables.set_open(session, release_id, opened=True)
    return any(rows for _, rows, _ in kept) or any(each.rows for each in tables)


def counts_again(house: House, programme_id: int, release_id: int) -> bool | None:
    """Whether a release's tables come out the same when they are made again; None where it has
    none. Raises NotFound."""
    with house.database.read() as session:
        release, cut, wave = _found(session, programme_id, release_id)
        kept = count_tables.kept_counts(session, release_id)
        if not kept:
            return None
        secret = session.get_one(CountKeys, wave.id).secret
        again = tables_of(house, session, release, cut, wave, secret)
        return kept == {(each.audience, each.rows, each.columns): each.body for each in again}


def _found(session: Session, programme_id: int, release_id: int) -> tuple[Release, DataCut, Wave]:
    found = releases.release_of(session, programme_id, release_id)
    if found is None:
        raise NotFound
    release, cut, wave = found
    return release, cut, wave


def _may_open(session: Session, programme_id: int, release: Release) -> bool:
    asked = count_tables.counts_are_asked(session, programme_id)
    return asked and release.state == "published"


def _one_cut(house: House, session: Session, keys: CountKeys | None, cut: DataCut) -> bool:
    """Whether no counts of other people of this wave were given out, and nobody was erased."""
    first = cut if keys is None else session.get_one(DataCut, keys.cut_id)
    return first.checksum == cut.checksum and not cuts.erased_since(house.folder, cut)


def tables_of(
    house: House, session: Session, release: Release, cut: DataCut, wave: Wave, secret: bytes
) -> Iterator[Counted]:
    """Every table that may be asked of a release, and of each audience what may be asked."""
    content = content_of(house.database, session, wave.id)
    places = territories_of_wave(session, wave)
    read = columns(house.folder / cut.extract, tuple(sorted(places)))
    frameworks = (content.national, *(content.own[code] for code in sorted(content.own)))
    beside = beside_of(cut.counts, wave, release.threshold)
    components = components_of(frameworks)
    groups = all_group_definitions(content.national.breakdowns, components)
    definitions = components | beside.definitions | groups
    withheld = [(each["territory"], each["component"]) for each in release.protection["cells"]]
    rules = CountRules(threshold=release.threshold)
    programme = session.get_one(ProgrammeRow, wave.programme_id)
    about = {
        "schema": 1,
        "programme": Text.of(programme.title).as_dict(),
        "synthetic": programme.synthetic,
        "wave": Text.of(wave.title).as_dict(),
        "day": f"{cut.made_at:%Y-%m-%d}",
        "territories": {code: each.name.as_dict() for code, each in places.items()},
        "largest": rules.perturbation.largest,
        "variance": rules.perturbation.variance,
        "never": rules.perturbation.never,
        "threshold": rules.threshold,
        "people": rules.people,
    }
    for audience in Audience:
        if audience in read:
            asked = content.questions.get(audience, {})
            wanted = offer(audience, asked, definitions, withheld, content.asked)
            answers = _answers(read[audience], wanted, secret)
            made = dict(_of_audience(answers, wanted, rules))
            together: dict[str, list[str]] = {}
            for (rows, other), layers in made.items():
                together.setdefault(rows, []).append(other)
                plain = {place: each.plain() for place, each in layers.items()}
                yield Counted(audience.value, rows, other, _written(plain))
            questions = [_described(content, audience, code, read[audience]) for code in together]
            told = {"audience": AUDIENCES[audience.value].as_dict(), "questions": questions}
            yield Counted(audience.value, "", "", _written(about | told | {"together": together}))


def _answers(read: Extracted, wanted: Offer, secret: bytes) -> Answers:
    """What was answered to the questions on offer, with a key for each person."""
    items = read.answers.items
    given = {
        code: np.where(items[code].status == Status.VALUE, items[code].code, -1)
        for code in wanted.places
        if code in items
    }
    options = {code: len(items[code].codes) for code in given}
    return Answers(
        territories=read.respondents.territories,
        territory=read.respondents.territory,
        keys=record_keys(secret, read.numbers),
        given=given | {WHO: read.respondents.proxy.astype(np.int64)},
        options=options | {WHO: len(BY_WHOM)},
    )


def _of_audience(
    answers: Answers, wanted: Offer, rules: CountRules
) -> Iterator[tuple[tuple[str, str], dict[str, Layer]]]:
    """By questions, each alone and two by two, the tables that can be given."""
    codes = [code for code in wanted.places if code in answers.given]
    alone = [code for code in codes if answers.options[code] > 1]
    for code in alone:
        if layers := count_table(answers, code, None, wanted.places[code], rules):
            yield (code, ""), layers
    for rows, other in combinations(alone, 2):
        places = wanted.together(rows, other)
        if layers := count_table(answers, rows, other, places, rules):
            yield (rows, other), layers


def _described(content: Content, audience: Audience, code: str, read: Extracted) -> dict[str, Any]:
    """A question as the pages name it: its code, its words, and those of its options in order."""
    if code == WHO:
        words = [each.as_dict() for each in BY_WHOM]
        return {"code": code, "text": WHO_ANSWERED.as_dict(), "options": words}
    question = content.questions[audience][code]
    known = question.option_by_code
    options = [
        _plain(known[each].text) if each in known else {"fr": each, "en": each}
        for each in read.answers.items[code].codes
    ]
    return {"code": code, "text": _wording(question, code), "options": options}


def _wording(question: Question, code: str) -> dict[str, str]:
    found = _plain(question.text)
    if question.kind is not Kind.BATTERY:
        return found
    row = _plain(next(each.text for each in question.rows if each.code == code))
    return {language: f"{found.get(language, '')} {said}".strip() for language, said in row.items()}


def _plain(text: Text) -> dict[str, str]:
    return {
        language: fill(said, NO_TERMS).replace("*", "") for language, said in text.as_dict().items()
    }


def _written(thing: object) -> bytes:
    return json.dumps(thing, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode()


_RESULTS_FIRST = Text.of(
    fr="Montrez d’abord les diffusions publiées à tout le monde\u00a0: les effectifs n’ont de page "
    "qu’auprès d’elles.",
    en="Show published releases to everybody first: counts have a page beside them only.",
)
