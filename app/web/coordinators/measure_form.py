"""A measure as a form: what was sent as a definition writes it, and what the form shows of one.

Fields of one measure begin with its prefix (an audience): ``elderly-of0-item``. Nothing is checked
here: what cannot be read is refused by the reader of files, at its place.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from werkzeug.datastructures import MultiDict

from app.domain.plain_documents import Raw
from app.domain.questionnaire import Audience, Question
from app.web.coordinators.condition_form import Rows, condition_sent, count_of, rows_shown

COUNTED = ("dont_know", "not_concerned", "not_shown")
Form = MultiDict[str, str]


def measures_sent(form: Form) -> Raw:
    """The measure of each audience that has one, with its weight where it is not one."""
    found: Raw = {}
    for audience in Audience:
        made = _measure(form, audience)
        if made is None:
            continue
        weight = form.get(f"{audience}-weight", "").strip()
        found[audience.value] = made | ({"weight": weight} if weight not in ("", "1") else {})
    return found


def _measure(form: Form, prefix: str) -> Raw | None:
    """``{share: …}`` and the like; None where no kind is chosen."""
    read = _KINDS.get(form.get(f"{prefix}-kind", ""))
    return None if read is None else {form[f"{prefix}-kind"]: read(form, prefix)}


def _share(form: Form, prefix: str) -> Raw:
    of = condition_sent(form, f"{prefix}-of")
    return ({"of": of} if of else {}) | _base(form, prefix) | _counted(form, prefix)


def _base(form: Form, prefix: str) -> Raw:
    base = condition_sent(form, f"{prefix}-base")
    return {"base": base} if base else {}


def _counted(form: Form, prefix: str) -> Raw:
    return {key: "no" for key in COUNTED if form.get(f"{prefix}-{key}") == "no"}


def _scale(form: Form, prefix: str) -> Raw:
    items, turned = [], []
    for number in range(count_of(form, f"{prefix}-i")):
        item = form.get(f"{prefix}-i{number}-item", "").strip()
        if item:
            items.append(item)
            if form.get(f"{prefix}-i{number}-reversed"):
                turned.append(item)
    least = _number(form, f"{prefix}-minimum")
    return (
        {"items": items}
        | ({"reversed": turned} if turned else {})
        | _base(form, prefix)
        | ({"minimum": least} if least else {})
    )


def _share_of_items(form: Form, prefix: str) -> Raw:
    parts = []
    for number in range(count_of(form, f"{prefix}-p")):
        of = condition_sent(form, f"{prefix}-p{number}-of")
        when = condition_sent(form, f"{prefix}-p{number}-when")
        if of is not None:
            parts.append({"of": of} | ({"when": when} if when else {}))
    return {"parts": parts} | _base(form, prefix) | _counted(form, prefix)


def _series(form: Form, prefix: str) -> Raw:
    per = _number(form, f"{prefix}-per")
    return {"code": form.get(f"{prefix}-code", "").strip()} | ({"per": per} if per else {})


def _gap(form: Form, prefix: str) -> Raw:
    group = condition_sent(form, f"{prefix}-group")
    inner = _measure(form, f"{prefix}-inner")
    return ({"measure": inner} if inner else {}) | ({"group": group} if group else {})


def _number(form: Form, name: str) -> str:
    return form.get(name, "").strip().replace(",", ".")


_KINDS = {
    "share": _share,
    "scale": _scale,
    "share_of_items": _share_of_items,
    "series": _series,
    "gap": _gap,
}


@dataclass(frozen=True)
class MeasureShown:
    """One measure in the form; what its kind has not is empty."""

    prefix: str
    kind: str  # empty: this audience is not measured
    said: Raw
    asked: tuple[Question, ...]
    of: Rows
    base: Rows
    group: Rows
    parts: tuple[tuple[Rows, Rows], ...] = ()  # what must hold, and where it counts
    inner: MeasureShown | None = None
    weight: str = ""

    @property
    def items(self) -> list[str]:
        """The items of a scale, and room for one more."""
        return [*self.said.get("items", ()), ""]


def shown(
    prefix: str, written: Raw | None, asked: tuple[Question, ...], by_item: Mapping[str, Question]
) -> MeasureShown:
    """What the form shows of ``{share: …}`` or of nothing. Raises UnreadableCondition."""
    written = written or {}
    kind = next((each for each in _KINDS if each in written), "")
    said = written.get(kind, {})
    said = {"code": said} if isinstance(said, str) else said  # a series, written short
    known = dict(by_item)

    def rows(condition: Any) -> Rows:
        return rows_shown(condition, known, counts=False)

    return MeasureShown(
        prefix,
        kind,
        said,
        asked,
        rows(said.get("of")),
        rows(said.get("base")),
        rows(said.get("group")),
        tuple(
            (rows(part.get("of")), rows(part.get("when"))) for part in (*said.get("parts", ()), {})
        ),
        shown(f"{prefix}-inner", said.get("measure"), asked, by_item) if kind == "gap" else None,
        written.get("weight", ""),
    )
