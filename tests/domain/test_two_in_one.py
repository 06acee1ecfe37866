"""Wordings that ask two things at once are told apart from pairs that are one thing."""

from __future__ import annotations

import pytest

from app.domain.two_in_one import asks_two


@pytest.mark.parametrize(
    ("language", "wording"),
    [
        ("fr", "Le personnel est-il aimable et compétent ?"),
        ("fr", "Avez-vous mal ? Dormez-vous bien ?"),
        ("fr", "Recevez-vous des soins et/ou de l’aide ?"),
        ("fr", "L’aide est-elle utile ainsi que rapide ?"),
        ("en", "Is the staff kind and competent?"),
        ("en", "Are you in pain? And do you sleep?"),
        ("en", "Do you trust the doctors and the nurses?"),
        ("en", "Do you get care and/or help?"),
    ],
)
def test_two_things_are_seen(language: str, wording: str) -> None:
    assert asks_two(wording, language)


@pytest.mark.parametrize(
    ("language", "wording"),
    [
        ("fr", "Le personnel est-il aimable ?"),
        ("fr", "Les professionnels et moi avons décidé."),
        ("fr", "Combien, entre 3 et 5 ?"),
        ("fr", "Peut-on appeler jour et nuit ?"),
        ("fr", "Êtes-vous en bonne santé ?"),
        ("en", "Did you and the team decide?"),
        ("en", "Is it between 3 and 5?"),
        ("en", "Is the band outstanding?"),
        ("de", "Sind sie nett und klug?"),
    ],
)
def test_one_thing_is_let_through(language: str, wording: str) -> None:
    assert not asks_two(wording, language)
