"""Sittings: one stretch of answering, with who answered and how."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass
from typing import Literal

from app.domain.answers import RespondentRole
from app.domain.questionnaire import Audience

Help = Literal["reads", "holds_device", "explains", "translates"]
Relation = Literal["partner", "child", "family", "friend", "professional", "guardian"]
Reason = Literal["illness", "memory", "sight", "language", "asked"]
Agreement = Literal["yes", "cannot_say", "not_asked", "no"]
Contact = Literal["together", "daily", "weekly", "monthly", "less"]
Perspective = Literal["as_person", "own_view"]
Present = Literal["nobody", "partner", "family", "professional", "somebody"]
Went = Literal["well", "so_so", "badly"]
HELP: tuple[Help, ...] = ("reads", "holds_device", "explains", "translates")
RELATIONS: tuple[Relation, ...] = (
    "partner",
    "child",
    "family",
    "friend",
    "professional",
    "guardian",
)
REASONS: tuple[Reason, ...] = ("illness", "memory", "sight", "language", "asked")
AGREEMENTS: tuple[Agreement, ...] = ("yes", "cannot_say", "not_asked", "no")
CONTACTS: tuple[Contact, ...] = ("together", "daily", "weekly", "monthly", "less")
PERSPECTIVES: tuple[Perspective, ...] = ("as_person", "own_view")
PRESENT: tuple[Present, ...] = ("nobody", "partner", "family", "professional", "somebody")
WENT: tuple[Went, ...] = ("well", "so_so", "badly")


ROLES: Mapping[str, tuple[RespondentRole, ...]] = {  # who may answer, by audience
    Audience.ELDERLY: ("self", "helped", "proxy"),
    Audience.FAMILY: ("self", "helped"),  # their own view: nobody else has it
    Audience.PROFESSIONAL: ("self",),
}


@dataclass(frozen=True, slots=True)
class Sitting:
    """Who answers now: the person alone, with help, or somebody in the person's place.

    ``helper`` is the kind of help; ``relation``, ``reason``, ``agrees``, ``contact`` (how often
    the two see or hear each other) and ``perspective`` (what the person would say, or the proxy's
    own view) are of a proxy; so are ``measure``, the person's protection by law, and
    ``representative``, what whoever holds it says (``domain.assent``). ``present`` (several, with
    spaces between) and ``went`` are told at the end, by who wants to. ``lang`` is the language at
    the start; an answer given in another carries its own. ``repeat`` is ``device`` where answers
    to the same open call had been sent from that device before; ``back`` is the code of
    somebody who came without one, sealed in a response, until the answers are sent.
    ``views`` are the parts (codes of sections) from which on a proxy gave another view, each as
    ``section=view``, with spaces between.
    ``assisted_by`` is who held the interview or keyed the sheet: ``account:5``, or ``visit:12``
    for a home help with a code for that visit (``visit`` alone where the link to people is cut).
    ``illegible`` names the items that stand on paper but could not be read, with spaces between.
    """

    role: RespondentRole = "self"
    helper: str = ""
    relation: str = ""
    reason: str = ""
    agrees: str = ""
    contact: str = ""
    perspective: str = ""
    measure: str = ""
    representative: str = ""
    channel: str = "web"
    lang: str = "fr"
    device: Literal["own", "shared"] = "own"
    notice: str = ""
    at: str = ""  # UTC, ISO 8601
    assisted_by: str = ""
    illegible: str = ""
    present: str = ""
    went: str = ""
    repeat: str = ""
    views: str = ""
    back: str = ""

    def as_document(self) -> dict[str, str]:
        """The form kept in a response: what is empty is left out."""
        return {name: value for name, value in asdict(self).items() if value}


def view_in(sitting: Mapping[str, str], sections: Iterable[str], section: str) -> str:
    """Whose view a proxy gives in this section; empty where nobody is a proxy.

    ``sitting``: as kept in a response; ``sections``: codes of all sections, in order. A change
    holds from its section on.
    """
    changes = dict(pair.split("=") for pair in sitting.get("views", "").split())
    view = sitting.get("perspective", "")
    for each in sections:
        view = changes.get(each, view)
        if each == section:
            break
    return view


def with_view(sitting: Mapping[str, str], section: str, view: str) -> dict[str, str]:
    """The sitting, with this view from the section on."""
    changes = dict(pair.split("=") for pair in sitting.get("views", "").split())
    written = " ".join(f"{of}={said}" for of, said in (changes | {section: view}).items())
    return {**sitting, "views": written}
