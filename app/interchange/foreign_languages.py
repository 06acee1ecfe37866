"""Languages as foreign forms name them, to the tags of our texts."""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Iterable

_TAGGED = re.compile(r"\(\s*([A-Za-z]{2,3})(?:[-_]([A-Za-z]{2}))?(?:[-_][A-Za-z0-9]+)*\s*\)")
_TAG = re.compile(r"([A-Za-z]{2,3})(?:[-_]([A-Za-z]{2}))?(?:[-_][A-Za-z0-9]+)*")
_NAMES = {
    **dict.fromkeys(("english", "eng", "anglais", "ingles"), "en"),
    **dict.fromkeys(("french", "francais", "fra", "frances", "fre"), "fr"),
    **dict.fromkeys(("spanish", "espanol", "spa", "castellano", "espagnol"), "es"),
    **dict.fromkeys(("portuguese", "portugues", "por"), "pt"),
    **dict.fromkeys(("german", "deutsch", "deu", "ger"), "de"),
    **dict.fromkeys(("italian", "italiano", "ita"), "it"),
    **dict.fromkeys(("dutch", "nederlands", "nld"), "nl"),
    **dict.fromkeys(("arabic", "ara", "العربية", "arabe", "عربي"), "ar"),
    **dict.fromkeys(("russian", "rus", "русскии"), "ru"),
    **dict.fromkeys(("ukrainian", "ukr", "українська"), "uk"),
    **dict.fromkeys(("swahili", "kiswahili", "swa"), "sw"),
    **dict.fromkeys(("hindi", "hin"), "hi"),
    **dict.fromkeys(("nepali", "nep"), "ne"),
    **dict.fromkeys(("bengali", "bangla", "ben"), "bn"),
    **dict.fromkeys(("burmese", "myanmar", "mya"), "my"),
    **dict.fromkeys(("indonesian", "bahasa", "bahasa indonesia", "ind"), "id"),
    **dict.fromkeys(("chinese", "mandarin", "中文", "zho"), "zh"),
    **dict.fromkeys(("kurdish", "kurmanji", "sorani"), "ku"),
    **dict.fromkeys(("persian", "farsi", "dari", "fas"), "fa"),
    **dict.fromkeys(("creole", "haitian creole", "kreyol", "haitian"), "ht"),
    **dict.fromkeys(("filipino", "tagalog"), "tl"),
    "pashto": "ps",
    "urdu": "ur",
    "turkish": "tr",
    "somali": "so",
    "amharic": "am",
    "oromo": "om",
    "afaan oromo": "om",
    "tigrinya": "ti",
    "hausa": "ha",
    "yoruba": "yo",
    "igbo": "ig",
    "kinyarwanda": "rw",
    "kirundi": "rn",
    "luganda": "lg",
    "shona": "sn",
    "zulu": "zu",
    "chichewa": "ny",
    "wolof": "wo",
    "bambara": "bm",
    "lingala": "ln",
    "malagasy": "mg",
    "vietnamese": "vi",
    "khmer": "km",
    "lao": "lo",
    "thai": "th",
    "sinhala": "si",
    "tamil": "ta",
    "telugu": "te",
    "marathi": "mr",
    "gujarati": "gu",
    "punjabi": "pa",
    "polish": "pl",
    "romanian": "ro",
    "greek": "el",
    "hungarian": "hu",
    "czech": "cs",
    "danish": "da",
    "swedish": "sv",
    "norwegian": "no",
    "finnish": "fi",
    "catalan": "ca",
    "basque": "eu",
    "japanese": "ja",
    "korean": "ko",
    "georgian": "ka",
    "armenian": "hy",
    "uzbek": "uz",
    "kazakh": "kk",
    "tajik": "tg",
    "kyrgyz": "ky",
    "tetum": "tet",
    "bislama": "bi",
    "tok pisin": "tpi",
    "rohingya": "rhg",
}
_FREQUENT = {
    "en": frozenset("the of is you your and what how do are to in did have for which".split()),
    "fr": frozenset(
        "le la les de des vous votre est et quel quelle avez que une dans pour".split()
    ),
    "es": frozenset("el la los de que usted su es y cual en una para por como con tiene".split()),
    "pt": frozenset("o a os de que voce seu sua e qual em uma para por como com não você".split()),
    "de": frozenset("der die das sie ihr ihre ist und wie haben welche nicht ein eine in".split()),
    "it": frozenset("il la di che lei suo e quale in una per come con ha non è sono gli".split()),
    "nl": frozenset("de het een van u uw is en hoe wat heeft niet in welke zijn voor".split()),
}
UNKNOWN = "und"
MOST = 12


def tag_of(name: str) -> tuple[str, bool]:
    """The tag of a language's name, and whether the name said it."""
    tagged = _TAGGED.search(name)
    if tagged:
        return _tag(tagged[1], tagged[2]), True
    plain = _folded(name)
    if plain in _NAMES:
        return _NAMES[plain], True
    if found := _TAG.fullmatch(name.strip()):
        return _tag(found[1], found[2]), True
    letters = re.sub(r"[^a-z]", "", plain)
    return (letters[:3] if len(letters) >= 2 else UNKNOWN), False


def _tag(language: str, country: str | None) -> str:
    return language.lower() + (f"-{country.upper()}" if country else "")


def _folded(name: str) -> str:
    signs = unicodedata.normalize("NFKD", name.casefold())
    return "".join(sign for sign in signs if not unicodedata.combining(sign)).strip(" _-")


def guessed(texts: Iterable[str]) -> str:
    """The language that texts without a name of their language are probably in."""
    seen: Counter[str] = Counter()
    for text in texts:
        seen.update(re.findall(r"[^\W\d_]{2,}", text.casefold()))
    found = {tag: sum(seen[word] for word in words) for tag, words in _FREQUENT.items()}
    best = max(found, key=lambda tag: found[tag])
    return best if found[best] else "en"
