"""What goes over the wire: one schema for each thing, and the source of the OpenAPI document."""

from __future__ import annotations

from apiflask import Schema
from marshmallow import fields, validate


class Paging(Schema):
    """Which part of a list."""

    page = fields.Integer(load_default=1, validate=validate.Range(1, 100_000))
    per_page = fields.Integer(load_default=100, validate=validate.Range(1, 1000))


class FigureQuery(Paging):
    """Which figures of a release."""

    territory = fields.String(validate=validate.Length(1, 32))
    what = fields.String(validate=validate.Length(1, 32))
    language = fields.String(load_default="fr", validate=validate.OneOf(["fr", "en"]))


class Programme(Schema):
    """A public programme."""

    code = fields.String(required=True)
    title = fields.Dict(keys=fields.String(), values=fields.String())
    synthetic = fields.Boolean()


class Territory(Schema):
    """A place of the programme."""

    code = fields.String(required=True)
    name = fields.Dict(keys=fields.String(), values=fields.String())
    parent = fields.String(allow_none=True)
    valid_from = fields.Date(allow_none=True)
    valid_to = fields.Date(allow_none=True)
    population_75 = fields.Integer(allow_none=True)


class Territories(Schema):
    """All places."""

    items = fields.List(fields.Nested(Territory))


class Questionnaire(Schema):
    """A published version of a core questionnaire (territory FR) or of a territory's module."""

    audience = fields.String()
    territory = fields.String()
    number = fields.Integer()
    checksum = fields.String()
    published_at = fields.AwareDateTime()
    note = fields.String()


class Questionnaires(Schema):
    """Published versions, newest first."""

    items = fields.List(fields.Nested(Questionnaire))


class LibraryUse(Schema):
    """A questionnaire or module, published or a draft, that links an entry of the library."""

    id = fields.Integer(attribute="row.id")
    audience = fields.String(attribute="row.audience")
    territory = fields.String(attribute="row.territory")
    number = fields.Integer(attribute="row.number", allow_none=True)
    version = fields.Integer()  # of the entry
    items = fields.List(fields.String())


class LibraryVersion(Schema):
    """One version of an entry; it never changes. ``document``: empty where text is to supply."""

    number = fields.Integer()
    licence = fields.String()
    source = fields.String()
    locked = fields.Boolean()
    made_at = fields.AwareDateTime()
    checksum = fields.String()
    document = fields.Dict()


class LibraryEntry(Schema):
    """A question, a block, a list of answers or an instrument of the library."""

    code = fields.String(attribute="entry.code")
    kind = fields.String(attribute="entry.kind")
    title = fields.String(attribute="entry.title")
    territory = fields.String(attribute="entry.territory")
    versions = fields.List(fields.Nested(LibraryVersion))
    uses = fields.List(fields.Nested(LibraryUse))


class Library(Schema):
    """Every entry within reach, by code."""

    items = fields.List(fields.Nested(LibraryEntry))


class Framework(Schema):
    """The latest published version of a framework; ``document`` is its resolved tree."""

    code = fields.String()
    territory = fields.String()
    number = fields.Integer()
    checksum = fields.String()
    published_at = fields.AwareDateTime()
    document = fields.Dict()


class Wave(Schema):
    """A round of collection."""

    code = fields.String()
    title = fields.Dict(keys=fields.String(), values=fields.String())
    frame = fields.String()
    period_start = fields.Date()
    period_end = fields.Date()
    state = fields.String()


class Waves(Schema):
    """Waves, newest first."""

    items = fields.List(fields.Nested(Wave))


class SeriesValue(Schema):
    """A value of an administrative series that counts; ``sub_area`` empty: the whole territory."""

    code = fields.String()
    territory = fields.String()
    sub_area = fields.String()
    period_start = fields.Date()
    period_end = fields.Date()
    numerator = fields.Float()
    denominator = fields.Float()
    source = fields.String()
    entered_at = fields.AwareDateTime()


class SeriesValues(Schema):
    """Values by series, territory and period."""

    items = fields.List(fields.Nested(SeriesValue))


class SeriesEntry(Schema):
    """A value to be entered; see docs/files.md."""

    code = fields.String(required=True, validate=validate.Length(1, 32))
    territory = fields.String(required=True, validate=validate.Length(1, 32))
    sub_area = fields.String(load_default="", validate=validate.Length(0, 64))
    period_start = fields.Date(required=True)
    period_end = fields.Date(required=True)
    numerator = fields.Float(required=True)
    denominator = fields.Float(required=True)
    source = fields.String(required=True, validate=validate.Length(1, 500))


class SeriesSent(Schema):
    """Values to be entered."""

    items = fields.List(fields.Nested(SeriesEntry), required=True)


class KnownTotal(Schema):
    """People of one category of an audience's population in a territory; see docs/files.md."""

    territory = fields.String(required=True, validate=validate.Length(1, 32))
    audience = fields.String(required=True, validate=validate.Length(1, 32))
    margin = fields.String(required=True, validate=validate.Length(1, 200))
    category = fields.String(required=True, validate=validate.Length(0, 200))
    count = fields.Float(load_default=None, allow_none=True)
    units = fields.Float(load_default=None, allow_none=True)
    into = fields.String(load_default="", validate=validate.Length(0, 200))
    source = fields.String(required=True, validate=validate.Length(1, 200))
    dated = fields.Date(required=True)


class KnownTotals(Schema):
    """Known totals of a wave that count; sent: margins that they name are replaced as a whole."""

    items = fields.List(fields.Nested(KnownTotal), required=True)


class Entered(Schema):
    """What entering did."""

    new = fields.Integer()
    replaced = fields.Integer()
    same = fields.Integer()
    gone = fields.Integer()


class Session(Schema):
    """What a program needs to send something: the header ``X-CSRFToken`` with this token."""

    csrf_token = fields.String()


class Weights(Schema):
    """How each audience of each territory was weighted in a release; withheld: too few answers."""

    items = fields.List(fields.Dict())


class Release(Schema):
    """A release of figures."""

    id = fields.Integer()
    number = fields.Integer()
    wave = fields.String()
    data_at = fields.AwareDateTime()
    made_at = fields.AwareDateTime()
    threshold = fields.Integer()
    synthetic = fields.Boolean()
    withdrawn = fields.Boolean()
    checksum = fields.String()
    manifest = fields.Dict()


class Releases(Schema):
    """Releases, newest first."""

    items = fields.List(fields.Nested(Release))


class Figure(Schema):
    """One figure, rounded as on the pages; status N: withheld, and then no number is there."""

    territory = fields.String()
    territory_name = fields.String()
    framework = fields.String()
    what = fields.String()
    code = fields.String()
    title = fields.String()
    audience = fields.String()
    group = fields.String()
    group_name = fields.String()
    unit = fields.String()
    value = fields.Float()
    se = fields.Float()
    low = fields.Float()
    high = fields.Float()
    df = fields.Float()
    n = fields.Integer()
    n_effective = fields.Float()
    weighted_base = fields.Float()
    proxies = fields.Float()
    dont_know = fields.Float()
    coverage = fields.Float()
    status = fields.String(validate=validate.OneOf(["F", "N"]))
    reason = fields.String()
    flags = fields.String()
    flag_codes = fields.String()
    verdict = fields.String()
    period = fields.String()
    source = fields.String()


class Figures(Schema):
    """A part of a release's figures."""

    items = fields.List(fields.Nested(Figure))
    page = fields.Integer()
    per_page = fields.Integer()
    total = fields.Integer()
    next = fields.String(allow_none=True)
    synthetic = fields.Boolean()


class Fault(Schema):
    """One thing that is wrong in what was sent."""

    file = fields.String()
    place = fields.String()
    reason = fields.String()
    remedy = fields.String()


class Problem(Schema):
    """A refusal or a failure (RFC 9457); its code stands in ``type`` after the ``#``."""

    type = fields.String(required=True)
    title = fields.String(required=True)
    status = fields.Integer(required=True)
    detail = fields.String()
    faults = fields.List(fields.Nested(Fault))
    fields_ = fields.Dict(data_key="fields")
