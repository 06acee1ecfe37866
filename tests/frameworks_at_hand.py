"""A small national framework and a territory's own, over a small questionnaire."""

from __future__ import annotations

from app.definitions.files import read_questionnaire
from app.domain.questionnaire import Questionnaire

ASKED = """\
format: covalue/questionnaire/1
code: elderly
audience: elderly
languages: [fr, en]
title: {fr: Essai, en: Trial}
sections:
  - code: one
    title: {fr: Partie, en: Part}
    items:
      - code: E1
        type: rating
        text: {fr: Un ?, en: One?}
        from: 1
        to: 5
      - code: E2
        type: choice
        text: {fr: Deux ?, en: Two?}
        options:
          - {code: a, score: 1, text: {fr: a, en: a}}
          - {code: b, score: 2, text: {fr: b, en: b}}
          - {code: c, text: {fr: c, en: c}}
      - {code: E3, type: text, text: {fr: Trois ?, en: Three?}}
"""

NATIONAL = """\
format: covalue/framework/1
code: NAT
title: {fr: Cadre, en: Framework}
dimensions:
  - code: OUT
    title: {fr: Résultats, en: Outcomes}
    weight: 30
    values:
      - code: home
        title: {fr: Chez soi, en: At home}
        indicators:
          - code: OUT1
            title: {fr: x, en: x}
            weight: 10
            measure: {elderly: {share: {of: E1 >= 4}}}
          - code: OUT2
            title: {fr: x, en: x}
            weight: 20
            measure: {elderly: {scale: {items: [E1, E2]}}}
      - code: choice
        title: {fr: Choix, en: Choice}
        indicators:
          - code: OUT3
            title: {fr: x, en: x}
            weight: 10
            measure: {elderly: {share: {of: E2 = a}}}
  - code: SQ
    title: {fr: Qualité, en: Quality}
    weight: 10
    values:
      - code: near
        title: {fr: Près, en: Near}
        indicators:
          - code: SQ1
            title: {fr: x, en: x}
            weight: 1
            measure: {elderly: {share: {of: E1 >= 2}}}
ledger:
  - code: GAP
    title: {fr: Écart, en: Gap}
    unit: points
    measure: {elderly: {gap: {measure: {scale: {items: [E1]}}, group: E2 = a}}}
"""

OWN = """\
format: covalue/framework/1
code: BDX
territory: BDX
extends: {code: NAT, number: 1}
title: {fr: Bordeaux, en: Bordeaux}
weights: {OUT: 1, SQ: 2}
added_share: 20
changes:
  - {indicator: OUT1, relation: dropped, reason: {fr: r, en: r}, evidence: documented, source: p. 3}
  - {indicator: OUT3, relation: reweighted, factor: 3, reason: {fr: r, en: r},
     evidence: illustrative}
  - indicator: SQ1
    relation: adapted
    reason: {fr: r, en: r}
    evidence: documented
    source: p. 4
    as: {code: SQ1_BDX, title: {fr: y, en: y}, measure: {elderly: {share: {of: E1 >= 3}}}}
added:
  - dimension: OUT
    value: {fr: Nuit, en: Night}
    reason: {fr: r, en: r}
    evidence: documented
    source: p. 5
    indicator: {code: BDX1, title: {fr: z, en: z}, measure: {elderly: {share: {of: E2 = b}}}}
  - dimension: OUT
    value: {fr: Jour, en: Day}
    reason: {fr: r, en: r}
    evidence: illustrative
    indicator: {code: BDX2, title: {fr: z, en: z}, measure: {elderly: {share: {of: E2 = c}}}}
"""


def asked() -> Questionnaire:
    return read_questionnaire(ASKED)
