"""Texts of foreign forms: HTML and Markdown to the little emphasis that our texts may have."""

from __future__ import annotations

import re
from html.parser import HTMLParser

from app.domain.text import Text

LONGEST = 8_000
_SPACES = re.compile(r"[ \t\r\f\v]+")
_INVISIBLE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff\ufffe\uffff]")
_LINES = re.compile(r"\s*\n\s*")
_LOOKS_HTML = re.compile(r"</?[a-zA-Z!][^<>]*>|&(#\w+|[a-zA-Z]+);")
_HEADING = re.compile(r"^#{1,6}\s+", re.MULTILINE)
_WHEN = {"fr": "À quelle heure ?", "en": "At what time?", "de": "Um wie viel Uhr?"}
_WHEN |= {"es": "¿A qué hora?", "pt": "A que horas?", "it": "A che ora?", "nl": "Hoe laat?"}
_DEGREES = {
    "fr": ("Latitude", "Longitude", "en degrés"),
    "en": ("Latitude", "Longitude", "in degrees"),
}
_BREAKS = frozenset({"br", "p", "div", "li", "tr", "h1", "h2", "h3", "h4", "h5", "h6", "ul", "ol"})
_STRONG, _EMPHASIS = frozenset({"b", "strong"}), frozenset({"i", "em"})
_SILENT = frozenset(
    "span font a u tbody thead center table td th sup sub html body small big label s o:p".split()
)
_HIDDEN = frozenset({"script", "style", "head", "title"})
_MEDIA = frozenset({"img", "video", "audio", "iframe", "object", "embed", "svg", "source", "input"})


class _Plain(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.out: list[str] = []
        self.lost: set[str] = set()
        self.hidden = 0
        self.links: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in _HIDDEN:
            self.hidden += 1
            self.lost.add(tag)
        elif tag in _BREAKS:
            self.out.append("\n- " if tag == "li" else "\n")
        elif tag in _MEDIA:
            self.lost.add(tag)
        elif tag == "a":
            self._link(dict(attrs).get("href") or "")
        elif tag in _STRONG or tag in _EMPHASIS:
            self.out.append("\x01" if tag in _STRONG else "\x02")
        elif tag not in _SILENT:
            self.lost.add(tag[:20])

    def _link(self, target: str) -> None:
        good = re.fullmatch(r"https?://[^\s()<>\[\]]{1,500}", target) is not None
        self.links.append(target if good else "")

    def handle_endtag(self, tag: str) -> None:
        if tag in _HIDDEN:
            self.hidden = max(0, self.hidden - 1)
        elif tag in _BREAKS:
            self.out.append("\n")
        elif tag in _STRONG or tag in _EMPHASIS:
            self.out.append("\x01" if tag in _STRONG else "\x02")
        elif tag == "a" and self.links:
            target = self.links.pop()
            if target:
                self.out.append(f" ({target})")

    def handle_data(self, data: str) -> None:
        if not self.hidden:
            self.out.append(data)


def plain_text(written: str) -> tuple[str, tuple[str, ...]]:
    """The text without HTML, and the elements that could not be said in words (sorted)."""
    lost: set[str] = set()
    if len(written) > LONGEST * 4:
        written = written[: LONGEST * 4]
        lost.add("…")
    if _LOOKS_HTML.search(written):
        parser = _Plain()
        parser.feed(written)
        parser.close()
        written, lost = _emphasised("".join(parser.out)), lost | parser.lost
    written = _HEADING.sub("", written)
    text = _LINES.sub("\n", _SPACES.sub(" ", written)).strip()
    text = _left_over(text)
    if len(text) > LONGEST:
        text, lost = text[: LONGEST - 1] + "…", lost | {"…"}
    return text, tuple(sorted(lost))


def _emphasised(text: str) -> str:
    """Marks of emphasis around words on one line as Markdown; others are left out."""
    for mark, written in (("\x01", "**"), ("\x02", "*")):
        words = rf"{mark}(\s*)([^\n{mark}*]*?\S)(\s*){mark}"
        text = re.sub(words, rf"\1{written}\2{written}\3", text)
    return text.replace("\x01", "").replace("\x02", "")


def _left_over(text: str) -> str:
    """What would still look like a tag or a name to fill in, made harmless."""
    text = re.sub(r"<(?=[a-zA-Z!/])", "‹", text)
    return printable(text)


def at_what_time(tag: str) -> str:
    """What the second of two questions asks where a form asks for date and time at once."""
    return _WHEN.get(tag[:2], _WHEN["en"])


def in_degrees(tag: str, *, latitude: bool) -> str:
    """What the two questions ask that a place on the map becomes."""
    unit = _DEGREES.get(tag[:2], _DEGREES["en"])
    return f"{'Latitude' if latitude else 'Longitude'}, {unit}"


def joined(outer: Text, label: Text) -> Text:
    """The title of a group in a group: both, one after the other, in the languages of either."""
    if not outer.wordings or not label.wordings:
        return label if label.wordings else outer
    above, own = outer.as_dict(), label.as_dict()
    first, other = next(iter(above.values())), next(iter(own.values()))
    tags = dict.fromkeys((*own, *above))
    return Text(tuple((t, f"{above.get(t, first)} – {own.get(t, other)}") for t in tags))


def beside(text: Text, part: Text) -> Text:
    """A part of a question, or of a group, under the words of the whole."""
    above = text.as_dict()
    return Text(
        tuple(
            (tag, f"{above[tag]}\n{words}" if above.get(tag) else words)
            for tag, words in part.wordings
        )
    )


def printable(text: str) -> str:
    """The text without signs that nobody can see and no file of ours may hold."""
    return _INVISIBLE.sub("", text)


def without_braces(text: str) -> str:
    """Curly brackets mean something in our texts: those of others become round."""
    return text.replace("{", "(").replace("}", ")")
