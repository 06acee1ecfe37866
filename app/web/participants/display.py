"""How pages are shown: language, size of text, contrast, and the territory's own words."""

from __future__ import annotations

import re
import time
from collections.abc import Callable, Hashable, Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from itertools import count
from typing import Any

from flask import current_app, g, make_response, render_template, request
from flask.wrappers import Response
from flask_babel import gettext
from markupsafe import Markup, escape

from app.domain.errors import Unavailable
from app.domain.piping import Pipe, piped, pipes_in
from app.domain.territories import NATION, HelpLine, Territory, telephone
from app.domain.text import NO_TEXT, Text, fill
from app.storage.collecting import only_programme
from app.storage.territories import territories_of
from app.web import language
from app.web.kept import Gap, gap, pages
from app.web.pages import day, house, inline, markdown
from app.web.participants.choices import look, remember
from app.web.participants.ways import ways
from app.web.sessions import token
from app.workflows.standing import SHARED_DEVICE

REST = int(SHARED_DEVICE.total_seconds())  # after which a shared screen closes
_BEFORE_SIGN = re.compile(r" (?=[:;?!»%€])")  # where French never breaks a line
_PHONE = re.compile(r"\b0\d(?: \d\d){4}\b")  # which stays on one line
# A verb and who it asks of, "a-t-il", "l’a-t-on", "est-elle", or the end of a longer one, "t-elle"
_WHOLE = re.compile(
    r"<[^>]*>|(?<![\w’-])(?:\w’)?[^\W\d_]{1,3}-(?:t-)?(?:il|elle|on)s?(?![\w-])"
    r"|(?<=\w-)t-(?:il|elle|on)s?(?![\w-])",
    re.IGNORECASE,
)
_MARK = re.compile("\ue000([0-9]+)\ue001")  # of an earlier answer's place; in no text
Words = Callable[[Pipe], str]
_FRESH = 300  # seconds for which a territory's words are kept in the process


@dataclass(frozen=True, eq=False)
class Place:
    """What a territory lends to its pages: telephones of help, and its own words."""

    phone: str
    terms: Mapping[str, Text]
    help_lines: tuple[HelpLine, ...] = ()
    hours: Text = NO_TEXT  # when somebody answers at the telephone
    voices: dict[str, Voice] = field(default_factory=dict)

    @property
    def content(self) -> tuple[str, Mapping[str, Text], tuple[HelpLine, ...], Text]:
        """What is lent: equal content is the same place."""
        return (self.phone, self.terms, self.help_lines, self.hours)

    def voice(self, tag: str) -> Voice:
        """How texts sound here in one language; kept."""
        if tag not in self.voices:
            terms = {name: text.in_(tag) for name, text in self.terms.items()}
            self.voices[tag] = Voice(tag, terms)
        return self.voices[tag]


@dataclass(frozen=True, eq=False)
class Voice:
    """Texts in one language with a territory's own words in them, each made once and kept."""

    tag: str
    terms: Mapping[str, str]
    interface: dict[str, Markup] = field(default_factory=dict)

    def plain(self, text: Text) -> str:
        """A text not marked up."""
        return _plain(self, text)

    def said(self, text: Text) -> Markup:
        """A text for a line: emphasis and links kept; its language said where it is another."""
        return _said(self, text)

    def told(self, text: Text) -> Markup:
        """A text for paragraphs."""
        return markdown(_plain(self, text))

    def said_with(self, text: Text, words: Words) -> Markup:
        """As ``said``, with earlier answers in their places; ``words`` are escaped if need be."""
        return _with_answers(self, text, words, self.said)

    def told_with(self, text: Text, words: Words) -> Markup:
        """As ``told``, with earlier answers in their places."""
        return _with_answers(self, text, words, self.told)

    def translated(self, message: str, **variables: object) -> Markup:
        """A text of the interface, as the templates' own function would give it."""
        found = self.interface.get(message)
        if found is None:
            found = self.interface[message] = Markup(gettext(message))
        return found % variables if variables else found


def _with_answers(voice: Voice, text: Text, words: Words, say: Callable[[Text], Markup]) -> Markup:
    """Answers go in after the markup was made, so that nothing in them is ever markup."""
    pipes = pipes_in(text.in_(voice.tag))
    if not pipes:
        return say(text)
    made = say(_marked(text))
    return Markup(_MARK.sub(lambda found: escape(words(pipes[int(found[1])])), made))


@lru_cache(maxsize=5_000)
def _marked(text: Text) -> Text:
    """The text with a numbered mark in place of each earlier answer."""

    def marked(wording: str) -> str:
        numbers = count()
        return piped(wording, lambda _pipe: f"\ue000{next(numbers)}\ue001")

    return Text(tuple((tag, marked(wording)) for tag, wording in text.wordings))


@lru_cache(maxsize=20_000)
def _plain(voice: Voice, text: Text) -> str:
    wording = fill(text.in_(voice.tag), voice.terms)
    wording = _PHONE.sub(lambda found: found[0].replace(" ", "\u00a0"), wording)
    return _BEFORE_SIGN.sub("\u00a0", wording) if text.language_of(voice.tag) == "fr" else wording


@lru_cache(maxsize=20_000)
def _said(voice: Voice, text: Text) -> Markup:
    wording = inline(_plain(voice, text))
    if text.language_of(voice.tag) == "fr":
        wording = together(wording)
    if text.has(voice.tag) or not wording:
        return wording
    return Markup('<span lang="{}">{}</span>').format(text.language_of(voice.tag), wording)


def together(french: str) -> Markup:
    """French words for a line, in which no line ends inside "a-t-il" but where it must."""
    return Markup(
        _WHOLE.sub(
            lambda found: (
                found[0] if found[0][0] == "<" else f'<span class="whole">{found[0]}</span>'
            ),
            escape(french),
        )
    )


NOWHERE = Place("", {})


def place() -> Place:
    """The place of this request's participant, or the nation's where nobody came in yet."""
    found: Place | None = g.get("place_found")
    if found is None:
        found = g.place_found = _place(*g.get("place", (None, NATION)))
    return found


def _place(programme_id: int | None, territory: str) -> Place:
    kept = current_app.extensions.setdefault("covalue.places", {})
    moment = time.monotonic()
    found = kept.get((programme_id, territory))
    if found is None or moment - found[0] > _FRESH:
        try:
            read = _read_place(programme_id, territory)
        except Unavailable:
            return found[1] if found else NOWHERE
        same = found and found[1].content == read.content
        found = (moment, found[1] if same else read)  # pages are kept by place
        kept[programme_id, territory] = found
    made: Place = found[1]
    return made


def place_at_hand() -> Place:
    """The place of this request as the process knows it; nothing is asked of anybody."""
    kept = current_app.extensions.get("covalue.places", {})
    found = kept.get(g.get("place", (None, NATION))) or kept.get((None, NATION))
    return found[1] if found else NOWHERE


def _read_place(programme_id: int | None, territory: str) -> Place:
    with house().database.read() as session:
        programme_id = programme_id or only_programme(session)
        places = territories_of(session, programme_id) if programme_id else {}
    nation, own = places.get(NATION), places.get(territory)
    there = [each for each in (own, nation) if each]
    phone, hours = telephone(own, nation)
    return Place(
        phone,
        _terms(nation) | _terms(own),
        tuple(dict.fromkeys(line for each in there for line in each.help_lines)),
        hours,
    )


def _terms(territory: Territory | None) -> dict[str, Text]:
    return dict(territory.terms) if territory else {}


def page(template: str, status: int = 200, **values: Any) -> Response:
    """A participant's page."""
    html = render_template(f"participants/{template}", **frame(), **values)
    response = make_response(html, status)
    return remember(response)


def same_page(
    template: str, *depends: Hashable, own: Mapping[str, str] | None = None, **values: Any
) -> Response:
    """A page that is the same for everybody with these choices, but for the token of its form.

    ``values`` go to the template; where they differ from person to person, ``depends`` must too,
    or they are texts of the person's ``own``, for which a gap is left.
    """
    filling = {name: str(escape(text)) for name, text in (own or {}).items()}

    def make() -> str:
        gaps: dict[str, Any] = {name: gap(name) for name in filling}
        gaps["csrf_token"] = lambda: gap("csrf")
        return render_template(f"participants/{template}", **(frame() | gaps | values))

    def value(found: Gap) -> str:
        return token() if found == ("csrf",) else filling[found[0]]

    key = (template, request.path, *seen_by_all(), *filling, *depends)
    return remember(make_response(pages().filled(key, make, value)))


def seen_by_all() -> tuple[Hashable, ...]:
    """What the frame of every page depends on."""
    return (voice().tag, look(), place(), g.get("shared"), g.get("assisted"), ways())


def frame() -> dict[str, Any]:
    """What the frame of every page shows."""
    here = voice()
    return {
        "look": look(),
        "place": place(),
        "ways": ways(),
        "said": here.said,
        "told": here.told,
        "together": together,
        "day": day,
        "rest": REST,
        "_": here.translated,
        "csrf_token": token,
    }


def voice() -> Voice:
    """How texts sound on the page being made."""
    found: Voice | None = g.get("voice")
    if found is None:
        found = g.voice = place().voice(language.current())
    return found
