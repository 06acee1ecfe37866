"""A question read aloud: the recording sent in, refused where it is none, and played."""

from __future__ import annotations

import struct
from io import BytesIO
from pathlib import Path

import people
import programme
import pytest
from browser import Browser
from flask import Flask
from people import ALICE, MAYA

from app.domain.errors import BadInput, NotFound
from app.interchange.sounds import MOST_BYTES, sound_of
from app.web.participants.recordings import FOLDER
from app.workflows.acting import House
from app.workflows.recordings import keep_recording

SHIPPED = next(FOLDER.glob("[0-9a-f]*.mp3")).read_bytes()  # of a question
SAMPLES = struct.pack("<4000h", *range(-2000, 2000))


def riff(*chunks: tuple[bytes, bytes]) -> bytes:
    """A file of these chunks."""
    body = b"".join(name + len(said).to_bytes(4, "little") + said for name, said in chunks)
    return b"RIFF" + (len(body) + 4).to_bytes(4, "little") + b"WAVE" + body


PLAIN = (b"fmt ", struct.pack("<HHIIHH", 1, 1, 16000, 32000, 2, 16))
STEREO = (b"fmt ", struct.pack("<HHIIHH", 1, 2, 16000, 64000, 4, 16))
LABEL = b"ID3\x03\x00\x00\x00\x00\x01\x00" + b"Anne Martin, 53000 Laval".ljust(128, b"\x00")


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_a_recording_is_sent_in_heard_and_outlived_by_its_words(
    app: Flask, house: House, tmp_path: Path
) -> None:
    programme.loaded(house, tmp_path)
    people.settle(house, ALICE, MAYA)
    writer = Browser(app.test_client())
    people.sign_in(writer.client, house, ALICE)
    writer.get("/office/questionnaires/1")
    draft = writer.submit(form="/build").address.removesuffix("/build")
    page = writer.get(f"{draft}/build/q/E01")
    token = page.soup.select_one("input[name=csrf_token]")
    assert token
    form = {"csrf_token": token["value"], "item": "E01", "language": "fr", "go": "send"}
    address, number = f"{draft}/build/q/E01/recording", int(draft.rpartition("/")[2])

    def sent(content: bytes, **other: str) -> int:
        data = form | other | {"file": (BytesIO(content), "e01.mp3")}
        return writer.client.post(address, data=data).status_code

    assert sent(b"PK\x03\x04 not a sound") == 422
    assert sent(SHIPPED, language="xx") == 404
    assert sent(LABEL + SHIPPED) == 303
    page = writer.get(f"{draft}/build/q/E01")
    audio = page.soup.select_one("audio[src]")
    assert audio
    heard = writer.client.get(str(audio["src"]))
    assert (heard.status_code, heard.mimetype) == (200, "audio/mpeg")
    assert b"Anne Martin" not in heard.data
    frame = writer.client.get(f"/office/preview/{number}/E01").get_data(True)
    assert str(audio["src"]) in frame
    public = Browser(app.test_client())
    name = str(audio["src"]).rpartition("/")[2]
    part = public.client.get(f"/ecouter/{name}", headers={"Range": "bytes=0-99"})
    assert (part.status_code, len(part.data)) == (206, 100)
    writer.submit({"text-fr": "Vous plaisez-vous ici ?"}, form="/q/E01")
    assert not writer.get(f"{draft}/build/q/E01").soup.select("audio")  # other words
    writer.submit(form="/turn", button="Annuler")
    assert writer.get(f"{draft}/build/q/E01").soup.select("audio")
    with pytest.raises(NotFound):
        keep_recording(house, people.acting(house, MAYA), number, "E01", "fr", SHIPPED)
    assert sent(riff(PLAIN, (b"LIST", b"Anne Martin "), (b"data", SAMPLES))) == 303
    # A page that still names the earlier one is given this.
    assert public.client.get(f"/ecouter/{name}").mimetype == "audio/wav"
    app.extensions.pop("covalue.recordings")  # a minute passes
    name = name.removesuffix(".mp3") + ".wav"
    shown = writer.get(f"{draft}/build/q/E01").soup.select_one("audio[src]")
    assert shown is not None
    assert str(shown["src"]).endswith(name)
    assert name in writer.client.get(f"/office/preview/{number}/E01").get_data(True)
    again = public.client.get(f"/ecouter/{name}")
    assert (again.mimetype, again.data) == ("audio/wav", riff(PLAIN, (b"data", SAMPLES)))
    devices = [
        writer.get(each).headers["Permissions-Policy"] for each in (f"{draft}/build/q/E01", draft)
    ]
    assert ["microphone=(self)" in each for each in devices] == [True, False]
    assert writer.client.post(address, data=form | {"go": "remove"}).status_code == 303
    assert public.client.get(f"/ecouter/{name}").status_code == 404


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"ID3",
        b"\xff\xfb" * 50_000,
        b"RIFF....WAVEfmt ",
        SHIPPED[:200],
        SHIPPED + b"x" * 9000,
        riff(STEREO, (b"data", SAMPLES)),
        riff(PLAIN),
        riff(PLAIN, (b"data", SAMPLES))[:-100],
    ],
)
def test_what_is_no_sound_is_refused(content: bytes) -> None:
    with pytest.raises(BadInput):
        sound_of(content)


def test_a_recording_is_neither_too_large_nor_too_long() -> None:
    slow = (b"fmt ", struct.pack("<HHIIHH", 1, 1, 8000, 16000, 2, 16))
    drawn = riff(slow, (b"data", bytes(2 * 8000 * 240)))
    assert len(sound_of(drawn)) == len(drawn)  # four minutes
    for content in (SHIPPED * 200, SHIPPED.ljust(MOST_BYTES + 1, b"\x00")):
        with pytest.raises(BadInput):
            sound_of(content)
    assert SHIPPED[:-128].endswith(sound_of(SHIPPED)[-1000:])  # its labels are gone
