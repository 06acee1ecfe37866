"""How the texts of a questionnaire stand on paper: one language, one territory's words."""

from __future__ import annotations

from collections.abc import Mapping

from markdown_it import MarkdownIt

from app.domain.paper import numbers
from app.domain.questionnaire import Option, Questionnaire
from app.domain.text import Text, fill
from app.domain.typography import typeset_french
from app.print.routing_words import Routing

_markdown = MarkdownIt("js-default", {"html": False, "linkify": False})
_STYLES = {"strong_open": "strong", "em_open": "emph"}
Runs = list[tuple[str, str]]  # text and "strong", "emph" or nothing


class Wording:
    """The texts of one questionnaire as they are printed."""

    def __init__(
        self, questionnaire: Questionnaire, language: str, terms: Mapping[str, Text]
    ) -> None:
        """``terms``: the territory's own names."""
        self.language = language
        self.numbers = numbers(questionnaire)
        self._terms = {name: text.in_(language) for name, text in terms.items()}
        self.routing = Routing(questionnaire, self.numbers, language, self._terms)

    def plain(self, text: Text) -> str:
        """A text with its marks of emphasis as they were written."""
        wording = fill(text.in_(self.language), self._terms)
        french = text.language_of(self.language) == "fr"
        return typeset_french(wording) if french else wording

    def line(self, text: Text) -> Runs:
        """A text for one line or heading."""
        return runs(self.plain(text))

    def option(self, option: Option) -> Runs:
        """An option; behind it for whom alone it is, where it is not for everybody."""
        only = ""
        if option.shown_when is not None:
            only = f" ({self.routing.offered_if(option.shown_when)})"
        return runs(self.plain(option.text) + only)

    def paragraphs(self, text: Text) -> list[Runs]:
        """A text of several paragraphs."""
        blocks = _markdown.parse(self.plain(text))
        return [runs(block.content) for block in blocks if block.type == "inline"]


def runs(wording: str) -> Runs:
    """The emphasis of a line, as pieces of text with their style; a link keeps its words."""
    found: Runs = []
    style = ""
    for block in _markdown.parseInline(wording):
        for token in block.children or ():
            if token.type in ("softbreak", "hardbreak"):
                found.append((" ", style))
            elif token.content:
                found.append((token.content, style))
            elif token.type in _STYLES:
                style = _STYLES[token.type]
            elif token.type in ("strong_close", "em_close"):
                style = ""
    return found
