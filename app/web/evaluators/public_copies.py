"""The public pages of a release: the evaluators' own pages, drawn once without their navigation.

What is kept is what everybody reads: the public process only hands out bytes.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Collection, Iterator
from dataclasses import replace

from flask import Flask, g

from app.domain.dates import spoken_date
from app.domain.errors import NotFound
from app.domain.permissions import Grant, Role
from app.domain.territories import NATION
from app.evaluation.tables import ProtectedTable, What
from app.storage.database import now
from app.storage.public_pages import Shown, is_public, replace_pages
from app.storage.published import Published, published
from app.storage.territories import territories_of
from app.workflows import jobs
from app.workflows.acting import Actor, House
from app.workflows.choosing import NOW, WHOLE, choice_of, known
from app.workflows.jobs import JobHandle
from app.workflows.opening_counts import open_counts
from app.workflows.opening_results import KIND
from app.workflows.release_files import FORMATS, LANGUAGES, TYPES, Content

FILES = ("csv", "json")  # of one indicator, and of what a page is narrowed down to
OF_ONE_PLACE = (
    "",
    "/compare",
    "/glance",
    "/comparability",
    "/coproduction",
    "/audiences",
    "/quality",
)
OF_WHOLE = ("xlsx", "csv", "excel.csv", "json")
LINK = re.compile(r'<a href="/office[^"]*"[^>]*>(.*?)</a>', re.DOTALL)


def register(app: Flask) -> None:
    """Let the worker of this application draw public pages."""
    jobs.KINDS[KIND] = lambda house, job: draw_job(app, house, job)


def draw_job(app: Flask, house: House, job: JobHandle) -> None:
    """Draw and keep every page of a published release, in both languages."""
    release_id = int(job.arguments["release"])
    seen = published(house.database, job.programme_id, release_id)
    if seen is None:
        raise NotFound
    with house.database.read() as session:
        places = territories_of(session, job.programme_id)
    reader = Actor(
        job.programme_id, places, (Grant(Role.EVALUATOR, NATION, only_viewing=True),),
        programme_title=seen.programme_title, synthetic=seen.synthetic, confirmed_at=now(),
    )  # fmt: skip
    counts = seen.state == "published" and open_counts(house, job.programme_id, release_id)
    rests = tuple(addresses(seen))
    wanted = [(language, rest) for language in LANGUAGES for rest in rests]
    narrow = file_choices(seen, rests)
    each_language = len(OF_WHOLE) + len(FILES) * (len(seen.indicators) + len(narrow))
    total = len(wanted) + len(LANGUAGES) * each_language + 1
    pages: list[Shown] = []
    for number, (language, rest) in enumerate(wanted):
        job.progress(number, total)
        if (html := _drawn(app, reader, seen, language, rest, rests, counts=counts)) is not None:
            title = None if rest else _title(seen, language)
            pages.append(_shown(seen, language, rest, "text/html; charset=utf-8", html, title))
    made = (file for language in LANGUAGES for file in files(seen, language, narrow))
    for number, file in enumerate(made, len(wanted)):
        job.progress(number, total)
        pages.append(file)
    with house.database.write() as session:
        still = is_public(session, job.programme_id) and seen.state == "published"
        kept = replace_pages(session, release_id, seen.programme, pages if still else ())
    job.result = {"pages": kept}


def _title(seen: Published, language: str) -> str:
    """The wave and the day of its data, to list the release by."""
    day = spoken_date(f"{seen.data_at:%Y-%m-%d}").in_(language)
    return f"{seen.wave_title.in_(language)} – {day}"


def base_of(seen: Published, language: str) -> str:
    """The address of a release's first page for everybody, which does not change."""
    return f"/results/{seen.programme}/{seen.wave}-{seen.id}/{language}"


def addresses(seen: Published) -> Iterator[str]:
    """Every page of a release, below its first."""
    yield from ("", "/compare", "/cross", "/robustness", "/indicators", "/comparability")
    yield from ("/coproduction", "/audiences", "/quality", "/weights", "/methods")
    for code in seen.places:
        yield f"/territories/{code}"
    yield "/glance"
    for node in seen.national.dimensions:
        yield f"/glance?dimension={node.code}"
    for each in seen.frameworks:
        yield f"/cross?framework={each.code}"
    for code in seen.indicators:
        yield f"/indicators/{code}"
        yield f"/comparability?indicator={code}"
    for page, field, value in narrowed(seen):
        yield f"{page}?{field}={value}"


def narrowed(seen: Published) -> Iterator[tuple[str, str, str]]:
    """Page, field and value of every page that is also shown of one territory, of one audience, of
    an earlier wave or of one group: one field at a time, since each address is drawn in advance."""
    waves = [each for each in known(seen)["wave"] if each != NOW]
    for place in seen.places if len(seen.places) > 1 else ():
        yield from ((page, "territory", place) for page in OF_ONE_PLACE)
        yield from ((f"/indicators/{code}", "territory", place) for code in seen.indicators)
    for code, indicator in seen.indicators.items():
        audiences = [each.audience.value for each in indicator.components]
        if len(audiences) > 1:
            yield from ((f"/indicators/{code}", "audience", each) for each in audiences)
        yield from ((f"/indicators/{code}", "wave", each) for each in waves)
    told = ((each.code, each.group) for each in seen.table.of(What.GROUP))
    for code, group in dict.fromkeys(told):
        assert group is not None  # a figure of a group says which
        yield f"/indicators/{code}", "group", group


def _drawn(
    app: Flask,
    reader: Actor,
    seen: Published,
    language: str,
    rest: str,
    rests: Collection[str],
    *,
    counts: bool,
) -> bytes | None:
    """A page as everybody sees it; None where this release has no such page."""
    base = base_of(seen, language)
    with app.test_request_context(f"/office/results/{seen.id}{rest}", base_url="http://localhost"):
        g.actor, g.language = reader, language
        g.public = {
            "base": base,
            "page": rest.partition("?")[0],
            "query": rest[rest.find("?") :] if "?" in rest else "",
            "drawn": rests,
            "counts": f"{base}/counts" if counts else "",
            "others": [
                (code, base_of(seen, code) + rest) for code in LANGUAGES if code != language
            ],
        }
        try:
            answer = app.ensure_sync(app.dispatch_request)()
        except NotFound:
            return None
    html = str(answer[0] if isinstance(answer, tuple) else answer)
    html = html.replace(f'href="/office/results/{seen.id}"', f'href="{base}"')
    html = html.replace(f'href="/office/results/{seen.id}/', f'href="{base}/')
    return LINK.sub(r"\1", html).encode()


def file_choices(seen: Published, rests: Collection[str]) -> list[tuple[str, str, str]]:
    """Stem, field and value of what pages are narrowed down to: each has files of its own."""
    choices = {
        (page if page.startswith("/indicators/") else "/figures", field, value)
        for page, field, value in narrowed(seen)
        if f"{page}?{field}={value}" in rests
    }
    return sorted(choices)


def files(
    seen: Published, language: str, narrow: Collection[tuple[str, str, str]]
) -> Iterator[Shown]:
    """The files of the whole, of each indicator alone, and of each choice of ``file_choices``."""
    whole = Content(seen, WHOLE, language)
    for form in OF_WHOLE:
        yield _shown(seen, language, f"/figures.{form}", TYPES[form], FORMATS[form](whole))
    for code in seen.indicators:
        kept = tuple(each for each in seen.table if each.code.partition(".")[0] == code)
        alone = replace(seen, table=ProtectedTable(kept, seen.table.threshold))
        content = Content(alone, WHOLE, language)
        for form in FILES:
            rest = f"/indicators/{code}.{form}"
            yield _shown(seen, language, rest, TYPES[form], FORMATS[form](content))
    for stem, field, value in narrow:
        wanted = {field: [NATION, value] if field == "territory" else [value]}
        if stem != "/figures":
            wanted["code"] = [stem.rpartition("/")[2]]
        content = Content(seen, choice_of(seen, wanted), language)
        for form in FILES:
            rest = f"{stem}.{form}?{field}={value}"
            yield _shown(seen, language, rest, TYPES[form], FORMATS[form](content))


def _shown(
    seen: Published,
    language: str,
    rest: str,
    kind: str,
    body: bytes,
    title: str | None = None,
) -> Shown:
    address = (base_of(seen, language) + rest).removeprefix("/results/")
    return Shown(address, kind, body, hashlib.sha256(body).hexdigest()[:32], title)
