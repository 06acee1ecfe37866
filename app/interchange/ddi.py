"""DDI-Codebook 2.5: what an extract of answers holds, for archives and statistics programs.

Elements stand in the order of the schema ``ddi:codebook:2_5``; identifiers are made of codes.
"""

from __future__ import annotations

from collections.abc import Iterator

from app.domain.text import Text
from app.interchange.extract_variables import Described, Variable
from app.interchange.xml_text import HEAD, escaped, tag

SPACE = "ddi:codebook:2_5"
_SCHEMA = "http://www.ddialliance.org/Specification/DDI-Codebook/2.5/XMLSchema/codebook.xsd"
_LANGUAGES = ("fr", "en")


def write_ddi(described: Described) -> bytes:
    """The codebook in UTF-8; labels and questions in French and English."""
    document = tag(
        "codeBook",
        {
            "xmlns": SPACE,
            "xmlns:xsi": "http://www.w3.org/2001/XMLSchema-instance",
            "xsi:schemaLocation": f"{SPACE} {_SCHEMA}",
            "version": "2.5",
            "xml:lang": described.language,
        },
        _document(described),
        _study(described),
        _file(described),
        tag("dataDscr", None, *_variables(described)),
    )
    return (HEAD + document + "\n").encode("utf-8")


def _text(name: str, said: str, attributes: dict[str, object] | None = None) -> str:
    return tag(name, attributes, escaped(said))


def _titles(described: Described) -> str:
    first = described.language
    others = [each for each in _LANGUAGES if each != first]
    return tag(
        "titlStmt",
        None,
        _text("titl", described.title.in_(first)),
        *(_text("parTitl", described.title.in_(each), {"xml:lang": each}) for each in others),
        _text("IDNo", described.facts["checksum"], {"agency": "COVALUE"}),
    )


def _document(described: Described) -> str:
    facts = described.facts
    made = tag(
        "prodStmt",
        None,
        _text("producer", facts["publisher"]),
        _text("prodDate", facts["dated"], {"date": facts["dated"]}),
        _text("software", f"Covalue {facts['version']}", {"version": facts["version"]}),
    )
    return tag("docDscr", None, tag("citation", None, _titles(described), made))


def _study(described: Described) -> str:
    facts = described.facts
    citation = tag(
        "citation",
        None,
        _titles(described),
        tag("rspStmt", None, _text("AuthEnty", facts["publisher"])),
        tag("prodStmt", None, _text("producer", facts["publisher"])),
        tag("distStmt", None, _text("distrbtr", facts["publisher"])),
        _text("biblCit", facts["citation"]),
    )
    synthetic = [_text("abstract", facts["synthetic"])] if described.synthetic else []
    start, end = facts["period"].split("/")
    summary = tag(
        "sumDscr",
        None,
        _text("collDate", start, {"date": start, "event": "start"}),
        _text("collDate", end, {"date": end, "event": "end"}),
        _text("nation", "France", {"abbr": "FR"}),
        _text("universe", facts["frame"]),
        _text("dataKind", "survey data"),
    )
    access = tag(
        "dataAccs",
        None,
        tag(
            "useStmt",
            None,
            _text("restrctn", facts["restriction"]),
            _text("conditions", facts["purpose"]),
        ),
    )
    method = tag(
        "method",
        None,
        tag("dataColl", None, _text("weight", facts["weighting"])),
    )
    return tag(
        "stdyDscr", None, citation, tag("stdyInfo", None, *synthetic, summary), method, access
    )


def _file(described: Described) -> str:
    return tag(
        "fileDscr",
        {"ID": "F1"},
        tag(
            "fileTxt",
            None,
            _text("fileName", "answers.csv"),
            tag(
                "dimensns",
                None,
                _text("caseQnty", str(described.rows)),
                _text("varQnty", str(len(described.variables))),
            ),
            _text("fileType", "text/csv", {"charset": "UTF-8"}),
        ),
    )


def _variables(described: Described) -> Iterator[str]:
    for number, variable in enumerate(described.variables, 1):
        attributes: dict[str, object] = {"ID": f"V{number}", "name": variable.name, "files": "F1"}
        if variable.name == "weight":
            attributes["wgt"] = "wgt"
        elif variable.answered:
            attributes["wgt-var"] = _weight_place(described)
        attributes["intrvl"] = "contin" if variable.form in ("number", "weight") else "discrete"
        yield tag(
            "var",
            attributes,
            *_labels("labl", variable.label),
            *_question(variable),
            *_categories(variable, described),
            tag("varFormat", {"type": _kind(variable)}),
        )


def _weight_place(described: Described) -> str:
    names = [each.name for each in described.variables]
    return f"V{names.index('weight') + 1}"


def _kind(variable: Variable) -> str:
    return "numeric" if variable.form in ("number", "weight") else "character"


def _labels(name: str, words: Text) -> Iterator[str]:
    for language in _LANGUAGES:
        if words.in_(language):
            yield _text(name, words.in_(language), {"xml:lang": language})


def _question(variable: Variable) -> Iterator[str]:
    if variable.answered:
        yield tag("qstn", None, *_labels("qstnLit", variable.label))
    if variable.audience:
        yield _text("universe", variable.audience)


def _categories(variable: Variable, described: Described) -> Iterator[str]:
    for code, words in zip(variable.codes, variable.names, strict=True):
        yield tag("catgry", None, _text("catValu", code), *_labels("labl", words))
    if variable.answered:
        for number, cell, said in described.missing():
            value = cell or str(number)
            yield tag("catgry", {"missing": "Y"}, _text("catValu", value), _text("labl", said))
