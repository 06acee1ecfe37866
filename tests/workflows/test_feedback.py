"""What participants are told: only published figures, in both languages, to those who asked."""

from __future__ import annotations

import io
from dataclasses import replace
from pathlib import Path
from typing import Any

import mail_server
import pytest
from evaluated import COORDINATOR, Evaluated
from pypdf import PdfReader
from sqlalchemy import select

from app.domain.errors import BadInput, NotFound
from app.domain.feedback import Feedback, Finding, feedback_faults
from app.domain.text import Text
from app.interchange.mail import read_server
from app.storage.contacting import add_wish
from app.storage.database import now
from app.storage.participants import Participant
from app.storage.releases import DataCut, Release
from app.workflows import feedback as acts
from app.workflows.accounts import operator
from app.workflows.posting import send_waiting
from app.workflows.sample import sealed_reach


def both(words: str) -> Text:
    return Text.of(fr=words, en=words)


def said(codes: list[str], **more: Text) -> Feedback:
    findings = tuple(Finding(code, both("Vous êtes bien chez vous.")) for code in codes)
    values: dict[str, Any] = {
        "change": both("Un numéro unique en 2027."),
        "decided": both("Le comité du 3 mai."),
        "when": both("Le 1 juin."),
    }
    return Feedback(findings, **(values | more))


def test_only_published_figures_may_stand_in_a_text() -> None:
    shown = {"A": ("63.2", "63"), "B": ("10",), "C": ()}
    assert list(feedback_faults(said(["A", "B", "C"]), shown, ())) == []
    places = [
        fault.place
        for fault in feedback_faults(
            said(["A", "A", "X"], change=Text.of(fr="Les 12 personnes", en="63,2 %")), shown, ()
        )
    ]
    assert places == ["findings", "finding_3", "change_fr", "change_en"]
    told = said(["A", "B", "C"], change=both("63,2 % en 2027"))
    assert list(feedback_faults(told, shown, ("63.2",))) == []
    empty = said(["A", "B", "C"], when=Text.of(fr="Demain"))
    assert [fault.place for fault in feedback_faults(empty, shown, ())] == ["when_en"]


def test_from_a_release_to_those_who_asked(evaluated: Evaluated, tmp_path: Path) -> None:
    mine = evaluated.copied(tmp_path / "own")
    house = mine.house()
    with house.database.read() as session:
        wave = session.scalars(
            select(DataCut.wave_id).join(Release, Release.cut_id == DataCut.id)
        ).first()
        assert wave is not None
        person, other, silent = session.scalars(
            select(Participant).where(Participant.wave_id == wave, Participant.territory == "MAY")
        ).all()[:3]
    actor = _operator(house)
    with pytest.raises(NotFound):  # nothing is told of a release that is not published
        acts.choices(house, actor, mine.release_id, "MAY")
    mine = evaluated.copied(tmp_path / "published")
    house = mine.house()
    with house.database.write() as session:
        session.get_one(Release, mine.release_id).published_at = now()
    known = acts.choices(house, actor, mine.release_id, "MAY")
    assert len(known) > 3
    codes = list(known)[:3]
    with pytest.raises(BadInput):
        acts.write(house, actor, wave, "MAY", mine.release_id, said(["none", *codes[:2]]))
    with pytest.raises(NotFound):
        acts.publish(house, actor, wave, "MAY")
    long = Text.of(fr="Mot " * 90, en="Word")
    wordy = replace(
        said(codes, change=long, decided=long),
        findings=tuple(replace(each, words=long) for each in said(codes).findings),
    )
    with pytest.raises(BadInput, match="longer than one page") as refused:
        acts.write(house, actor, wave, "MAY", mine.release_id, wordy)
    assert [fault.place for fault in refused.value.faults] == ["change_fr"]
    acts.write(house, actor, wave, "MAY", mine.release_id, said(codes))
    with house.database.write() as session:
        row = session.get_one(Participant, person.id)
        row.sealed_reach = sealed_reach(house, wave, row.reference, "ada@example.org", "")
        add_wish(session, person.id, "results", now())
        add_wish(session, other.id, "results", now())
        add_wish(session, silent.id, "no_contact", now())
    with mail_server.running() as server:
        mail = read_server(f"smtp://127.0.0.1:{server.port}", "survey@example.org")
        posting = replace(house, mail=mail)
        browser = mine.browser(COORDINATOR)
        code = _code(house, wave)
        browser.get(f"/resultats/{code}/MAY", status=404)
        assert acts.publish(posting, actor, wave, "MAY") == 1
        assert acts.publish(posting, actor, wave, "MAY") == 0
        assert send_waiting(posting) == {"sent": 1}
        assert server.to == ["ada@example.org"]
    page = browser.get(f"/resultats/{code}/MAY")
    assert known[codes[0]].figure.in_("fr") in page.words
    assert "2027" in page.words
    browser.get(f"/resultats/{code}/BDX", status=404)
    listed = browser.get(f"/office/waves/{wave}/feedback")
    assert "Mayenne" in listed.words
    assert "Bordeaux" not in listed.words
    browser.get(f"/office/waves/{wave}/feedback/MAY")
    browser.get(f"/office/waves/{wave}/feedback/BDX", status=403)
    name, content = acts.sheets(house, actor, wave, "MAY", letters=False)
    assert content.startswith(b"%PDF")
    assert name.startswith("synthetic-")
    name, letters = acts.sheets(house, actor, wave, "MAY", letters=True)
    assert name == "synthetic-feedback-MAY-letters.pdf"
    text = PdfReader(io.BytesIO(letters)).pages[0].extract_text()
    assert len(PdfReader(io.BytesIO(letters)).pages) == 1  # the one who asked and has no e-mail
    assert "1 rue de l’Exemple" in text
    assert other.reference not in text
    with house.database.write() as session:
        add_wish(session, other.id, "no_contact", now())
    with pytest.raises(NotFound):
        acts.sheets(house, actor, wave, "MAY", letters=True)


def _operator(house: Any) -> Any:
    from app.storage.territories import programmes

    with house.database.read() as session:
        (programme,) = programmes(session)
    return operator(house, programme.code)


def _code(house: Any, wave: int) -> str:
    from app.storage.waves import Wave

    with house.database.read() as session:
        return session.get_one(Wave, wave).code
