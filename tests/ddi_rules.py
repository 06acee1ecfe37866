"""Rules of DDI-Codebook 2.5 for what an extract writes, as its schema says them.

Compared with codebook.xsd (2012-01-17, namespace ddi:codebook:2_5) element by element, for every
element that is written: its children in their order, which of them must be there or stand once
only, where text may stand, its attributes with their values. The schema, under LGPL, is not
shipped, and no validator ran it here.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from xml.etree.ElementTree import Element

SPACE = "{ddi:codebook:2_5}"
LANGUAGE = "{http://www.w3.org/XML/1998/namespace}lang"
PLACE = "{http://www.w3.org/2001/XMLSchema-instance}schemaLocation"
NAME = re.compile(r"[A-Za-z_][\w.-]*")
# Children in the order of the schema. A sign behind a name: ! exactly one, ? at most one, + at
# least one; none: any number.
CHILDREN = {
    "codeBook": "docDscr stdyDscr+ fileDscr dataDscr otherMat",
    "docDscr": "citation? guide? docStatus? docSrc controlledVocabUsed notes",
    "stdyDscr": "citation+ studyAuthorization stdyInfo studyDevelopment method dataAccs "
    "othrStdyMat notes",
    "citation": "titlStmt! rspStmt? prodStmt? distStmt? serStmt verStmt biblCit holdings notes",
    "titlStmt": "titl! subTitl altTitl parTitl IDNo",
    "rspStmt": "AuthEnty othId",
    "prodStmt": "producer copyright? prodDate prodPlac software fundAg grantNo",
    "distStmt": "distrbtr contact depositr depDate distDate",
    "stdyInfo": "studyBudget subject abstract sumDscr qualityStatement? notes exPostEvaluation",
    "sumDscr": "timePrd collDate nation geogCover geogUnit geoBndBox boundPoly anlyUnit universe "
    "dataKind",
    "method": "dataColl notes anlyInfo? stdyClas? dataProcessing codingInstructions",
    "dataColl": "timeMeth dataCollector collectorTraining frequenc sampProc sampleFrame "
    "targetSampleSize deviat collMode resInstru instrumentDevelopment sources collSitu actMin "
    "ConOps weight cleanOps",
    "dataAccs": "setAvail useStmt notes",
    "useStmt": "confDec specPerm restrctn contact citReq deposReq conditions disclaimer",
    "fileDscr": "fileTxt locMap? notes",
    "fileTxt": "fileName fileCitation? dataFingerprint fileCont? fileStrc? dimensns? fileType "
    "format filePlac dataChck ProcStat dataMsng software verStmt",
    "dimensns": "caseQnty varQnty logRecL recPrCas recNumTot",
    "dataDscr": "varGrp nCubeGrp var nCube notes",
    "var": "location labl imputation? security? embargo? respUnit? anlysUnit? qstn valrng "
    "invalrng undocCod universe TotlResp? sumStat txt stdCatgry catgryGrp catgry codInstr verStmt "
    "concept derivation? varFormat? geoMap catLevel notes",
    "qstn": "preQTxt qstnLit postQTxt forward backward ivuInstr",
    "catgry": "catValu? labl txt catStat mrow?",
}
ANY_ORDER = frozenset({"qstn"})
# Attributes: nothing where any text goes, else the values; "ids": of other elements, "!": must be.
ATTRIBUTES: dict[str, dict[str, str]] = {
    "codeBook": {"version": "2.5", "codeBookAgency": "", PLACE: ""},
    "citation": {"MARCURI": ""},
    "IDNo": {"agency": "", "level": "study file project"},
    "AuthEnty": {"affiliation": ""},
    "producer": {"abbr": "", "affiliation": "", "role": ""},
    "distrbtr": {"abbr": "", "affiliation": "", "URI": ""},
    "biblCit": {"format": ""},
    "prodDate": {"date": ""},
    "software": {"date": "", "version": ""},
    "stdyDscr": {"access": "ids"},
    "abstract": {"date": "", "contentType": "abstract purpose mixed"},
    "collDate": {"date": "", "event": "start end single", "cycle": ""},
    "nation": {"abbr": ""},
    "universe": {"level": "", "clusion": "I E"},
    "dataKind": {"type": ""},
    "fileDscr": {
        "URI": "", "sdatrefs": "ids", "methrefs": "ids", "pubrefs": "ids", "access": "ids",
    },
    "fileType": {"charset": ""},
    "var": {
        "name": "!", "wgt": "wgt not-wgt", "wgt-var": "ids", "weight": "ids", "qstn": "ids",
        "files": "ids", "vendor": "", "dcml": "", "intrvl": "contin discrete", "rectype": "",
        "sdatrefs": "ids", "methrefs": "ids", "pubrefs": "ids", "access": "ids", "measUnit": "",
        "scale": "", "origin": "", "nature": "nominal ordinal interval ratio percent other",
        "temporal": "Y N", "geog": "Y N", "geoVocab": "", "catQnty": "",
        "representationType": "text numeric code datetime other",
    },
    "qstn": {
        "qstn": "ids", "var": "ids", "seqNo": "", "sdatrefs": "ids",
        "responseDomainType": "text numeric code category datetime geographic multiple other",
    },
    "labl": {"level": "", "vendor": "", "country": "", "sdatrefs": "ids"},
    "catgry": {
        "missing": "Y N", "missType": "", "country": "", "sdatrefs": "ids", "excls": "true false",
        "catgry": "ids", "level": "ids", "access": "ids",
    },
    "varFormat": {
        "type": "character numeric", "formatname": "", "category": "date time currency other",
        "schema": "SAS SPSS IBM ANSI ISO XML-Data other", "otherSchema": "", "otherCategory": "",
        "URI": "",
    },
}  # fmt: skip


def broken_rules(book: Element) -> list[str]:
    """What the document does otherwise than the schema says; an unknown element is a fault."""
    ids = [each.get("ID", "") for each in book.iter() if "ID" in each.attrib]
    found = [f"ID {each}" for each, times in Counter(ids).items() if times > 1]
    found += [f"ID {each}" for each in ids if not NAME.fullmatch(each)]
    for each in book.iter():
        found += [f"{_name(each)}: {said}" for said in _of_children(each)]
        found += [f"{_name(each)}: {said}" for said in _of_attributes(each, set(ids))]
    return found


def _name(each: Element) -> str:
    return each.tag.removeprefix(SPACE)


def _of_children(each: Element) -> Iterator[str]:
    said = CHILDREN.get(_name(each), "").split()
    order = [name.rstrip("!?+") for name in said]
    names = [_name(child) for child in each]
    if not set(names) <= set(order):
        yield f"children {sorted(set(names) - set(order))}"
    elif _name(each) not in ANY_ORDER and names != sorted(names, key=order.index):
        yield f"order {names}"
    for name in said:
        times = names.count(name.rstrip("!?+"))
        if (name[-1] in "!+" and not times) or (name[-1] in "!?" and times > 1):
            yield f"{times} of {name}"
    texts = (each.text, *(child.tail for child in each))
    if said and _name(each) not in ANY_ORDER and any((text or "").strip() for text in texts):
        yield "text between elements"


def _of_attributes(each: Element, ids: set[str]) -> Iterator[str]:
    rules = ATTRIBUTES.get(_name(each), {})
    for name, value in each.attrib.items():
        if name in ("ID", LANGUAGE):
            continue
        if name not in rules:
            yield f"attribute {name}"
        elif rules[name] == "ids" and not set(value.split()) <= ids:
            yield f"{name} leads nowhere: {value}"
        elif rules[name] not in ("", "!", "ids") and value not in rules[name].split():
            yield f"{name}={value}"
    if each.get("schema") == "other" and not each.get("otherSchema"):
        yield "no otherSchema, which the documentation asks for beside schema=other"
    yield from (f"no {name}" for name, rule in rules.items() if rule == "!" and not each.get(name))
