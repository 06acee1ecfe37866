"""Loading a programme from files: territories, questionnaires, modules, frameworks.

Files are sources, the database is the record. A file that is known changes nothing; one that was
never there is published as version 1; one that follows from the last file becomes a draft, since
a person must see the difference; one that does not has diverged and is left alone. One that fits
only what other files of this load become stays a draft like these.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Literal

from sqlalchemy.orm import Session

from app.definitions.files import FileKind, kind_of, read_territories
from app.domain.check_words import finding
from app.domain.checks import Finding
from app.domain.errors import BadDefinition, BadInput, Conflict
from app.domain.frameworks import Framework
from app.domain.permissions import Verb
from app.domain.questionnaire import Module, Questionnaire
from app.domain.territories import NATION, Programme
from app.domain.territory_checks import check_territories
from app.domain.text import Text
from app.storage.audit import record
from app.storage.database import now
from app.storage.frameworks import frameworks
from app.storage.surveys import questionnaires
from app.storage.territories import (
    load_territory,
    programme_by_code,
    put_programme,
    territories_of,
    tree_of,
)
from app.workflows.acting import House
from app.workflows.examining import Examined, blocks, examine, text_of
from app.workflows.loading_words import diverged_file, no_territories_file, twice_file
from app.workflows.surroundings import Surroundings, surroundings
from app.workflows.territory_rules import refuse_bad_tree
from app.workflows.versions import Version, new_version

State = Literal["published", "draft", "unchanged", "diverged", "refused", "loaded"]
_ORDER: tuple[FileKind, ...] = ("territories", "questionnaire", "module", "framework")


@dataclass(frozen=True, slots=True)
class Loaded:
    """What became of one file; ``number`` is the version it stands for, None for a draft."""

    file: str
    kind: FileKind | None
    state: State
    number: int | None = None
    findings: tuple[Finding, ...] = ()

    @property
    def stands(self) -> bool:
        """Whether it is the newest of its kind after the load, published or as a draft."""
        new = self.state in ("published", "draft")
        return new or (self.state == "unchanged" and self.number is None)


@dataclass(frozen=True, slots=True)
class LoadReport:
    """What became of every file, in the order in which they were read."""

    programme: str
    files: tuple[Loaded, ...]

    @property
    def refused(self) -> bool:
        """Whether a file could not be taken; then nothing at all was changed."""
        return any(entry.state == "refused" for entry in self.files)


@dataclass(frozen=True, slots=True)
class _Source:
    """A file to load: its path inside the folder and its text."""

    file: str
    text: str


@dataclass(frozen=True, slots=True)
class _Plan:
    """What a file will do: the report's line, and for a version what is to be stored."""

    entry: Loaded
    source: _Source
    examined: Examined | None = None


def load_programme(house: House, root: Path, *, synthetic: bool) -> LoadReport:
    """Load every definition below ``root``: all of it, or nothing where one file is refused.

    Raises BadInput where there is no ``config/territories.yaml``, BadDefinition where it cannot
    be read or would change borders that an open wave was opened with, and Conflict where somebody
    published while the files were read.
    """
    place = root / "config" / "territories.yaml"
    if not place.is_file():
        raise BadInput([no_territories_file(place)])
    programme = read_territories(text_of(place.read_bytes()))
    findings = check_territories(programme)
    if blocks(findings):
        raise BadDefinition(findings)
    with house.database.read() as session:
        known = _known(session, programme.code)
        around = _around(session, programme)
    plans = list(_plans(root, known, around))
    territories = Loaded(place.relative_to(root).as_posix(), "territories", "loaded")
    report = LoadReport(programme.code, (territories, *(plan.entry for plan in plans)))
    if report.refused:
        return report
    diverged = _store(house, programme, known, plans, synthetic=synthetic)
    if diverged:
        findings = tuple(finding("territory_diverged", code) for code in diverged)
        territories = replace(territories, state="diverged", findings=findings)
    return replace(report, files=(territories, *report.files[1:]))


Key = tuple[str, str]  # audience (empty: framework), territory
_Known = dict[Key, list[Version]]


def _known(session: Session, programme_code: str) -> _Known:
    """Every version and draft of the programme, newest first, by what it is a version of."""
    found: _Known = {}
    row = programme_by_code(session, programme_code)
    if row is None:
        return found
    everywhere = frozenset({NATION, *territories_of(session, row.id)})
    for version in questionnaires(session, row.id, everywhere):
        found.setdefault((version.audience, version.territory), []).append(version)
    for framework in frameworks(session, row.id, everywhere):
        found.setdefault(("", framework.territory), []).append(framework)
    return found


def _around(session: Session, programme: Programme) -> Surroundings:
    territories = {territory.code: territory for territory in programme.territories}
    row = programme_by_code(session, programme.code)
    if row is None:
        return Surroundings(territories)
    return surroundings(session, row.id, territories)


def _sources(root: Path) -> list[tuple[FileKind | None, _Source, tuple[Finding, ...]]]:
    """Every definition below the folder with its kind, in the order of who needs whom."""
    found: list[tuple[FileKind | None, _Source, tuple[Finding, ...]]] = []
    paths = [*(root / "config" / "frameworks").glob("*.yaml"), *(root / "surveys").rglob("*.yaml")]
    for path in sorted(paths):
        file = path.relative_to(root).as_posix()
        try:
            text = text_of(path.read_bytes())
            found.append((kind_of(text), _Source(file, text), ()))
        except BadDefinition as error:
            found.append((None, _Source(file, ""), error.findings))
    return sorted(found, key=lambda one: (_rank(one[0]), "extends:" in one[1].text))


def _rank(kind: FileKind | None) -> int:
    return _ORDER.index(kind) if kind else -1


def _plans(root: Path, known: _Known, around: Surroundings) -> Iterator[_Plan]:
    seen: set[Key] = set()
    coming = around.copied()
    for kind, source, findings in _sources(root):
        if kind is None:
            yield _Plan(Loaded(source.file, kind, "refused", findings=findings), source)
            continue
        plan = _planned(kind, source, known, around, coming)
        if plan.examined is not None:
            key = (plan.examined.audience, plan.examined.territory)
            if key in seen:
                twice = (twice_file(),)
                plan = _Plan(Loaded(source.file, kind, "refused", findings=twice), source)
            seen.add(key)
        if plan.examined is not None and plan.entry.state == "published":
            _surround(around, plan.examined)
        if plan.examined is not None and plan.entry.stands:
            _surround(coming, plan.examined)
        yield plan


def _planned(
    kind: FileKind, source: _Source, known: _Known, around: Surroundings, coming: Surroundings
) -> _Plan:
    """What becomes of a file. ``around``: what will be published after this load; ``coming``: with
    the drafts of this load in their place."""
    try:
        examined = examine(source.text, around)
        waits = blocks(examined.findings)
        if waits:
            examined = examine(source.text, coming)
    except BadDefinition as error:
        return _Plan(Loaded(source.file, kind, "refused", findings=error.findings), source)
    versions = known.get((examined.audience, examined.territory), [])
    same = [version for version in versions if version.checksum == examined.checksum]
    if same:
        numbers = [version.number for version in same if version.number is not None]
        entry = Loaded(source.file, kind, "unchanged", max(numbers, default=None))
        return _Plan(entry, source, examined)
    if blocks(examined.findings):
        entry = Loaded(source.file, kind, "refused", findings=examined.findings)
        return _Plan(entry, source, examined)
    published = [version for version in versions if version.number is not None]
    if not published:
        state: State = "draft" if waits else "published"
        entry = Loaded(source.file, kind, state, None if waits else 1, examined.findings)
        return _Plan(entry, source, examined)
    latest = max(published, key=lambda version: version.number or 0)
    if latest.created_by is None:  # the last version came from a file too: this one follows it
        entry = Loaded(source.file, kind, "draft", None, examined.findings)
    else:
        diverged = (diverged_file(latest.number or 0), *examined.findings)
        entry = Loaded(source.file, kind, "diverged", latest.number, diverged)
    return _Plan(entry, source, examined)


def _surround(around: Surroundings, examined: Examined) -> None:
    """Let the files that follow be read against this version."""
    thing = examined.thing
    if isinstance(thing, Questionnaire):
        around.cores[examined.audience] = thing
        around.core_numbers.setdefault(examined.audience, 1)
    elif isinstance(thing, Module):
        around.modules[examined.audience, examined.territory] = thing
    elif isinstance(thing, Framework) and examined.territory == NATION:
        around.nationals.setdefault(1, replace(thing, version=1))
    if isinstance(thing, Framework):
        around.framework_codes.setdefault(thing.code, examined.territory)


def _store(
    house: House, programme: Programme, known: _Known, plans: list[_Plan], *, synthetic: bool
) -> list[str]:
    """Store what the files say; the territories that were changed on the pages and are kept."""
    with house.database.write() as session:
        if _marks(_known(session, programme.code)) != _marks(known):
            raise Conflict(
                Text.of(
                    fr="Quelqu’un a publié pendant la lecture des fichiers. Relancez la commande.",
                    en="Somebody published while the files were read. Run the command again.",
                )
            )
        row = put_programme(session, programme.code, programme.title, synthetic=synthetic)
        before = tree_of(session, row.id)
        became = {
            place.code: load_territory(session, row.id, place) for place in programme.territories
        }
        session.flush()
        refuse_bad_tree(session, row.id, before, tree_of(session, row.id))
        stored = [plan for plan in plans if plan.entry.state in ("published", "draft")]
        for plan in stored:
            _put(session, row.id, plan)
        record(
            session,
            actor=None,
            origin="cli",
            act=Verb.PROGRAMME_LOAD,
            programme_id=row.id,
            territory=NATION,
            thing=f"programme:{programme.code}",
            details={
                "territories": sum(each == "taken" for each in became.values()),
                "published": sum(plan.entry.state == "published" for plan in stored),
                "drafts": sum(plan.entry.state == "draft" for plan in stored),
            },
        )

    return [code for code, each in became.items() if each == "diverged"]


def _marks(known: _Known) -> set[tuple[str, int, int | None]]:
    return {
        (type(version).__name__, version.id, version.number)
        for versions in known.values()
        for version in versions
    }


def _put(session: Session, programme_id: int, plan: _Plan) -> None:
    assert plan.examined is not None  # only what was read is stored
    row = new_version(session, programme_id, plan.examined, plan.source.text, author=None)
    if plan.entry.state == "published":
        row.number, row.published_at, row.note = 1, now(), plan.source.file
    session.flush()
