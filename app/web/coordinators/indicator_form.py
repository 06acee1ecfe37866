"""The form of one indicator: what was sent, as a framework's definition writes it."""

from __future__ import annotations

from collections.abc import Sequence

from werkzeug.datastructures import MultiDict

from app.domain.framework_tree import Standing
from app.domain.plain_documents import Raw
from app.web.coordinators.build_sent import Sent
from app.web.coordinators.measure_form import measures_sent


def indicator_sent(form: MultiDict[str, str], languages: Sequence[str], standing: Standing) -> Raw:
    """The indicator that the form says; a part left empty is left out."""
    sent = Sent(form, languages)
    target = {
        "value": _number(sent, "target-value"),
        "owner": sent.line("target-owner"),
        "date": sent.word("target-date"),
    }
    posts = [_number(sent, f"goalposts-{end}") for end in ("low", "high")]
    made: Raw = {"code": sent.word("code"), "title": sent.text("title")}
    if standing == "national":
        made["weight"] = _number(sent, "weight")
    made |= {"unit": sent.word("unit"), "direction": sent.word("direction")}
    if any(posts):
        made["goalposts"] = posts
    if any(target.values()):
        made["target"] = {key: value for key, value in target.items() if value}
    if standing in ("national", "ledger"):
        made |= _evidence(sent)
    if any(sent.text("note").values()):
        made["note"] = sent.text("note")
    return made | {"measure": measures_sent(form)}


def said_sent(form: MultiDict[str, str], languages: Sequence[str]) -> Raw:
    """Why a territory measures otherwise, or more, than the nation: reason, evidence, source."""
    sent = Sent(form, languages)
    return {"reason": sent.text("reason"), "source": ""} | _evidence(sent)


def _evidence(sent: Sent) -> Raw:
    found = {"evidence": sent.word("evidence"), "source": sent.line("source")}
    return {key: value for key, value in found.items() if value}


def _number(sent: Sent, name: str) -> str:
    return sent.word(name).replace(",", ".")
