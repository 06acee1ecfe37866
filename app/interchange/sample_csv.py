"""The sample as a CSV file: one line a person. See docs/files.md."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import BinaryIO

from app.domain.addresses import mail_address, phone_number
from app.domain.errors import Fault
from app.domain.questionnaire import Audience
from app.domain.territories import NATION, Territory
from app.domain.text import Text
from app.domain.written_numbers import Said, weight_fault, weight_of
from app.interchange.csv_reading import CsvFile, Line, open_csv, place

NEEDED = ("reference", "territory", "audience")
ADDRESS = ("address1", "address2", "address3", "address4")
CONTACT = ("name", *ADDRESS)
REACH = ("email", "phone")
COLUMNS = (
    *NEEDED,
    *("case", "stratum", "psu", "weight", "language", "sub_area"),
    *CONTACT,
    *REACH,
)
LANGUAGES = ("fr", "en")
_REFERENCE = re.compile(r"[A-Za-z0-9][A-Za-z0-9._/-]{0,63}")
_CONTROL = re.compile(r"[\x00-\x1f\x7f]")


@dataclass(frozen=True, slots=True)
class SampleRow:
    """One person of the sample. ``contact``: name, then lines of the address; empty: unknown."""

    line: int
    reference: str
    territory: str
    audience: str
    case: str | None = None
    stratum: str = ""
    psu: str | None = None
    weight: float = 1.0
    language: str = "fr"
    sub_area: str | None = None
    contact: tuple[str, ...] = field(default=(), repr=False)
    email: str = field(default="", repr=False)
    phone: str = field(default="", repr=False)  # international: +33…


@dataclass
class SampleFile:
    """What was read: the rows that are right, every fault, and warnings."""

    rows: list[SampleRow] = field(default_factory=list)
    faults: list[Fault] = field(default_factory=list)
    warnings: tuple[Text, ...] = ()


def template(territory: str = "BDX") -> bytes:
    """An empty sample file with one example line, for spreadsheets (semicolon, UTF-8 with mark)."""
    out = io.StringIO()
    writer = csv.writer(out, delimiter=";", lineterminator="\r\n")
    writer.writerow(COLUMNS)
    example = ["A-0001", territory, "elderly", "C-0001", "", "", "1", "fr", "", "Mme Exemple"]
    writer.writerow([*example, "1 rue de l’Exemple", "33000 BORDEAUX", "", "", "", ""])
    return out.getvalue().encode("utf-8-sig")


def read_sample(
    stream: BinaryIO, territories: Mapping[str, Territory], allowed: frozenset[str]
) -> SampleFile:
    """Read a whole file. ``allowed``: territories that its bearer may import.

    Raises ``BadInput`` where the header will not do; every other fault is in the result.
    """
    first_line: dict[str, int] = {}
    with open_csv(stream, COLUMNS, NEEDED) as opened:
        found = SampleFile(warnings=opened.warnings)
        for each in sample_lines(opened, territories, allowed, first_line.setdefault):
            (found.faults if isinstance(each, Fault) else found.rows).append(each)  # type: ignore[arg-type] # each to its own
    return found


def sample_lines(
    opened: CsvFile,
    territories: Mapping[str, Territory],
    allowed: frozenset[str],
    first_line: Callable[[str, int], int],
) -> Iterator[SampleRow | Fault]:
    """The rows that are right and every fault, line by line; nothing is kept.

    ``first_line``: for a reference and its line, the line on which it stood first.
    """
    for line in opened.lines():
        if isinstance(line, Fault):
            yield line
            continue
        faults = list(_faults(line, territories, allowed))
        first = first_line(line.cells["reference"], line.number)
        if first != line.number:
            faults.append(_twice(line, first))
        if faults:
            yield from faults
        else:
            yield _row(line)


def _faults(
    line: Line, territories: Mapping[str, Territory], allowed: frozenset[str]
) -> Iterator[Fault]:
    for column, value in line.cells.items():
        said = _CHECKS[column](value) if column in _CHECKS else None
        if said is not None:
            yield Fault(place(line.number, column), *said)
    said = weight_fault(line.cells.get("weight", ""), decimal_comma=line.decimal_comma)
    if said is not None:
        yield Fault(place(line.number, "weight"), *said)
    territory = line.cells["territory"]
    if territory == NATION or territory not in territories:
        yield Fault(place(line.number, "territory"), *_unknown_territory(allowed))
    elif territory not in allowed:
        yield Fault(place(line.number, "territory"), *_NOT_YOURS)
    else:
        sub_area = line.cells.get("sub_area", "")
        if sub_area and sub_area not in territories[territory].sub_areas:
            yield Fault(place(line.number, "sub_area"), *_UNKNOWN_SUB_AREA)


_NOT_YOURS = (
    Text.of(
        fr="Votre compte ne couvre pas ce territoire.", en="Your account is not for this territory."
    ),
    Text.of(fr="Retirez cette ligne du fichier.", en="Take this line out of the file."),
)
_UNKNOWN_SUB_AREA = (
    Text.of(
        fr="Ce sous-secteur n’existe pas dans ce territoire.",
        en="This territory has no such sub-area.",
    ),
    Text.of(fr="Utilisez un code du territoire, ou rien.", en="Use one of its codes, or nothing."),
)


def _twice(line: Line, first: int) -> Fault:
    return Fault(
        place(line.number, "reference"),
        Text.of(
            fr=f"Cette référence est déjà à la ligne {first}.",
            en=f"This reference is on line {first} already.",
        ),
        Text.of(fr="Gardez une seule des deux lignes.", en="Keep one of the two lines."),
    )


def is_reference(value: str) -> bool:
    """Whether this may name a person, a case, a stratum or a sampling unit."""
    return _REFERENCE.fullmatch(value) is not None


def _check_reference(value: str) -> Said | None:
    if is_reference(value):
        return None
    return (
        Text.of(fr="Cette référence ne convient pas.", en="This reference will not do."),
        Text.of(
            fr="Lettres, chiffres, point, tiret, barre ou _, 64 signes au plus\u00a0; elle "
            "commence par une lettre ou un chiffre.",
            en="Letters, digits, dot, hyphen, slash or _, 64 characters at most; it begins with "
            "a letter or digit.",
        ),
    )


def _check_optional(value: str) -> Said | None:
    return _check_reference(value) if value else None


def _check_audience(value: str) -> Said | None:
    if value in set(Audience):
        return None
    return (
        Text.of(fr="Ce public est inconnu.", en="This audience is unknown."),
        Text.of(
            fr="Écrivez elderly, family ou professional.",
            en="Write elderly, family or professional.",
        ),
    )


def _unknown_territory(allowed: frozenset[str]) -> Said:
    own = ", ".join(sorted(allowed - {NATION})[:20])
    remedy = Text.of(fr=f"Écrivez un de ces codes : {own}.", en=f"Write one of these codes: {own}.")
    return Text.of(fr="Ce territoire est inconnu.", en="This territory is unknown."), remedy


def _check_language(value: str) -> Said | None:
    if value in ("", *LANGUAGES):
        return None
    return (
        Text.of(fr="Cette langue est inconnue.", en="This language is unknown."),
        Text.of(fr="Écrivez fr ou en, ou rien.", en="Write fr or en, or nothing."),
    )


def _check_contact(value: str) -> Said | None:
    if len(value) <= 120 and not _CONTROL.search(value):
        return None
    return (
        Text.of(
            fr="Plus de 120 signes, ou un saut de ligne.",
            en="Over 120 characters, or a line break.",
        ),
        Text.of(
            fr="Une ligne d’adresse par colonne.", en="One line of the address in each column."
        ),
    )


def _check_email(value: str) -> Said | None:
    if not value or mail_address(value) is not None:
        return None
    return (
        Text.of(
            fr="Ce n’est pas une adresse électronique.", en="This is not an address of e-mail."
        ),
        Text.of(fr="Écrivez nom@exemple.fr, ou rien.", en="Write name@example.org, or nothing."),
    )


def _check_phone(value: str) -> Said | None:
    if not value or phone_number(value) is not None:
        return None
    return (
        Text.of(fr="Ce numéro de téléphone ne convient pas.", en="This number will not do."),
        Text.of(
            fr="Dix chiffres, ou un numéro qui commence par +.",
            en="Ten digits, or a number that begins with +.",
        ),
    )


_CHECKS: dict[str, Callable[[str], Said | None]] = {
    "reference": _check_reference,
    "audience": _check_audience,
    "case": _check_optional,
    "stratum": _check_optional,
    "psu": _check_optional,
    "language": _check_language,
    **dict.fromkeys(CONTACT, _check_contact),
    "email": _check_email,
    "phone": _check_phone,
}


def _row(line: Line) -> SampleRow:
    cells = line.cells
    contact = tuple(cells.get(column, "") for column in CONTACT)
    return SampleRow(
        line=line.number,
        reference=cells["reference"],
        territory=cells["territory"],
        audience=cells["audience"],
        case=cells.get("case") or None,
        stratum=cells.get("stratum", ""),
        psu=cells.get("psu") or None,
        weight=weight_of(cells.get("weight", ""), decimal_comma=line.decimal_comma) or 1.0,
        language=cells.get("language") or "fr",
        sub_area=cells.get("sub_area") or None,
        contact=contact if any(contact) else (),
        email=mail_address(cells.get("email", "")) or "",
        phone=phone_number(cells.get("phone", "")) or "",
    )
