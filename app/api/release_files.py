"""Files of a release through the API: what there is, and each of them, as on the page."""

from __future__ import annotations

from typing import Any

from apiflask import Schema
from flask import Response, g, request, url_for
from marshmallow import fields, validate

from app.api.doors import calls, house
from app.api.problems import problem
from app.api.views import answer, blueprint
from app.domain.errors import NotFound
from app.domain.permissions import Verb
from app.workflows import disseminate
from app.workflows.choosing import FIELDS, choice_of
from app.workflows.release_files import LANGUAGES, TYPES


class FileQuery(Schema):
    """Which figures, and in which language their words."""

    language = fields.String(load_default="fr", validate=validate.OneOf(LANGUAGES))
    territory = fields.List(fields.String(), load_default=[])
    subject = fields.List(fields.String(), load_default=[])
    audience = fields.List(fields.String(), load_default=[])
    code = fields.List(fields.String(), load_default=[])
    wave = fields.List(fields.String(), load_default=[])


class ReleaseFile(Schema):
    """A format that a release can be taken in."""

    form = fields.String()
    media_type = fields.String()
    href = fields.String()


class ReleaseFiles(Schema):
    """All formats."""

    items = fields.List(fields.Nested(ReleaseFile))


@blueprint.get("/releases/<int:release_id>/files")
@blueprint.doc(summary="Formats of a release", responses=[401, 403, 404])
@blueprint.output(ReleaseFiles)
@calls(Verb.RELEASE_DOWNLOAD)
def release_files(release_id: int) -> Any:
    """Every format with the address of its file."""
    disseminate.reach(house(), g.actor, release_id)
    items = [
        {
            "form": form,
            "media_type": TYPES[form],
            "href": url_for("api.release_file", release_id=release_id, form=form),
        }
        for form in disseminate.FORMS
    ]
    return answer(ReleaseFiles(), {"items": items})


@blueprint.get("/releases/<int:release_id>/files/<form>")
@blueprint.doc(summary="A file of a release", responses=[401, 403, 404, 422])
@blueprint.input(FileQuery, location="query", validation=False)
@calls(Verb.RELEASE_DOWNLOAD)
def release_file(release_id: int, form: str, **_unread: Any) -> Any:
    """The same bytes as from the page, narrowed in the same way; who took it is recorded."""
    language = request.args.get("language", "fr")
    if form not in disseminate.FORMS:
        raise NotFound
    if language not in LANGUAGES:
        return problem(422, "bad_query", "Some parts of the query cannot be taken.")
    seen = disseminate.reach(house(), g.actor, release_id)
    choice = choice_of(seen, {name: request.args.getlist(name) for name in FIELDS})
    name, content = disseminate.hand_out(house(), g.actor, release_id, form, language, choice)
    response = Response(content, mimetype=TYPES[form])
    response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    response.add_etag()
    return response.make_conditional(request)
