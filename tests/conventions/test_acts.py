"""Every act that can stand in the audit log is told in a sentence, in both languages."""

from __future__ import annotations

import re
from pathlib import Path
from typing import get_type_hints

from app.domain.deed_words import ACT_WORDS, said_of
from app.domain.deeds import Act, Deed
from app.domain.permissions import Verb
from app.storage.audit import record, record_participant

ROOT = Path(__file__).parents[2]
WRITTEN = re.compile(
    r"\bAuditEntry\(|_OF_PARTICIPANT\.run|(?<!class )\b(Act|Deed|Verb)\(|cast\(\s*(Act|Deed)"
)


def test_every_act_has_its_own_sentence_in_french_and_english() -> None:
    assert set(ACT_WORDS) == {*Verb, *Deed}
    for language in ("fr", "en"):
        said = [words.as_dict()[language] for words in ACT_WORDS.values()]
        assert all(re.fullmatch(r"[A-ZÀ-Ý].+\.", each) for each in said)
        assert len(set(said)) == len(said)


def test_no_other_act_can_be_recorded() -> None:
    """The types allow no other (``make check`` reads them), and one module writes the rows."""
    assert get_type_hints(record)["act"] == Act
    assert get_type_hints(record_participant)["act"] is Deed
    by = [
        path.relative_to(ROOT).as_posix()
        for path in sorted((ROOT / "app").rglob("*.py"))
        if WRITTEN.search(path.read_text("utf-8"))
    ]
    assert by == ["app/storage/audit.py"]


def test_an_act_of_an_earlier_release_is_told_by_its_word() -> None:
    assert said_of("page.turn").in_("fr") == "page.turn"
