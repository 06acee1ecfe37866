"""What fieldwork says over the wire: a sample, what became of invitations, protected counts."""

from __future__ import annotations

from typing import Any

from apiflask import Schema
from marshmallow import fields, validate

from app.api.schemas import Paging
from app.domain.fieldwork import Disposition

MOST_ITEMS = 1000


class Part(Schema):
    """Where a page of a list stands."""

    page = fields.Integer()
    per_page = fields.Integer()
    total = fields.Integer()
    next = fields.String(allow_none=True)


class Person(Schema):
    """One person of the sample: how they were drawn and can be written to, never who they are."""

    reference = fields.String()
    territory = fields.String()
    audience = fields.String()
    case = fields.String(attribute="case_reference", allow_none=True)
    sub_area = fields.String(allow_none=True)
    stratum = fields.String()
    psu = fields.String(allow_none=True)
    weight = fields.Float()
    language = fields.String()
    by_mail = fields.Boolean()
    by_sms = fields.Boolean()
    has_phone = fields.Boolean()


class People(Part):
    """A page of the sample, in the order in which people came in."""

    items = fields.List(fields.Nested(Person))


class SampleSent(Schema):
    """People to bring in, with the columns of docs/files.md or any others that ``mapping`` names.

    ``mapping``: our column by the name of yours; what it does not name is left out.
    """

    items = fields.List(
        fields.Dict(
            keys=fields.String(validate=validate.Length(1, 100)),
            values=fields.Raw(allow_none=True),
        ),
        required=True,
        validate=validate.Length(1, 200_000),
    )
    mapping = fields.Dict(keys=fields.String(), values=fields.String(), load_default={})


class SampleQuery(Schema):
    """How to bring a sample in."""

    dry_run = fields.Boolean(load_default=False)


class JobFault(Schema):
    """Something to mend: where, what, how."""

    place = fields.String()
    reason = fields.String()
    remedy = fields.String()


class NewPeople(Schema):
    """How many people are new in one audience of one territory."""

    territory = fields.String()
    audience = fields.String()
    new = fields.Integer()


class SampleJob(Schema):
    """An import as it goes: its state, progress, and once it ended what it did or why not."""

    id = fields.Integer()
    href = fields.String()
    state = fields.String(
        validate=validate.OneOf(["waiting", "running", "stopping", "done", "failed", "cancelled"])
    )
    done = fields.Integer()
    total = fields.Integer(allow_none=True)
    dry_run = fields.Boolean()
    new = fields.Integer()
    same = fields.Integer()
    twice = fields.Integer()
    before = fields.Integer()
    by_place = fields.List(fields.Nested(NewPeople))
    warnings = fields.List(fields.String())
    faults = fields.List(fields.Nested(JobFault))
    fault_count = fields.Integer()
    failure = fields.String()


class Said(Schema):
    """What became of an invitation; none: what was said is taken back."""

    reference = fields.String(required=True, validate=validate.Length(1, 64))
    disposition = fields.String(
        required=True,
        allow_none=True,
        validate=validate.OneOf([each.value for each in Disposition]),
    )


class SaidSent(Schema):
    """What became of invitations, each found by the number on its letter; all or none."""

    items = fields.List(fields.Nested(Said), required=True, validate=validate.Length(1, MOST_ITEMS))


class Recorded(Schema):
    """How many were written down, and how many stood so already."""

    new = fields.Integer()
    same = fields.Integer()


class SaidOf(Said):
    """What became of one invitation, and when it was said."""

    territory = fields.String()
    audience = fields.String()
    disposition_at = fields.AwareDateTime()


class Dispositions(Part):
    """A page of what became of invitations; professionals are left out."""

    items = fields.List(fields.Nested(SaidOf))


def _counts() -> fields.Dict:
    return fields.Dict(keys=fields.String(), values=fields.Integer(allow_none=True))


class CountRow(Schema):
    """Numbers of people of one audience of one territory; null: few, or it would tell of few."""

    territory = fields.String()
    audience = fields.String()
    stages = _counts()
    channels = _counts()
    dispositions = _counts()


class Counts(Part):
    """How a collection goes, as on the page; ``totals`` by audience."""

    items = fields.List(fields.Nested(CountRow))
    totals: Any = fields.Dict(keys=fields.String(), values=_counts())


class CountQuery(Paging):
    """Which rows."""

    territory = fields.String(validate=validate.Length(1, 32))
