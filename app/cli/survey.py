"""``flask survey``: definition files checked, and questionnaires from and for other programs."""

from __future__ import annotations

import sys
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import click

from app.definitions.checking import Companions, Shelf, check_file
from app.definitions.files import read_questionnaire
from app.definitions.json_schemas import write_schemas
from app.definitions.messages import finding_of, trouble
from app.definitions.nodes import MAX_BYTES
from app.domain.checks import Finding, Level
from app.domain.errors import BadDefinition
from app.domain.fingerprints import fingerprint
from app.domain.questionnaire import Audience
from app.domain.sound_names import question_sound
from app.interchange.import_report import ForeignFault, Said
from app.workflows.foreign_forms import (
    WRITERS,
    Format,
    ImportedForm,
    export_form,
    format_of,
    read_form,
)

_LAYOUT = (
    "config/territories.yaml",
    "surveys/*/core.yaml",
    "surveys/*/modules/*.yaml",
    "config/frameworks/national.yaml",
)


@click.group()
def survey() -> None:
    """Questionnaires, modules, frameworks and territories as files."""


@survey.command()
@click.argument(
    "files",
    nargs=-1,
    required=True,
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
)
@click.option("--language", type=click.Choice(["en", "fr"]), default="en", show_default=True)
def check(files: tuple[Path, ...], language: str) -> None:
    """Check definition FILES; exit status 1 where one of them holds an error.

    A module finds its core, and a territory's framework the national one, among FILES or where
    the repository keeps them (surveys/AUDIENCE/core.yaml, config/frameworks/national.yaml).
    """
    texts = {path: _text(path) for path in files}
    companions = _companions(texts)
    counted: Counter[Level] = Counter()
    for path, text in texts.items():
        findings = (text,) if isinstance(text, Finding) else check_file(text, companions)
        for found in findings:
            counted[found.level] += 1
            click.echo(_line(path, found, language))
    click.echo(_summary(len(texts), counted, language), err=True)
    if counted[Level.ERROR]:
        sys.exit(1)


@survey.command()
@click.argument("folder", type=click.Path(file_okay=False, path_type=Path))
def schemas(folder: Path) -> None:
    """Write the JSON Schemas of the file formats into FOLDER (docs/schemas)."""
    write_schemas(folder)


@survey.command()
@click.argument("path", type=click.Path(exists=True, dir_okay=False, path_type=Path))
def recordings(path: Path) -> None:
    """Say under which names recordings of the questions of the questionnaire at PATH are found."""
    asked = read_questionnaire(path.read_text("utf-8"))
    for item, question in asked.question_by_item.items():
        for language in asked.languages:
            name = f"{question_sound(fingerprint(question, item), language)}.mp3"
            there = (path.parents[1] / "recordings" / name).exists()
            click.echo(f"{item}  {name}  {'recorded' if there else '-'}")


@survey.command("import")
@click.argument("path", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.argument("output", type=click.Path(dir_okay=False, path_type=Path))
@click.option("--audience", type=click.Choice([a.value for a in Audience]), required=True)
@click.option("--language", type=click.Choice(["en", "fr"]), default="en", show_default=True)
def import_(path: Path, output: Path, audience: str, language: str) -> None:
    """Make a questionnaire file OUTPUT (YAML) of an XLSForm, LimeSurvey or FHIR form at PATH.

    The report goes to the standard output, one line for each part of the form; exit status 1
    where the form is refused. Nothing is written then.
    """
    try:
        content = path.read_bytes()
        form = read_form(content, format_of(content))
    except ForeignFault as fault:
        click.echo(_report_line(fault.said, language), err=True)
        sys.exit(1)
    output.write_text(form.as_core(Audience(audience)), "utf-8")
    for line in form.lines:
        click.echo(_report_line(line, language))
    click.echo(_import_summary(form, language), err=True)


@survey.command("export")
@click.argument("path", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.argument("output", type=click.Path(dir_okay=False, path_type=Path))
@click.option("--format", "form", type=click.Choice([f.value for f in WRITERS]), required=True)
@click.option("--language", type=click.Choice(["en", "fr"]), default="en", show_default=True)
def export(path: Path, output: Path, form: str, language: str) -> None:
    """Write the questionnaire file at PATH for another program; say what that format loses."""
    try:
        asked = read_questionnaire(path.read_text("utf-8"))
    except BadDefinition as error:
        for found in error.findings:
            click.echo(_line(path, found, language), err=True)
        sys.exit(1)
    exported = export_form(asked, Format(form))
    output.write_bytes(exported.content)
    for line in exported.lines:
        click.echo(_report_line(line, language))


def _report_line(said: Said, language: str) -> str:
    return f"{said.place}: {said.fate} {said.rule}: {said.message.in_(language)}"


def _import_summary(form: ImportedForm, language: str) -> str:
    found = form.tally
    asked, whole, near, lost = found.questions, found.whole, found.approximated, found.missing
    if language == "fr":
        return (
            f"Questions : {asked}. Telles quelles : {whole}. Autrement : {near}. Perdues : {lost}."
        )
    return f"Questions: {asked}. As they were: {whole}. Not quite: {near}. Not in: {lost}."


def _text(path: Path) -> str | Finding:
    """The file's text, or the finding that says why it has none."""
    try:
        with path.open("rb") as file:
            content = file.read(MAX_BYTES + 1)
        return content.decode("utf-8-sig")
    except UnicodeDecodeError:
        rule = "too_large" if len(content) > MAX_BYTES else "not_utf8"
        return finding_of(trouble(rule), "-", None)


def _companions(texts: dict[Path, str | Finding]) -> Companions:
    """What the given files lend each other, then what the repository's layout lends them."""
    shelf = Shelf()
    for text in texts.values():
        if isinstance(text, str):
            shelf.put(text)
    roots = dict.fromkeys(root for path in texts for root in _roots(path))
    given = {path.resolve() for path in texts}
    for path in (
        path for root in roots for layout in _LAYOUT for path in sorted(root.glob(layout))
    ):
        lent = _text(path) if path.resolve() not in given else None
        if isinstance(lent, str):
            shelf.put(lent)
    return shelf.companions()


def _roots(path: Path) -> Iterator[Path]:
    """The directory that holds the ``surveys`` or ``config`` that the file is in."""
    for parent in path.resolve().parents:
        if parent.name in ("surveys", "config"):
            yield parent.parent
            return


def _line(path: Path, found: Finding, language: str) -> str:
    message, remedy = found.message.in_(language), found.remedy.in_(language)
    place = f"{path}:{found.line or 1}"
    return f"{place}: {found.level} {found.rule} {found.place}: {message} {remedy}"


def _summary(files: int, counted: Counter[Level], language: str) -> str:
    errors, warnings, advice = (counted[level] for level in Level)
    if language == "fr":
        return f"Fichiers : {files}. Erreurs : {errors}. À voir : {warnings}. Conseils : {advice}."
    return f"Files: {files}. Errors: {errors}. Warnings: {warnings}. Advice: {advice}."
