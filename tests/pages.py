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
from lxml.html import HtmlElement, document_fromstring

ROOT = Path(__file__).parents[1]
LEFT_OVER = re.compile(r"\{\{|\{%|%\(\w+\)|\bUndefined\b|<app\.|\bText\(|lazy_gettext")
ASKS = "//input[not(@type='hidden' or @type='submit' or @type='button')] | //select | //textarea"
VALUES = re.compile(r"\"[^\"&<]*\"|(?<=>)[^<&]+(?=<)")  # what no rule of the grammar looks at
_sound: set[int] = set()


def faults(html: str) -> list[str]:
    """Everything wrong with a page, one sentence each; none is what it should be."""
    root = document_fromstring(html)
    return [fault for rule in RULES for fault in rule(root)] + syntax(html)


def syntax(html: str) -> list[str]:
    """Where the markup breaks the grammar of HTML 5.

    A page whose tags were found sound before is not looked at again for its other words.
    """
    tags = hash(VALUES.sub(lambda found: found.group()[:1], html))
    if tags in _sound:
        return []
    parser = html5lib.HTMLParser(strict=False)
    parser.parse(html)
    if not parser.errors:
        _sound.add(tags)
    return [f"HTML, line {place[0]}: {code}" for place, code, _ in parser.errors]


def _frame(root: HtmlElement) -> Iterator[str]:
    if root.get("lang") not in ("fr", "en"):
        yield "the page does not say its language"
    title = root.find(".//title")
    if title is None or not title.text_content().partition(" – ")[0].strip():
        yield "the title is empty"
    headings = [h.text_content().strip() for h in root.iter("h1")]
    if len(headings) != 1 or not headings[0]:
        yield f"{len(headings)} headings of the first level: {headings}"
    levels = [int(h.tag[1]) for h in root.iter("h1", "h2", "h3", "h4", "h5", "h6")]
    for above, below in pairwise(levels):
        if below > above + 1:
            yield f"a heading of level {below} follows one of level {above}"


def _ids(root: HtmlElement) -> Iterator[str]:
    counts = Counter(root.xpath("//@id"))
    yield from (f"id twice: {name}" for name, count in counts.items() if count > 1)
    for attribute in ("for", "aria-labelledby", "aria-describedby", "aria-controls"):
        for names in root.xpath(f"//@{attribute}"):
            for name in names.split():
                if name not in counts:
                    yield f"{attribute} names no element: {name}"
    for place in root.xpath("//a/@href[starts-with(., '#')]"):
        if place[1:] not in counts:
            yield f"link to no place: {place}"


def _names(root: HtmlElement) -> Iterator[str]:
    labelled = {label.get("for") for label in root.iter("label") if label.text_content().strip()}
    for field in root.xpath(ASKS):
        wrapped = next(field.iterancestors("label"), None)
        if not (
            (field.get("id") and field.get("id") in labelled)
            or (wrapped is not None and wrapped.text_content().strip())
            or field.get("aria-label")
            or field.get("aria-labelledby")
        ):
            yield f"no label: {field.tag} {field.get('name')}"
    for thing in root.xpath("//a[@href] | //button"):
        pictures = "".join(img.get("alt", "") for img in thing.iter("img"))
        if not (thing.text_content().strip() or thing.get("aria-label") or pictures):
            yield f"no name: {thing.tag} {thing.get('href') or thing.get('name')}"
    for picture in root.xpath("//img[not(@alt)]"):
        yield f"no text for a picture: {picture.get('src')}"
    for choice in root.xpath("//input[@type='radio']"):
        group = next(choice.iterancestors("fieldset"), None)
        legend = None if group is None else group.find(".//legend")
        if legend is None or not legend.text_content().strip():
            yield f"choices without a question: {choice.get('name')}"


def _forms(root: HtmlElement) -> Iterator[str]:
    for form in root.iter("form"):
        posts = form.get("method", "get").lower() == "post"
        token = ".//input[@type='hidden'][@name='csrf_token'][@value]"
        if posts and form.find(token) is None:
            yield f"a form without its token: {form.get('action')}"
        if not form.xpath(".//button[not(@type='button')] | .//input[@type='submit']"):
            yield f"a form without a button: {form.get('action')}"


def _policy(root: HtmlElement) -> Iterator[str]:
    for name in root.xpath("//@style | //@*[starts-with(name(), 'on')]"):
        tag = name.getparent().tag
        yield f"{name.attrname} on {tag}: the content policy refuses it"
    yield from ("a script in the page" for _ in root.xpath("//script[not(@src)][not(@type)]"))
    for address in root.xpath("//script/@src | //link/@href | //img/@src"):
        if re.match(r"(https?:)?//", address):
            yield f"something from elsewhere: {address}"


def _words(root: HtmlElement) -> Iterator[str]:
    french = root.get("lang") == "fr"
    for tag in root.iter():
        for text, around in ((tag.text, tag), (tag.tail, tag.getparent())):
            words = " ".join((text or "").split())
            if not words:
                continue
            if found := LEFT_OVER.search(words):
                yield f"left over: {found.group()} in {words[:60]}"
            if french and words in english_only() and not _in_another_language(around):
                yield f"not in French: {words}"


def _in_another_language(tag: HtmlElement | None) -> bool:
    while tag is not None and not tag.get("lang"):
        tag = tag.getparent()
    return tag is None or tag.get("lang") != "fr"


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


RULES: tuple[Callable[[HtmlElement], Iterator[str]], ...] = (
    _frame,
    _ids,
    _names,
    _forms,
    _policy,
    _words,
)
