"""The rules that every page is held to do find what they are for."""

from __future__ import annotations

import pytest
from pages import english_only, faults

GOOD = """<!doctype html>
<html lang="fr"><head><meta charset="utf-8"><title>Accueil – Covalue</title></head>
<body><h1>Accueil</h1>
<form method="post" action="/x"><input type="hidden" name="csrf_token" value="t">
<label for="code">Code</label><input id="code" name="code"><button>Entrer</button></form>
<a href="#code">Plus loin</a></body></html>"""


def test_a_good_page_has_no_fault() -> None:
    assert faults(GOOD) == []


@pytest.mark.parametrize(
    ("before", "after", "fault"),
    [
        ("<h1>Accueil</h1>", "<h2>Accueil</h2>", "0 headings of the first level"),
        ("<h1>Accueil</h1>", "<h1>Accueil</h1><h3>Trop bas</h3>", "level 3 follows one of level 1"),
        ('lang="fr"', "", "does not say its language"),
        ("Accueil – Covalue", " – Covalue", "title is empty"),
        ('for="code"', 'for="other"', "no label: input code"),
        ('for="code"', 'for="other"', "for names no element: other"),
        ('id="code"', 'id="code" aria-describedby="hint"', "aria-describedby names no element"),
        ("<a ", '<a id="code" ', "id twice: code"),
        ("#code", "#nowhere", "link to no place"),
        ('value="t"', "", "without its token"),
        ("<button>Entrer</button>", "", "without a button"),
        (">Plus loin<", "><", "no name: a"),
        ("</form>", '<input type="radio" name="q" id="q"></form>', "choices without a question"),
        ("<h1>", '<h1 style="color:red">', "style on h1"),
        ("<h1>", "<h1 onclick='x()'>", "onclick on h1"),
        ("</body>", "<script>x()</script></body>", "a script in the page"),
        ("</body>", '<img src="//x.org/a.png" alt=""></body>', "something from elsewhere"),
        ("</body>", '<img src="/a.png"></body>', "no text for a picture"),
        ("Plus loin", "%(name)s", "left over"),
        ("Plus loin", "Skip to content", "not in French: Skip to content"),
        ("</h1>", "</h2>", "HTML, line"),
    ],
)
def test_a_fault_is_found(before: str, after: str, fault: str) -> None:
    assert before in GOOD
    found = faults(GOOD.replace(before, after, 1))
    assert any(fault in sentence for sentence in found), found


def test_words_of_another_language_are_allowed_where_they_say_so() -> None:
    assert "Skip to content" in english_only()
    marked = GOOD.replace("Plus loin", '<span lang="en">Skip to content</span>')
    assert faults(marked) == []
