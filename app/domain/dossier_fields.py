"""What a campaign's data protection dossier has to say: one table of its fields."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field

from app.domain.text import Text


@dataclass(frozen=True, slots=True)
class DossierField:
    """One field: a text, or one of ``choices``; ``article``: where the GDPR asks for it."""

    name: str
    label: Text
    hint: Text
    choices: Mapping[str, Text] = field(default_factory=dict)
    article: str = ""


def _field(
    name: str, article: str, *words: str, choices: Mapping[str, Text] | None = None
) -> DossierField:
    fr, en, hint_fr, hint_en = words
    label, hint = Text.of(fr=fr, en=en), Text.of(fr=hint_fr, en=hint_en)
    return DossierField(name, label, hint, choices or {}, article)


LEGAL_BASES = {
    "6.1.e": Text.of(fr="mission d’intérêt public (6.1.e)", en="task of public interest (6.1.e)"),
    "6.1.c": Text.of(fr="obligation légale (6.1.c)", en="legal obligation (6.1.c)"),
    "6.1.a": Text.of(fr="consentement (6.1.a)", en="consent (6.1.a)"),
}
HEALTH_BASES = {
    "9.2.a": Text.of(fr="consentement explicite (9.2.a)", en="explicit consent (9.2.a)"),
    "9.2.h": Text.of(
        fr="gestion des services de santé ou sociaux (9.2.h)",
        en="management of health or social services (9.2.h)",
    ),
    "9.2.i": Text.of(fr="santé publique (9.2.i)", en="public health (9.2.i)"),
    "9.2.j": Text.of(
        fr="recherche ou statistique (9.2.j)", en="research or statistical purposes (9.2.j)"
    ),
}
REGIMES = {
    "none": Text.of(
        fr="évaluation d’un service public, hors recherche en santé",
        en="evaluation of a public service, no health research",
    ),
    "own_team": Text.of(
        fr="étude interne d’une équipe de soins", en="internal study of a care team"
    ),
    "MR-004": Text.of(fr="méthodologie MR-004", en="reference methodology MR-004"),
    "MR-003": Text.of(fr="méthodologie MR-003", en="reference methodology MR-003"),
    "MR-001": Text.of(fr="méthodologie MR-001", en="reference methodology MR-001"),
    "authorised": Text.of(fr="autorisation de la CNIL", en="authorisation by the CNIL"),
}

FIELDS: tuple[DossierField, ...] = (
    _field(
        "purpose",
        "30.1.b",
        "Finalité",
        "Purpose",
        "À quoi servent les réponses, en deux phrases.",
        "What the answers are for, in two sentences.",
    ),
    _field(
        "controller",
        "30.1.a",
        "Responsable du traitement",
        "Controller",
        "Nom, adresse et représentant.",
        "Name, address and representative.",
    ),
    _field(
        "joint_controllers",
        "26",
        "Qui répond de quoi",
        "Who answers for what",
        "Programme, territoires : qui informe, qui reçoit les demandes. Un seul : l’écrire.",
        "Programme, territories: who informs, who takes requests. One controller alone: say so.",
    ),
    _field(
        "officer",
        "30.1.a",
        "Délégué à la protection des données",
        "Data protection officer",
        "Nom ou fonction, et comment l’atteindre.",
        "Name or function, and how to reach them.",
    ),
    _field(
        "legal_basis",
        "6",
        "Base légale",
        "Legal basis",
        "Ce qui autorise le traitement.",
        "What allows the processing.",
        choices=LEGAL_BASES,
    ),
    _field(
        "health_basis",
        "9",
        "Exception pour les données de santé",
        "Ground for data on health",
        "Ce qui autorise des données sensibles.",
        "What allows sensitive data.",
        choices=HEALTH_BASES,
    ),
    _field(
        "regime",
        "",
        "Qualification de l’étude",
        "Qualification of the study",
        "Décidée avant l’ouverture, avec le délégué.",
        "Decided before the opening, with the officer.",
        choices=REGIMES,
    ),
    _field(
        "opinions",
        "",
        "Avis recueillis",
        "Opinions obtained",
        "Comité d’éthique, CESREES, usagers : lequel, quand, quel avis. Aucun : dire pourquoi.",
        "Ethics committee, users: which, when, what they said. None: say why.",
    ),
    _field(
        "dpia",
        "35",
        "Analyse d’impact (AIPD)",
        "Impact assessment (DPIA)",
        "Référence, date, qui l’a validée.",
        "Reference, date, who approved it.",
    ),
    _field(
        "persons",
        "30.1.c",
        "Personnes concernées",
        "Persons concerned",
        "Personnes âgées, proches, professionnels ; combien environ.",
        "Elderly people, family carers, professionals; about how many.",
    ),
    _field(
        "data",
        "30.1.c",
        "Catégories de données",
        "Categories of data",
        "Identité et adresse, réponses, données de santé.",
        "Identity and address, answers, data on health.",
    ),
    _field(
        "recipients",
        "30.1.d",
        "Destinataires",
        "Recipients",
        "Qui voit quoi, nom par nom de service.",
        "Who sees what, service by service.",
    ),
    _field(
        "processors",
        "28",
        "Sous-traitants",
        "Processors",
        "Hébergeur (certifié HDS ou non), imprimeur, routeur. Aucun : l’écrire.",
        "Host (certified or not), printer, mailing house. None: say so.",
    ),
    _field(
        "transfers",
        "30.1.e",
        "Transferts hors de l’Union européenne",
        "Transfers out of the European Union",
        "Aucun : l’écrire.",
        "None: say so.",
    ),
    _field(
        "retention",
        "30.1.f",
        "Durées de conservation",
        "How long it is kept",
        "Identités, réponses, sauvegardes, journal.",
        "Identities, answers, backups, log.",
    ),
    _field(
        "measures",
        "30.1.g",
        "Mesures de sécurité",
        "Security measures",
        "Chiffrement, accès, sauvegardes : celles de cette installation.",
        "Encryption, access, backups: those of this installation.",
    ),
    _field(
        "rights",
        "12",
        "Exercice des droits",
        "How rights are exercised",
        "À qui écrire ou téléphoner, qui répond sous un mois.",
        "Whom to write to or call, who answers within a month.",
    ),
    _field(
        "protected_adults",
        "",
        "Majeurs protégés",
        "Protected adults",
        "Comment tuteur, curateur ou personne habilitée sont informés ; le refus l’emporte.",
        "How a guardian or representative is informed; the person’s own refusal prevails.",
    ),
    _field(
        "described_people",
        "14",
        "Personnes décrites par d’autres",
        "People whom others describe",
        "Comment la personne aidée apprend que proches et professionnels parlent d’elle.",
        "How the person helped learns that family and professionals speak of them.",
    ),
)
BY_NAME = {each.name: each for each in FIELDS}
LONGEST = 2000  # signs of one field
NOT_KEPT = (  # reason and remedy
    Text.of(fr="Ce texte a un signe invisible.", en="This text has an invisible sign."),
    Text.of(fr="Tapez-le de nouveau, sans copier.", en="Type it again, without copying."),
)
EASY = "easy_"  # before the language: a notice once more, in words that are easy to read


def missing(values: Mapping[str, str]) -> tuple[DossierField, ...]:
    """The fields that say nothing, or something that is not among their choices."""
    return tuple(
        each
        for each in FIELDS
        if not values.get(each.name, "").strip()
        or (each.choices and values[each.name] not in each.choices)
    )


_ANONYMOUS = re.compile(r"[^.!?;\n]*anonym[^.!?;\n]*[.!?;]?", re.IGNORECASE)
_NOT = re.compile(r"\b(?:pas|non|jamais|not|never)\s+(?:\w+\s+)?anonym", re.IGNORECASE)


def speaks_of_anonymity(text: str) -> tuple[str, ...]:
    """The sentences of a notice that call something anonymous; not those that say it is not."""
    found = (sentence.strip(" *_#>-") for sentence in _ANONYMOUS.findall(text))
    return tuple(sentence for sentence in found if not _NOT.search(sentence))


def told(name: str, values: Mapping[str, str]) -> Text:
    """What a field says, its choice in words."""
    value = values.get(name, "")
    return BY_NAME[name].choices.get(value, Text.of(fr=value, en=value))
