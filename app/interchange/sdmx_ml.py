"""SDMX-ML 2.1: structure-specific data, and the data structure definition that describes them."""

from __future__ import annotations

from collections.abc import Iterator

from app.domain.text import Text
from app.interchange.sdmx import (
    AGENCY,
    ATTRIBUTES,
    CODED,
    CONF_STATUS,
    DIMENSIONS,
    OBS_STATUS,
    STRUCTURE,
    TIME,
    VALUE,
    VERSION,
    SdmxContent,
    rows_of,
)
from app.interchange.xml_text import HEAD, escaped, tag, texts

_URI = "http://www.sdmx.org/resources/sdmxml/schemas/v2_1"
_XSI = "http://www.w3.org/2001/XMLSchema-instance"
_URN = f"urn:sdmx:org.sdmx.infomodel.datastructure.DataStructure={AGENCY}:{STRUCTURE}({VERSION})"
LISTS = {
    "REF_AREA": ("CL_AREA", Text.of(fr="Territoires", en="Territories")),
    "FRAMEWORK": ("CL_FRAMEWORK", Text.of(fr="Cadres", en="Frameworks")),
    "WHAT": ("CL_WHAT", Text.of(fr="Nature du chiffre", en="What a figure is about")),
    "INDICATOR": ("CL_INDICATOR", Text.of(fr="Indicateurs", en="Indicators")),
    "AUDIENCE": ("CL_AUDIENCE", Text.of(fr="Répondants", en="Audiences")),
    "BREAKDOWN": ("CL_BREAKDOWN", Text.of(fr="Groupes", en="Groups")),
    "UNIT_MEASURE": ("CL_UNIT", Text.of(fr="Unités", en="Units")),
    "CONF_STATUS": ("CL_CONF_STATUS", Text.of(fr="Confidentialité", en="Confidentiality")),
    "OBS_STATUS": ("CL_OBS_STATUS", Text.of(fr="Statut de la valeur", en="Status of the value")),
}


def write_sdmx_data(content: SdmxContent) -> bytes:
    """The observations as a flat structure-specific data set."""
    observations = (tag("Obs", {**key, **values}) for key, values in rows_of(content))
    return _message(
        "StructureSpecificData",
        {"xmlns:ss": f"{_URI}/data/structurespecific", "xmlns:ns1": f"{_URN}:ObsLevelDim:{_ALL}"},
        _header(content, _described()),
        tag(
            "message:DataSet",
            {
                "ss:structureRef": STRUCTURE,
                "xsi:type": "ns1:DataSetType",
                "ss:dataScope": "DataStructure",
                "action": "Replace",
            },
            *observations,
        ),
    )


_ALL = "AllDimensions"


def write_sdmx_structure(content: SdmxContent) -> bytes:
    """Concepts, code lists, data structure definition and data flow, named in both languages."""
    lists = {**content.lists, "CONF_STATUS": CONF_STATUS, "OBS_STATUS": OBS_STATUS}
    return _message(
        "Structure",
        {"xmlns:str": f"{_URI}/structure"},
        _header(content, ""),
        tag(
            "message:Structures",
            None,
            tag("str:Dataflows", None, _flow(content.title)),
            tag("str:Codelists", None, *(_list(name, codes) for name, codes in lists.items())),
            tag("str:Concepts", None, _concepts()),
            tag("str:DataStructures", None, _definition(content.title)),
        ),
    )


def _message(kind: str, spaces: dict[str, str], *inside: str) -> bytes:
    named = {
        "xmlns:message": f"{_URI}/message",
        "xmlns:common": f"{_URI}/common",
        "xmlns:xsi": _XSI,
    }
    return (HEAD + tag(f"message:{kind}", {**named, **spaces}, *inside) + "\n").encode("utf-8")


def _header(content: SdmxContent, structure: str) -> str:
    moment = f"{content.made_at:%Y-%m-%dT%H:%M:%S}"
    return tag(
        "message:Header",
        None,
        tag("message:ID", None, f"{STRUCTURE}_{content.made_at:%Y%m%d%H%M%S}"),
        tag("message:Test", None, "true" if content.synthetic else "false"),
        tag("message:Prepared", None, moment),
        tag("message:Sender", {"id": content.sender}),
        structure,
    )


def _described() -> str:
    reference = tag("Ref", {"id": STRUCTURE, "agencyID": AGENCY, "version": VERSION,
        "class": "DataStructure"})  # fmt: skip
    return tag(
        "message:Structure",
        {"structureID": STRUCTURE, "namespace": _URN, "dimensionAtObservation": _ALL},
        tag("common:Structure", None, reference),
    )


def _named(title: Text) -> str:
    return texts("common:Name", title.wordings)


def _owned(identity: str) -> dict[str, str]:
    return {"id": identity, "agencyID": AGENCY, "version": VERSION, "isFinal": "true"}


def _flow(title: Text) -> str:
    reference = tag("Ref", {"id": STRUCTURE, "agencyID": AGENCY, "version": VERSION,
        "class": "DataStructure", "package": "datastructure"})  # fmt: skip
    return tag(
        "str:Dataflow", _owned(STRUCTURE), _named(title), tag("str:Structure", None, reference)
    )


def _list(name: str, codes: object) -> str:
    identity, title = LISTS[name]
    assert isinstance(codes, dict)
    return tag(
        "str:Codelist",
        _owned(identity),
        _named(title),
        *(tag("str:Code", {"id": code}, _named(words)) for code, words in codes.items()),
    )


def _concepts() -> str:
    names = (*DIMENSIONS, TIME, VALUE, *ATTRIBUTES)
    return tag(
        "str:ConceptScheme",
        _owned("CS_FIGURES"),
        tag("common:Name", {"xml:lang": "en"}, "Concepts of figures"),
        *(
            tag(
                "str:Concept",
                {"id": name},
                tag(
                    "common:Name", {"xml:lang": "en"}, escaped(name.replace("_", " ").capitalize())
                ),
            )
            for name in names
        ),
    )


def _concept(name: str) -> str:
    reference = {"id": name, "maintainableParentID": "CS_FIGURES", "agencyID": AGENCY,
        "maintainableParentVersion": VERSION, "package": "conceptscheme",
        "class": "Concept"}  # fmt: skip
    return tag("str:ConceptIdentity", None, tag("Ref", reference))


def _representation(name: str) -> str:
    if name in LISTS:
        reference = {"id": LISTS[name][0], "agencyID": AGENCY, "version": VERSION,
            "class": "Codelist", "package": "codelist"}  # fmt: skip
        inside = tag("str:Enumeration", None, tag("Ref", reference))
    else:
        kind = "String" if name in ("REASON", "VERDICT", "SOURCE", "FLAGS") else "Double"
        inside = tag("str:TextFormat", {"textType": kind})
    return tag("str:LocalRepresentation", None, inside)


def _definition(title: Text) -> str:
    time = tag(
        "str:TimeDimension",
        {"id": TIME, "position": len(DIMENSIONS) + 1},
        _concept(TIME),
        tag("str:LocalRepresentation", None, tag("str:TextFormat", {"textType": "TimeRange"})),
    )
    return tag(
        "str:DataStructure",
        _owned(STRUCTURE),
        _named(title),
        tag(
            "str:DataStructureComponents",
            None,
            tag("str:DimensionList", {"id": "DimensionDescriptor"}, *_dimensions(), time),
            tag("str:AttributeList", {"id": "AttributeDescriptor"}, *_attributes()),
            tag(
                "str:MeasureList",
                {"id": "MeasureDescriptor"},
                tag("str:PrimaryMeasure", {"id": VALUE}, _concept(VALUE), _representation(VALUE)),
            ),
        ),
    )


def _dimensions() -> Iterator[str]:
    for position, name in enumerate(DIMENSIONS, 1):
        yield tag(
            "str:Dimension",
            {"id": name, "position": position},
            _concept(name),
            _representation(name),
        )


def _attributes() -> Iterator[str]:
    for name in ATTRIBUTES:
        needed = "Mandatory" if name in CODED and name != "UNIT_MEASURE" else "Conditional"
        about = tag("str:PrimaryMeasure", None, tag("Ref", {"id": VALUE}))
        yield tag(
            "str:Attribute",
            {"id": name, "assignmentStatus": needed},
            _concept(name),
            _representation(name),
            tag("str:AttributeRelationship", None, about),
        )
