"""What foreign forms have no place for is said, wherever it stands."""

from __future__ import annotations

from app.definitions.files import read_questionnaire
from app.interchange.export_losses import say_losses
from app.interchange.import_report import ImportReport

SURVEY = """
format: covalue/questionnaire/1
code: lost
audience: elderly
languages: [fr]
title: {fr: Essai}
introduction: {text: {fr: Votre vie.}, proxy: {fr: Sa vie.}}
sections:
  - code: one
    title: {text: {fr: Votre santé}, proxy: {fr: Sa santé}}
    items:
      - page:
          code: P
          title: {text: {fr: Vous}, proxy: {fr: La personne}}
          questions:
            - code: A
              type: number
              text: {fr: Combien ?}
              hint: {text: {fr: Votre semaine.}, proxy: {fr: Sa semaine.}}
            - code: B
              type: number
              text: {fr: Combien ?}
              why_we_ask: {text: {fr: Votre vie.}, proxy: {fr: Sa vie.}}
            - {code: C, type: number, text: {fr: Combien ?}, hint: {fr: Écrivez 0.}}
"""


def test_other_words_for_somebody_in_the_persons_place_are_said_to_be_lost() -> None:
    report = ImportReport()
    say_losses(read_questionnaire(SURVEY), report)
    lost = [each.place for each in report.lines if "proxy" in each.message.in_("en")]
    assert sorted(lost) == ["A", "B", "P", "lost", "one"]
