"""``POST /api/v1/evaluate/…``: figures from the files of a request, as from the command line.

Nothing is stored, and nothing of the programme is read. One computation at a time for each process.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from threading import Lock
from typing import Any

from apiflask import APIBlueprint
from flask import Response, request

from app.api import evaluate_schemas as schemas
from app.api.doors import calls
from app.api.problems import problem, refused
from app.domain.errors import CovalueError, Fault, Unavailable
from app.domain.permissions import Verb
from app.domain.text import Text
from app.evaluation.plain_items import as_planned
from app.evaluation.scale_scores import with_scores
from app.evaluation.survey_building import sets_of_weights
from app.evaluation.tabulation import figures_of
from app.interchange.plain_json import json_text, plain
from app.interchange.rectangular import names_of
from app.workflows import figures_from_files as files
from app.workflows.brought_files import BadFile, File, reading
from app.workflows.figures_from_files import Data

MOST_ROWS = 50_000
MOST_FIGURES = 2_000
MOST_WORK = 50_000_000  # rows x figures x sets of weights
blueprint = APIBlueprint("evaluate", __name__, url_prefix="/api/v1/evaluate")
_one = Lock()
ANSWERS = [401, 403, 413, 422, 503]
BUSY = Text.of(
    fr="Un autre calcul est en cours. Réessayez dans un instant.",
    en="Another computation is running. Try again in a moment.",
)


def bad_file(error: CovalueError) -> Response:
    """What is wrong in a file: its name, place, reason, remedy."""
    assert isinstance(error, BadFile)
    faults = [
        {
            "file": error.name,
            "place": one.place,
            "reason": one.reason.in_("en"),
            "remedy": one.remedy.in_("en"),
        }
        for one in error.faults
    ]
    return problem(422, error.code, error.message.in_("en"), faults=faults)


blueprint.register_error_handler(CovalueError, refused)
blueprint.register_error_handler(BadFile, bad_file)


@contextmanager
def alone() -> Iterator[None]:
    """Run where no other computation does; ``Unavailable`` otherwise."""
    if not _one.acquire(blocking=False):
        raise Unavailable(BUSY)
    try:
        yield
    finally:
        _one.release()


def _computed(compute: Callable[[Data], Any]) -> Response:
    """What ``compute`` makes of the data, with warnings of how they were read."""
    with alone():
        data = files.read_data(_file("data"))
        if data.rectangle.n > MOST_ROWS:
            raise _too_much("data", f"{data.rectangle.n}", f"{MOST_ROWS}", "rows", "lignes")
        found = plain(compute(data))
    found["warnings"] = [each.in_("en") for each in data.rectangle.warnings]
    return Response(json_text(found), mimetype="application/json")


def _file(name: str) -> File:
    there = _several(name)
    if not there:
        words = Text.of(fr="Ce fichier manque.", en="This file is missing.")
        remedy = Text.of(
            fr=f"Envoyez-le dans la partie « {name} ».", en=f"Send it as the part “{name}”."
        )
        raise BadFile(name, [Fault("-", words, remedy)])
    return there[0]


def _several(name: str) -> list[File]:
    return [File(each.filename or name, each.stream.read()) for each in request.files.getlist(name)]


def _fields(schema: Any) -> dict[str, Any] | Response:
    errors = schema.validate(request.form)
    if errors:
        return problem(422, "bad_form", "Some fields cannot be taken.", fields=errors)
    loaded: dict[str, Any] = schema.load(request.form)
    return loaded


def _too_much(place: str, found: str, most: str, en: str, fr: str) -> BadFile:
    reason = Text.of(
        fr=f"{found} {fr} : au plus {most} ici.", en=f"{found} {en}: at most {most} here."
    )
    remedy = Text.of(
        fr="Calculez sur votre poste avec « flask evaluate », sans limite.",
        en="Compute on your own machine with “flask evaluate”, which has no limit.",
    )
    return BadFile(place, [Fault("-", reason, remedy)])


@blueprint.post("/table")
@blueprint.doc(summary="Figures of a survey, and what frameworks say of it", responses=ANSWERS)
@blueprint.input(schemas.TableFiles, location="form_and_files", validation=False)
@calls(Verb.RELEASE_VIEW)
def table(**_unread: Any) -> Any:
    """``data``, ``design`` and, where wanted, ``framework`` and ``questionnaire`` (repeated)."""

    def compute(data: Data) -> Any:
        design = files.read_plan(_file("design"))
        plan = design.plan
        with reading(data.name, design.name):
            rectangle, _ = with_scores(as_planned(data.rectangle, plan), plan.scores)
            figures = figures_of(rectangle, plan)
            sets = sets_of_weights(rectangle, plan)
        if figures > MOST_FIGURES:
            raise _too_much("design", f"{figures}", f"{MOST_FIGURES}", "figures", "chiffres")
        work = data.rectangle.n * max(figures, 1) * sets
        if work > MOST_WORK:
            raise _too_much("design", f"{work}", f"{MOST_WORK}", "steps of work", "pas de calcul")
        return files.table(data, design, _several("framework"), _several("questionnaire"))

    return _computed(compute)


@blueprint.post("/composite")
@blueprint.doc(summary="An index over a table of units by indicators", responses=ANSWERS)
@blueprint.input(schemas.CompositeFiles, location="form_and_files", validation=False)
@calls(Verb.RELEASE_VIEW)
def composite(**_unread: Any) -> Any:
    """``data`` and ``framework`` (covalue/index/1)."""
    return _computed(lambda data: files.composite(data, _file("framework")))


@blueprint.post("/reliability")
@blueprint.doc(summary="Alpha, omega and item statistics of a scale", responses=ANSWERS)
@blueprint.input(schemas.ReliabilityFiles, location="form_and_files", validation=False)
@calls(Verb.RELEASE_VIEW)
def reliability(**_unread: Any) -> Any:
    """``data``, ``items`` and, where wanted, ``weight`` and ``pairwise``."""
    said = _fields(schemas.ReliabilityFields())
    if isinstance(said, Response):
        return said
    names = names_of(said["items"])
    return _computed(
        lambda data: files.reliability_of(
            data, names, said["weight"] or None, pairwise=said["pairwise"]
        )
    )


@blueprint.post("/dif")
@blueprint.doc(summary="Differential item functioning between two groups", responses=ANSWERS)
@blueprint.input(schemas.DifFiles, location="form_and_files", validation=False)
@calls(Verb.RELEASE_VIEW)
def dif(**_unread: Any) -> Any:
    """``data``, ``items``, ``group``, ``focal`` and, where wanted, ``reference`` and the rest."""
    said = _fields(schemas.DifFields())
    if isinstance(said, Response):
        return said
    groups = (said["group"], said["focal"], said["reference"] or None)
    return _computed(
        lambda data: files.dif_of(
            data,
            names_of(said["items"]),
            groups,
            least=said["minimum"],
            purify=said["purification"],
        )
    )


@blueprint.post("/rake")
@blueprint.doc(summary="Weights that meet known totals, and a report on them", responses=ANSWERS)
@blueprint.input(schemas.RakeFiles, location="form_and_files", validation=False)
@calls(Verb.RELEASE_VIEW)
def rake(**_unread: Any) -> Any:
    """``data`` and ``margins``: ``report``, and ``weights`` in the order of the rows."""

    def compute(data: Data) -> Any:
        done = files.rake(data, _file("margins"))
        return {"report": done.report, "weights": done.weight.tolist()}

    return _computed(compute)


@blueprint.post("/ranks")
@blueprint.doc(summary="Ranks of units by several columns", responses=ANSWERS)
@blueprint.input(schemas.RanksFiles, location="form_and_files", validation=False)
@calls(Verb.RELEASE_VIEW)
def ranks(**_unread: Any) -> Any:
    """``data``, ``variants`` and, where it is not called so, ``unit``."""
    said = _fields(schemas.RanksFields())
    if isinstance(said, Response):
        return said
    names = names_of(said["variants"])
    return _computed(lambda data: files.ranks_of(data, said["unit"], names))


@blueprint.post("/distances")
@blueprint.doc(summary="Gower's distances between units", responses=ANSWERS)
@blueprint.input(schemas.DistancesFiles, location="form_and_files", validation=False)
@calls(Verb.RELEASE_VIEW)
def distances(**_unread: Any) -> Any:
    """``data`` and ``variables`` (covalue/distances/1)."""
    return _computed(lambda data: files.distances_of(data, _file("variables")))
