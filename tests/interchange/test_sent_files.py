"""Files given as answers: known by what they are, kept without what else they tell."""

from __future__ import annotations

import struct
import subprocess
import sys
import zlib
from dataclasses import replace
from pathlib import Path

import foreign_files
import pytest
from tiny import survey

from app.domain.answer_files import Medium, file_of, read_file, spoken_file
from app.domain.questionnaire import Page
from app.interchange.accepted_files import by_ending, by_media, media_of, type_of
from app.interchange.fhir_reading import read_fhir
from app.interchange.fhir_writing import write_fhir
from app.interchange.import_report import ImportReport
from app.interchange.sent_files import sent_file
from app.interchange.xlsform_reading import read_xlsform
from app.interchange.xlsform_writing import write_xlsform

FILES = Path(__file__).parents[1] / "given_files"
MOST = 1_000_000
TOLD = b"48.85 N 2.35 E, telephone of Anne"
PAGE = b"<html><script>alert(1)</script></html>"


def picture(name: str) -> bytes:
    return (FILES / name).read_bytes()


def segment(marker: int, content: bytes) -> bytes:
    return struct.pack(">BBH", 0xFF, marker, len(content) + 2) + content


def with_place(jpeg: bytes, turned: int = 6) -> bytes:
    """As a telephone writes it: how it is turned, where it was taken, and a comment."""
    entry = struct.pack("<HHIHH", 0x0112, 3, 1, turned, 0)
    tiff = struct.pack("<4sIH", b"II*\0", 8, 1) + entry + struct.pack("<I", 0) + TOLD
    told = segment(0xE1, b"Exif\0\0" + tiff) + segment(0xFE, PAGE) + segment(0xE1, b"http" + TOLD)
    return jpeg[:2] + told + jpeg[2:]


def part(name: bytes, content: bytes) -> bytes:
    checked = zlib.crc32(name + content)
    return struct.pack(">I", len(content)) + name + content + struct.pack(">I", checked)


def box(name: bytes, *inner: bytes) -> bytes:
    content = b"".join(inner)
    return struct.pack(">I4s", len(content) + 8, name) + content


def track(kind: bytes, offset: int, size: int, *, alike: bool = False) -> bytes:
    """A track of one chunk with one sample; ``alike``: its table says that all have this size."""
    sizes = struct.pack(">III", 0, size, 1) if alike else struct.pack(">IIII", 0, 0, 1, size)
    table = box(
        b"stbl",
        box(b"stsz", sizes),
        box(b"stsc", struct.pack(">IIIII", 0, 1, 1, 1, 1)),
        box(b"stco", struct.pack(">III", 0, 1, offset)),
    )
    handler = box(b"hdlr", bytes(8), kind, bytes(13))
    return box(b"trak", box(b"tkhd", bytes(20)), box(b"mdia", handler, box(b"minf", table)))


def film(*kinds: bytes, told: bytes = TOLD, alike: bool = False) -> bytes:
    """Boxes as a telephone writes them: samples first, then what they are, and where it was."""
    start = box(b"ftyp", b"mp42", bytes(4))
    samples = box(b"mdat", b"seen", told)
    tracks = [track(kind, len(start) + 8, 4) for kind in kinds]
    places = track(b"meta", len(start) + 12, len(told), alike=alike)
    whole = box(b"moov", box(b"mvhd", b"\0" * 4 + b"when", bytes(80)), *tracks, places)
    return start + samples + whole + box(b"udta", told) + box(b"uuid", told)


@pytest.mark.parametrize(
    ("name", "form"), [("photo.jpg", "jpeg"), ("photo.png", "png"), ("photo.webp", "webp")]
)
def test_a_picture_is_kept_whole_and_what_hangs_behind_it_is_not(name: str, form: str) -> None:
    found = sent_file(picture(name) + PAGE, MOST)
    assert (found.format, found.trouble) == (form, "")
    assert PAGE not in found.content
    assert sent_file(found.content, MOST) == found  # nothing is left to take out
    assert len(picture(name)) - len(found.content) < 30


def test_where_and_with_what_a_picture_was_taken_is_not_kept_but_how_it_is_turned() -> None:
    found = sent_file(with_place(picture("photo.jpg")), MOST)
    assert found.format == "jpeg"
    assert TOLD not in found.content
    assert PAGE not in found.content
    assert b"\x01\x12\x00\x03\x00\x00\x00\x01\x00\x06" in found.content
    plain = sent_file(picture("photo.jpg"), MOST)
    assert found.content.endswith(plain.content[2:].partition(b"JFIF")[2])
    assert sent_file(with_place(picture("photo.jpg"), turned=1), MOST).content == plain.content


def test_labels_of_other_pictures_and_of_sounds_are_not_kept() -> None:
    png = picture("photo.png")
    labelled = png[:33] + part(b"eXIf", TOLD) + part(b"tEXt", TOLD) + png[33:]
    assert sent_file(labelled, MOST).content == sent_file(png, MOST).content
    webp = picture("photo.webp")
    extra = b"EXIF" + struct.pack("<I", len(TOLD) + 1) + TOLD + b"\0\0"
    size = struct.pack("<I", len(webp) - 8 + len(extra))
    assert TOLD not in sent_file(webp[:4] + size + webp[8:] + extra, MOST).content
    heard = b"fmt " + struct.pack("<IHHIIHH", 16, 1, 2, 44100, 176400, 4, 16)
    labels = b"LIST" + struct.pack("<I", len(TOLD) + 1) + TOLD + b"\0"
    parts = labels + heard + b"data" + struct.pack("<I", 8) + bytes(8)
    wav = sent_file(b"RIFF" + struct.pack("<I", len(parts) + 4) + b"WAVE" + parts, MOST)
    assert (wav.format, TOLD in wav.content) == ("wav", False)
    frame = b"\xff\xfb\x90\x00" + bytes(413)
    mp3 = sent_file(b"ID3\x04\0\0\0\0\0" + bytes((len(TOLD),)) + TOLD + frame * 5, MOST)
    assert (mp3.format, mp3.content) == ("mp3", frame * 5)


def test_a_film_keeps_what_is_seen_and_heard_in_its_place_and_tells_nothing_else() -> None:
    whole = film(b"vide", b"soun")
    found = sent_file(whole, MOST)
    assert (found.format, found.trouble) == ("mp4", "")
    assert TOLD not in found.content
    assert b"when" not in found.content
    assert found.content.index(b"seen") == whole.index(b"seen")
    assert len(found.content) == len(whole)
    assert sent_file(found.content, MOST) == found
    assert sent_file(film(b"soun"), MOST).format == "m4a"
    assert TOLD not in sent_file(film(b"vide", alike=True), MOST).content


@pytest.mark.parametrize(
    ("content", "trouble"),
    [
        (b"", "file_empty"),
        (b"\xff\xd8\xff" + bytes(MOST), "file_large"),
        (b"<svg xmlns='http://www.w3.org/2000/svg'><script/></svg>", "file_kind"),
        (PAGE, "file_kind"),
        (b"GIF89a" + bytes(200), "file_kind"),
        (b"PK\x03\x04" + bytes(200), "file_kind"),
        (b"MZ" + bytes(200), "file_kind"),
        (box(b"ftyp", b"heic", bytes(4)) + box(b"meta", TOLD), "file_kind"),
        (box(b"ftyp", b"mp42") + box(b"moov", box(b"trak", bytes(4))), "file_unreadable"),
        (film(b"vide")[:-30] + b"\x7f\xff\xff\xff", "file_unreadable"),
        (film(*[b"vide"] * 64), "file_unreadable"),  # and one of places
        (
            film(b"vide").replace(
                box(b"stsz", struct.pack(">IIII", 0, 0, 1, len(TOLD))),
                box(b"stsz", struct.pack(">IIII", 0, 2**31, 1, 0)),
            ),
            "file_unreadable",
        ),
        (b"\xff\xd8\xff\xe0" + PAGE, "file_unreadable"),
        (b"\x89PNG\r\n\x1a\n" + PAGE * 3, "file_unreadable"),
        (b"RIFF\x00\x00\x01\x00WEBP" + PAGE, "file_unreadable"),
        (b"RIFF\xff\xff\xff\xffWAVEdata\xff\xff\xff\xff" + PAGE, "file_unreadable"),
        (b"%PDF-1.7\n" + PAGE, "file_unreadable"),
    ],
)
def test_what_is_none_of_ours_is_refused_whatever_it_is_called(
    content: bytes, trouble: str
) -> None:
    assert sent_file(content, MOST).trouble == trouble


def test_a_picture_that_would_fill_a_memory_is_refused() -> None:
    """A few bytes that say that they are a picture of 65,000 by 65,000 points."""
    size = struct.pack(">II", 65_000, 65_000) + b"\x08\x02\0\0\0"
    packed = zlib.compress(bytes(100_000))
    png = (
        picture("photo.png")[:8] + part(b"IHDR", size) + part(b"IDAT", packed) + part(b"IEND", b"")
    )
    assert sent_file(png, MOST).trouble == "file_unreadable"
    jpeg = picture("photo.jpg")
    at = jpeg.index(b"\xff\xc0") + 5
    assert sent_file(jpeg[:at] + b"\xff\xff\xff\xff" + jpeg[at + 4 :], MOST).trouble
    assert not sent_file(jpeg, MOST).trouble
    webp = picture("photo.webp")
    at = webp.index(b"VP8 ") + 14
    assert sent_file(webp[:at] + b"\xff\x3f\xff\x3f" + webp[at + 4 :], MOST).trouble
    lossless = b"\x2f" + (0x3FFF | 0x3FFF << 14).to_bytes(4, "little") + bytes(11)
    whole = b"RIFF" + struct.pack("<I", 28) + b"WEBPVP8L" + struct.pack("<I", 16) + lossless
    assert sent_file(whole, MOST).trouble
    small = whole.replace(lossless[1:5], bytes(4))
    assert sent_file(small, MOST).format == "webp"


BUSY = """
import resource, sys
from pathlib import Path
sys.path.insert(0, sys.argv[1])
from app.interchange.sent_files import sent_file
resource.setrlimit(resource.RLIMIT_CPU, (60, 60))  # the first of them alone took days
resource.setrlimit(resource.RLIMIT_AS, (256 << 20, 256 << 20))  # others, as much again and more
for path in sorted(Path(sys.argv[2]).iterdir()):
    print(path.name, sent_file(path.read_bytes(), 20_000_000).trouble, flush=True)
"""


def test_files_made_to_keep_a_machine_busy_take_little_of_it(tmp_path: Path) -> None:
    """Twelve megabytes each of the smallest parts that a format has, or of what looks like one."""
    size = 12_000_000
    frame = segment(0xC0, struct.pack(">BHHB", 8, 10, 10, 0))
    png = picture("photo.png")[:33]  # with its first part
    riff = b"RIFF" + struct.pack("<I", size)
    boxes = box(b"moov", box(b"free") * 9_000)
    still = box(b"mdia", box(b"hdlr", bytes(8), b"soun", bytes(12)), box(b"free") * 9_000)
    each = size // 8
    table = box(
        b"stbl",
        box(b"stsz", struct.pack(">III", 0, 0, each), bytes(4 * each)),
        box(b"stsc", struct.pack(">IIIII", 0, 1, 1, 1, 1)),
        box(b"stco", struct.pack(">II", 0, each), bytes(4 * each)),
    )
    told = box(b"mdia", box(b"hdlr", bytes(8), b"meta", bytes(12)), box(b"minf", table))
    made = {
        "jpeg of fill": b"\xff\xd8" + frame + segment(0xDA, b"") + b"\xff" * size,
        "jpeg of parts": b"\xff\xd8" + frame + segment(0xDB, b"") * (size // 4) + b"\xff\xd9",
        "png of parts": png + part(b"IDAT", b"") * (size // 12) + part(b"IEND", b""),
        "webp of parts": riff + b"WEBP" + (b"ALPH" + bytes(4)) * (size // 8),
        "wav of parts": riff
        + b"WAVE"
        + b"".join(struct.pack("<II", number, 0) for number in range(1, size // 8)),
        "mp3 of labels": (b"ID3" + bytes(7)) * (size // 10),
        "mp4 of boxes": box(b"ftyp", b"mp42") + boxes * (size // len(boxes)),
        "mp4 of tracks": box(b"ftyp", b"mp42")
        + box(b"moov", box(b"trak", still) * 60) * (size // (60 * len(still))),
        "mp4 of samples": box(b"ftyp", b"mp42") + box(b"moov", box(b"trak", told)),
    }
    for name, content in made.items():
        (tmp_path / name).write_bytes(content)
    root = str(Path(__file__).parents[2])
    looked = subprocess.run(
        [sys.executable, "-c", BUSY, root, str(tmp_path)],
        capture_output=True,
        text=True,
        check=False,
    )
    assert looked.stderr == ""
    assert looked.stdout.splitlines() == [f"{name} file_unreadable" for name in sorted(made)]


def test_any_cut_or_changed_file_is_refused_or_kept_without_a_failure() -> None:
    for whole in (with_place(picture("photo.jpg")), picture("photo.png"), film(b"vide", b"soun")):
        for at in range(0, len(whole), 7):
            sent_file(whole[:at], MOST)
            sent_file(whole[:at] + b"\xff\x00\xff\xff" + whole[at + 4 :], MOST)
        assert not sent_file(whole, MOST).trouble


def test_an_answer_says_what_its_file_is() -> None:
    told = file_of(sent_file(picture("photo.jpg"), MOST))
    assert read_file(told.value) == told
    assert spoken_file(told.value).in_("fr") == "image JPEG, 1\u00a0Ko"
    assert spoken_file("mp4 12345678 0123456789abcdef").in_("en") == "MP4 film, 12.3\u00a0MB"
    for other in ("jpeg", "exe 12 0123456789abcdef", "jpeg 0 0123456789abcdef", 3, None):
        assert read_file(other) is None


def test_other_programs_say_the_kinds_in_their_own_words() -> None:
    every = tuple(Medium)
    assert by_media([]) == by_ending([]) == every
    assert by_media(["image/*", "application/pdf"]) == (Medium.PICTURE, Medium.DOCUMENT)
    assert by_ending(["png", ".jpg", "mov"]) == (Medium.PICTURE, Medium.FILM)
    for kinds in ((Medium.PICTURE,), (Medium.SOUND, Medium.DOCUMENT), every):
        assert by_media(media_of(kinds)) == kinds
    assert [type_of((kind,)) for kind in Medium] == ["image", "audio", "video", "file"]


def test_the_kinds_go_out_and_come_back_and_what_is_not_the_same_is_said() -> None:
    kinds = [(Medium.PICTURE,), (Medium.SOUND, Medium.DOCUMENT), tuple(Medium)]
    first = survey("files")
    page = first.pages[0]
    pages = tuple(
        Page(f"F{n}", (replace(page.questions[0], code=f"F{n}", accepts=accepts),))
        for n, accepts in enumerate(kinds)
    )
    ours = replace(first, sections=(replace(first.sections[0], entries=pages),))
    for write, read in ((write_xlsform, read_xlsform), (write_fhir, read_fhir)):
        report = ImportReport()
        back = read(write(ours, ImportReport()), report).question_by_item
        assert [back[f"F{n}"].accepts for n in range(3)] == kinds
        rest = [line for line in report.lines if line.fate != "in"]
        assert all(line.place == "choices:1" for line in rest)  # headings that only we read
    report = ImportReport()
    rows = [["type", "name", "label", "appearance"], ["image", "sign", "Sign here", "signature"]]
    rows.append(["audio", "voice", "Say it", ""])
    asked = read_xlsform(foreign_files.workbook(survey=rows), report).question_by_item
    assert (asked["sign"].accepts, asked["voice"].accepts) == (kinds[0], (Medium.SOUND,))
    assert ("survey:2", "as_picture") in {(line.place, line.rule) for line in report.lines}
