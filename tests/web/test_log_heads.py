"""The page on which everybody reads the heads of the audit log, and what others can do with it."""

from __future__ import annotations

import shutil
import subprocess
from datetime import timedelta
from pathlib import Path

import pytest
from browser import Browser
from flask import Flask

from app.storage.audit import record
from app.storage.database import now
from app.workflows import sealing_audit
from app.workflows.acting import House
from app.workflows.sealing_audit import seal

once = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)


@pytest.fixture
def two_days(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    """A log with the heads of two days that are over."""
    for days in (3, 2):
        with monkeypatch.context() as patch:
            patch.setattr(sealing_audit, "now", lambda days=days: now() - timedelta(days=days))
            with house.database.write() as session:
                record(session, actor=None, origin="cli", act="wave.open", thing="wave:4711")
            seal(house)
    seal(house)


@once
def test_heads_are_read_by_everybody_and_tell_nothing_else(
    public: Flask, house: House, two_days: None
) -> None:
    browser = Browser(public.test_client())
    page = browser.get("/journal")
    assert page.heading == "Empreintes du journal d’audit"
    assert len(page.soup.select("tbody tr")) == 2
    assert "4711" not in page.words
    sent = public.test_client().get("/journal/heads.txt")
    assert sent.headers["Cache-Control"] == "public, max-age=300"
    assert "Set-Cookie" not in sent.headers
    again = public.test_client().get(
        "/journal/heads.txt", headers={"If-None-Match": sent.headers["ETag"]}
    )
    assert again.status_code == 304
    lines = [line for line in sent.get_data(as_text=True).splitlines() if line[0] != "#"]
    assert [line.split()[2] for line in lines][::-1] == [
        one.get_text() for one in page.soup.select("tbody code")
    ]


@once
def test_what_was_kept_is_held_against_the_log(
    app: Flask, house: House, two_days: None, tmp_path: Path
) -> None:
    kept = tmp_path / "heads.txt"
    kept.write_bytes(app.test_client().get("/journal/heads.txt").data)
    line = kept.read_text().splitlines()[-1]
    runner = app.test_cli_runner()
    for words in (["--anchor", str(kept)], ["--head", line]):
        told = runner.invoke(args=["audit", "verify", *words])
        assert told.output.startswith("OK "), told.output
        assert "anchors=2/2" in told.output
    day, position, hashed, signature = line.split()
    other = f"{day} {position} {hashed[::-1]} {signature}"
    told = runner.invoke(args=["audit", "verify", "--head", other])
    assert (told.exit_code, "re-keyed" in told.output) == (3, True)
    told = runner.invoke(args=["audit", "verify", "--head", "nothing"])
    assert (told.exit_code, "Not a published head" in told.output) == (2, True)


@once
@pytest.mark.skipif(not shutil.which("openssl"), reason="openssl is not installed here")
def test_a_signature_is_checked_without_this_service(
    app: Flask, house: House, two_days: None, tmp_path: Path
) -> None:
    lines = app.test_client().get("/journal/heads.txt").get_data(as_text=True).splitlines()
    pem = [line[2:] for line in lines if line.startswith("# ")][1:]
    (tmp_path / "key.pem").write_text("\n".join(pem) + "\n")
    day, position, hashed, signature = lines[-1].split()
    (tmp_path / "signature").write_bytes(bytes.fromhex(signature))

    def good(words: str) -> bool:
        (tmp_path / "words").write_text(words)
        command = "openssl pkeyutl -verify -pubin -inkey key.pem -rawin -in words"
        done = subprocess.run(
            [*command.split(), "-sigfile", "signature"],
            cwd=tmp_path,
            check=False,
            capture_output=True,
        )
        return done.returncode == 0

    assert good(f"covalue audit head {day} {position} {hashed}")
    assert not good(f"covalue audit head {day} {int(position) + 1} {hashed}")
