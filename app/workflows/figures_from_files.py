"""Figures from files, whoever brings them: the command line and the API do the same.

Nothing is stored, and nothing of the house is read.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import numpy as np

from app.definitions.design_reading import read_design, read_margins
from app.definitions.distance_reading import read_distances
from app.definitions.files import kind_of, read_framework, read_module, read_questionnaire
from app.definitions.index_reading import read_index
from app.definitions.nodes import read_document
from app.domain.breakdown_checks import check_breakdowns
from app.domain.breakdown_words import BREAKDOWN_RULES
from app.domain.checks import Level
from app.domain.composition import plugged
from app.domain.errors import BadDefinition, BadInput, Fault
from app.domain.frameworks import Framework
from app.domain.measure_checks import check_uncounted
from app.domain.questionnaire import Audience, Questionnaire
from app.evaluation.calibration import Calibrated
from app.evaluation.components import all_indicators
from app.evaluation.dif import Dif, dif
from app.evaluation.equivalence import equivalence
from app.evaluation.index_report import IndexReport, report
from app.evaluation.offline import judge
from app.evaluation.plain_items import as_planned, items_of
from app.evaluation.plan import ItemPlan, Plan
from app.evaluation.ready_tables import index_table, item_values, two_groups, weights_of
from app.evaluation.rectangle import Rectangle
from app.evaluation.refusing import BadSettings, fault, refused
from app.evaluation.reliability import Reliability, reliability
from app.evaluation.scale_scores import with_scores
from app.evaluation.survey_building import build, calibrated
from app.evaluation.tabulation import tabulate
from app.evaluation.unit_tables import Orders, UnitDistances, distances, orders
from app.interchange.plain_json import plain
from app.interchange.rectangular import read_rectangle
from app.interchange.survey_json import judgement, survey_result

WEIGHTS = "weight_calibrated"  # the column of weights that calibration adds


@dataclass(frozen=True)
class File:
    """A file that somebody brings: what refusals call it, and its bytes."""

    name: str
    content: bytes


@dataclass(frozen=True)
class Data:
    """A file of rectangular data, read."""

    name: str
    rectangle: Rectangle


@dataclass(frozen=True)
class Design:
    """A design file, read."""

    name: str
    plan: Plan


class BadFile(BadInput):
    """A file that cannot be taken: its name, and every fault with place, reason and remedy."""

    code = "bad_file"

    def __init__(self, name: str, faults: Sequence[Fault]) -> None:
        self.name = name
        super().__init__(faults)


@contextmanager
def reading(name: str, settings: str = "") -> Iterator[None]:
    """Turn whatever is wrong in a file into ``BadFile``; ``settings``: the file that says how the
    first one is read."""
    try:
        yield
    except BadFile:
        raise
    except BadSettings as error:
        raise BadFile(settings or name, error.faults) from error
    except BadInput as error:
        raise BadFile(name, error.faults) from error
    except BadDefinition as error:
        raise BadFile(name, [_fault(found) for found in error.findings]) from error
    except UnicodeDecodeError as error:
        words = ("Le fichier n’est pas en UTF-8.", "The file is not UTF-8.")
        remedy = ("Enregistrez-le en UTF-8.", "Save it as UTF-8.")
        raise BadFile(name, [fault("1", words, remedy)]) from error


def _fault(found: Any) -> Fault:
    return Fault(f"{found.line or 1}: {found.rule} {found.place}", found.message, found.remedy)


def read_data(file: File) -> Data:
    """A CSV file as columns. Raises ``BadFile``, as everything here."""
    with reading(file.name):
        return Data(file.name, read_rectangle(io.BytesIO(file.content)))


def read_plan(file: File) -> Design:
    """A design file."""
    with reading(file.name):
        return Design(file.name, read_design(_text(file)))


def composite(data: Data, framework: File) -> IndexReport:
    """An index over a table of units by indicators."""
    with reading(framework.name):
        index = read_index(_text(framework))
    with reading(data.name):
        return report(index, index_table(data.rectangle, index))


def reliability_of(
    data: Data, items: Sequence[str], weight: str | None, *, pairwise: bool
) -> Reliability:
    """Alpha, omega and item statistics of a scale."""
    with reading(data.name):
        weights = weights_of(data.rectangle, weight) if weight else None
        values = item_values(data.rectangle, items)
        return reliability(tuple(items), values, weights, pairwise=pairwise)


def dif_of(
    data: Data,
    items: Sequence[str],
    groups: tuple[str, str, str | None],
    *,
    least: int,
    purify: bool,
) -> Dif:
    """Differential item functioning; ``groups``: their column, the focal one, the reference."""
    with reading(data.name):
        values = item_values(data.rectangle, items)
        belongs, in_focal = two_groups(data.rectangle, *groups)
        return dif(tuple(items), values[belongs], in_focal[belongs], least=least, purify=purify)


def table(
    data: Data,
    design: Design,
    frameworks: Sequence[File] = (),
    questionnaires: Sequence[File] = (),
) -> dict[str, Any]:
    """Estimates of a survey, and what frameworks say of it."""
    plan = design.plan
    items = _items(questionnaires)
    trees = _frameworks(frameworks)
    with reading(data.name, design.name):
        rectangle, scored = with_scores(as_planned(data.rectangle, plan), plan.scores)
        survey, weighting = build(rectangle, plan)
        tabulated = tabulate(rectangle, survey, plan)
        found = survey_result(survey, weighting, tabulated)
        if scored:
            found["scores"] = plain(scored)
        if plan.equivalence is not None:
            found["equivalence"] = plain(equivalence(plan.equivalence, tabulated))
        if trees:
            national, *own = trees
            judged = judge(rectangle, survey, plan, national, own, items)
            found["judgement"] = judgement(judged)
    return found


def rake(data: Data, margins: File) -> Calibrated:
    """Weights that meet known totals; refused where they do not converge."""
    with reading(margins.name):
        column, plan = read_margins(_text(margins))
    with reading(data.name, margins.name):
        if WEIGHTS in data.rectangle.columns:
            raise refused(
                f"1 {WEIGHTS}",
                ("Cette colonne est déjà là : les nouveaux poids portent ce nom.",
                 "This column is there already: the new weights have this name."),
                ("Renommez-la ; elle peut donner les poids de départ (weight).",
                 "Rename it; it may give the start weights (weight)."),
            )  # fmt: skip
        start = np.ones(data.rectangle.n) if column is None else data.rectangle.numbers(column)
        done = calibrated(data.rectangle, start, plan)
    if not done.report.converged:
        worst, rounds = done.report.worst, done.report.rounds
        raise BadFile(
            margins.name,
            [
                fault(
                    f"{worst.margin}: {worst.category}" if worst else "margins",
                    (f"Les poids ne convergent pas en {rounds} tours.",
                     f"The weights do not converge after {rounds} rounds."),
                    ("Fusionnez des catégories, élargissez les bornes ou corrigez les totaux.",
                     "Merge categories, widen the bounds, or correct the totals."),
                )
            ],
        )  # fmt: skip
    return done


def ranks_of(data: Data, unit: str, columns: Sequence[str]) -> Orders:
    """Ranks of units by several columns, and how far each two agree."""
    with reading(data.name):
        return orders(data.rectangle, unit, columns)


def distances_of(data: Data, file: File) -> UnitDistances:
    """Gower's distances of units by a distance file."""
    with reading(file.name):
        plan = read_distances(_text(file))
    with reading(data.name):
        return distances(data.rectangle, plan)


def with_weights(data: Rectangle, weights: Sequence[float]) -> str:
    """The data as CSV with a last column, ``WEIGHTS``."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow([*data.columns, WEIGHTS])
    for *cells, weight in zip(*data.columns.values(), weights, strict=True):
        writer.writerow([*cells, repr(weight)])
    return text.getvalue()


def _frameworks(files: Sequence[File]) -> list[Framework]:
    """The national framework first, then the others, resolved against it."""
    extending = {}
    for file in files:
        with reading(file.name):
            extending[file] = "extends" in read_document(_text(file)).data
    national = [file for file in extending if not extending[file]]
    if len(national) > 1:
        words = (
            "Un seul cadre peut être national (sans « extends »).",
            "Here only one may be national (without “extends”).",
        )
        remedy = ("Donnez les autres à part.", "Give the others apart.")
        raise BadFile(national[1].name, [fault("1", words, remedy)])
    found: list[Framework] = []
    for file in sorted(extending, key=lambda each: extending[each]):
        with reading(file.name):
            above = found[0] if extending[file] and found else None
            found.append(_computable(read_framework(_text(file), above)))
    return found


def _computable(framework: Framework) -> Framework:
    """The framework. Raises BadDefinition for what no figure counts, and for breakdowns whose
    groups are not told apart; what questionnaires must have is theirs to say."""
    components = (
        (indicator.code, each.measure)
        for indicator in all_indicators(framework)
        for each in indicator.components
    )
    found = [one for code, measure in components for one in check_uncounted(measure, code)]
    found += [one for one in check_breakdowns(framework, {}) if one.rule in BREAKDOWN_RULES]
    errors = [one for one in found if one.level is Level.ERROR]
    if errors:
        raise BadDefinition(errors)
    return framework


def _items(files: Sequence[File]) -> dict[str, ItemPlan]:
    """What questionnaires and modules say of their items."""
    cores: dict[Audience, Questionnaire] = {}
    found: dict[str, ItemPlan] = {}
    modules = []
    for file in files:
        with reading(file.name):
            if kind_of(_text(file)) == "module":
                modules.append(file)
                continue
            core = read_questionnaire(_text(file))
            cores[core.audience] = core
            found |= items_of(core.question_by_item)
    for file in modules:
        with reading(file.name):
            found |= _module_items(_text(file), cores)
    return found


def _module_items(text: str, cores: Mapping[Audience, Questionnaire]) -> dict[str, ItemPlan]:
    audience = read_document(text).data.get("audience")
    core = next((each for each in cores.values() if each.audience == audience), None)
    module = read_module(text, core)
    return {} if core is None else items_of(plugged(core, module).question_by_item)


def _text(file: File) -> str:
    return file.content.decode("utf-8-sig")


def said(error: BadFile, language: str) -> Iterator[str]:
    """Lines ``FILE:PLACE: reason remedy``."""
    for one in error.faults:
        yield f"{error.name}:{one.place}: {one.reason.in_(language)} {one.remedy.in_(language)}"
