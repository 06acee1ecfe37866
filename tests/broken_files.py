"""Forms made to break their reader: good ones changed at random, and bombs of every sort."""

from __future__ import annotations

import io
import json
import random
import re
import subprocess
import sys
import zipfile
from collections.abc import Callable, Iterator
from pathlib import Path
from xml.etree import ElementTree

import foreign_files

from app.definitions.files import read_questionnaire
from app.domain.questionnaire import Audience
from app.interchange.import_report import ForeignFault, Said
from app.workflows.foreign_forms import Format, format_of, read_form

GOOD: dict[Format, Callable[[], bytes]] = {
    Format.XLSFORM: foreign_files.xlsform,
    Format.LIMESURVEY: foreign_files.lss,
    Format.FHIR: foreign_files.fhir,
}
NASTY = ("", "\ufffe", "{" * 40, "(" * 4000, "${", "' or '1'='1", "../../etc/passwd", "A" * 9000)
NASTY += ("<script>alert(1)</script>", "=cmd|'/c calc'!A1", "\u202e", "${garden} = " * 300)
NASTY += ("not(" * 500 + "1" + ")" * 500, "{answer:E01|x}", "1e999", "NaN", "-" * 2000, "[[[")


def hostile(form: Format, seed: int) -> bytes:
    """The hostile file with this number: the bombs first, then mutations of a good one."""
    bombs = BOMBS[form]
    if seed <= len(bombs):
        return bombs[seed - 1]()
    dice = random.Random(f"{form} {seed}")
    return _MUTATIONS[form](dice)


def _bytes_changed(content: bytes, dice: random.Random) -> bytes:
    changed = bytearray(content)
    for _ in range(dice.randint(1, 40)):
        place = dice.randrange(len(changed))
        change = dice.randrange(4)
        if change == 0:
            changed[place] = dice.randrange(256)
        elif change == 1:
            del changed[place : place + dice.randint(1, 60)]
        elif change == 2:
            changed[place:place] = changed[place : place + dice.randint(1, 60)]
        else:
            changed[place:place] = dice.choice(NASTY).encode("utf-8", "replace")
        changed = changed or bytearray(b"x")
    return bytes(changed)


def _sheets_changed(dice: random.Random) -> bytes:
    if dice.random() < 0.3:
        return _bytes_changed(foreign_files.xlsform(), dice)
    survey = [list(row) for row in foreign_files.SURVEY]
    choices = [list(row) for row in foreign_files.CHOICES]
    for _ in range(dice.randint(1, 12)):
        sheet = dice.choice([survey, survey, choices])
        row = dice.choice(sheet)
        row[dice.randrange(len(row))] = dice.choice(NASTY)[:30_000]
        if dice.random() < 0.3:
            sheet.pop(dice.randrange(len(sheet)))
        if not sheet:
            sheet.append(["type"])
    return foreign_files.workbook(survey=survey, choices=choices)


def _resource_changed(dice: random.Random) -> bytes:
    if dice.random() < 0.3:
        return _bytes_changed(foreign_files.fhir(), dice)
    root = foreign_files.questionnaire()
    values = (None, [], {}, 0, -1, 1e308, True, "x", [[]], [None], {"item": {}}, *NASTY)
    for _ in range(dice.randint(1, 8)):
        place = root
        for _ in range(dice.randint(0, 4)):
            inner = [v for v in place.values() if isinstance(v, dict)]
            inner += [o for v in place.values() if isinstance(v, list) for o in v]
            inner = [one for one in inner if isinstance(one, dict) and one]
            place = dice.choice(inner) if inner else place
        place[dice.choice(list(place))] = dice.choice(values)
    return json.dumps(root).encode("utf-8", "surrogatepass")


def _survey_changed(dice: random.Random) -> bytes:
    if dice.random() < 0.3:
        return _bytes_changed(dice.choice([foreign_files.lss, foreign_files.lss_parts])(), dice)
    root = ElementTree.fromstring(dice.choice([foreign_files.lss, foreign_files.lss_parts])())
    for _ in range(dice.randint(1, 12)):
        rows = dice.choice([found for found in root.iter("rows") if len(found)] or [root])
        row = dice.choice(list(rows))
        change = dice.randrange(5)
        if change == 0:
            rows.remove(row)
        elif change == 1:
            rows.append(row)
        elif change == 2 and len(row):
            row.remove(dice.choice(list(row)))
        else:
            cell = dice.choice(list(row) or [row])
            words = (
                *NASTY,
                *"LMFKR1:;|*XDN",
                "0",
                "-1",
                "7X1X1",
                "Q1_A",
                "1e9",
                'self.sq_A == "Y"',
            )
            cell.text = _BARE.sub("", dice.choice(words)[:30_000])
    return ElementTree.tostring(root)


def _definition_changed(dice: random.Random) -> bytes:
    text = (SURVEYS / dice.choice(["family", "elderly", "professional"]) / "core.yaml").read_text()
    if dice.random() < 0.3:
        return _bytes_changed(text.encode(), dice)
    lines = text.splitlines()
    for _ in range(dice.randint(1, 10)):
        place = dice.randrange(len(lines))
        change = dice.randrange(5)
        if change == 0:
            del lines[place : place + dice.randint(1, 4)]
        elif change == 1:
            lines[place:place] = lines[place : place + dice.randint(1, 30)]
        elif change == 2:
            lines[place] = " " * dice.randint(1, 3) + lines[place]
        else:
            head, mark, _ = lines[place].partition(": ")
            lines[place] = (
                head + mark + dice.choice((*NASTY, "&a [*a]", "{}", "[]", "-1", "yes", "~"))
            )
    return "\n".join(lines).encode("utf-8", "replace")


_MUTATIONS: dict[Format, Callable[[random.Random], bytes]] = {
    Format.XLSFORM: _sheets_changed,
    Format.LIMESURVEY: _survey_changed,
    Format.FHIR: _resource_changed,
}


def _packed(parts: dict[str, bytes]) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as package:
        for name, content in parts.items():
            package.writestr(name, content)
    return out.getvalue()


def _replaced(name: str, content: bytes) -> bytes:
    """The good workbook with one part of its package replaced."""
    with zipfile.ZipFile(io.BytesIO(foreign_files.xlsform())) as package:
        parts = {part: package.read(part) for part in package.namelist()}
    return _packed({**parts, name: content})


_ENTITIES = b'<?xml version="1.0"?><!DOCTYPE d [<!ENTITY a "aaaaaaaaaa">' + b"".join(
    f'<!ENTITY {b} "{f"&{a};" * 10}">'.encode() for a, b in zip("abcdefgh", "bcdefghi", strict=True)
)
_OUTSIDE = b'<?xml version="1.0"?><!DOCTYPE d [<!ENTITY x SYSTEM "file:///etc/passwd">]>'


def chained() -> bytes:
    rows = [["type", "name", "label", "calculation", "relevant"]]
    rows += [["integer", "c0", "C", "", ""]]
    rows += [
        ["calculate", f"c{n}", "", f"if(${{c{n - 1}}} > 1, ${{c{n - 1}}}, ${{c{n - 1}}})", ""]
        for n in range(1, 60)
    ]
    rows += [["text", f"t{n}", "T", "", "${c59} = 1 or ${c58} = 2"] for n in range(300)]
    return foreign_files.workbook(survey=rows)


def _wide() -> bytes:
    rows = [["type", "name", "label"], *[["text", f"q{n}", "Q"] for n in range(20_000)]]
    return foreign_files.workbook(survey=rows)


def _deep_groups() -> bytes:
    rows = [["type", "name", "label"], *[["begin group", f"g{n}", "G"] for n in range(3_000)]]
    return foreign_files.workbook(survey=rows)


def _many_options() -> bytes:
    rows = [["type", "name", "label"], *[["select_one l", f"q{n}", "Q"] for n in range(900)]]
    choices = [["list_name", "name", "label"], *[["l", f"o{n}", "O"] for n in range(900)]]
    return foreign_files.workbook(survey=rows, choices=choices)


def _nested_items(depth: int) -> bytes:
    inner = '{"linkId":"q","type":"string","text":"Q"}'
    opening = '{"linkId":"g","type":"group","text":"G","item":['
    body = opening * depth + inner + "]}" * depth
    return f'{{"resourceType":"Questionnaire","status":"draft","item":[{body}]}}'.encode()


def _rows_of(table: str, row: str, number: int) -> bytes:
    head = b"<document><LimeSurveyDocType>Survey</LimeSurveyDocType>"
    body = f"<{table}><rows>{row * number}</rows></{table}>".encode()
    return head + body + b"</document>"


_ROW = "<row><qid>1</qid><type>S</type><title>Q</title></row>"
BOMBS: dict[Format, tuple[Callable[[], bytes], ...]] = {
    Format.XLSFORM: (
        lambda: _packed({"xl/workbook.xml": b"\x00" * 200_000_000}),
        lambda: _replaced("xl/sharedStrings.xml", _ENTITIES + b"]><sst>&i;</sst>"),
        lambda: _replaced("xl/worksheets/sheet1.xml", _OUTSIDE + b"<worksheet>&x;</worksheet>"),
        lambda: _replaced("xl/worksheets/sheet1.xml", b"<worksheet>" * 400_000),
        lambda: _replaced("xl/vbaProject.bin", b"macro"),
        lambda: _packed({f"part{n}": b"" for n in range(3_000)}),
        lambda: b"PK\x03\x04" + b"\x00" * 5_000,
        lambda: b"\xd0\xcf\x11\xe0" + b"\x00" * 50_000,
        lambda: b"PK" + b"\x00" * 9_000_000,
        _wide,
        _deep_groups,
        _many_options,
    ),
    Format.LIMESURVEY: (
        lambda: _ENTITIES + b"]><document>&i;</document>",
        lambda: _OUTSIDE + b"<document>&x;</document>",
        lambda: b"<document>" * 500_000,
        lambda: b"<document>" + b"<a>" * 300_000 + b"</a>" * 300_000 + b"</document>",
        lambda: _rows_of("questions", _ROW, 140_000),
        lambda: b"<" + b"a" * 7_000_000,
        lambda: b"<document " + b" ".join(b'a%d="x"' % n for n in range(300_000)) + b"/>",
        lambda: b"<document/>",
        lambda: b"<\x00",
        lambda: '<?xml version="1.0" encoding="UTF-16"?><document/>'.encode("utf-16"),
    ),
    Format.FHIR: (
        lambda: b"[" * 2_000_000,
        lambda: b'{"a":' * 1_000_000,
        lambda: _nested_items(200),
        lambda: _nested_items(60_000),
        lambda: b'{"resourceType":"Questionnaire","x":' + b"9" * 6_000_000 + b"}",
        lambda: b"[" + b"0," * 3_000_000 + b"0]",
        lambda: b'{"resourceType":"Questionnaire","item":NaN}',
        lambda: b'{"resourceType":"Patient"}',
        lambda: b'{"resourceType":"Questionnaire","item":"x"}',
        lambda: b'{"resourceType":"Bundle","entry":[null,1,{"resource":[]}]}',
    ),
}

_HEAD = b"format: covalue/questionnaire/1\ncode: X\n"
DEFINITION_BOMBS: tuple[Callable[[], bytes], ...] = (
    lambda: (
        _HEAD
        + b"a: &a [x]\n"
        + b"".join(
            f"{chr(b)}: &{chr(b)} [{','.join(f'*{chr(b - 1)}' for _ in range(10))}]\n".encode()
            for b in range(98, 107)
        )
    ),
    lambda: b"a: &a [*a]",
    lambda: b"a: " + b"[" * 300_000,
    lambda: b"a: " + b"{a: " * 100_000,
    lambda: b"- " * 900_000,
    lambda: _HEAD + b"x" * 1_900_000 + b": 1",
    lambda: _HEAD + b"".join(b"k%d: 1\n" % n for n in range(150_000)),
    lambda: b"!!python/object/apply:os.system ['true']",
    lambda: b"\xff\xfe" + b"a" * 1_000,
    lambda: b"a: 1\n---\nb: 2\n" * 60_000,
    lambda: b'a: "' + b"\\x41" * 400_000,
    lambda: b"%YAML 9.9\n---\n? [" + b"a, " * 200_000 + b"]",
)
READS_YAML = Path(__file__).with_name("reading_yaml.py")
SURVEYS = Path(__file__).parents[1] / "surveys"
_BARE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
UNSAFE = re.compile(r"Traceback|File \"|/[a-z]+/[a-z]+/|[\x00-\x1f\u202e]")


def attempt_definition(seed: int) -> tuple[str, list[str]]:
    """What became of one of our own files, read by a process with the limits of an import."""
    bombs = DEFINITION_BOMBS
    dice = random.Random(f"yaml {seed}")
    content = bombs[seed - 1]() if seed <= len(bombs) else _definition_changed(dice)
    done = subprocess.run([sys.executable, str(READS_YAML)], input=content, capture_output=True)
    if done.returncode:
        return "ended", [f"ended: {done.stderr.decode()[-200:]}"]
    told = json.loads(done.stdout)
    found = [f"unsafe: {words[:80]}" for words in told["said"] if UNSAFE.search(words)]
    return told["became"], found


def attempt(form: Format, seed: int) -> tuple[str, list[str]]:
    """What became of one file, and what must not be."""
    content = hostile(form, seed)
    try:
        read = read_form(content, format_of(content))
    except ForeignFault as fault:
        return f"refused: {fault.said.rule}", list(_unsafe((fault.said,)))
    found = list(_unsafe(read.lines))
    if read_questionnaire(read.as_core(Audience.FAMILY)).audience is not Audience.FAMILY:
        found.append("not ours")
    return "read", found


def _unsafe(lines: tuple[Said, ...]) -> Iterator[str]:
    for line in lines:
        own = dict(line.fills)
        for language in ("fr", "en"):
            words = line.message.in_(language)
            bare = words
            for value in own.values():  # what the file said itself is shown, on one line
                bare = bare.replace(value, "") if value else bare
            if UNSAFE.search(bare) or "\n" in words or "\u202e" in words:
                yield f"unsafe: {line.rule}"
