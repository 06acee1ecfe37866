"""Everything of a release in one zip: figures in every format, definitions, and how to cite it."""

from __future__ import annotations

from collections.abc import Iterable
from urllib.parse import urlencode

from app.domain.text import Text
from app.interchange.archive import write_archive
from app.workflows.chosen_summary import in_words
from app.workflows.definition_files import FORMS, Definition
from app.workflows.licensing import licence
from app.workflows.release_files import FORMATS, Content
from app.workflows.summary_words import SYNTHETIC_SENTENCE

SAID = {
    "figures": Text.of(
        fr="figures/ : les mêmes chiffres dans chaque format, un chiffre par ligne (csv ; "
        "excel.csv pour Excel en français ; xlsx avec couverture et un tableau par feuille ; "
        "json ; parquet ; SDMX en csv et en xml avec sa structure).",
        en="figures/: the same figures in each format, one figure a line (csv; excel.csv for "
        "French Excel; xlsx with cover, notes and one table a sheet; json; parquet; SDMX as csv "
        "and as xml with its structure).",
    ),
    "definitions": Text.of(
        fr="frameworks/ et questionnaires/ : ce qui juge et ce qui a été demandé, en YAML et JSON.",
        en="frameworks/ and questionnaires/: what judges and what was asked, as YAML and JSON.",
    ),
    "proof": Text.of(
        fr="manifest.json : versions, empreintes et réglages. SHA256SUMS : à vérifier avec "
        "« sha256sum --check SHA256SUMS ».",
        en="manifest.json: versions, checksums and settings. SHA256SUMS: check with "
        "“sha256sum --check SHA256SUMS”.",
    ),
    "columns": Text.of(fr="Colonnes des fichiers figures/", en="Columns of the files in figures/"),
}


def archive_of(content: Content, defined: Iterable[Definition]) -> tuple[str, bytes]:
    """Name and bytes of the zip; the same content gives the same bytes."""
    seen, language = content.seen, content.language
    summary = content.summary
    files = {f"figures/{content.name(form)}": write(content) for form, write in FORMATS.items()}
    for each in defined:
        files |= dict(each.file(form) for form in FORMS)
    citation = f"{seen.manifest['citation'][language]}\n"
    files["README.txt"] = _readme(content).encode("utf-8")
    files["CITATION.txt"] = citation.encode("utf-8")
    files["LICENCE.txt"] = licence(language).encode("utf-8")
    manifest = {
        **summary.metadata,
        "schema": "covalue/archive/1",
        "release": seen.checksum,
        "language": language,
        "lines": len(summary.tidy.rows),
        "again": again(content),
    }
    stem = f"{summary.name}-{language}"
    return f"{stem}.zip", write_archive(stem, files, manifest, seen.data_at)


def again(content: Content) -> str:
    """The address below the service's own at which the same archive is asked for again."""
    asked = urlencode(content.choice.told, doseq=True)
    path = f"/office/results/{content.seen.id}/downloads/{content.language}/zip"
    return f"{path}?{asked}" if asked else path


def _readme(content: Content) -> str:
    summary, language = content.summary, content.language
    lines = [summary.title, "=" * len(summary.title), ""]
    if summary.synthetic:
        lines += [SYNTHETIC_SENTENCE.in_(language), ""]
    colon = "\u00a0: " if language == "fr" else ": "
    lines += [f"{label}{colon}{value}" for label, value in summary.cover]
    lines += ["", *in_words(content.seen, content.choice, language)]
    lines += ["", *(SAID[name].in_(language) for name in ("figures", "definitions", "proof"))]
    for title, said in (
        (summary.words.notes, summary.notes),
        (summary.words.methods, summary.methods),
    ):
        lines += ["", title, "-" * len(title), *said]
    title = SAID["columns"].in_(language)
    lines += ["", title, "-" * len(title)]
    lines += [f"{each.name}{colon}{each.title}" for each in summary.tidy.columns]
    return "\n".join(lines) + "\n"
