"""The form of one question: what was sent, as the question's plain definition.

Fields are named by their part and language (``text-fr``), those of a list by its letter and
number (``o2-code``). What the form does not know of is kept as it is stored.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from app.definitions.question_schemas import WAYS, question
from app.domain.new_questions import USUAL, in_order, own_parts
from app.domain.plain_documents import Raw
from app.domain.questionnaire import Kind
from app.web.coordinators.build_sent import Sent, kept_beside
from app.web.coordinators.condition_form import condition_sent

TEXTS = (
    ("text", "text"),
    ("hint", "hint"),
    ("why_we_ask", "why"),
    ("interviewer_note", "note"),
    ("unit", "unit"),
    ("name", "name"),
    ("entry", "entry"),
)
_LIMITS = (
    "minimum",
    "maximum",
    "decimals",
    "min_length",
    "max_length",
    "pattern",
    "min_choices",
    "max_choices",
)
_FLAGS = ("exclusive", "specify", "closed")
_ASKED_TEXTS = frozenset(("text", "name", "entry"))  # stay, even where nothing is written yet
_WORDED = frozenset(("hint", "why_we_ask"))  # may have other words for a proxy


def question_from(sent: Sent, stored: Raw) -> Raw:
    """The question that the form says, beginning from what is stored."""
    kind = Kind(sent.word("type")) if sent.word("type") in set(Kind) else Kind(stored["type"])
    made: Raw = {**stored, "code": sent.word("code"), "type": kind.value}
    for key, read in _PARTS.items():
        _put(made, key, read(sent, stored), stored)
    allowed = question(kind).fields
    made = {**own_parts(kind, made["code"], sent.languages), **_kept(made, allowed)}
    if kind is not Kind(stored["type"]):
        made = _limits_of(made, kind)
    return in_order(made)


def _kept(made: Raw, allowed: Any) -> Raw:
    """The keys that this kind of question has; an empty list of options says nothing."""
    said = {key: value for key, value in made.items() if value not in ([], "") or key == "code"}
    return {key: value for key, value in said.items() if key in allowed}


def _limits_of(made: Raw, kind: Kind) -> Raw:
    """Without the limits of another kind of question."""
    part = question(kind).fields.get("limits")
    known = part.schema().fields if part is not None else {}  # type: ignore[attr-defined]
    limits = {key: value for key, value in made.get("limits", {}).items() if key in known}
    rest = {key: value for key, value in made.items() if key != "limits"}
    return {**rest, "limits": limits} if limits else rest


def _put(made: Raw, key: str, value: Any, stored: Raw) -> None:
    """Set a part; one that says the usual is left out, unless it was written out before."""
    usual = value == USUAL.get(key) and stored.get(key) != value
    if value in ("", [], {}, None) or usual:
        made.pop(key, None)
    else:
        made[key] = value


def _text(part: str, field: str) -> Callable[[Sent, Raw], Any]:
    def read(sent: Sent, stored: Raw) -> Any:
        if f"{field}-{sent.languages[0]}" not in sent.form:
            return stored.get(part)
        if part in _WORDED:
            return sent.worded(field, stored.get(part))
        said = kept_beside(sent.text(field), stored.get(part, {}))
        return said if any(said.values()) or part in _ASKED_TEXTS else None

    return read


def _word(part: str) -> Callable[[Sent, Raw], Any]:
    return lambda sent, stored: sent.word(part) if part in sent.form else stored.get(part)


def _line(part: str) -> Callable[[Sent, Raw], Any]:
    def read(sent: Sent, stored: Raw) -> Any:
        shown = f"{part}-{sent.languages[0]}" in sent.form
        return sent.line(part, stored.get(part)) if shown else stored.get(part)

    return read


def _options(letter: str, part: str) -> Callable[[Sent, Raw], Any]:
    def read(sent: Sent, stored: Raw) -> Any:
        named = sent.word("list")
        if part == "options" and named:
            return named
        if f"{letter}-count" not in sent.form:
            return stored.get(part) if part == "options" or named else None
        before = stored.get(part, [])
        return entries(sent, letter, option_after(before if isinstance(before, list) else []))

    return read


def entries(sent: Sent, letter: str, read: Callable[[Sent, str], Raw]) -> list[Raw]:
    """The entries of a list, moved and dropped as the pressed button says, and one more."""
    pressed = sent.word("go")
    found = []
    for number in range(sent.count(letter)):
        if pressed != f"drop-{letter}{number}":
            found.append(read(sent, f"{letter}{number}"))
    for number in range(1, len(found)):
        if pressed == f"up-{letter}{number}":
            found[number - 1], found[number] = found[number], found[number - 1]
    if pressed == f"add-{letter}":
        found.append({"code": _next_code(found), "text": dict.fromkeys(sent.languages, "")})
    return found


def _next_code(found: list[Raw]) -> str:
    used = {each["code"] for each in found}
    last = found[-1]["code"] if found else ""
    if last and not last.isdigit() and not last[-1].isdigit() and last[-1] not in "zZ":
        wish = last[:-1] + chr(ord(last[-1]) + 1)
        if wish not in used and len(last) > 3:  # the rows of a battery: Q1a, Q1b, Q1c
            return wish
    number = len(found) + 1
    while str(number) in used:
        number += 1
    return str(number)


def option(sent: Sent, name: str) -> Raw:
    """One option of a list."""
    made: Raw = {"code": sent.word(f"{name}-code"), "text": sent.text(name)}
    said = sent.text(f"{name}-proxy")
    if any(said.values()):
        made["proxy"] = said
    if score := sent.word(f"{name}-score").replace(",", "."):
        made["score"] = score
    return made | {flag: "true" for flag in _FLAGS if sent.word(f"{name}-{flag}")}


def option_after(stored: Sequence[Raw]) -> Callable[[Sent, str], Raw]:
    """How an option is read; its condition stays with its code, unless it is to go."""
    before = {each["code"]: each for each in stored}

    def read(sent: Sent, name: str) -> Raw:
        made, number = option(sent, name), int(name[1:])
        known = before.get(made["code"]) or (stored[number] if number < len(stored) else {})
        keeps = "shown_when" in known and not sent.word(f"{name}-always")
        return made | ({"shown_when": known["shown_when"]} if keeps else {})

    return read


def _rows(sent: Sent, stored: Raw) -> Any:
    """The rows; what the form does not show of a row (its condition) stays with its code."""
    if "r-count" not in sent.form:
        return stored.get("rows")
    before = {row["code"]: row for row in stored.get("rows", ())}
    listed = stored.get("rows", [])

    def read(sent: Sent, name: str) -> Raw:
        code = sent.word(f"{name}-code")
        number = int(name[1:])
        known = before.get(code) or (listed[number] if number < len(listed) else {})
        asked = {**known, "code": code, "text": sent.text(name)}
        _put(asked, "proxy", _proxy_of(sent, name, known.get("proxy")), {})
        return asked

    return entries(sent, "r", read)


def _proxy_of(sent: Sent, name: str, stored: Any) -> Any:
    """The other words of a row; one that a proxy is not asked stays so without them."""
    said = sent.text(f"{name}-proxy")
    if any(said.values()):
        return said
    return stored if stored == "not_asked" else None


def _proxy(sent: Sent, stored: Raw) -> Any:
    chosen = sent.word("proxy")
    if not chosen:
        return stored.get("proxy")
    if chosen == "reworded":
        return sent.text("proxy")
    return "not_asked" if chosen == "not_asked" else None


def _ways(sent: Sent, stored: Raw) -> Any:
    if "ways" not in sent.form:
        return stored.get("ways_out")
    chosen = set(sent.form.getlist("way"))
    own: Raw = {}
    for why in WAYS:
        if why.value in chosen:
            own[why.value] = _way(sent, f"way-{why.value}")
    return own if any(own.values()) else list(own)


def _way(sent: Sent, name: str) -> Any:
    """The own words of a way out; with those for a proxy, where there are any."""
    return sent.worded(name) or ""


def _limits(sent: Sent, stored: Raw) -> Any:
    limits = dict(stored.get("limits", {}))
    for key in _LIMITS:
        if key in sent.form:
            written = sent.word(key)
            _put(limits, key, written if key == "pattern" else written.replace(",", "."), {})
    if f"pattern_text-{sent.languages[0]}" in sent.form:
        said = sent.text("pattern_text")
        _put(limits, "pattern_text", said if any(said.values()) else None, {})
    if "compare-op" in sent.form:
        op, item = sent.word("compare-op"), sent.word("compare-item")
        rest = limits.get("compare", [])[1:]
        _put(limits, "compare", [f"{op} {item}", *rest] if op and item else rest, {})
    return limits


def _accepts(sent: Sent, stored: Raw) -> Any:
    return sent.form.getlist("accepts") if "accepts-shown" in sent.form else stored.get("accepts")


def _labels(sent: Sent, stored: Raw) -> Any:
    if "labels" not in sent.form:
        return stored.get("labels")
    found: Raw = {}
    for value in sent.form.getlist("labels"):
        if said := sent.worded(f"l{value}", stored.get("labels", {}).get(value)):
            found[value] = said
    return found


def _shown_when(sent: Sent, stored: Raw) -> Any:
    if "c-count" not in sent.form:
        return stored.get("shown_when")
    return condition_sent(sent.form, "c")


_PARTS: dict[str, Callable[[Sent, Raw], Any]] = {
    **{part: _text(part, field) for part, field in TEXTS},
    "most": _word("most"),
    "proxy": _proxy,
    "shown_when": _shown_when,
    "options": _options("o", "options"),
    "extra_options": _options("x", "extra_options"),
    "rows": _rows,
    "layout": _word("layout"),
    "precision": _word("precision"),
    "accepts": _accepts,
    "from": _word("from"),
    "to": _word("to"),
    "labels": _labels,
    "limits": _limits,
    "ways_out": _ways,
    "required": _word("required"),
    "sensitive": lambda sent, _: "true" if sent.word("sensitive") else "false",
    "scan": lambda sent, _: "true" if sent.word("scan") else "false",
    "status": _word("status"),
    "source": _line("source"),
}
