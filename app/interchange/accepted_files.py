"""Which files a question takes, as other programs say it: types, media types, endings of names."""

from __future__ import annotations

from collections.abc import Iterable

from app.domain.answer_files import FORMATS, Medium

ALL = tuple(Medium)
# XLSForm has a type for each of three kinds, and one for whatever else.
TYPES: dict[str, tuple[Medium, ...]] = {
    **dict.fromkeys(("image", "photo", "picture"), (Medium.PICTURE,)),
    "audio": (Medium.SOUND,),
    "video": (Medium.FILM,),
    "file": ALL,
}
DRAWN = frozenset({"draw", "signature", "annotate"})  # asked for as a picture: none draws here
_MEDIA = {"image": Medium.PICTURE, "audio": Medium.SOUND, "video": Medium.FILM}
_ENDINGS = {
    **dict.fromkeys("jpg jpeg png gif bmp webp tif tiff svg heic".split(), Medium.PICTURE),
    **dict.fromkeys("mp3 wav ogg m4a aac flac wma".split(), Medium.SOUND),
    **dict.fromkeys("mp4 mov avi mkv webm 3gp mpg mpeg wmv".split(), Medium.FILM),
}


def by_media(types: Iterable[str]) -> tuple[Medium, ...]:
    """The kinds of these media types (``image/*``); every kind where there are none."""
    kinds = {_MEDIA.get(type_.partition("/")[0], Medium.DOCUMENT) for type_ in types}
    return _ordered(kinds)


def by_ending(endings: Iterable[str]) -> tuple[Medium, ...]:
    """The kinds of files with these endings; every kind where there are none."""
    kinds = {_ENDINGS.get(one.lstrip("."), Medium.DOCUMENT) for one in endings}
    return _ordered(kinds)


def media_of(accepts: tuple[Medium, ...]) -> tuple[str, ...]:
    """The media types of these kinds; none where every kind is taken."""
    if set(accepts) == set(ALL):
        return ()
    return tuple(form.media_type for form in FORMATS.values() if form.kind in accepts)


def type_of(accepts: tuple[Medium, ...]) -> str:
    """XLSForm's type for these kinds."""
    return next((name for name, kinds in TYPES.items() if kinds == accepts), "file")


def _ordered(kinds: set[Medium]) -> tuple[Medium, ...]:
    return tuple(kind for kind in ALL if kind in kinds) or ALL
