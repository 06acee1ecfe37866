"""The words of a summary of results: titles of tables and columns, cover, notes and methods."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from app.domain.text import Text
from app.interchange.summary import Words

AUDIENCES = {
    "elderly": Text.of(fr="personnes âgées", en="older people"),
    "family": Text.of(fr="proches", en="family carers"),
    "professional": Text.of(fr="professionnels", en="professionals"),
}
UNITS = {"%": Text.of(fr="%", en="%"), "points": Text.of(fr="points", en="points")}
RELATIONS = {
    "kept": Text.of(fr="gardé", en="kept"),
    "adapted": Text.of(fr="adapté", en="adapted"),
    "reweighted": Text.of(fr="pondéré autrement", en="reweighted"),
    "dropped": Text.of(fr="laissé", en="dropped"),
    "added": Text.of(fr="ajouté", en="added"),
}
EVIDENCES = {
    "documented": Text.of(fr="documenté", en="documented"),
    "illustrative": Text.of(fr="illustratif", en="illustrative"),
}
COMPARABLE = {
    "common": Text.of(fr="demandé partout", en="asked everywhere"),
    "exchanged": Text.of(
        fr="demandé ailleurs à une partie de l’échantillon",
        en="asked elsewhere of a part of the sample",
    ),
    "here_only": Text.of(fr="demandé ici seulement", en="asked here only"),
    "elsewhere_impossible": Text.of(fr="sans comparaison possible", en="no comparison possible"),
}
VOLUNTARY = Text.of(
    fr="Les réponses sont volontaires : l’intervalle ne couvre pas ce que pensent les personnes "
    "qui n’ont pas répondu.",
    en="Answers are voluntary: the interval does not cover what those who did not answer think.",
)
SYNTHETIC = Text.of(fr="Données synthétiques", en="Synthetic data")
SYNTHETIC_NAME = Text.of(fr="synthetique", en="synthetic")
PROVISIONAL = Text.of(fr="État", en="State")
PROVISIONAL_SENTENCE = Text.of(
    fr="Provisoire\u00a0: cette diffusion n’est pas encore publiée. Ne citez pas ses chiffres.",
    en="Provisional: this release is not published yet. Do not quote its figures.",
)
PROVISIONAL_NAME = Text.of(fr="provisoire", en="provisional")
TITLE = Text.of(fr="Résultats", en="Results")
CITATION = Text.of(
    fr="{programme}, {wave}, diffusion {number}, données du {date}. Covalue {version}.",
    en="{programme}, {wave}, release {number}, data of {date}. Covalue {version}.",
)
NO_RATE = Text.of(
    fr="pas de taux de réponse\u00a0: les réponses ont été importées",
    en="no response rate: the answers were imported",
)
COVER = {
    "programme": Text.of(fr="Programme", en="Programme"),
    "wave": Text.of(fr="Vague", en="Wave"),
    "period": Text.of(fr="Période", en="Period"),
    "frame": Text.of(fr="Qui pouvait répondre", en="Who could be asked"),
    "answers": Text.of(fr="Réponses complètes", en="Complete answers"),
    "partial": Text.of(fr="Réponses partielles utilisées", en="Partial answers used"),
    "rate": Text.of(fr="Ont répondu", en="Response rate"),
    "data_at": Text.of(fr="Données arrêtées le", en="Data frozen on"),
    "release": Text.of(fr="Diffusion", en="Release"),
    "frameworks": Text.of(fr="Cadres", en="Frameworks"),
    "synthetic": SYNTHETIC,
    "contact": Text.of(fr="Contact", en="Contact"),
    "licence": Text.of(fr="Réutilisation", en="Re-use"),
    "next": Text.of(fr="Suite", en="Next"),
}
MORE_TO_COME = Text.of(
    fr="La vague dure jusqu’au {end}\u00a0: une diffusion suivante peut venir.",
    en="The wave lasts until {end}: another release may follow.",
)
NO_MORE = Text.of(
    fr="La vague est finie\u00a0: une autre diffusion ne ferait que corriger celle-ci.",
    en="The wave has ended: another release would only correct this one.",
)
SYNTHETIC_SENTENCE = Text.of(
    fr="Toutes les réponses sont inventées. Aucun chiffre ne décrit un territoire réel.",
    en="Every answer is made up. No figure describes a real territory.",
)
NOTES = (
    Text.of(
        fr="Une cellule vide avec le statut N n’est pas diffusée : trop peu de personnes, ou elle "
        "permettrait d’en retrouver une autre.",
        en="An empty cell with status N is not published: too few people, or it would give another "
        "one away.",
    ),
    Text.of(
        fr="Les chiffres sont arrondis à une décimale, comme sur les pages ; les parts de 1 "
        "le sont à deux décimales.",
        en="Figures are rounded to one decimal, as on the pages; shares of 1 to two decimals.",
    ),
    VOLUNTARY,
    Text.of(
        fr="« Fragile » : moins de 30 réponses.",
        en="“Fragile”: fewer than 30 answers.",
    ),
)
METHODS = (
    Text.of(
        fr="Chaque indicateur est calculé dans chaque territoire sur les réponses complètes, avec "
        "les poids de l’échantillon. Les intervalles sont à 95 %.",
        en="Each indicator is computed in each territory on complete answers, with the sample’s "
        "weights. Intervals are at 95%.",
    ),
    Text.of(
        fr="La ligne France est la moyenne simple des territoires.",
        en="The line France is the plain mean of the territories.",
    ),
    Text.of(
        fr="Les scores vont de 0 à 100 ; plus haut est mieux. Le score national suit le cadre "
        "national, le score propre suit le cadre du territoire. Leur différence n’est pas testée : "
        "les deux ne contiennent pas la même chose.",
        en="Scores go from 0 to 100; higher is better. The national score follows the national "
        "framework, the own score the territory’s. Their difference is not tested: the two do not "
        "contain the same things.",
    ),
    Text.of(
        fr="Le décalage de position compare la place du territoire parmi les autres selon ses "
        "propres pondérations et selon les pondérations nationales, sur ce qui a été demandé "
        "à tous. Ses intervalles valent ensemble pour tous les territoires.",
        en="The standing shift compares the territory’s place among the others by its own "
        "weighting and by the national weighting, on what everyone was asked. Its intervals hold "
        "together for all territories.",
    ),
    Text.of(
        fr="Seuil de diffusion : {threshold} personnes dans la base.",
        en="Publication threshold: {threshold} people in the base.",
    ),
)
PARTIALS = Text.of(
    fr="S’y ajoutent {partial} réponses commencées et jamais envoyées, de personnes qui avaient "
    "accepté et rempli au moins {percent} % de leurs pages ; ce qu’elles n’ont pas atteint "
    "n’entre dans aucune base. Le taux de réponse ne les compte pas.",
    en="Added to them are {partial} answers begun and never sent, of people who had agreed and "
    "filled in at least {percent}% of their pages; what they did not reach is in no base. The "
    "response rate does not count them.",
)


CALIBRATED = Text.of(
    fr="Dans {places} de {all} groupes (un public dans un territoire), les poids sont ramenés à "
    "des effectifs connus de la population, dont la source est donnée ; l’erreur en tient compte.",
    en="In {places} of {all} groups (an audience in a territory) weights are brought to known "
    "totals of the population, whose source is given; the error takes this into account.",
)


def methods_said(manifest: Mapping[str, Any], language: str) -> tuple[str, ...]:
    """How the figures of a release were made, in sentences, as its manifest has it."""
    said = list(METHODS)
    if manifest.get("partials_from"):
        said.insert(1, PARTIALS)
    weights = manifest.get("weights", ())
    calibrated = sum(bool(each.get("margins")) for each in weights)
    if calibrated:
        said.insert(1, CALIBRATED)
    known = {
        "{places}": calibrated,
        "{all}": len(weights),
        "{threshold}": manifest["threshold"],
        "{percent}": manifest.get("partials_from"),
        "{partial}": manifest.get("people", {}).get("partial", 0),
    }
    return tuple(_filled(each.in_(language), known) for each in said)


def _filled(said: str, known: Mapping[str, object]) -> str:
    for name, value in known.items():
        said = said.replace(name, str(value))
    return said


WORDS = {
    "fr": Words("Sommaire", "Notes", "Méthodes", "synthétique", "Couverture"),
    "en": Words("Contents", "Notes", "Methods", "synthetic", "Cover"),
}
