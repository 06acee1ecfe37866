"""Letters: opened as a reader would open them, whatever stands in an address."""

from __future__ import annotations

import io
import re
import subprocess
import zipfile
from datetime import date
from pathlib import Path

import collection
import people
import programme
import pytest
from pypdf import PdfReader
from sqlalchemy import select, update

from app.domain.errors import Conflict, NotAllowed, NotFound
from app.domain.fieldwork import NO_LETTER
from app.print.letters import TEMPLATE, qr_svg, written_date
from app.protection.codes import code_place, printed
from app.protection.sealing import unseal
from app.storage.participants import AccessCode, Participant, printable
from app.storage.territories import ProgrammeRow, territories_of
from app.storage.waves import Wave
from app.workflows import jobs, letters, own_jobs
from app.workflows.acting import Actor, House
from app.workflows.entering import Door, enter_by_link
from app.workflows.fieldwork import record_disposition
from app.workflows.letters import start_letters
from app.workflows.sample import issue_codes
from app.workflows.waves import close_wave

HOSTILE = """\
reference;territory;audience;language;name;address1;address2;address3;address4
H-1;MAY;elderly;fr;#panic("x");#sys.inputs.letters;#read("/etc/passwd");*bold* _it_ `raw`;$ x $
H-2;MAY;elderly;fr;"] #eval(""1+1"")[";\\u{41} \\ // /* <a> @b;= Titre;- liste;~~~
H-3;MAY;elderly;en;Mr O’Neil & Sons <b>;{{ seven }};%s %d;1. one;é ü ñ 李
"""


def printed_letters(house: House, actor: Actor, wave_id: int, territory: str = "MAY") -> bytes:
    job_id = start_letters(house, actor, wave_id, territory)
    jobs.run(house, job_id)
    seen = own_jobs.one(house, actor, job_id)
    assert seen.state == "done", seen.result
    return own_jobs.take_file(house, actor, job_id)[1]


def words(pdf: bytes, tmp_path: Path) -> list[str]:
    """The text of each page, as pdftotext reads it."""
    path = tmp_path / "letters.pdf"
    path.write_bytes(pdf)
    read = subprocess.run(["pdftotext", "-layout", path, "-"], capture_output=True, check=True)
    return read.stdout.decode().split("\f")[:-1]


def code_of(house: House, reference: str) -> str:
    with house.database.read() as session:
        code = session.scalars(
            select(AccessCode)
            .join(Participant, Participant.id == AccessCode.participant_id)
            .where(Participant.reference == reference)
        ).one()
    place = code_place(code.participant_id, code.generation)
    return unseal(house.keys.sealing, code.sealed or b"", place)


def test_a_letter_is_tagged_and_says_what_it_must(house: House, tmp_path: Path) -> None:
    wave_id = collection.opened(house, tmp_path)
    collection.with_sample(house, wave_id)
    actor = collection.operator(house)
    issue_codes(house, actor, wave_id)
    pdf = printed_letters(house, actor, wave_id)
    reader = PdfReader(io.BytesIO(pdf))
    root = reader.trailer["/Root"]
    assert root["/MarkInfo"]["/Marked"]
    assert root["/Lang"]
    assert len(reader.pages) == 2
    french, english = words(pdf, tmp_path)
    assert printed(code_of(house, "A-1")) in french
    assert printed(code_of(house, "A-2")) in english
    assert printed(code_of(house, "A-1")) not in english
    for said in ("Mme Élise Durand", "53000 LAVAL", "Trois façons", "Répondre est libre"):
        assert said in french
    for said in ("Mr #strong[Smith] $x$", "Three ways", "Is this letter genuine?"):
        assert said in english
    assert "synthétique" in french
    assert "synthetic" in english
    assert "http://localhost" in french


def test_a_letter_says_how_long_it_takes_where_that_is_known(house: House, tmp_path: Path) -> None:
    known = programme.CORE.replace("languages:", "minutes: 12\nlanguages:")
    wave_id = collection.opened(house, tmp_path, {"surveys/elderly/core.yaml": known})
    collection.with_sample(house, wave_id)
    actor = collection.operator(house)
    issue_codes(house, actor, wave_id)
    french, english = words(printed_letters(house, actor, wave_id), tmp_path)
    assert "Il faut environ 12 minutes." in " ".join(french.split())
    assert "It takes about 12 minutes." in " ".join(english.split())


def test_an_address_is_data_whatever_stands_in_it(house: House, tmp_path: Path) -> None:
    wave_id = collection.opened(house, tmp_path)
    collection.with_sample(house, wave_id, HOSTILE)
    actor = collection.operator(house)
    issue_codes(house, actor, wave_id)
    pages = words(printed_letters(house, actor, wave_id), tmp_path)
    assert len(pages) == 3
    for part in HOSTILE.splitlines()[1].split(";")[4:]:
        assert part.replace(" ", "") in pages[0].replace(" ", "")
    assert '] #eval("1+1")[' in pages[1]
    assert "<b>" in pages[2]
    assert "éüñ" in pages[2].replace(" ", "").replace("\n", "")


def test_a_sign_that_no_font_shows_holds_up_no_letter(house: House, tmp_path: Path) -> None:
    wave_id = collection.opened(house, tmp_path)
    nowhere = "\U0001cd00"  # assigned in 2024, in no font that is about
    collection.with_sample(house, wave_id, HOSTILE.replace("李", nowhere))
    actor = collection.operator(house)
    issue_codes(house, actor, wave_id)
    job_id = start_letters(house, actor, wave_id, "MAY")
    jobs.run(house, job_id)
    seen = own_jobs.one(house, actor, job_id)
    assert seen.state == "done"
    assert seen.result["unshown"] == ["H-3"]
    pages = words(own_jobs.take_file(house, actor, job_id)[1], tmp_path)
    assert "éüñ?" in pages[2].replace(" ", "").replace("\n", "")


def test_who_is_not_to_be_written_to_gets_no_letter(house: House, tmp_path: Path) -> None:
    wave_id = collection.opened(house, tmp_path)
    collection.with_sample(house, wave_id)
    actor = collection.operator(house)
    issue_codes(house, actor, wave_id)
    record_disposition(house, actor, wave_id, "A-1", "deceased")
    record_disposition(house, actor, wave_id, "A-2", "asked_paper")
    pages = words(printed_letters(house, actor, wave_id), tmp_path)
    assert len(pages) == 1
    assert printed(code_of(house, "A-2")) in pages[0]


def test_many_letters_come_in_parts(
    house: House, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(letters, "PART", 2)
    wave_id = collection.opened(house, tmp_path)
    collection.with_sample(house, wave_id, HOSTILE)
    actor = collection.operator(house)
    issue_codes(house, actor, wave_id)
    with zipfile.ZipFile(io.BytesIO(printed_letters(house, actor, wave_id))) as archive:
        assert archive.namelist() == [
            "letters-W1-MAY-synthetic-001.pdf",
            "letters-W1-MAY-synthetic-002.pdf",
        ]
        pages = [len(PdfReader(archive.open(name)).pages) for name in archive.namelist()]
    assert pages == [2, 1]


def test_without_codes_or_after_the_closing_nothing_is_printed(
    house: House, tmp_path: Path
) -> None:
    wave_id = collection.opened(house, tmp_path)
    collection.with_sample(house, wave_id)
    actor = collection.operator(house)
    early = start_letters(house, actor, wave_id, "MAY")
    jobs.run(house, early)
    assert own_jobs.one(house, actor, early).failure == "conflict"
    issue_codes(house, actor, wave_id)
    late = start_letters(house, actor, wave_id, "MAY")
    close_wave(house, actor, wave_id)
    jobs.run(house, late)
    assert own_jobs.one(house, actor, late).failure == "conflict"
    with pytest.raises(Conflict):
        start_letters(house, actor, wave_id, "MAY")


def test_letters_stay_in_the_territory(house: House, tmp_path: Path) -> None:
    wave_id = collection.opened(house, tmp_path)
    people.settle(house, people.MAYA)
    maya = people.acting(house, people.MAYA)
    with pytest.raises(NotAllowed):
        start_letters(house, maya, wave_id, "BDX")
    with pytest.raises(NotFound):
        start_letters(house, maya, wave_id, "FR")
    assert not own_jobs.mine(house, maya)


def test_a_code_sealed_for_somebody_else_opens_for_nobody(house: House, tmp_path: Path) -> None:
    wave_id = collection.opened(house, tmp_path)
    collection.with_sample(house, wave_id)
    actor = collection.operator(house)
    issue_codes(house, actor, wave_id)
    with house.database.write() as session:
        one = session.scalars(select(AccessCode.sealed).limit(1)).one()
        session.execute(update(AccessCode).values(sealed=one))
    job_id = start_letters(house, actor, wave_id, "MAY")
    jobs.run(house, job_id)
    assert own_jobs.one(house, actor, job_id).failure == "failure"


def test_the_square_of_a_letter_is_as_large_as_a_thumb() -> None:
    square = qr_svg(f"https://covalue.example/q/{'x' * 43}")
    modules = int(re.findall(r'width="(\d+)"', square)[0]) / 4  # with a border of four
    (width,) = re.findall(r'"svg", width: ([0-9.]+)cm', TEMPLATE.read_text("utf-8"))
    assert float(width) * 10 * (modules - 8) / modules >= 30  # millimetres without the border


def test_days_are_written_out() -> None:
    assert written_date(date(2026, 10, 1), "fr") == "1er octobre 2026"
    assert written_date(date(2026, 8, 31), "en") == "31 August 2026"


def test_the_square_of_a_letter_is_the_persons_own_way_in(house: House, tmp_path: Path) -> None:
    wave_id = collection.opened(house, tmp_path)
    collection.with_sample(house, wave_id, HOSTILE)
    issue_codes(house, collection.operator(house), wave_id)
    with house.database.read() as session:
        wave = session.get_one(Wave, wave_id)
        programme = session.get_one(ProgrammeRow, wave.programme_id)
        territory = territories_of(session, wave.programme_id)["MAY"]
        rows = printable(session, wave_id, "MAY", None, NO_LETTER)
    order = letters._Order(wave, programme, territory, {}, {})
    made = list(letters._letters(house, order, rows))
    assert len({letter.link for letter in made}) == len(made) == 3
    for letter in made:
        before, _, token = letter.link.rpartition("/q/")
        assert before == house.public_url
        assert letter.code.replace(" ", "") not in letter.link
        entered = enter_by_link(house, token, "192.0.2.1")
        assert entered.door is Door.OPEN
        assert entered.invited is not None
        with house.database.read() as session:
            person = session.get_one(Participant, entered.invited.participant_id)
        assert person.reference == letter.sheet


def test_a_letter_has_the_nations_telephone_where_the_territory_has_none(
    house: House, tmp_path: Path
) -> None:
    answered = 'help_phone: "01 99 00 10 00", help_hours: {fr: de 9 h à 17 h, en: 9 am to 5 pm},'
    known = programme.TERRITORIES.replace(
        "name: {fr: France, en: France},", f"name: {{fr: France, en: France}}, {answered}"
    )
    wave_id = collection.opened(house, tmp_path, {"config/territories.yaml": known})
    collection.with_sample(house, wave_id)
    actor = collection.operator(house)
    issue_codes(house, actor, wave_id)
    french, english = words(printed_letters(house, actor, wave_id), tmp_path)
    assert "01 99 00 10 00 (de 9 h à 17 h)" in " ".join(french.split()).replace("\u00a0", " ")
    assert "01 99 00 10 00 (9 am to 5 pm)" in " ".join(english.split()).replace("\u00a0", " ")


@pytest.mark.parametrize(
    ("sample", "title"),
    [
        (collection.SAMPLE, "Première vague – Mayenne"),
        (collection.SAMPLE.replace("C-1;1,5;fr;", "C-1;1,5;en;"), "First wave – Mayenne"),
    ],
)
def test_the_title_is_in_the_language_of_the_letters(
    house: House, tmp_path: Path, sample: str, title: str
) -> None:
    wave_id = collection.opened(house, tmp_path)
    collection.with_sample(house, wave_id, sample)
    actor = collection.operator(house)
    issue_codes(house, actor, wave_id)
    reader = PdfReader(io.BytesIO(printed_letters(house, actor, wave_id)))
    assert reader.metadata
    assert reader.metadata.title == title
