"""Why a whole form is refused: by rule, in French and English; [names] are filled in."""

from __future__ import annotations

FAULTS: dict[str, tuple[str, str]] = {
    "too_large": (
        "Le fichier est trop grand. Le plus grand accepté fait [most] Mo.",
        "The file is too large. At most [most] MB are taken.",
    ),
    "too_costly": (
        "Lire ce fichier demanderait trop de temps ou de mémoire. Rien n’a été importé. "
        "Partagez le formulaire en plusieurs fichiers plus simples.",
        "Reading this file would take too much time or memory. Nothing was imported. "
        "Split the form into several simpler files.",
    ),
    "unreadable": (
        "Ce fichier ne peut pas être lu comme [format]. Rien n’a été importé. "
        "Exportez-le à nouveau depuis son logiciel.",
        "This file cannot be read as [format]. Nothing was imported. "
        "Export it again from its program.",
    ),
    "too_much_to_say": (
        "Trop de parties de ce fichier ne peuvent pas être reprises. Rien n’a été importé.",
        "Too many parts of this file cannot be taken over. Nothing was imported.",
    ),
    "too_deep": (
        "Les groupes sont emboîtés trop profondément. Rien n’a été importé.",
        "The groups are nested too deeply. Nothing was imported.",
    ),
    "too_many": (
        "Il y a plus de [most] [what]. Rien n’a été importé.",
        "There are more than [most] [what]. Nothing was imported.",
    ),
    "no_sheet": (
        "La feuille « survey » manque. Rien n’a été importé.",
        "The sheet “survey” is missing. Nothing was imported.",
    ),
    "no_columns": (
        "La feuille « survey » n’a pas de colonnes « type » et « name ». Rien n’a été importé.",
        "The sheet “survey” has no columns “type” and “name”. Nothing was imported.",
    ),
    "macros": (
        "Ce classeur contient des macros. Enregistrez-le comme .xlsx. Rien n’a été importé.",
        "This workbook holds macros. Save it as .xlsx. Nothing was imported.",
    ),
    "no_value": (
        "Une cellule contient une formule sans résultat enregistré, ou une erreur. Rien n’a été "
        "importé. Ouvrez le classeur dans un tableur, vérifiez la cellule et enregistrez.",
        "A cell holds a formula without a stored result, or an error. Nothing was imported. Open "
        "the workbook in a spreadsheet program, check the cell and save.",
    ),
    "no_questions": (
        "Aucune question de ce fichier ne peut être reprise. Rien n’a été importé.",
        "No question of this file can be taken over. Nothing was imported.",
    ),
    "not_questionnaire": (
        "Ce fichier ne contient pas de questionnaire. Rien n’a été importé.",
        "This file holds no questionnaire. Nothing was imported.",
    ),
    "unbalanced": (
        "Un groupe est fermé sans avoir été ouvert, ou jamais fermé. Rien n’a été importé.",
        "A group is closed that was not opened, or never closed. Nothing was imported.",
    ),
}
