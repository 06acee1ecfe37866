"""A release as SDMX has it: its observations, and code lists named in both languages."""

from __future__ import annotations

from collections.abc import Mapping

from app.domain.questionnaire import Audience
from app.domain.text import Text
from app.evaluation.tables import Observation, What
from app.interchange.sdmx import NONE, TOTAL, SdmxContent, coded, time_range
from app.storage.published import Published
from app.workflows.beside_words import beside_title
from app.workflows.choosing import group_title, plain_code
from app.workflows.summary_words import AUDIENCES

UNITS = {"%": "PC", "points": "PT"}
UNIT_NAMES = {"PC": Text.of(fr="Pour cent", en="Per cent"), "PT": Text.of(fr="Points", en="Points")}
_WITHOUT = {
    NONE: Text.of(fr="Sans objet", en="Not applicable"),
    TOTAL: Text.of(fr="Ensemble", en="All together"),
}


def sdmx_of(seen: Published) -> SdmxContent:
    """The figures of the release, as far as ``seen`` reaches."""
    return SdmxContent(
        observations=tuple(seen.table),
        units={code: UNITS[each.unit] for code, each in seen.indicators.items()},
        lists={
            "REF_AREA": _codes(seen, "territory", lambda c: _names(seen, c)),
            "FRAMEWORK": _codes(seen, "framework", lambda c: _framework(seen, c)),
            "WHAT": {str(each): _plain(str(each).replace("_", " ")) for each in What},
            "INDICATOR": _indicators(seen),
            "AUDIENCE": {
                TOTAL: _WITHOUT[TOTAL],
                **{str(each): AUDIENCES[each] for each in Audience},
            },
            "BREAKDOWN": {
                TOTAL: _WITHOUT[TOTAL],
                **{coded(code): group_title(seen, code) for code in _groups(seen)},
            },
            "UNIT_MEASURE": UNIT_NAMES,
        },
        title=seen.programme_title,
        sender=_identity(seen.programme),
        period=time_range(*seen.period),
        made_at=seen.data_at,
        synthetic=seen.synthetic,
    )


def _groups(seen: Published) -> list[str]:
    return sorted({each.group for each in seen.table if each.group})


def _codes(seen: Published, field: str, named: object) -> Mapping[str, Text]:
    assert callable(named)
    found = sorted({getattr(each, field) or "" for each in seen.table})
    return {coded(code): named(code) if code else _WITHOUT[NONE] for code in found}


def _names(seen: Published, code: str) -> Text:
    found = seen.territories.get(code)
    return _plain(code) if found is None else found.name


def _framework(seen: Published, code: str) -> Text:
    found = next((each for each in seen.frameworks if each.code == code), None)
    return _plain(code) if found is None else found.title


def _indicators(seen: Published) -> Mapping[str, Text]:
    found: dict[str, Text] = {}
    for each in sorted(seen.table, key=lambda one: one.code):
        found.setdefault(coded(each.code), _title(seen, each))
    return found


def _title(seen: Published, each: Observation) -> Text:
    if not each.code:
        return _WITHOUT[NONE]
    said = beside_title(seen, each)
    if said is not None:
        return said
    code = plain_code(each)
    node = seen.indicators.get(code) or seen.nodes.get((each.framework or "", code))
    return _plain(each.code) if node is None else node.title


def _plain(text: str) -> Text:
    return Text.of(fr=text, en=text)


def _identity(code: str) -> str:
    return "".join(sign if sign.isalnum() and sign.isascii() else "_" for sign in code)
