"""The job that makes an extract of answers: one archive with data and codebooks."""

from __future__ import annotations

import tempfile
from pathlib import Path

import numpy as np

from app.domain.errors import Conflict, NotFound
from app.domain.text import Text
from app.interchange.archive import write_archive
from app.interchange.ddi import write_ddi
from app.interchange.extract_csv import write_codebook
from app.interchange.extract_statistics import do_file, installed, write_dta, write_sav
from app.interchange.extract_variables import Described
from app.storage.extract_reading import columns
from app.storage.extract_requests import ExtractRequest, request_of
from app.storage.published import Published, published
from app.storage.releases import DataCut, release_of
from app.workflows import jobs
from app.workflows.acting import House
from app.workflows.definition_files import definitions
from app.workflows.extract_variables import variables_of
from app.workflows.extract_writing import Wanted, design
from app.workflows.extracting import KIND
from app.workflows.jobs import JobHandle
from app.workflows.licensing import institution
from app.workflows.summary_words import SYNTHETIC_SENTENCE
from app.workflows.waves import FRAMES
from app.workflows.weighing import weigh_wave

STEPS = 4
TITLE = Text.of(fr="Réponses sans nom", en="Answers without names")
RESTRICTION = Text.of(
    fr="À l’usage de la personne autorisée, pour le but enregistré. Ne cherchez à "
    "reconnaître personne, ne rapprochez pas ces données d’autres, ne les transmettez pas, "
    "effacez-les ensuite.",
    en="For the person allowed, for the purpose recorded. Do not try to recognise anybody, do not "
    "link these data with others, do not pass them on, erase them afterwards.",
)
WEIGHTING = Text.of(
    fr="La colonne weight porte les poids avec lesquels la diffusion a été calculée.",
    en="The column weight holds the weights with which the release was computed.",
)
README = Text.of(
    fr="""{title}

{restriction}
But enregistré\u00a0: {purpose}

answers.csv : une ligne par personne. Une cellule qui commence par ! dit pourquoi il n’y a pas de
réponse ; une cellule vide a été passée, ou retirée pour protéger quelqu’un.
codebook.csv, codebook-ddi.xml : ce que dit chaque colonne, et chaque code.
{statistics}
design.yaml, frameworks/, questionnaires/ : pour recalculer les chiffres de la diffusion :
  flask evaluate table --data answers.csv --design design.yaml --framework frameworks/NAT.yaml
  --questionnaire questionnaires/… (une par fichier) --out result.json
Les pseudonymes sont propres à cet extrait. Combinaisons rares de {quasi} : {blanked} valeurs
retirées, {left_out} personnes laissées de côté ; la plus rare qui reste représente {smallest}
personnes, et le seuil est de {k}.
""",
    en="""{title}

{restriction}
Purpose recorded: {purpose}

answers.csv: one line a person. A cell that begins with ! says why there is no answer; an empty
cell was passed over, or removed to protect somebody.
codebook.csv, codebook-ddi.xml: what each column says, and each code.
{statistics}
design.yaml, frameworks/, questionnaires/: to compute the figures of the release again:
  flask evaluate table --data answers.csv --design design.yaml --framework frameworks/NAT.yaml
  --questionnaire questionnaires/… (one for each file) --out result.json
Pseudonyms are those of this extract alone. Rare combinations of {quasi}: {blanked} values removed,
{left_out} people left out; the rarest that stays stands for {smallest} people, and the threshold
is {k}.
""",
)
STATISTICS = Text.of(
    fr="answers.sav (SPSS), answers.dta et missing.do (Stata) : les mêmes réponses en nombres, "
    "avec libellés et codes des valeurs absentes.",
    en="answers.sav (SPSS), answers.dta and missing.do (Stata): the same answers as numbers, with "
    "labels and missing codes.",
)
WITHOUT = Text.of(
    fr="Les fichiers SPSS et Stata manquent : le complément « exchange » n’est pas installé sur "
    "ce serveur. Demandez à qui l’exploite : pip install covalue[exchange].",
    en="The SPSS and Stata files are missing: the extra “exchange” is not installed on this "
    "server. Ask its operator: pip install covalue[exchange].",
)


def extract_job(house: House, job: JobHandle) -> None:
    """Make the archive of a request that was allowed."""
    with house.database.read() as session:
        row = request_of(session, job.programme_id, int(job.arguments["request"]))
        if row is None or not row.allowed:
            raise NotFound
        session.expunge(row)
        found = release_of(session, job.programme_id, row.release_id)
        if found is None:
            raise NotFound
        cut = found.DataCut
        session.expunge(cut)
    seen = published(house.database, job.programme_id, row.release_id)
    if seen is None or seen.withdrawn:
        raise Conflict(
            Text.of(fr="Cette diffusion a été retirée.", en="This release was withdrawn.")
        )
    job.progress(0, STEPS)
    wanted = _wanted(house, seen, row, cut)
    stem = f"{seen.programme}-{seen.wave}-extract-{row.id}".lower()
    stem += "-synthetic" if seen.synthetic else ""
    manifest = {"schema": "covalue/extract/1", "request": row.id, "release": seen.checksum}
    with tempfile.TemporaryDirectory() as folder:
        files, rows = _files(house, job, seen, row, wanted, Path(folder))
        job.progress(STEPS, STEPS)
        job.file, job.file_name = write_archive(stem, files, manifest, seen.data_at), f"{stem}.zip"
    cleared = wanted.cleared
    job.result = {
        "rows": rows,
        "left_out": cleared.people_left_out,
        "blanked": sum(cleared.blanked),
    }


def _wanted(house: House, seen: Published, row: ExtractRequest, cut: DataCut) -> Wanted:
    folder = house.folder / cut.extract
    read = columns(folder, tuple(sorted(seen.territories)))
    weighed = weigh_wave(folder, read, cut.counts.get("weighting", {})).final
    weights = {}
    for audience, each in weighed.items():
        order = np.argsort(each.numbers)
        weights[audience.value] = (each.numbers[order], each.respondents.weight[order])
    return Wanted(
        folder=folder,
        places=frozenset(row.places),
        audiences=frozenset(row.audiences),
        variables=variables_of(seen, row.audiences),
        key=house.keys.pseudonyms,
        purpose=f"extract:{row.id}",
        k=float(seen.table.threshold),
        weights=weights,
    )


def _files(
    house: House,
    job: JobHandle,
    seen: Published,
    row: ExtractRequest,
    wanted: Wanted,
    folder: Path,
) -> tuple[dict[str, bytes | Path], int]:
    """What the archive holds, and how many rows; answers are written into the folder."""
    rows = wanted.csv(folder / "answers.csv")
    if not rows:
        raise Conflict(
            Text.of(
                fr="Il reste trop peu de personnes pour que l’extrait les protège.",
                en="Too few people are left for the extract to protect them.",
            )
        )
    job.progress(1, STEPS)
    described = _described(seen, row, wanted, rows)
    files: dict[str, bytes | Path] = {
        "answers.csv": folder / "answers.csv",
        "codebook.csv": write_codebook(described),
        "codebook-ddi.xml": write_ddi(described),
        "design.yaml": design(),
        "README.txt": _readme(seen, row, wanted).encode("utf-8"),
        "CITATION.txt": f"{described.facts['citation']}\n".encode(),
    }
    if installed():
        numbers = wanted.numbers()
        job.progress(2, STEPS)
        write_sav(numbers, described, folder / "answers.sav")
        job.progress(3, STEPS)
        write_dta(numbers, described, folder / "answers.dta")
        files |= {name: folder / name for name in ("answers.sav", "answers.dta")}
        files["missing.do"] = do_file()
    narrowed = seen.within(frozenset(row.places))
    for each in definitions(house, job.actor(), narrowed):
        files |= dict([each.file("yaml")])
    return files, rows


def _described(seen: Published, row: ExtractRequest, wanted: Wanted, rows: int) -> Described:
    language = row.language
    start, end = (day.isoformat() for day in seen.period)
    title = {
        each: f"{TITLE.in_(each)} – {seen.programme_title.in_(each)}, {seen.wave_title.in_(each)}"
        for each in ("fr", "en")
    }
    return Described(
        Text.of(title),
        wanted.variables,
        rows,
        {
            "checksum": f"{seen.checksum[:16]}-{row.id}",
            "publisher": institution().publisher["name"],
            "dated": f"{seen.data_at:%Y-%m-%d}",
            "version": str(seen.manifest.get("software", "")),
            "citation": seen.manifest["citation"][language],
            "synthetic": SYNTHETIC_SENTENCE.in_(language),
            "period": f"{start}/{end}",
            "frame": FRAMES[seen.frame].in_(language),
            "restriction": RESTRICTION.in_(language),
            "purpose": row.purpose,
            "weighting": WEIGHTING.in_(language),
        },
        seen.synthetic,
        language,
    )


def _readme(seen: Published, row: ExtractRequest, wanted: Wanted) -> str:
    language, cleared = row.language, wanted.cleared
    return README.in_(language).format(
        title=TITLE.in_(language)
        + (f"\n{SYNTHETIC_SENTENCE.in_(language)}" if seen.synthetic else ""),
        restriction=RESTRICTION.in_(language),
        purpose=row.purpose,
        statistics=(STATISTICS if installed() else WITHOUT).in_(language),
        quasi=", ".join(wanted.quasi),
        blanked=sum(cleared.blanked),
        left_out=cleared.people_left_out,
        smallest=round(cleared.smallest),
        k=round(wanted.k),
    )


jobs.KINDS[KIND] = extract_job
