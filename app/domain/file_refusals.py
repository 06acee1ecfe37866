"""Why a file cannot be taken as an answer: the words a participant reads."""

from __future__ import annotations

FILE_WORDS: dict[str, tuple[str, str, str, str]] = {
    # rule: reason fr, reason en, remedy fr, remedy en
    "file_empty": (
        "Ce fichier est vide.",
        "This file is empty.",
        "Choisissez-en un autre.",
        "Please choose another one.",
    ),
    "file_large": (
        "Ce fichier est trop lourd.",
        "This file is too large.",
        "Choisissez-en un plus léger, ou continuez sans lui.",
        "Please choose a smaller one, or go on without it.",
    ),
    "file_kind": (
        "Nous ne pouvons pas prendre ce type de fichier ici.",
        "We cannot take this type of file here.",
        "Choisissez un fichier de ce type : {formats}.",
        "Please choose a file of this type: {formats}.",
    ),
    "file_unreadable": (
        "Ce fichier ne se lit pas : il est peut-être abîmé.",
        "This file cannot be read: it may be damaged.",
        "Choisissez-le à nouveau, ou prenez-en un autre.",
        "Please choose it again, or take another one.",
    ),
    "file_no_room": (
        "Nous ne pouvons pas garder de fichier en ce moment.",
        "We cannot keep a file at the moment.",
        "Continuez sans lui, ou revenez plus tard.",
        "Please go on without it, or come back later.",
    ),
    "file_typed": (
        "Ici, la réponse est un fichier.",
        "Here the answer is a file.",
        "Choisissez le fichier sur la page de la question.",
        "Please choose the file on the page of the question.",
    ),
    "file_elsewhere": (
        "Un autre fichier a été donné entre-temps, et il est gardé.",
        "Another file was given meanwhile, and it is kept.",
        "Pour le remplacer, choisissez le vôtre à nouveau.",
        "To replace it, please choose yours again.",
    ),
}
