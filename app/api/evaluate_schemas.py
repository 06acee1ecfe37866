"""What is sent to compute figures from files: the parts of a form (``multipart/form-data``)."""

from __future__ import annotations

from typing import Any

from apiflask import Schema
from apiflask.fields import File
from marshmallow import fields, validate

from app.evaluation.dif import LEAST_PER_GROUP


def _file(*, required: bool = False) -> fields.Field[Any]:
    found: fields.Field[Any] = File(required=required)  # type: ignore[no-untyped-call] # APIFlask has no types
    return found


NAME = validate.Length(1, 200)
NAMES = validate.Length(1, 20_000)


class _Data(Schema):
    """Rectangular data as CSV."""

    data = _file(required=True)


class TableFiles(_Data):
    """A survey: data, design, frameworks, questionnaires."""

    design = _file(required=True)
    framework = fields.List(_file())
    questionnaire = fields.List(_file())


class CompositeFiles(_Data):
    """A table of units and an index (covalue/index/1)."""

    framework = _file(required=True)


class RakeFiles(_Data):
    """Respondents and margins (covalue/margins/1)."""

    margins = _file(required=True)


class ReliabilityFields(Schema):
    """Which items, and how."""

    items = fields.String(required=True, validate=NAMES)
    weight = fields.String(load_default="", validate=validate.Length(0, 200))
    pairwise = fields.Boolean(load_default=False)


class ReliabilityFiles(ReliabilityFields):
    """Answers to a scale."""

    data = _file(required=True)


class DifFields(Schema):
    """Which items and groups, and how."""

    items = fields.String(required=True, validate=NAMES)
    group = fields.String(required=True, validate=NAME)
    focal = fields.String(required=True, validate=NAME)
    reference = fields.String(load_default="", validate=validate.Length(0, 200))
    minimum = fields.Integer(load_default=LEAST_PER_GROUP, validate=validate.Range(1))
    purification = fields.Boolean(load_default=True)


class DifFiles(DifFields):
    """Answers of two groups."""

    data = _file(required=True)


class RanksFields(Schema):
    """Which columns of scores."""

    variants = fields.String(required=True, validate=NAMES)
    unit = fields.String(load_default="unit", validate=NAME)


class RanksFiles(RanksFields):
    """A table of units."""

    data = _file(required=True)


class DistancesFiles(_Data):
    """A table of units and a distance file (covalue/distances/1)."""

    variables = _file(required=True)
