"""The forms of a national framework's breakdowns: one each, and an empty one for one more."""

from __future__ import annotations

from flask import request
from flask.typing import ResponseReturnValue
from werkzeug.datastructures import MultiDict

from app.domain.breakdowns import MOST_GROUPS, BrokenDownBy
from app.domain.permissions import Verb
from app.domain.plain_documents import Raw
from app.web.coordinators.build_sent import Sent
from app.web.coordinators.entry import blueprint
from app.web.coordinators.framework_board import BOARD, done, who
from app.web.entrance import enters
from app.workflows import weighing_frameworks


@blueprint.post(f"{BOARD}/breakdowns/<int:number>")
@enters(Verb.FRAMEWORK_DRAFT)
def board_break_down(draft_id: int, number: int) -> ResponseReturnValue:
    """Save one breakdown; without a code it is taken away."""
    said = breakdown_sent(request.form)
    return done(
        draft_id,
        lambda seen: weighing_frameworks.break_down(*who(draft_id), number, said, seen),
    )


def breakdown_sent(form: MultiDict[str, str]) -> Raw | None:
    """The breakdown that the form says, None where its code is empty; empty groups are left out."""
    titles = (name for name in form if name.startswith("title-"))
    sent = Sent(form, tuple(name.removeprefix("title-") for name in titles))
    code, by, question = (sent.word(name) for name in ("code", "by", "question"))
    if not code:
        return None
    asked = by == BrokenDownBy.QUESTION
    groups = [_group(sent, n, asked=asked) for n in range(MOST_GROUPS) if sent.word(f"g{n}-code")]
    said = {"evidence": sent.word("evidence"), "source": sent.line("source")}
    return {
        "code": code,
        "title": sent.text("title"),
        "audience": sent.word("audience"),
        "by": by,
        **({"question": question} if asked and question else {}),
        "groups": groups,
        **{key: value for key, value in said.items() if value},
    }


def _group(sent: Sent, number: int, *, asked: bool) -> Raw:
    options = sent.word(f"g{number}-options").replace(",", " ").split()
    return {
        "code": sent.word(f"g{number}-code"),
        "title": sent.text(f"g{number}-title"),
        **({"options": options} if asked and options else {}),
    }
