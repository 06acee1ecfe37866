"""What a release was judged by and what was asked, as files: frameworks and questionnaires."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import orjson

from app.definitions.files import (
    dump_framework,
    dump_questionnaire,
    write_framework_yaml,
    write_questionnaire_yaml,
)
from app.domain.errors import NotFound
from app.domain.frameworks import Framework
from app.domain.questionnaire import Questionnaire
from app.storage.instruments import compiled
from app.storage.published import Published
from app.storage.releases import release_of
from app.storage.waves import instruments_of
from app.workflows.acting import Actor, House

FORMS = ("yaml", "json")


@dataclass(frozen=True, slots=True)
class Definition:
    """One framework, or the questionnaire that an audience of a territory was asked."""

    kind: str  # framework or questionnaire
    code: str  # of the framework, or TERRITORY.AUDIENCE
    content: Framework | Questionnaire

    def file(self, form: str) -> tuple[str, bytes]:
        """Name and content. YAML can be loaded again, JSON is the resolved document."""
        return f"{self.kind}s/{self.code}.{form}", self._written(form)

    def _written(self, form: str) -> bytes:
        content = self.content
        if isinstance(content, Framework):
            text = write_framework_yaml(content) if form == "yaml" else dump_framework(content)
        else:
            text = (
                write_questionnaire_yaml(content) if form == "yaml" else dump_questionnaire(content)
            )
        if isinstance(text, str):
            return text.encode("utf-8")
        return orjson.dumps(text, option=orjson.OPT_INDENT_2)


def definitions(house: House, actor: Actor, seen: Published) -> Iterator[Definition]:
    """The frameworks of the release, then what was asked in the territories that ``seen`` has."""
    for framework in seen.frameworks:
        yield Definition("framework", framework.code, framework)
    with house.database.read() as session:
        row = release_of(session, actor.programme_id, seen.id)
        asked = {} if row is None else instruments_of(session, row.Wave.id)
    for (territory, audience), instrument in sorted(asked.items()):
        if territory in seen.places:
            content = compiled(house.database, instrument)
            yield Definition("questionnaire", f"{territory}.{audience}", content)


def definition(house: House, actor: Actor, seen: Published, kind: str, code: str) -> Definition:
    """One of them. Raises ``NotFound``."""
    for each in definitions(house, actor, seen):
        if (each.kind, each.code) == (kind, code):
            return each
    raise NotFound
