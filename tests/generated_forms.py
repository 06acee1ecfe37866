"""Forms of other programs made at random, with a mark for each part that must not be lost."""

from __future__ import annotations

import json
import random
from dataclasses import dataclass, field
from typing import Any

import foreign_files

TRANSLATION = "http://hl7.org/fhir/StructureDefinition/translation"


@dataclass
class Made:
    """A form: its file, and what of it must be in the result or named in the report.

    ``marks``: words that stand nowhere else, each with the places whose lines may name it, or
    with words of the report that do; ``conditions``: the places of questions that have one.
    """

    content: bytes = b""
    marks: dict[str, set[str]] = field(default_factory=dict)
    conditions: set[str] = field(default_factory=set)
    asked: set[str] = field(default_factory=set)
    _number: int = 0

    def mark(self, *places: str) -> str:
        """A word of its own that must be in, or named at one of these places."""
        self._number += 1
        word = f"Zq{self._number}x"
        self.marks[word] = set(places)
        return word


# XLSForm

_TYPES = (
    "text integer decimal date time datetime note geopoint geotrace barcode image audio file",
    "range acknowledge rank select_one select_multiple select_one_other start calculate",
    "xml-external",
)
_LANGUAGES = ("French (fr)", "English (en)", "Klingon")


def xlsform(seed: int) -> Made:
    """A workbook with groups, repeats, every type, filters, conditions, one to three languages."""
    dice, made = random.Random(f"xlsform {seed}"), Made()
    languages = _LANGUAGES[: dice.randint(1, 3)]
    choices = [["list_name", "name", "area", *(f"label::{name}" for name in languages)]]
    lists = [f"list{number}" for number in range(dice.randint(1, 4))]
    for name in lists:
        for code in "abcd"[: dice.randint(2, 4)]:
            place = f"choices:{len(choices) + 1}"
            words = [made.mark(place, name, f"option {code}") for _ in languages]
            choices.append([name, code, dice.choice("ab"), *words])
    head = ["type", "name", *(f"label::{name}" for name in languages), "hint::French (fr)"]
    head += ["relevant", "choice_filter", "appearance", "default", "image"]
    survey, before = [head], list[str]()
    open_groups: list[tuple[str, bool]] = []
    for number in range(dice.randint(4, 14)):
        place = f"survey:{len(survey) + 1}"
        turn = dice.random()
        if turn < 0.12 and len(open_groups) < 3:
            kind = dice.choice(["group", "group", "repeat"])
            when = _relevant(dice, before)
            words = [made.mark(place) for _ in languages]
            survey.append([f"begin {kind}", f"g{number}", *words, "", when, "", "", "", ""])
            open_groups.append((kind, bool(when)))
            if when and kind == "repeat":
                made.conditions.add(place)  # of the list that it becomes, not of its questions
            continue
        if turn < 0.2 and open_groups:
            kind, _ = open_groups.pop()
            survey.append([f"end {kind}"] + [""] * (len(head) - 1))
            continue
        kind = dice.choice(" ".join(_TYPES).split())
        written = {"select_one_other": "select_one {} or_other"}.get(kind, f"{kind} {{}}")
        listed = dice.choice([*lists, *lists, "nowhere"])
        written = written.format(listed) if kind.startswith(("select", "rank")) else kind
        when = _relevant(dice, before)
        filtered = dice.choice(["", "", "area = ${q0}", "area = 'a'", "pulldata('x')"])
        row = [written, f"q{number}", *(made.mark(place) for _ in languages), made.mark(place)]
        row += [when, filtered if "select" in kind else "", dice.choice(["", "minimal", "w1"])]
        row += [dice.choice(["", "a"]), dice.choice(["", "", "x.png"])]
        survey.append(row)
        made.asked.add(place)
        if (when or _under_condition(open_groups)) and kind != "calculate":
            made.conditions.add(place)
        before.append(f"q{number}")
    survey += [[f"end {kind}"] + [""] * (len(head) - 1) for kind, _ in reversed(open_groups)]
    made.content = foreign_files.workbook(survey=survey, choices=choices)
    return made


def _under_condition(open_groups: list[tuple[str, bool]]) -> bool:
    """Whether a group within the innermost repeat has a condition."""
    within = True
    for kind, had in reversed(open_groups):
        within = within and kind == "group"
        if within and had:
            return True
    return False


def _relevant(dice: random.Random, before: list[str]) -> str:
    if not before or dice.random() < 0.5:
        return ""
    name = dice.choice(before)
    forms = ["${%s} = 'a'", "${%s} > 3", "selected(${%s}, 'b')", "${%s} != ''", "regex(${%s}, 'x')"]
    forms += [
        "not(selected(${%s}, 'a')) and ${nobody} = 1",
        "count-selected(${%s}) >= 2",
        "((${%s}",
    ]
    return dice.choice(forms).replace("%s", name)


# LimeSurvey


def lss(seed: int) -> Made:
    """A survey of every type of question, with rows, columns, filters, in up to three languages."""
    dice, made = random.Random(f"lss {seed}"), Made()
    spoken = ["en", "fr"][: dice.randint(1, 2)]
    written = [*spoken, *(["sv"] if dice.random() < 0.3 else [])]  # one that it does not announce
    questions, subquestions, answers, texts = [], [], [], []
    said: list[dict[str, str]] = []
    attributes: list[dict[str, str]] = []
    for number in range(1, dice.randint(4, 14)):
        kind = dice.choice("L!OYG5MPFABCEH1KQ:;RSTUNDX|I*Z")
        qid, title = str(number), f"Q{number}"
        place = f"questions[{title}]"
        when = _relevance(dice, number)
        row = {"qid": qid, "parent_qid": "0", "sid": "7", "gid": "1", "type": kind}
        row |= {"title": title, "question_order": qid, "relevance": when}
        row["other"] = dice.choice("YN") if kind in "L!MP" else "N"
        questions.append(row)
        made.asked.add(place)
        if when and kind not in "*IZ|":
            made.conditions.add(place)
        texts += [{"qid": qid} | text for text in _texts(made, "question", written, place)]
        for scale in "01" if kind in ":;" else "0" if kind in "MPFABCEH1KQR" else "":
            for part in range(dice.randint(1, 3)):
                own = f"{qid}{scale}{part}0"
                inner = {"qid": own, "parent_qid": qid, "title": f"S{scale}{part}"}
                when = dice.choice(["1", "1", f"Q{number - 1} == 'A1'", "Q99 =="])
                inner |= {"question_order": str(part), "scale_id": scale, "relevance": when}
                subquestions.append(inner)
                texts += [{"qid": own} | t for t in _texts(made, "question", written, place)]
        for scale in {"L": "0", "!": "0", "O": "0", "F": "0", "H": "0", "1": "01"}.get(kind, ""):
            for code in ("A1", "A2"):
                own = {"aid": f"{qid}{scale}{code}"}
                answers.append({**own, "qid": qid, "code": code, "scale_id": scale})
                said += [own | text for text in _texts(made, "answer", written, place)]
        if dice.random() < 0.3:
            name = dice.choice(["array_filter", "hidden", "max_answers", "random_order"])
            attributes.append({"qid": qid, "attribute": name, "value": dice.choice(["1", "Q1"])})
    survey = [{"sid": "7", "language": spoken[0], "additional_languages": " ".join(spoken[1:])}]
    tables = {"answers": answers, "answer_l10ns": said, "questions": questions}
    tables |= {"groups": [{"gid": "1", "sid": "7", "group_order": "1"}], "surveys": survey}
    tables |= {"subquestions": subquestions, "question_l10ns": texts}
    tables |= {"question_attributes": attributes}
    body = "".join(foreign_files.table(name, rows) for name, rows in tables.items())
    head = "<LimeSurveyDocType>Survey</LimeSurveyDocType><DBVersion>600</DBVersion>"
    listed = "".join(f"<language>{tag}</language>" for tag in spoken)
    made.content = f"<document>{head}<languages>{listed}</languages>{body}</document>".encode()
    return made


def _unsaid(tag: str) -> tuple[str, ...]:
    return ("sv",) if tag == "sv" else ()


def _texts(made: Made, column: str, written: list[str], place: str) -> list[dict[str, str]]:
    return [{"language": tag, column: made.mark(place, *_unsaid(tag))} for tag in written]


def _relevance(dice: random.Random, number: int) -> str:
    if number == 1 or dice.random() < 0.4:
        return ""
    name = f"Q{dice.randrange(1, number)}"
    forms = ["%s.NAOK == 'A1'", "!is_empty(%s)", "%s_S00 == 'Y' or %s_S01 == 'Y'", "%s >= 3"]
    forms += ["strpos(%s, 'x') > 1", "TOKEN:X == 1 and %s == 2", "((%s"]
    return dice.choice(forms).replace("%s", name)


# FHIR

_ITEM_TYPES = (
    "group group boolean choice choice open-choice integer decimal quantity date dateTime time",
    "string text url display attachment reference coding nonsense",
)


def fhir(seed: int) -> Made:
    """A Questionnaire with nested items of every type, value sets, conditions, translations."""
    dice, made = random.Random(f"fhir {seed}"), Made()
    sets = [_value_set(dice, made, number) for number in range(dice.randint(0, 3))]
    links: list[str] = []
    items = [_item(dice, made, f"item[{n}]", links, 0, False) for n in range(dice.randint(2, 7))]
    root = {"resourceType": "Questionnaire", "language": "en", "title": "A", "contained": sets}
    made.content = json.dumps({**root, "item": items}).encode()
    return made


def _words(made: Made, dice: random.Random, name: str, *places: str) -> dict[str, Any]:
    written: dict[str, Any] = {name: made.mark(*places)}
    if dice.random() < 0.5:
        inner = [{"url": "lang", "valueCode": "fr"}]
        inner.append({"url": "content", "valueString": made.mark(*places)})
        written[f"_{name}"] = {"extension": [{"url": TRANSLATION, "extension": inner}]}
    return written


def _value_set(dice: random.Random, made: Made, number: int) -> dict[str, Any]:
    place, users = f"contained[{number}]", f"#set{number}"
    concept = [
        {"code": code, **_words(made, dice, "display", place, users)} for code in ("a", "b", "c")
    ]
    include: list[dict[str, Any]] = [{"system": "s", "concept": concept}]
    return {"resourceType": "ValueSet", "id": f"set{number}", "compose": {"include": include}}


def _item(
    dice: random.Random, made: Made, place: str, links: list[str], depth: int, above: bool
) -> dict[str, Any]:
    kind = dice.choice(" ".join(_ITEM_TYPES).split())
    link = f"l{len(links)}"
    item: dict[str, Any] = {"linkId": link, "type": kind, "required": dice.random() < 0.2}
    item |= _words(made, dice, "text", place)
    when = _enabled(dice, links)
    item |= when
    if kind not in ("group", "display"):
        made.asked.add(place)
        item["repeats"] = dice.random() < 0.2
        if when or above:
            made.conditions.add(place)
    links.append(link)
    if kind in ("choice", "open-choice", "coding"):
        item |= _options(dice, made, place)
    if kind == "group" and dice.random() < 0.3:
        item["repeats"] = True
        above = False
    if depth < 3 and (kind == "group" or dice.random() < 0.15):
        inner = range(dice.randint(0 if depth else 1, 3))
        under = above or (bool(when) and not item.get("repeats"))
        where = f"{place}.item[{{}}]".format
        item["item"] = [_item(dice, made, where(n), links, depth + 1, under) for n in inner]
    return item


def _options(dice: random.Random, made: Made, place: str) -> dict[str, Any]:
    if dice.random() < 0.4:
        return {"answerValueSet": dice.choice(["#set0", "#set1", "http://example.org/far"])}
    sort = dice.choice(["valueCoding", "valueString", "valueInteger"])
    if sort == "valueCoding":
        codes = ("a", "b")
        words = [{sort: {"code": c, **_words(made, dice, "display", place)}} for c in codes]
        return {"answerOption": words}
    values = [made.mark(place) if sort == "valueString" else number for number in (1, 2)]
    return {"answerOption": [{sort: value} for value in values]}


def _enabled(dice: random.Random, links: list[str]) -> dict[str, Any]:
    if not links or dice.random() < 0.5:
        return {}
    answers = [{"answerBoolean": True}, {"answerCoding": {"code": "a"}}, {"answerInteger": 3}]
    answers += [{"answerString": "x"}, {"answerDate": "2020-01-01"}, {"answerDecimal": 1.5}]
    whens = [
        {"question": dice.choice([*links, "nobody"]), "operator": operator, **dice.choice(answers)}
        for operator in dice.choices(["=", "!=", ">", "<=", "exists", "="], k=dice.randint(1, 2))
    ]
    return {"enableWhen": whens, "enableBehavior": dice.choice(["all", "any"])}
