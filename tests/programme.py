"""A small programme for tests: two territories, one core, one module, two frameworks."""

from __future__ import annotations

from pathlib import Path

from app.workflows.acting import House
from app.workflows.programmes import LoadReport, load_programme

TERRITORIES = """\
format: covalue/territories/1
programme: {code: DEMO, title: {fr: Programme d’essai, en: Trial programme}}
territories:
  - {code: FR, name: {fr: France, en: France}, terms: {team: {fr: l’équipe, en: the team}}}
  - {code: MAY, parent: FR, name: {fr: Mayenne, en: Mayenne}}
  - {code: BDX, parent: FR, name: {fr: Bordeaux, en: Bordeaux}}
"""

CORE = """\
format: covalue/questionnaire/1
code: elderly
audience: elderly
languages: [fr, en]
title: {fr: Votre avis compte, en: Your opinion counts}
option_lists:
  yes_no:
    - {code: "yes", score: 1, text: {fr: Oui, en: "Yes"}}
    - {code: "no", score: 0, text: {fr: Non, en: "No"}}
sections:
  - code: home
    title: {fr: Votre vie, en: Your life}
    items:
      - code: E01
        type: choice
        text: {fr: Êtes-vous bien chez vous ?, en: Are you well at home?}
        options: yes_no
        status: tested
      - code: E02
        type: choice
        text: {fr: Connaissez-vous l’équipe ?, en: Do you know the team?}
        options: yes_no
        status: tested
        shown_when: E01 = yes
      - slot: {code: after_E02, minutes: 1}
"""

MODULE = """\
format: covalue/module/1
code: MAY
audience: elderly
territory: MAY
core: {code: elderly, number: 1}
languages: [fr, en]
title: {fr: Mayenne, en: Mayenne}
slots:
  after_E02:
    - code: E02_MAY
      type: choice
      text: {fr: "Le plan est-il écrit ?", en: "Is the plan written?"}
      options: yes_no
      status: tested
"""

NATIONAL = """\
format: covalue/framework/1
code: NAT
title: {fr: Cadre national, en: National framework}
source: tests
dimensions:
  - code: OUT
    title: {fr: Résultats, en: Outcomes}
    weight: 60
    values:
      - code: home
        title: {fr: Vivre chez soi, en: Living at home}
        indicators:
          - code: OUT1
            title: {fr: Bien chez soi, en: Well at home}
            weight: 3
            unit: "%"
            direction: up
            measure: {elderly: {share: {of: E01 = yes}}}
  - code: SQ
    title: {fr: Service, en: Service}
    weight: 40
    values:
      - code: knows
        title: {fr: Savoir qui appeler, en: Knowing whom to call}
        indicators:
          - code: SQ1
            title: {fr: Connaît l’équipe, en: Knows the team}
            weight: 1
            unit: "%"
            direction: up
            measure: {elderly: {share: {of: E02 = yes, not_shown: "no"}}}
"""

OWN = """\
format: covalue/framework/1
code: MAY
territory: MAY
extends: {code: NAT, number: 1}
title: {fr: Cadre de la Mayenne, en: Mayenne framework}
source: tests
weights: {OUT: 50, SQ: 50}
added_share: 20
changes:
  - indicator: SQ1
    relation: reweighted
    factor: 2
    reason: {fr: Ici, en: Here}
    evidence: documented
    source: tests
added:
  - dimension: SQ
    value: {fr: Un plan écrit, en: A written plan}
    reason: {fr: Les équipes écrivent ensemble, en: Teams write together}
    evidence: documented
    source: tests
    indicator:
      code: MAY1
      title: {fr: Plan écrit, en: Written plan}
      unit: "%"
      direction: up
      measure: {elderly: {share: {of: E02_MAY = yes, not_shown: "no"}}}
"""

FILES = {
    "config/territories.yaml": TERRITORIES,
    "config/frameworks/national.yaml": NATIONAL,
    "config/frameworks/MAY.yaml": OWN,
    "surveys/elderly/core.yaml": CORE,
    "surveys/elderly/modules/MAY.yaml": MODULE,
}


def written(root: Path, files: dict[str, str] | None = None) -> Path:
    """The folder with the programme's files in it, some of them replaced."""
    for name, text in {**FILES, **(files or {})}.items():
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, "utf-8")
    return root


def loaded(house: House, root: Path, files: dict[str, str] | None = None) -> LoadReport:
    """Write the programme's files and load them; the report."""
    return load_programme(house, written(root, files), synthetic=True)
