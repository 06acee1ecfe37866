"""Choosing a password: the rules, and the words in which a refusal is explained."""

from __future__ import annotations

from app.domain.errors import Fault
from app.domain.text import Text
from app.protection.password_rules import LONGEST, SHORTEST, Weakness, weakness
from app.workflows.acting import House

_WORDS: dict[Weakness, tuple[Text, Text]] = {
    "length": (
        Text.of(
            fr=f"Il faut {SHORTEST} à {LONGEST} caractères.",
            en=f"It takes {SHORTEST} to {LONGEST} characters.",
        ),
        Text.of(
            fr="Choisissez une phrase que vous retiendrez.",
            en="Choose a phrase that you will remember.",
        ),
    ),
    "common": (
        Text.of(
            fr="Ce mot de passe est de ceux que l’on essaie d’abord.",
            en="This password is one of those that are tried first.",
        ),
        Text.of(
            fr="Mettez ensemble plusieurs mots qui n’ont pas de rapport.",
            en="Put several words together that have nothing to do with each other.",
        ),
    ),
    "personal": (
        Text.of(
            fr="Ce mot de passe tient surtout à votre nom ou à votre adresse.",
            en="This password is little more than your name or your address.",
        ),
        Text.of(
            fr="Choisissez des mots que personne ne relie à vous.",
            en="Choose words that nobody connects with you.",
        ),
    ),
    "breached": (
        Text.of(
            fr="Ce mot de passe a été volé ailleurs, à vous ou à quelqu’un d’autre.",
            en="This password was stolen elsewhere, from you or from somebody else.",
        ),
        Text.of(
            fr="Choisissez-en un autre, et changez-le partout où vous l’utilisez.",
            en="Choose another one, and change it wherever you use it.",
        ),
    ),
}


def password_faults(house: House, password: str, email: str, name: str) -> list[Fault]:
    """What is wrong with a password that somebody chose; nothing for a good one."""
    found = weakness(password, (email, name), house.breached_passwords)
    if found is None:
        return []
    reason, remedy = _WORDS[found]
    return [Fault("password", reason, remedy)]
