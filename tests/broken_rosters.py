"""Tables of people to be invited, made to break their import: good ones changed, and bombs.

An attempt is what the office does with a file: its columns are guessed, it is made into ours, read
and imported. It is taken whole, or refused with place, reason and remedy.
"""

from __future__ import annotations

import csv
import io
import random
import re
import resource
import signal
import zipfile
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from datetime import date, datetime, time, timedelta
from functools import partial
from pathlib import Path
from typing import Any

import collection
import disguised_files
import xlsxwriter
from every_route import digest

from app.domain.errors import BadInput, Fault
from app.interchange.sample_csv import COLUMNS
from app.interchange.sample_table import as_sample, guessed, header_of, is_workbook
from app.workflows.acting import House
from app.workflows.sample_import import import_sample

Rows = list[list[Any]]
SECONDS = 5  # of processor time for a file, that of the process that opens workbooks included
BYTES = 512 * 1024 * 1024  # of memory beyond what the process has
LONGEST_PLACE = 60
PLACE = re.compile(r"[1-9][0-9]*( [^\x00-\x1f\u202e]+)?")
UNSAFE = re.compile(r"Traceback|File \"|/[a-z]+/[a-z]+/|[\x00-\x1f\u202e]")

OURS: Rows = [
    [*collection.HEADER.split(";"), "email", "phone"],
    *[
        [
            *(f"R-{n}", ("MAY", "BDX")[n % 2], "elderly", f"C-{n}", n / 2, ("fr", "en")[n % 2]),
            *(f"Mme Zoé N°{n}", f"{n} rue de l’Exemple", "53000 LAVAL", f"z{n}@example.org"),
            "0612345678",
        ]
        for n in range(1, 13)
    ],
]
FEW: Rows = [row[:3] for row in OURS]
OTHER: Rows = [
    ["Remarque", "Identifiant", "Territoire", "Public", "Poids", "Nom", "Né le", "Téléphone"],
    *[
        ["vu ; deux fois\nau moins", n, "MAY", "elderly", 1.5, f"M. {n}", date(1940, 1, n), ""]
        for n in range(1, 13)
    ],
]
GAPS: Rows = [OTHER[0], [], *OTHER[1:5], ["", "", ""], [], *OTHER[5:]]


def written(rows: Rows, *, encoding: str = "utf-8", sep: str = ";", end: str = "\n") -> bytes:
    """The table as CSV."""
    out = io.StringIO()
    csv.writer(out, delimiter=sep, lineterminator=end).writerows(rows)
    return out.getvalue().encode(encoding, "replace")


def workbook(rows: Rows, *, before: int = 0, after: int = 0, strings: bool = True) -> bytes:
    """The table as a sheet of a workbook, with empty ones before and after it."""
    out = io.BytesIO()
    with xlsxwriter.Workbook(out, {"constant_memory": not strings}) as book:
        for _ in range(before):
            book.add_worksheet()
        sheet = book.add_worksheet()
        for _ in range(after):
            book.add_worksheet()
        for place, row in enumerate(rows):
            for column, cell in enumerate(row):
                _put(sheet, place, column, cell)
    return out.getvalue()


def _put(sheet: Any, row: int, column: int, cell: object) -> None:
    if isinstance(cell, (date, datetime, time, timedelta)):
        sheet.write_datetime(row, column, cell)
    elif isinstance(cell, str) and not cell.startswith("="):
        sheet.write_string(row, column, cell[:32_000])
    elif isinstance(cell, int) and abs(cell) > 10**300:
        sheet.write_string(row, column, str(cell)[:32_000])
    else:
        sheet.write(row, column, cell)


GOOD: tuple[tuple[Rows, Callable[[Rows], bytes]], ...] = (
    (OURS, partial(written, encoding="utf-8-sig")),
    (OURS, partial(written, sep=",", end="\r\n")),
    (OURS, partial(written, sep="\t", encoding="cp1252")),
    (OURS, partial(written, encoding="utf-16", end="\r\n")),
    (FEW, written),
    (OTHER, partial(written, end="\r\n")),
    (GAPS, written),
    (OURS, workbook),
    (OTHER, partial(workbook, after=2)),
    (GAPS, partial(workbook, strings=False)),
)
NASTY: tuple[Any, ...] = (
    *("", " ", "\x00", "\x1b[2J", "\r", "a\nb", "\u202e", "\ufeff", "\ufffe", "é" * 130, "'", '"'),
    *(
        "=1+1",
        "=HYPERLINK(1)",
        "+33",
        "-1",
        "@x",
        "0",
        "1e999",
        "NaN",
        "inf",
        "1_000",
        "٣",
        "9" * 400,
    ),
    *(
        "A" * 9_000,
        "A" * 20_000,
        "R-1",
        "A-1",
        "MAY",
        "FR",
        "XXX",
        "' or '1'='1",
        "<script>",
        "../../etc",
    ),
    *("true", "#N/A", "31/02/2026", "06 12 34 56 78", "a@b", "𝔘", ";", ",", "\t", ";" * 300),
)
ODD: tuple[Any, ...] = (
    *(*NASTY, 0, -1, 1.5, 1e300, 10**30, 17.0, True, False, None, 0.1 + 0.2, 12345678901234567890),
    *(
        date(1900, 1, 1),
        datetime.fromisoformat("2026-02-03T04:05:06"),
        time(1, 2),
        timedelta(hours=30),
    ),
)
NAMES = (*COLUMNS, "Identifiant", "Nom", "Poids", "", " ", "x", "=A1", "a\nb", "\x00", "N" * 5_000)
ENCODINGS = ("utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-32", "cp1252", "cp437", "utf-7")


def hostile(seed: int) -> bytes:
    """The hostile file with this number: the bombs first, then mutations of a good one."""
    if seed <= len(BOMBS):
        return BOMBS[seed - 1]()
    dice = random.Random(f"roster {seed}")
    rows, form = dice.choice(GOOD)
    how = dice.random()
    if how < 0.65:
        rows = _changed(rows, dice)
    if how < 0.15:
        form = partial(written, encoding=dice.choice(ENCODINGS), sep=dice.choice(";,\t|: "))
    content = form(rows)
    if how < 0.65:
        return content
    return (_parts_changed if content.startswith(b"PK") and how < 0.9 else _bytes_changed)(
        content, dice
    )


def _changed(rows: Rows, dice: random.Random) -> Rows:
    """The table with one to six changes of cells, rows and columns."""
    made = [list(row) for row in rows]
    for _ in range(dice.randint(1, 6)):
        dice.choice((_cell, _cell, _cell, _row, _cut, _name, _lost, _doubled))(made, dice)
    return made


def _cell(rows: Rows, dice: random.Random) -> None:
    row = dice.choice([row for row in rows if row] or [[""]])
    row[dice.randrange(len(row))] = dice.choice(ODD)


def _row(rows: Rows, dice: random.Random) -> None:
    place = dice.randrange(len(rows))
    rows[place:place] = dice.choice(([[*rows[place]]], [[]], [[""] * 9], [rows[place][:1]]))


def _cut(rows: Rows, dice: random.Random) -> None:
    place = dice.randrange(len(rows))
    rows[place] = rows[place][: dice.randint(0, len(rows[place]))] + [""] * dice.randrange(3)


def _name(rows: Rows, dice: random.Random) -> None:
    if rows[0]:
        rows[0][dice.randrange(len(rows[0]))] = dice.choice((*NAMES, *rows[0]))


def _lost(rows: Rows, dice: random.Random) -> None:
    column = dice.randint(0, len(rows[0]))
    for row in rows:
        del row[column : column + 1]


def _doubled(rows: Rows, dice: random.Random) -> None:
    column, times = dice.randint(0, len(rows[0])), dice.choice((1, 1, 1, 3_000))
    for row in rows:
        row[column:column] = row[column : column + 1] * times


def _bytes_changed(content: bytes, dice: random.Random) -> bytes:
    changed = bytearray(content)
    for _ in range(dice.randint(1, 12)):
        place, long = dice.randrange(len(changed)), dice.randint(1, 60)
        change = dice.randrange(5)
        if change == 0:
            changed[place] = dice.randrange(256)
        elif change == 1:
            del changed[place : place + long]
        elif change == 2:
            changed[place:place] = changed[place : place + long]
        elif change == 3:
            changed[place:place] = str(dice.choice(NASTY)).encode("utf-8", "replace")
        elif dice.random() < 0.3:
            del changed[place:]
        changed = changed or bytearray(b"x")
    return bytes(changed)


def _parts_changed(content: bytes, dice: random.Random) -> bytes:
    """A workbook with one part of its package lost, emptied, put for another or changed."""
    with zipfile.ZipFile(io.BytesIO(content)) as package:
        parts = {name: package.read(name) for name in package.namelist()}
    name, other = (dice.choice(list(parts)) for _ in range(2))
    change = dice.randrange(4)
    if change == 0:
        del parts[name]
    elif change == 1:
        parts[name] = b""
    elif change == 2:
        parts[name] = parts[other]
    else:
        sheets = [each for each in parts if "sheet1" in each or "Strings" in each]
        name = dice.choice(sheets)
        parts[name] = _bytes_changed(parts[name], dice)
    return disguised_files.packed(parts)


def _many(count: int) -> Rows:
    return [FEW[0], *[[f"M-{n}", "MAY", "elderly"] for n in range(count)]]


def _with_cell(cell: str) -> bytes:
    """A workbook with a cell longer than any office program writes."""
    space = 'xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"'
    cells = "".join(f'<c t="inlineStr"><is><t>{c}</t></is></c>' for c in (*FEW[0], "name"))
    more = "".join(f'<c t="inlineStr"><is><t>{c}</t></is></c>' for c in (*FEW[1], cell))
    sheet = (
        f"<worksheet {space}><sheetData><row>{cells}</row><row>{more}</row></sheetData></worksheet>"
    )
    return disguised_files.replaced("xl/worksheets/sheet1.xml", sheet.encode())


_WIDE = [[*FEW[0], *[f"c{n}" for n in range(16_000)]], [*FEW[1], *["x"] * 16_000]]
_HEAD = b"reference;territory;audience;name\n"
BOMBS: tuple[Callable[[], bytes], ...] = (
    *(partial(disguised_files.measured, kind) for kind in disguised_files.MEASURED),
    *disguised_files.READ.values(),
    *(partial(disguised_files.sheet_of, kind) for kind in disguised_files.XML),
    *(partial(bytes, content) for content in disguised_files.DISGUISED.values()),
    partial(workbook, _WIDE),
    partial(written, _WIDE),
    lambda: written([[f"c{n}" for n in range(100_000)]]),
    lambda: b";" * 1_000_000,
    lambda: _HEAD + b";" * 1_000_000,
    lambda: _with_cell("x" * 40_000),
    lambda: _with_cell("x" * 200_000),
    lambda: _with_cell("x" * 20_000_000),
    lambda: _HEAD + b'A-9;MAY;elderly;"' + b"x\n" * 3_000_000,
    lambda: _HEAD + b"A-9;MAY;elderly;" + b"x" * 9_000_000,
    lambda: _HEAD + b"A-9;MAY;elderly;" + b"\x00" * 1_000_000,
    lambda: _HEAD + b"A-9;MAY;elderly;x\n" * 20_000,
    lambda: _HEAD + b"\n" * 5_000_000,
    lambda: workbook([FEW[0], *[FEW[1]] * 5_000]),
    lambda: written([["Identifiant", *FEW[0][1:]], *_many(3_000)[1:], ["A B", "MAY", "elderly"]]),
    lambda: b"",
    lambda: b"\xff\xfe",
    lambda: b"\xff\xfe\x00\xd8\x00",
    lambda: b"\xff\xfe" + (_HEAD + b"A").decode().encode("utf-16-le") + b"\x00\xd8x\x00",
    lambda: b"\x00" * 100_000,
    lambda: workbook([[]]),
    lambda: workbook(OURS, before=1),
    lambda: workbook([[], [], *OURS]),
)


@contextmanager
def _limited() -> Iterator[None]:
    """Five seconds of processor time and half a gigabyte of memory more, then an exception."""
    pages = int(Path("/proc/self/statm").read_text().split()[0])
    soft, hard = resource.getrlimit(resource.RLIMIT_AS)
    before = signal.signal(signal.SIGPROF, _too_slow)
    signal.setitimer(signal.ITIMER_PROF, SECONDS)
    resource.setrlimit(resource.RLIMIT_AS, (pages * resource.getpagesize() + BYTES, hard))
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_PROF, 0)
        signal.signal(signal.SIGPROF, before)
        resource.setrlimit(resource.RLIMIT_AS, (soft, hard))


def _too_slow(*_: object) -> None:
    raise TimeoutError


def attempt(house: House, wave_id: int, content: bytes) -> tuple[str, list[str]]:
    """What became of one file, and what must not be. The wave takes its people where it is read."""
    before, found = digest(house.database), list[str]()
    spent = resource.getrusage(resource.RUSAGE_CHILDREN)
    try:
        with _limited():
            became = _imported(house, wave_id, content, found)
    except BadInput as refused:
        became = f"refused_{_kind(refused.faults[0])}"
        found += {each for fault in refused.faults for each in _unclear(fault)}
        if digest(house.database) != before:
            found.append("the database changed")
    except (Exception, MemoryError) as error:
        became, found = "failed", [f"{type(error).__name__}"]
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    if after.ru_utime + after.ru_stime - spent.ru_utime - spent.ru_stime > SECONDS:
        found.append("slow to open")
    return became, found


def _imported(house: House, wave_id: int, content: bytes, found: list[str]) -> str:
    """Import the file as the office does, and once more, which must change nothing."""
    file, actor = io.BytesIO(content), collection.operator(house)
    header = header_of(file)
    file.seek(0)
    if is_workbook(file) or not set(header) <= set(COLUMNS):
        made = io.BytesIO()
        as_sample(file, guessed(header), made)
        content = made.getvalue()
    read = collection.read(actor, content)
    if read.faults:
        raise BadInput(read.faults)
    done = import_sample(house, actor, wave_id, read.rows)
    kept = digest(house.database)
    again = import_sample(house, actor, wave_id, read.rows)
    if again.new or again.same != done.new + done.same or digest(house.database) != kept:
        found.append("imported again it is another")
    return "read"


def _kind(fault: Fault) -> str:
    """A word for what was refused, from the reason that is said."""
    words = re.split(r"[:.]", re.sub(r"[0-9,]+", "n", fault.reason.in_("en").lower()))[0]
    return re.sub(r"[^a-z]+", "_", words).strip("_")


def _unclear(fault: Fault) -> Iterator[str]:
    if not PLACE.fullmatch(fault.place) or len(fault.place) > LONGEST_PLACE:
        yield f"no clear place of {_kind(fault)}"
    said: Mapping[str, Any] = {"reason": fault.reason, "remedy": fault.remedy}
    for part, text in said.items():
        for language in ("fr", "en"):
            words = text.in_(language)
            if not words.strip() or UNSAFE.search(words):
                yield f"no clear {part} of {_kind(fault)}"
