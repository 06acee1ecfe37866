"""The sample of a wave through the API: who is in it, and people brought in by a job."""

from __future__ import annotations

import csv
import hashlib
import io
from collections.abc import Mapping, Sequence
from contextlib import closing
from typing import Any, BinaryIO, cast

from flask import Response, g, json, request, url_for

from app.api import fieldwork_schemas as schemas
from app.api.doors import calls, house
from app.api.fieldwork import listed
from app.api.problems import problem
from app.api.schemas import Paging
from app.api.views import answer, blueprint, queried
from app.api.weighting import sent_as
from app.domain.errors import BadInput, Fault, NotFound
from app.domain.permissions import Verb
from app.domain.text import Text
from app.interchange.sample_csv import COLUMNS
from app.storage import sample_lists
from app.workflows import own_jobs
from app.workflows.own_jobs import JobView
from app.workflows.sample_job import KIND, start_sample
from app.workflows.waves import wave_by_code

LONGEST_KEY = 200


@blueprint.get("/waves/<code>/sample")
@blueprint.doc(summary="Who is in the sample", responses=[401, 403, 404, 422])
@blueprint.input(Paging, location="query", validation=False)
@blueprint.output(schemas.People)
@calls(Verb.SAMPLE_IMPORT)
def sample(code: str, **_unread: Any) -> Any:
    """People of the territories of this account: never a name, an address or a code."""
    return listed(code, Verb.SAMPLE_IMPORT, schemas.People(), sample_lists.people)


@blueprint.post("/waves/<code>/sample")
@blueprint.doc(summary="Bring people in", responses=[401, 403, 404, 409, 413, 422])
@blueprint.input(schemas.SampleQuery, location="query", validation=False)
@blueprint.input(schemas.SampleSent, location="json", validation=False)
@blueprint.output(schemas.SampleJob, status_code=202)
@calls(Verb.SAMPLE_IMPORT)
def sample_import(code: str, **_unread: Any) -> Any:
    """Starts a job that takes all or none. JSON, or a CSV or XLSX file as ``file`` of a form, with
    ``mapping`` as JSON beside it. The same ``Idempotency-Key`` with the same content: the same job.
    """
    query = queried(schemas.SampleQuery())
    if isinstance(query, Response):
        return query
    key = request.headers.get("Idempotency-Key", "")
    if len(key) > LONGEST_KEY:
        return problem(422, "bad_key", "At most 200 characters.")
    taken = _file_sent() if "file" in request.files else _items_sent()
    if isinstance(taken, Response):
        return taken
    content, mapping, said = taken
    wave = wave_by_code(house(), g.actor, code)
    with closing(content):
        job = start_sample(
            house(),
            g.actor,
            wave.id,
            content,
            mapping,
            dry_run=query["dry_run"],
            request_key=key,
            said=said,
            listed="file" not in request.files,
        )
    response = _job(own_jobs.one(house(), g.actor, job))
    response.status_code = 202
    response.headers["Location"] = url_for("api.sample_job", job_id=job)
    return response


@blueprint.get("/jobs/<int:job_id>")
@blueprint.doc(summary="How an import goes", responses=[401, 403, 404])
@blueprint.output(schemas.SampleJob)
@calls(Verb.SAMPLE_IMPORT)
def sample_job(job_id: int) -> Any:
    """The state of an import that this account started; once it ended, its report row by row."""
    found = own_jobs.one(house(), g.actor, job_id)
    if found.kind != KIND:
        raise NotFound
    return _job(found)


@blueprint.post("/jobs/<int:job_id>/cancel")
@blueprint.doc(summary="Stop an import", responses=[401, 403, 404])
@blueprint.output(schemas.SampleJob)
@calls(Verb.SAMPLE_IMPORT)
def sample_job_cancel(job_id: int) -> Any:
    """Ask it to stop: nothing of it is kept, unless it had ended."""
    if own_jobs.one(house(), g.actor, job_id).kind != KIND:
        raise NotFound
    own_jobs.cancel(house(), g.actor, job_id)
    return _job(own_jobs.one(house(), g.actor, job_id))


def _job(job: JobView) -> Response:
    told = dict(job.result) | {
        "id": job.id,
        "href": url_for("api.sample_job", job_id=job.id),
        "state": job.state,
        "done": job.done,
        "total": job.total,
    }
    if job.failure is not None:
        told["failure"] = job.failure
    told["warnings"] = [Text.of(each).in_("en") for each in told.get("warnings", ())]
    told["faults"] = [
        {
            "place": _place(each["place"], listed=job.listed),
            "reason": Text.of(each["reason"]).in_("en"),
            "remedy": Text.of(each["remedy"]).in_("en"),
        }
        for each in told.get("faults", ())
    ]
    return answer(schemas.SampleJob(), told)


def _place(found: str, *, listed: bool) -> str:
    """Where a fault is: the line of a file, or the number of an item from 1."""
    line, _, column = found.partition(" ")
    if not listed or not line.isdigit() or int(line) < 2:
        return found
    return f"items {int(line) - 1} {column}".rstrip()


Taken = tuple[BinaryIO, Mapping[str, str], bytes]


def _file_sent() -> Taken | Response:
    file = cast(BinaryIO, request.files["file"].stream)
    written = request.form.get("mapping", "")
    mapping: Any
    try:
        mapping = json.loads(written) if written else {}
    except ValueError:
        mapping = None
    if not _is_mapping(mapping):
        return problem(422, "bad_form", "mapping: our column by the name of yours, as JSON.")
    said = hashlib.sha256(written.encode())
    while piece := file.read(1 << 20):
        said.update(piece)
    file.seek(0)
    return file, mapping, said.digest()


def _items_sent() -> Taken | Response:
    read = sent_as(schemas.SampleSent())
    if isinstance(read, Response):
        return read
    mapping = {name: column for name, column in read["mapping"].items() if column}
    if not _is_mapping(mapping):
        return problem(422, "bad_input", "mapping: our column by the name of yours.")
    said = hashlib.sha256(request.get_data()).digest()
    return io.BytesIO(_as_csv(read["items"], mapping)), {}, said


def _is_mapping(found: Any) -> bool:
    columns = list(found.values()) if isinstance(found, dict) else [None]
    return set(columns) <= {*COLUMNS, ""} and len({*columns} - {""}) == len(
        [each for each in columns if each]
    )


def _as_csv(items: Sequence[Mapping[str, Any]], mapping: Mapping[str, str]) -> bytes:
    """The items as a file with our columns, one line each. Raises ``BadInput``."""
    known = mapping or {name: name for item in items for name in item}
    faults = [
        Fault(f"items {number} {name}", *_UNUSABLE)
        for number, item in enumerate(items, 1)
        for name, value in item.items()
        if not _is_cell(value) or (not mapping and name not in COLUMNS)
    ]
    if faults:
        raise BadInput(faults)
    out = io.StringIO()
    writer = csv.writer(out, delimiter=";", lineterminator="\n")
    writer.writerow(known.values())
    for item in items:
        cells = (item.get(name) for name in known)
        writer.writerow(["" if cell is None else str(cell) for cell in cells])
    return out.getvalue().encode("utf-8-sig")


def _is_cell(value: Any) -> bool:
    if isinstance(value, str):
        return "\n" not in value and "\r" not in value and "\x00" not in value
    return value is None or (isinstance(value, (int, float)) and not isinstance(value, bool))


_UNUSABLE = (
    Text.of(
        fr="Une colonne inconnue, ou une valeur qui n’est ni un texte d’une ligne ni un nombre.",
        en="An unknown column, or a value that is neither a text of one line nor a number.",
    ),
    Text.of(
        fr="Utilisez les colonnes de la documentation, ou indiquez une correspondance.",
        en="Use the columns of the documentation, or say which of yours is which.",
    ),
)
