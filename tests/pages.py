"""What is true of every page of the house, whoever it is for: the faults of a page, in words."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterator
from functools import cache
from itertools import pairwise
from pathlib import Path

import html5lib
from babel.messages.pofile import read_po
from bs4 import BeautifulSoup, Tag

ROOT = Path(__file__).parents[1]
LEFT_OVER = re.compile(r"\{\{|\{%|%\(\w+\)|\bUndefined\b|<app\.|\bText\(|lazy_gettext")
ASKS = "input:not([type=hidden]):not([type=submit]):not([type=button]), select, textarea"


def faults(html: str) -> list[str]:
    """Everything wrong with a page, one sentence each; none is what it should be."""
    soup = BeautifulSoup(html, "html.parser")
    return [fault for rule in RULES for fault in rule(soup)] + syntax(html)


def syntax(html: str) -> list[str]:
    """Where the markup breaks the grammar of HTML 5."""
    parser = html5lib.HTMLParser(strict=False)
    parser.parse(html)
    return [f"HTML, line {place[0]}: {code}" for place, code, _ in parser.errors]


def _frame(soup: BeautifulSoup) -> Iterator[str]:
    root = soup.html
    if root is None or root.get("lang") not in ("fr", "en"):
        yield "the page does not say its language"
    if not soup.title or not soup.title.get_text().partition(" – ")[0].strip():
        yield "the title is empty"
    headings = [h.get_text(strip=True) for h in soup.find_all("h1")]
    if len(headings) != 1 or not headings[0]:
        yield f"{len(headings)} headings of the first level: {headings}"
    levels = [int(h.name[1]) for h in soup.find_all(re.compile("^h[1-6]$"))]
    for above, below in pairwise(levels):
        if below > above + 1:
            yield f"a heading of level {below} follows one of level {above}"


def _ids(soup: BeautifulSoup) -> Iterator[str]:
    counts = Counter(str(tag["id"]) for tag in soup.find_all(id=True))
    yield from (f"id twice: {name}" for name, count in counts.items() if count > 1)
    for attribute in ("for", "aria-labelledby", "aria-describedby", "aria-controls"):
        for tag in soup.find_all(attrs={attribute: True}):
            for name in str(tag[attribute]).split():
                if name not in counts:
                    yield f"{attribute} names no element: {name}"
    for link in soup.select('a[href^="#"]'):
        if str(link["href"])[1:] not in counts:
            yield f"link to no place: {link['href']}"


def _names(soup: BeautifulSoup) -> Iterator[str]:
    labelled = {
        str(label["for"]) for label in soup.select("label[for]") if label.get_text("").strip()
    }
    for field in soup.select(ASKS):
        wrapped = field.find_parent("label")
        if not (
            field.get("id") in labelled
            or (wrapped and wrapped.get_text(strip=True))
            or field.get("aria-label")
            or field.get("aria-labelledby")
        ):
            yield f"no label: {field.name} {field.get('name')}"
    for thing in soup.select("a[href], button"):
        pictures = "".join(str(img.get("alt", "")) for img in thing.find_all("img"))
        if not (thing.get_text(strip=True) or thing.get("aria-label") or pictures):
            yield f"no name: {thing.name} {thing.get('href') or thing.get('name')}"
    yield from (f"no text for a picture: {i.get('src')}" for i in soup.select("img:not([alt])"))
    for choice in soup.select("input[type=radio]"):
        group = choice.find_parent("fieldset")
        if group is None or not (group.legend and group.legend.get_text(strip=True)):
            yield f"choices without a question: {choice.get('name')}"


def _forms(soup: BeautifulSoup) -> Iterator[str]:
    for form in soup.find_all("form"):
        posts = str(form.get("method", "get")).lower() == "post"
        if posts and not form.select_one("input[type=hidden][name=csrf_token][value]"):
            yield f"a form without its token: {form.get('action')}"
        if not form.select_one("button:not([type=button]), input[type=submit]"):
            yield f"a form without a button: {form.get('action')}"


def _policy(soup: BeautifulSoup) -> Iterator[str]:
    for tag in soup.find_all(True):
        for name in tag.attrs:
            if name == "style" or name.startswith("on"):
                yield f"{name} on {tag.name}: the content policy refuses it"
    yield from ("a script in the page" for _ in soup.select("script:not([src]):not([type])"))
    for tag in soup.select("script[src], link[href], img[src]"):
        address = str(tag.get("src") or tag.get("href"))
        if re.match(r"(https?:)?//", address):
            yield f"something from elsewhere: {address}"


def _words(soup: BeautifulSoup) -> Iterator[str]:
    french = soup.html is not None and soup.html.get("lang") == "fr"
    for node in soup.find_all(string=True):
        words = " ".join(node.split())
        if found := LEFT_OVER.search(words):
            yield f"left over: {found.group()} in {words[:60]}"
        if french and words in english_only() and not _in_another_language(node.parent):
            yield f"not in French: {words}"


def _in_another_language(tag: Tag | None) -> bool:
    nearest = tag if tag is None or tag.get("lang") else tag.find_parent(attrs={"lang": True})
    return nearest is None or nearest.get("lang") != "fr"


@cache
def english_only() -> frozenset[str]:
    """English texts of the interface that are no French text of it."""
    english, french = set(), set()
    for path in sorted((ROOT / "app").rglob("fr/LC_MESSAGES/messages.po")):
        with path.open("rb") as file:
            for message in read_po(file):
                if isinstance(message.id, str) and message.id:
                    english.add(" ".join(message.id.split()))
                    french.add(" ".join(str(message.string).split()))
    return frozenset(english - french)


RULES: tuple[Callable[[BeautifulSoup], Iterator[str]], ...] = (
    _frame,
    _ids,
    _names,
    _forms,
    _policy,
    _words,
)
