"""What a report of an import says: by rule, in French and English; [names] are filled in."""

from __future__ import annotations

from app.interchange.fault_words import FAULTS

WORDS: dict[str, tuple[str, str]] = {
    "came": ("Importé : [code] ([kind]).", "In: [code] ([kind])."),
    **FAULTS,
    # questions
    "not_taken": (
        "Type « [type] » : cette question n’est pas reprise.",
        "Type “[type]”: this question is not taken over.",
    ),
    "as_text": (
        "Type « [type] » : reprise comme question à réponse libre.",
        "Type “[type]”: taken over as a question with a free answer.",
    ),
    "as_date_and_time": (
        "Type « [type] » : repris en deux questions, le jour puis l’heure.",
        "Type “[type]”: taken over as two questions, the day and then the time.",
    ),
    "as_ranks": (
        "Type « [type] » : une question à choix pour chaque rang, parmi ce qui reste à classer.",
        "Type “[type]”: one choice for each rank, among what has no rank yet.",
    ),
    "ranks_kept": (
        "[most] rangs sur [number] sont demandés.",
        "[most] ranks of [number] are asked for.",
    ),
    "as_picture": (
        "Type « [type] » : une image est demandée ; on ne dessine pas sur la page.",
        "Type “[type]”: a picture is asked for; there is no drawing on the page.",
    ),
    "one_file": (
        "Plusieurs fichiers ([most]) : un seul est demandé.",
        "Several files ([most]): a single one is asked for.",
    ),
    "matrix_rows": (
        "Matrice : demandée une seule fois, sans les lignes de la liste « [name] ».",
        "Matrix: asked a single time, without the rows of the list “[name]”.",
    ),
    "several_listed": (
        "Plusieurs réponses : une liste que la personne remplit, au plus 60 signes chacune.",
        "Several answers: a list that the person fills, at most 60 signs each.",
    ),
    "several_asked": (
        "Plusieurs réponses pour une entrée : au plus [most], demandées l’une après l’autre.",
        "Several answers about an entry: at most [most], asked for one after the other.",
    ),
    "group_missing": (
        "Le groupe de [number] questions manque : elles sont placées à la fin.",
        "The group of [number] questions is missing: they stand at the end.",
    ),
    "options_never": (
        "[number] réponses que le filtre ne propose jamais ne sont pas reprises : [names].",
        "[number] options that the filter never offers are not taken over: [names].",
    ),
    "device_value": (
        "« [type] » n’est pas une question : l’appareil la remplit. Non repris.",
        "“[type]” is no question: the device fills it. Not taken over.",
    ),
    "calculation": (
        "Valeur calculée « [name] » : non reprise ; ses conditions le sont quand c’est possible.",
        "Calculated value “[name]”: not taken over; conditions on it are, where they can be.",
    ),
    "calculated_answer": (
        "Réponse calculée par une formule : non reprise, la question est posée.",
        "The answer is calculated by a formula: not taken over, the question is asked.",
    ),
    "renamed": (
        "Le nom « [name] » devient [code].",
        "The name “[name]” becomes [code].",
    ),
    "option_renamed": (
        "Le code d’option « [name] » devient [code].",
        "The option code “[name]” becomes [code].",
    ),
    "twice": (
        "Le nom « [name] » est pris deux fois : cette question devient [code].",
        "The name “[name]” is used twice: this question becomes [code].",
    ),
    "no_label": (
        "Pas de texte : le nom « [name] » en tient lieu.",
        "There is no text: the name “[name]” stands for it.",
    ),
    "comment_apart": (
        "Le commentaire à côté de la réponse devient une question : [code].",
        "The comment beside the answer becomes a question: [code].",
    ),
    "split": (
        "Devient [count] questions : [codes].",
        "Becomes [count] questions: [codes].",
    ),
    "hidden": (
        "Question cachée, que personne ne voit : non reprise.",
        "Hidden question that nobody sees: not taken over.",
    ),
    # options
    "options_missing": (
        "La liste d’options « [name] » n’est pas dans le fichier : reprise comme réponse libre.",
        "The option list “[name]” is not in the file: taken over with a free answer.",
    ),
    "options_none": (
        "Aucune option n’est proposée : réponse libre, comme dans le fichier.",
        "No option is offered: a free answer, as in the file.",
    ),
    "options_filtered": (
        "Options filtrées par « [filter] » : toutes les options sont proposées.",
        "Options filtered by “[filter]”: all options are offered.",
    ),
    "list_unused": (
        "Liste « [name] », [number] réponses : aucune question ne l’utilise. Non reprise.",
        "List “[name]”, [number] options: no question uses it. Not taken over.",
    ),
    "wording_twice": (
        "Deux textes pour la même langue « [name] » : le premier compte. L’autre : [text]",
        "Two texts for the same language “[name]”: the first one counts. The other: [text]",
    ),
    "option_twice": (
        "L’option « [name] » est donnée deux fois : la première compte.",
        "The option “[name]” is given twice: the first one counts.",
    ),
    "option_media": (
        "Image ou son d’une option : non repris.",
        "An option’s picture or sound: not taken over.",
    ),
    "one_option": (
        "Une seule option : à compléter avant la publication.",
        "A single option: to be completed before publishing.",
    ),
    "options_shuffled": (
        "Options en ordre aléatoire : l’ordre du fichier est gardé.",
        "Options in random order: the order of the file is kept.",
    ),
    # conditions
    "condition": (
        "Condition non reprise, la question est toujours posée : [expression]",
        "Condition not taken over, the question is always asked: [expression]",
    ),
    "condition_later": (
        "Condition non reprise : elle lit une réponse qui vient plus tard : [expression]",
        "Condition not taken over: it reads an answer that comes later: [expression]",
    ),
    "never_asked": (
        "Question cachée par [expression] : elle est posée.",
        "Question hidden by [expression]: it is asked.",
    ),
    # limits
    "constraint": (
        "Contrôle de la réponse non repris : [expression]",
        "Check of the answer not taken over: [expression]",
    ),
    "constraint_message": (
        "Message du contrôle non repris : le service a ses propres mots.",
        "Message of the check not taken over: the service has its own words.",
    ),
    "required_message": (
        "Message « obligatoire » non repris : le service a ses propres mots.",
        "Message “required” not taken over: the service has its own words.",
    ),
    "required_when": (
        "Obligatoire sous condition : [expression]. La question est facultative.",
        "Required under a condition: [expression]. The question is optional.",
    ),
    "default": (
        "Réponse par défaut « [value] » : non reprise, rien n’est coché d’avance.",
        "Default answer “[value]”: not taken over, nothing is ticked beforehand.",
    ),
    "read_only": (
        "Lecture seule : la question est posée.",
        "Read only: the question is asked.",
    ),
    # texts
    "text_reference": (
        "Le texte reprend « [name] », qui ne peut pas y figurer : « … » à la place.",
        "The text repeats “[name]”, which cannot stand there: “…” instead.",
    ),
    "media": ("[what] : non repris.", "[what]: not taken over."),
    "markup": (
        "Mise en forme simplifiée ([tags]).",
        "Formatting simplified ([tags]).",
    ),
    "guidance": (
        "Consigne à l’enquêteur : non reprise.",
        "Guidance for interviewers: not taken over.",
    ),
    "unknown_language": (
        "Langue « [name] » : reprise sous l’étiquette [code].",
        "Language “[name]”: taken over under the tag [code].",
    ),
    "language_lost": (
        "Langue « [name] » : non reprise. Le fichier ne l’annonce pas, ou a trop de langues.",
        "Language “[name]”: not taken over. The file does not announce it, or has too many.",
    ),
    "title_lost": (
        "Titre du groupe non repris dans ces langues, que la question n’a pas : [names].",
        "Title of the group not taken over in these languages, which the question lacks: [names].",
    ),
    "too_long": ("Texte trop long : raccourci.", "The text is too long: shortened."),
    # structure
    "repeat": (
        "Groupe répété : devient une liste ; chaque entrée reçoit d’abord un nom.",
        "Repeated group: becomes a list; each entry is first given a name.",
    ),
    "repeat_count": (
        "Nombre de répétitions « [expression] » : jusqu’à [most] entrées, au choix de la personne.",
        "Number of repeats “[expression]”: up to [most] entries, as the person chooses.",
    ),
    "repeat_inside": (
        "Répétition dans une répétition : les questions sont posées une fois par entrée.",
        "A repeat inside a repeat: its questions are asked once for each entry.",
    ),
    "look": (
        "Présentation « [value] » : non reprise, une question par page.",
        "Appearance “[value]”: not taken over, one question a page.",
    ),
    "transposed": (
        "Tableau par colonnes : les lignes sont demandées une à une.",
        "Table by columns: its rows are asked one by one.",
    ),
    "column": (
        "Colonne « [name] » : non reprise.",
        "Column “[name]”: not taken over.",
    ),
    "column_twice": (
        "La colonne « [name] » est là deux fois : la première qui est remplie compte.",
        "The column “[name]” is there twice: the first one that is filled counts.",
    ),
    "sheet": ("Feuille « [name] » : non reprise.", "Sheet “[name]”: not taken over."),
    "setting": (
        "Réglage « [name] » : non repris.",
        "Setting “[name]”: not taken over.",
    ),
    "attribute": (
        "Attribut « [name] » = « [value] » : non repris.",
        "Attribute “[name]” = “[value]”: not taken over.",
    ),
    "row": (
        "Ligne non reprise : « [value] ».",
        "Row not taken over: “[value]”.",
    ),
    "extension": (
        "Extension « [name] » : non reprise.",
        "Extension “[name]”: not taken over.",
    ),
    "element": (
        "Élément « [name] » : non repris.",
        "Element “[name]”: not taken over.",
    ),
    "children_of_option": (
        "Groupe sans question : non repris.",
        "A group without a question: not taken over.",
    ),
    "unit_options": (
        "Unités au choix : « [value] » est gardée.",
        "Units to choose from: “[value]” is kept.",
    ),
    "score_like_code": (
        "Les codes de cette liste servent aussi de valeurs, car une condition les compare.",
        "The codes of this list are its scores too, for a condition compares them.",
    ),
    # what our own questionnaire loses on its way out
    "out_lost": (
        "Ce format n’a pas de place pour : [what].",
        "This format has no place for: [what].",
    ),
}
