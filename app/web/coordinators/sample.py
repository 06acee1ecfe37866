"""Pages of the sample: import with a preview, access codes, letters."""

from __future__ import annotations

import io
from contextlib import closing
from typing import Any, BinaryIO, cast

from flask import Response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from app.domain.errors import BadInput, Conflict, Fault, NotFound
from app.domain.permissions import Verb
from app.domain.territories import NATION
from app.domain.text import Text
from app.interchange.sample_csv import COLUMNS, SampleFile, read_sample, template
from app.interchange.sample_table import as_sample, guessed, header_of, is_workbook, sheets_of
from app.storage import participants as stored
from app.storage.sample_counts import sample_counts
from app.web.coordinators.entry import blueprint
from app.web.coordinators.field_words import actor, names, places
from app.web.coordinators.sample_columns import COLUMN_WORDS, column_help
from app.web.entrance import enters
from app.web.pages import house
from app.workflows import sample_import as acts
from app.workflows import uploads
from app.workflows import waves as waves_acts
from app.workflows.letters import start_letters
from app.workflows.sample import issue_codes, reissue_codes
from app.workflows.sample_job import import_checked, start_sample

FAULTS_SHOWN = 100
LARGE = 400_000  # bytes of a file that a job looks through, not the page


@blueprint.get("/waves/<int:wave_id>/sample")
@enters(Verb.SAMPLE_IMPORT)
def wave_sample(wave_id: int) -> ResponseReturnValue:
    """Who is in the sample, a file to bring, codes to create."""
    return _page(wave_id)


def _page(wave_id: int, **values: Any) -> str:
    wave = waves_acts.wave(house(), actor(), wave_id)
    scope = actor().scope(Verb.SAMPLE_IMPORT)
    with house().database.read() as session:
        counted = sample_counts(session, wave_id, scope)
    return render_template(
        "coordinators/sample.html",
        wave=wave,
        sizes=sorted(counted.people.items()),
        invited=sum(counted.people.values()),
        missing=counted.missing,
        columns=COLUMNS,
        column_words=COLUMN_WORDS,
        column_help=column_help(scope),
        names=names(),
        done=request.args.get("done"),
        **values,
    )


@blueprint.get("/sample-template.csv")
@enters(Verb.SAMPLE_IMPORT)
def wave_sample_template() -> Response:
    """An empty file to fill in."""
    headers = {"Content-Disposition": 'attachment; filename="sample.csv"'}
    own = sorted(actor().scope(Verb.SAMPLE_IMPORT) - {NATION})
    return Response(template(*own[:1]), mimetype="text/csv", headers=headers)


@blueprint.post("/waves/<int:wave_id>/sample")
@enters(Verb.SAMPLE_IMPORT)
def wave_sample_preview(wave_id: int) -> ResponseReturnValue:
    """Read the file and say what an import would do; nothing is changed yet."""
    sent = request.files.get("file")
    if sent is None:
        return _page(wave_id, faults=[_NO_FILE]), 422
    with closing(cast(BinaryIO, sent.stream)) as file:
        return _sent(wave_id, file)


def _sent(wave_id: int, file: BinaryIO) -> ResponseReturnValue:
    if not file.read(1):
        return _page(wave_id, faults=[_NO_FILE]), 422
    file.seek(0)
    try:
        header = header_of(file)
        file.seek(0)
        sheets = sheets_of(file) if is_workbook(file) else ()
    except BadInput as refusal:
        return _page(wave_id, faults=refusal.faults), 422
    file.seek(0)
    if sheets or not set(header) <= set(COLUMNS):
        token = uploads.keep(house(), actor(), f"columns:{wave_id}", file)
        mapping = guessed(header)
        return _page(wave_id, header=header, mapping=mapping, upload=token, sheets=sheets)
    return _previewed(wave_id, file, {})


@blueprint.post("/waves/<int:wave_id>/sample/columns")
@enters(Verb.SAMPLE_IMPORT)
def wave_sample_columns(wave_id: int) -> ResponseReturnValue:
    """What each column is was said: the preview of the file as it is then read."""
    token = request.form.get("token", "")
    with uploads.opened(house(), actor(), f"columns:{wave_id}", token) as file:
        try:
            header = header_of(file)
        except BadInput as refusal:
            return _page(wave_id, faults=refusal.faults), 422
        mapping = {
            name: request.form.get(f"column-{place}", "") for place, name in enumerate(header)
        }
        answer = _previewed(wave_id, file, mapping)
    uploads.forget(house(), token)
    return answer


def _previewed(wave_id: int, file: BinaryIO, mapping: dict[str, str]) -> ResponseReturnValue:
    """The preview; of a large file it is made by a job."""
    size = file.seek(0, io.SEEK_END)
    file.seek(0)
    if size > LARGE:
        job = start_sample(house(), actor(), wave_id, file, mapping, dry_run=True)
        return redirect(url_for("coordinators.wave_job", job_id=job), 303)
    try:
        content = _as_ours(file, mapping)
        found = _read(wave_id, content)
        if found.faults:
            raise BadInput(found.faults)
        report = acts.preview_sample(house(), actor(), wave_id, found.rows)
    except BadInput as refusal:
        shown = refusal.faults[:FAULTS_SHOWN]
        return _page(wave_id, faults=shown, fault_count=len(refusal.faults)), 422
    token = uploads.keep(house(), actor(), f"sample:{wave_id}", content)
    return _page(wave_id, report=report, upload=token, warnings=found.warnings)


def _as_ours(file: BinaryIO, mapping: dict[str, str]) -> bytes:
    if not mapping:
        return file.read()
    made = io.BytesIO()
    as_sample(file, mapping, made)
    return made.getvalue()


@blueprint.post("/waves/<int:wave_id>/sample/large/<int:job_id>")
@enters(Verb.SAMPLE_IMPORT)
def wave_sample_large(wave_id: int, job_id: int) -> ResponseReturnValue:
    """Import the large file that a job has looked through."""
    job = import_checked(house(), actor(), wave_id, job_id)
    return redirect(url_for("coordinators.wave_job", job_id=job), 303)


_NO_FILE = Fault(
    "",
    Text.of(fr="Aucun fichier, ou un fichier vide.", en="No file, or an empty one."),
    Text.of(fr="Choisissez le fichier de l’échantillon.", en="Choose the file of the sample."),
)


def _read(wave_id: int, content: bytes) -> SampleFile:
    scope = actor().scope(Verb.SAMPLE_IMPORT)
    return read_sample(io.BytesIO(content), waves_acts.places(house(), actor(), wave_id), scope)


@blueprint.post("/waves/<int:wave_id>/sample/import")
@enters(Verb.SAMPLE_IMPORT)
def wave_sample_import(wave_id: int) -> ResponseReturnValue:
    """Import the file that was previewed."""
    token = request.form.get("token", "")
    content = uploads.take(house(), actor(), f"sample:{wave_id}", token)
    found = _read(wave_id, content)
    if found.faults:
        raise BadInput(found.faults)
    acts.import_sample(house(), actor(), wave_id, found.rows)
    uploads.forget(house(), token)
    return redirect(url_for("coordinators.wave_sample", wave_id=wave_id, done="imported"), 303)


@blueprint.post("/waves/<int:wave_id>/codes")
@enters(Verb.CODES_ISSUE)
def wave_codes(wave_id: int) -> ResponseReturnValue:
    """Create the codes that are missing."""
    issue_codes(house(), actor(), wave_id)
    return redirect(url_for("coordinators.wave_sample", wave_id=wave_id, done="codes"), 303)


@blueprint.post("/waves/<int:wave_id>/codes/again")
@enters(Verb.CODES_ISSUE)
def wave_code_again(wave_id: int) -> ResponseReturnValue:
    """Replace the code of one person, found by the reference on the letter."""
    reference = request.form.get("reference", "").strip()[:64]
    try:
        reissue_codes(house(), actor(), wave_id, [reference])
    except NotFound:
        problem = _("No such reference in your territories. Check the letter.")
        return _page(wave_id, problem=problem), 422
    return redirect(url_for("coordinators.wave_sample", wave_id=wave_id, done="again"), 303)


@blueprint.get("/waves/<int:wave_id>/letters")
@enters(Verb.LETTERS_PRINT)
def wave_letters(wave_id: int) -> ResponseReturnValue:
    """Choose whose letters to print."""
    return _letters(wave_id, "")


def _letters(wave_id: int, problem: str) -> str:
    wave = waves_acts.wave(house(), actor(), wave_id)
    own = places(Verb.LETTERS_PRINT)
    with house().database.read() as session:
        sizes = stored.sizes(session, wave_id, frozenset(own))
    people = {
        code: sum(count for (place, _audience), count in sizes.items() if place == code)
        for code in own
    }
    return render_template(
        "coordinators/letters.html", wave=wave, places=own, people=people, problem=problem
    )


@blueprint.post("/waves/<int:wave_id>/letters")
@enters(Verb.LETTERS_PRINT)
def wave_letters_start(wave_id: int) -> ResponseReturnValue:
    """Start the printing; it goes on in the background."""
    territory = request.form.get("territory", "")
    if territory not in places(Verb.LETTERS_PRINT):
        return _letters(wave_id, _("Choose a territory.")), 422
    try:
        job_id = start_letters(
            house(), actor(), wave_id, territory, request.form.get("audience") or None
        )
    except Conflict as refusal:
        return _letters(wave_id, str(refusal.message.in_(actor().language))), 422
    return redirect(url_for("coordinators.wave_job", job_id=job_id), 303)
