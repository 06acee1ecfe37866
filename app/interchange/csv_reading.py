"""CSV files as offices send them: semicolon, comma or tab; UTF-8 with or without mark, or cp1252.

Read line by line, so that the size of a file does not matter. What cannot be read is a fault
with its line; nothing is guessed about a cell.
"""

from __future__ import annotations

import codecs
import csv
import io
import re
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import islice
from typing import BinaryIO

from app.domain.errors import BadInput, Fault
from app.domain.text import Text

LONGEST_CELL = 10_000
LONGEST_HEADER = 100_000
MOST_HEADER_FAULTS = 100  # those after are not told
_CHUNK = 1 << 20
_OTHER_KINDS = (b"<", b"{", b"[", b"%PDF", b"PK", b"#!", b"GIF8", b"\x89PNG")
_CONTROLS = re.compile(rb"[\x00-\x08\x0e-\x1f]")

NOT_UTF8 = Text.of(
    fr="Le fichier n’est pas en UTF-8\u00a0: il a été lu comme Windows-1252. Vérifiez les accents.",
    en="The file is not UTF-8: it was read as Windows-1252. Check the accents.",
)


@dataclass(frozen=True, slots=True)
class Line:
    """One line of data: its number in the file, from 1 for the header, and its cells by column.

    ``decimal_comma``: the cells are parted by semicolons, as where a comma begins decimals.
    """

    number: int
    cells: Mapping[str, str]
    decimal_comma: bool = False


def place(line: int, column: str = "") -> str:
    """Where something stands in a file: ``12`` or ``12 weight``."""
    return f"{line} {column}".rstrip()


class CsvFile:
    """A file open for reading, its header read and checked. Raises ``BadInput``."""

    def __init__(self, text: io.TextIOWrapper, known: Sequence[str], needed: Sequence[str]) -> None:
        """``known``: columns that may be there (empty: any); ``needed``: those that must be."""
        self.warnings: tuple[Text, ...] = (NOT_UTF8,) if text.encoding == "cp1252" else ()
        try:
            first = text.readline(LONGEST_HEADER)
        except UnicodeError:
            raise BadInput([_NO_TABLE]) from None
        self.delimiter = max(";,\t", key=first.count)
        text.seek(0)
        self._reader = csv.reader(text, delimiter=self.delimiter, strict=True)
        self.columns = self._header(known, needed)

    def _header(self, known: Sequence[str], needed: Sequence[str]) -> tuple[str, ...]:
        try:
            cells = next(self._reader, [])
        except (csv.Error, UnicodeError):
            cells = []
        columns = tuple(cell.strip() for cell in cells)
        faults = list(islice(_header_faults(columns, known, needed), MOST_HEADER_FAULTS))
        if faults:
            raise BadInput(faults)
        return columns

    def lines(self) -> Iterator[Line | Fault]:
        """Every line that is not empty, or what is wrong with it. Ends where reading breaks off."""
        while True:
            try:
                cells = next(self._reader, None)
            except (csv.Error, UnicodeError):
                yield _broken(self._reader.line_num)
                return
            if cells is None:
                return
            if any(cell.strip() for cell in cells):
                yield self._line(cells, self._reader.line_num)

    def _line(self, cells: list[str], number: int) -> Line | Fault:
        if len(cells) != len(self.columns):
            return Fault(
                place(number),
                Text.of(
                    fr=f"{len(cells)} cellules au lieu de {len(self.columns)}.",
                    en=f"{len(cells)} cells in place of {len(self.columns)}.",
                ),
                Text.of(
                    fr="Mettez entre guillemets les cellules qui contiennent le séparateur.",
                    en="Put cells that contain the separator between quotation marks.",
                ),
            )
        for column, cell in zip(self.columns, cells, strict=True):
            if len(cell) > LONGEST_CELL or "\x00" in cell:
                return _unusable(number, column)
        stripped = {name: cell.strip() for name, cell in zip(self.columns, cells, strict=True)}
        return Line(number, stripped, decimal_comma=self.delimiter == ";")


@contextmanager
def open_csv(stream: BinaryIO, known: Sequence[str], needed: Sequence[str]) -> Iterator[CsvFile]:
    """Read a stream as CSV; it stays its owner's, open, whatever happens. Raises ``BadInput``.

    A file that is something else by its beginning (a picture, a PDF, a page, a package) is refused.
    """
    if _is_no_table(stream):
        raise BadInput([_NO_TABLE])
    text = io.TextIOWrapper(stream, encoding=_encoding(stream), errors="strict", newline="")
    try:
        yield CsvFile(text, known, needed)
    finally:
        text.detach()


def _is_no_table(stream: BinaryIO) -> bool:
    """Whether the file begins as no table does; it is left at its beginning."""
    head = stream.read(4096)
    stream.seek(0)
    if head.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return False
    bare = head.removeprefix(codecs.BOM_UTF8).lstrip()
    return bare.startswith(_OTHER_KINDS) or bool(_CONTROLS.search(bare.split(b"\n", 1)[0]))


def _encoding(stream: BinaryIO) -> str:
    """UTF-16 by its mark, UTF-8 where the whole stream is; else cp1252. The stream stands at its
    beginning again."""
    decoder = codecs.getincrementaldecoder("utf-8")()
    try:
        if stream.read(2) in (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE):
            return "utf-16"
        stream.seek(0)
        while chunk := stream.read(_CHUNK):
            decoder.decode(chunk)
        decoder.decode(b"", final=True)
    except UnicodeDecodeError:
        return "cp1252"
    finally:
        stream.seek(0)
    return "utf-8-sig"


def _header_faults(
    columns: tuple[str, ...], known: Sequence[str], needed: Sequence[str]
) -> Iterator[Fault]:
    names = ", ".join(known or needed)
    use = Text.of(fr=f"Colonnes attendues\u00a0: {names}.", en=f"Expected columns: {names}.")
    if not names:
        use = Text.of(fr="Donnez à chaque colonne son nom.", en="Give every column its own name.")
    for column in needed:
        if column not in columns:
            yield Fault(
                place(1, column),
                Text.of(fr="Cette colonne manque.", en="This column is missing."),
                use,
            )
    seen = set[str]()
    for number, column in enumerate(columns, 1):
        if column in seen:
            reason = Text.of(fr="Cette colonne est là deux fois.", en="This column is there twice.")
            yield Fault(place(1, f"n° {number}"), reason, use)
        elif known and column not in known:
            reason = Text.of(fr="Cette colonne est inconnue.", en="This column is unknown.")
            yield Fault(place(1, f"n° {number}"), reason, use)
        seen.add(column)


def _broken(line: int) -> Fault:
    return Fault(
        place(line),
        Text.of(
            fr="La lecture s’arrête ici\u00a0: guillemets mal fermés, cellule trop longue ou signe "
            "illisible.",
            en="Reading stops here: quotation marks not closed, a cell that is too long or an "
            "unreadable sign.",
        ),
        Text.of(
            fr="Enregistrez à nouveau le fichier en «\u00a0CSV UTF-8\u00a0» depuis le tableur.",
            en="Save the file again as “CSV UTF-8” from the spreadsheet.",
        ),
    )


def _unusable(line: int, column: str) -> Fault:
    return Fault(
        place(line, column),
        Text.of(
            fr=f"Cellule de plus de {LONGEST_CELL} signes, ou signe nul.",
            en=f"A cell of over {LONGEST_CELL} characters, or a null sign.",
        ),
        Text.of(fr="Corrigez cette cellule.", en="Correct this cell."),
    )


_NO_TABLE = Fault(
    "1",
    Text.of(
        fr="Ce fichier n’est pas un tableau CSV, quel que soit son nom.",
        en="This file is no CSV table, whatever its name.",
    ),
    Text.of(
        fr="Enregistrez le tableau en CSV, et envoyez ce fichier-là.",
        en="Save the table as CSV, and send that file.",
    ),
)
