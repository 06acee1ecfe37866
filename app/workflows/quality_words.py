"""How an answer came in, in words."""

from __future__ import annotations

from app.domain.text import Text

CHANNELS = {
    "web": Text.of(fr="en ligne", en="online"),
    "paper": Text.of(fr="sur papier", en="on paper"),
    "web_assisted": Text.of(fr="en ligne, avec un enquêteur", en="online, with an interviewer"),
    "phone": Text.of(fr="par téléphone", en="by telephone"),
    "import": Text.of(fr="importée d’un autre outil", en="imported from another tool"),
    "fr": Text.of(fr="en français", en="in French"),
    "en": Text.of(fr="en anglais", en="in English"),
    "?": Text.of(fr="langue inconnue", en="language not known"),
    "proxy": Text.of(fr="par un proche, à la place de la personne", en="by a proxy"),
}
