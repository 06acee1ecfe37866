"""Passwords that everybody thinks of: a few words and the few ways in which people lengthen them.

A password of twelve characters or more is rarely in a short list as it stands; it is made from a
word of one by adding a year, writing it twice, or walking over the keyboard. So the words are kept
and the ways are undone, which covers many thousands of spellings in a small file.
"""

from __future__ import annotations

import re
import unicodedata

_LIST = """
password passwort motdepasse passe mdp secret admin administrator administrateur root user
utilisateur login welcome bienvenue bonjour bonsoir salut hello coucou test testing demo
changeme changezmoi default defaut master maitre guest invite letmein ouvretoi sesame access
acces azerty azertyuiop qwerty qwertyuiop qwertz qsdfghjklm asdfghjkl wxcvbn zxcvbnm zxcvbn
iloveyou jetaime monamour amour love loveyou princess princesse sunshine soleil dragon monkey
shadow superman batman pokemon starwars football baseball basketball hockey soccer doudou
chouchou loulou nounours marseille olympique paris france lyon bordeaux toulouse mayenne
bretagne normandie nicolas thomas julien camille marie pierre michel jean martin bernard dupont
durand charlie michael jennifer jessica jordan hunter ashley daniel andrew matrix freedom
liberte egalite fraternite whatever trustno ninja mustang harley computer ordinateur internet
google facebook windows apple samsung orange chocolat chocolate cheval summer winter spring
autumn ete hiver printemps automne janvier fevrier mars avril mai juin juillet aout septembre
octobre novembre decembre january february march april june july august september october
november december lundi mardi mercredi jeudi vendredi samedi dimanche monday tuesday wednesday
thursday friday saturday sunday covalue questionnaire enquete survey sante health hopital
ministere prefecture mairie departement region territoire evaluation coordinateur coordination
programme service public maman papa famille maison enfant bebe vacances voiture travail bureau
equipe abc abcd abcde abcdef abcdefgh abcdefghij qwe asd zxc aze qsd wxc un deux trois one two
three my mon ma mes le la les the this is est super new nouveau nouvelle
"""
_WORDS = frozenset(_LIST.split())
_ROWS = (
    "1234567890",
    "azertyuiop",
    "qsdfghjklm",
    "wxcvbn",
    "qwertyuiop",
    "asdfghjkl",
    "zxcvbnm",
    "abcdefghijklmnopqrstuvwxyz",
    "&é\"'(-è_çà)=",
)
_LEET = str.maketrans("013457@$€!|", "oieastaseil")
_FEWEST = 5  # different characters
_LONGEST_WALK = 4  # characters in a row that stand beside each other on the keyboard


def is_common(password: str) -> bool:
    """Whether the password is one of those words, lengthened in one of those ways."""
    if len(set(password)) < _FEWEST or _is_walk(password) or _is_repeated(password):
        return True
    core = re.sub(r"^[\W\d_]+|[\W\d_]+$", "", password)  # a year before, a sign behind
    return any(_is_made_of_words(_plain(each)) for each in (password, core.translate(_LEET)))


def _plain(password: str) -> str:
    """The letters alone, without accents and in lower case."""
    spread = unicodedata.normalize("NFKD", password.casefold())
    return "".join(sign for sign in spread if sign.isalpha())


def _is_made_of_words(letters: str) -> bool:
    """Whether nothing but two of the words is left (none: digits and signs alone)."""
    return (
        not letters
        or letters in _WORDS
        or any(letters[:at] in _WORDS and letters[at:] in _WORDS for at in range(1, len(letters)))
    )


def _is_walk(password: str) -> bool:
    """Whether most of it walks along a row of the keyboard or the alphabet, either way."""
    lowered = password.casefold()
    walked, at = 0, 0
    while at < len(lowered):
        step = _walk_from(lowered, at)
        walked += step if step >= _LONGEST_WALK else 0
        at += max(step, 1)
    return walked * 4 >= len(lowered) * 3


def _walk_from(text: str, start: int) -> int:
    longest = 1
    for row in (*_ROWS, *(row[::-1] for row in _ROWS)):
        length = 1
        while text[start : start + length + 1] in row and start + length < len(text):
            length += 1
        longest = max(longest, length)
    return longest


def _is_repeated(password: str) -> bool:
    """Whether it is one piece of at most six characters again and again."""
    return any(
        (password[:size] * len(password)).startswith(password)
        for size in range(1, 7)
        if size * 2 <= len(password)
    )
