"""Names, notes and columns of the tables that a summary holds."""

from __future__ import annotations

from app.domain.text import Text
from app.workflows.weight_sheet import WEIGHT_KINDS

KINDS = {
    "value": "number", "low": "number", "high": "number", "se": "number", "df": "number",
    "n": "count", "n_effective": "number", "weighted_base": "number", "proxies": "share",
    "dont_know": "share", "coverage": "share", "national_score": "number", "own_score": "number",
    "gap": "number", "distance_national": "number", "distance_own": "number", "shift": "number",
    "covered_share": "share", "smallest": "number", "margin": "number",
    "national_weight": "share", "own_weight": "share", "first_place": "share",
    "rank_low": "count", "rank_high": "count", "rank_low_alone": "count",
    "rank_high_alone": "count", "method_share": "share", "method_count": "count",
    "sobol_first": "share", "sobol_total": "share",
    "rank": "count", "kendall_tau_b": "number", "spearman": "number", "mean_shift": "number",
    "max_shift": "number", "reliability": "number", "effect": "number", "explained": "number",
    **dict.fromkeys(
        ("p_mantel", "p_mantel_holm", "p_mantel_bh", "p_logistic", "p_uniform", "p_non_uniform",
         "p_logistic_holm", "p_logistic_bh"),
        "number",
    ),
    "low_goalpost": "number", "high_goalpost": "number", "target": "number",
    "agreement": "number", "z_national": "number", "z_own": "number", **WEIGHT_KINDS,
}  # fmt: skip
SHEETS = {
    "metadata": (
        Text.of(fr="Métadonnées", en="Metadata"),
        Text.of(
            fr="Ce qu’est chaque indicateur\u00a0: définition comme dans le fichier du cadre, "
            "base, sens, bornes, cible, preuve, source.",
            en="What each indicator is: definition as in the framework’s file, base, direction, "
            "goalposts, target, evidence, source.",
        ),
    ),
    "indicators": (
        Text.of(fr="Indicateurs", en="Indicators"),
        Text.of(
            fr="Un indicateur par ligne et par territoire, dans son unité.",
            en="One indicator a line and territory, in its own unit.",
        ),
    ),
    "dimensions": (
        Text.of(fr="Dimensions", en="Dimensions"),
        Text.of(fr="Scores de 0 à 100, par cadre.", en="Scores from 0 to 100, by framework."),
    ),
    "totals": (
        Text.of(fr="Scores", en="Scores"),
        Text.of(
            fr="Score national et score propre. Leur écart est une description, jamais un test.",
            en="National and own score. Their gap is a description, never a test.",
        ),
    ),
    "shifts": (
        Text.of(fr="Décalages", en="Shifts"),
        Text.of(
            fr="Place parmi les autres territoires selon les deux cadres, et verdict.",
            en="Place among the other territories by both frameworks, and the verdict.",
        ),
    ),
    "groups": (
        Text.of(fr="Groupes", en="Groups"),
        Text.of(
            fr="Chaque indicateur dans chaque groupe déclaré, et l’écart de chaque groupe avec le "
            "premier, avec leur covariance. Un groupe n’est jamais un échantillon à part.",
            en="Each indicator in each declared group, and how each group differs from the first, "
            "with their covariance. A group is never a sample of its own.",
        ),
    ),
    "coproduction": (
        Text.of(fr="Coproduction", en="Co-production"),
        Text.of(
            fr="Qui prend part, comment, et avec qui ; écarts entre publics sur les questions de "
            "même sens. Ce sont des associations, jamais des causes.",
            en="Who takes part, how and with whom; gaps between audiences on questions with one "
            "meaning. These are associations, never causes.",
        ),
    ),
    "waves": (
        Text.of(fr="Évolution", en="Change"),
        Text.of(
            fr="Valeurs des vagues précédentes et différences avec elles ; une rupture dit "
            "pourquoi il n’y a pas de différence.",
            en="Values of earlier waves and differences from them; a break says why there is no "
            "difference.",
        ),
    ),
    "cross": (
        Text.of(fr="Tableau croisé", en="Cross table"),
        Text.of(
            fr="Chaque territoire noté par chaque cadre, sur ce qui a été demandé partout. À lire "
            "par colonne de cadre ; un rang est un ensemble de places possibles, 1 la meilleure.",
            en="Each territory scored by each framework, on what was asked everywhere. To be read "
            "within one framework; a rank is a set of places it may hold, 1 the best.",
        ),
    ),
    "methods": (
        Text.of(fr="Autres calculs", en="Other methods"),
        Text.of(
            fr="Part des méthodes admises qui gardent le signe du décalage, et ce qui le tourne.",
            en="Share of the admissible methods that keep the shift’s sign, and what turns it.",
        ),
    ),
    "crosswalk": (
        Text.of(fr="Correspondance", en="Crosswalk"),
        Text.of(
            fr="Ce que chaque cadre territorial garde, adapte, laisse ou ajoute.",
            en="What each territory’s framework keeps, adapts, drops or adds.",
        ),
    ),
    "order": (
        Text.of(fr="Ordres", en="Orders"),
        Text.of(
            fr="Accord de l’ordre de chaque cadre avec l’ordre national, puis les paires inversées "
            "; « yes » : les deux cadres établissent l’ordre de la paire.",
            en="Agreement of each framework’s order with the national one, then the pairs that "
            "turn; “yes”: both trees settle the order of the pair.",
        ),
    ),
    "variants": (
        Text.of(fr="Rangs, variantes", en="Ranks by variant"),
        Text.of(
            fr="Rang de chaque territoire selon chaque cadre et chaque autre calcul admis, sans "
            "erreur ; les places possibles sont dans le tableau croisé.",
            en="Rank of each territory by each framework and each other admissible method, "
            "without error; the places it may hold are in the cross table.",
        ),
    ),
    "agreement": (
        Text.of(fr="Accord des rangs", en="Agreement of ranks"),
        Text.of(
            fr="Accord des ordres de chaque paire de variantes : 1, le même ordre ; −1, "
            "l’inverse ; et les places gagnées ou perdues.",
            en="Agreement of the orders of each two variants: 1, the same order; −1, the "
            "opposite; and the places won or lost.",
        ),
    ),
    "comparability": (
        Text.of(fr="Comparabilité", en="Comparability"),
        Text.of(
            fr="Ce qui peut être comparé entre territoires, et entre langues sur l’ensemble ; "
            "jamais « comparable » avec moins de 200 personnes d’un côté.",
            en="What can be compared between territories, and between languages over the whole; "
            "never “comparable” with fewer than 200 people on one side.",
        ),
    ),
    "functioning": (
        Text.of(fr="Fonctionnement", en="Item functioning"),
        Text.of(
            fr="Chaque question d’une échelle, ici et ailleurs, à total égal : Mantel et "
            "régression logistique, p ajustés par Holm et par Benjamini et Hochberg.",
            en="Each item of a scale, here and elsewhere, at the same total: Mantel and logistic "
            "regression, p adjusted by Holm and by Benjamini and Hochberg.",
        ),
    ),
    "weights": (
        Text.of(fr="Poids", en="Weights"),
        Text.of(
            fr="Comment chaque public de chaque territoire est pondéré, et ce que cela coûte.",
            en="How each audience of each territory is weighted, and what it costs.",
        ),
    ),
    "tidy": (
        Text.of(fr="Données", en="All data"),
        Text.of(fr="Un chiffre par ligne.", en="One figure a line."),
    ),
}
COLUMNS = {
    "dimension": Text.of(fr="Dimension", en="Dimension"),
    "audiences": Text.of(fr="Qui répond", en="Who answers"),
    "direction": Text.of(fr="Sens", en="Direction"),
    "low_goalpost": Text.of(fr="Borne du score 0", en="Goalpost of score 0"),
    "high_goalpost": Text.of(fr="Borne du score 100", en="Goalpost of score 100"),
    "measure": Text.of(fr="Définition", en="Definition"),
    "items": Text.of(fr="Questions lues", en="Items read"),
    "note": Text.of(fr="Remarque", en="Note"),
    "target": Text.of(fr="Cible", en="Target"),
    "target_owner": Text.of(fr="Cible fixée par", en="Target set by"),
    "target_date": Text.of(fr="Cible fixée le", en="Target set on"),
    "own_frameworks": Text.of(fr="Cadres propres", en="Own frameworks"),
    "variant": Text.of(fr="Variante", en="Variant"),
    "rank": Text.of(fr="Rang", en="Rank"),
    "other_framework": Text.of(fr="Autre cadre", en="Other framework"),
    "other_variant": Text.of(fr="Autre variante", en="Other variant"),
    "kendall_tau_b": Text.of(fr="Kendall (tau-b)", en="Kendall (tau-b)"),
    "spearman": Text.of(fr="Spearman", en="Spearman"),
    "mean_shift": Text.of(fr="Places, en moyenne", en="Places, on average"),
    "max_shift": Text.of(fr="Places, au plus", en="Places, at most"),
    "language": Text.of(fr="Langue", en="Language"),
    "comparability": Text.of(fr="Comparaison", en="Comparison"),
    "because": Text.of(fr="Pourquoi", en="Why"),
    "reliability_kind": Text.of(fr="Coefficient", en="Coefficient"),
    "reliability": Text.of(fr="Fiabilité", en="Reliability"),
    "item": Text.of(fr="Question", en="Item"),
    "effect": Text.of(fr="Effet (Mantel)", en="Effect (Mantel)"),
    "effect_size": Text.of(fr="Taille de l’effet", en="Size of the effect"),
    "p_mantel": Text.of(fr="p, Mantel", en="p, Mantel"),
    "p_mantel_holm": Text.of(fr="p, Mantel, Holm", en="p, Mantel, Holm"),
    "p_mantel_bh": Text.of(fr="p, Mantel, Benjamini-Hochberg", en="p, Mantel, Benjamini-Hochberg"),
    "explained": Text.of(fr="Expliqué par le groupe (Nagelkerke)", en="Explained by the group"),
    "explained_size": Text.of(fr="Taille, logistique", en="Size, logistic"),
    "p_logistic": Text.of(fr="p, logistique", en="p, logistic"),
    "p_uniform": Text.of(fr="p, uniforme", en="p, uniform"),
    "p_non_uniform": Text.of(fr="p, non uniforme", en="p, non-uniform"),
    "p_logistic_holm": Text.of(fr="p, logistique, Holm", en="p, logistic, Holm"),
    "p_logistic_bh": Text.of(
        fr="p, logistique, Benjamini-Hochberg", en="p, logistic, Benjamini-Hochberg"
    ),
    "other": Text.of(fr="Code de l’autre", en="Code of the other"),
    "other_name": Text.of(fr="Autre territoire", en="Other territory"),
    "agreement_kind": Text.of(fr="Mesure d’accord", en="Measure of agreement"),
    "agreement": Text.of(fr="Accord", en="Agreement"),
    "z_national": Text.of(fr="z, cadre national", en="z, national framework"),
    "z_own": Text.of(fr="z, cadre propre", en="z, own framework"),
    "resolved": Text.of(fr="Établi par les deux", en="Settled by both"),
    "weighting": Text.of(fr="Pondération", en="Weighting"),
    "answers": Text.of(fr="Réponses", en="Answers"),
    "equal_answers": Text.of(fr="Valent, à poids égal", en="Worth, of equal weight"),
    "deff": Text.of(fr="Effet de plan de Kish", en="Kish design effect"),
    "smallest_weight": Text.of(fr="Plus petit poids", en="Smallest weight"),
    "largest_weight": Text.of(fr="Plus grand poids", en="Largest weight"),
    "margins_met": Text.of(fr="Marges atteintes", en="Margins met"),
    "rounds": Text.of(fr="Tours", en="Rounds"),
    "worst_margin": Text.of(fr="Marge la plus loin", en="Furthest margin"),
    "worst_gap": Text.of(fr="Son écart relatif", en="Its relative gap"),
    "merged": Text.of(fr="Catégories regroupées", en="Merged categories"),
    "trimmed": Text.of(fr="Poids bornés", en="Weights at a bound"),
    "response_cells": Text.of(fr="Cellules de non-réponse", en="Non-response cells"),
    "margin_sources": Text.of(fr="Marges et sources", en="Margins and sources"),
    "territory": Text.of(fr="Code", en="Code"),
    "territory_name": Text.of(fr="Territoire", en="Territory"),
    "framework": Text.of(fr="Cadre", en="Framework"),
    "what": Text.of(fr="Nature", en="What"),
    "code": Text.of(fr="Code de l’indicateur", en="Indicator code"),
    "title": Text.of(fr="Intitulé", en="Title"),
    "audience": Text.of(fr="Répondants", en="Audience"),
    "group": Text.of(fr="Code du groupe", en="Group code"),
    "group_name": Text.of(fr="Groupe", en="Group"),
    "unit": Text.of(fr="Unité", en="Unit"),
    "value": Text.of(fr="Valeur", en="Value"),
    "se": Text.of(fr="Erreur type", en="Standard error"),
    "low": Text.of(fr="Borne basse", en="Low"),
    "high": Text.of(fr="Borne haute", en="High"),
    "df": Text.of(fr="Degrés de liberté", en="Degrees of freedom"),
    "n": Text.of(fr="Réponses", en="Answers"),
    "n_effective": Text.of(fr="Réponses efficaces", en="Effective answers"),
    "weighted_base": Text.of(fr="Base pondérée", en="Weighted base"),
    "proxies": Text.of(fr="Part de réponses à la place", en="Share by proxy"),
    "dont_know": Text.of(fr="Part de « ne sait pas »", en="Share of don’t know"),
    "coverage": Text.of(fr="Part couverte", en="Coverage"),
    "status": Text.of(fr="Statut", en="Status"),
    "reason": Text.of(fr="Raison", en="Reason"),
    "flags": Text.of(fr="Prudence", en="Caution"),
    "flag_codes": Text.of(fr="Codes de prudence", en="Caution, as codes"),
    "verdict": Text.of(fr="Verdict", en="Verdict"),
    "national_score": Text.of(fr="Score national", en="National score"),
    "own_score": Text.of(fr="Score propre", en="Own score"),
    "gap": Text.of(fr="Écart (décrit)", en="Gap (described)"),
    "distance_national": Text.of(fr="Distance, cadre national", en="Distance, national framework"),
    "distance_own": Text.of(fr="Distance, cadre propre", en="Distance, own framework"),
    "shift": Text.of(fr="Décalage", en="Shift"),
    "covered_share": Text.of(fr="Valeurs comparables", en="Comparable values"),
    "smallest": Text.of(fr="Plus petit décalage visible", en="Smallest visible shift"),
    "margin": Text.of(fr="Marge sans importance", en="Margin that does not matter"),
    "first_place": Text.of(fr="Chance d’être premier", en="Chance of the first place"),
    "rank_low": Text.of(fr="Place, au mieux (tous ensemble)", en="Place at best (all together)"),
    "rank_high": Text.of(fr="Place, au pire (tous ensemble)", en="Place at worst (all together)"),
    "rank_low_alone": Text.of(fr="Place, au mieux (seul)", en="Place at best (alone)"),
    "rank_high_alone": Text.of(fr="Place, au pire (seul)", en="Place at worst (alone)"),
    "method_share": Text.of(fr="Méthodes du même signe", en="Methods with the same sign"),
    "method_count": Text.of(fr="Méthodes essayées", en="Methods tried"),
    "choice": Text.of(fr="Choix", en="Choice"),
    "sobol_first": Text.of(fr="Ce choix seul", en="This choice alone"),
    "sobol_total": Text.of(fr="Ce choix avec les autres", en="This choice with others"),
    "relation": Text.of(fr="Relation", en="Relation"),
    "national_code": Text.of(fr="Code national", en="National code"),
    "national_weight": Text.of(fr="Poids national", en="National weight"),
    "own_code": Text.of(fr="Code propre", en="Own code"),
    "own_weight": Text.of(fr="Poids propre", en="Own weight"),
    "comparable": Text.of(fr="Comparaison", en="Comparison"),
    "evidence": Text.of(fr="Preuve", en="Evidence"),
    "source": Text.of(fr="Source", en="Source"),
    "period": Text.of(fr="Période", en="Period"),
}
