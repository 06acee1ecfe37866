"""What is said about a file that is not the plain, bounded YAML that is wanted."""

from __future__ import annotations

Words = dict[str, tuple[str, str, str, str]]  # rule: message fr, en, remedy fr, en

YAML_WORDS: Words = {
    "too_large": (
        "Ce fichier dépasse 2 Mo.",
        "This file is larger than 2 MB.",
        "Séparez-le en plusieurs fichiers.",
        "Split it into several files.",
    ),
    "too_many_nodes": (
        "Ce fichier contient plus de 200 000 éléments.",
        "This file holds more than 200,000 elements.",
        "Séparez-le en plusieurs fichiers.",
        "Split it into several files.",
    ),
    "too_deep": (
        "Ce fichier s’emboîte sur plus de 32 niveaux.",
        "This file nests more than 32 levels deep.",
        "Rapprochez-vous de la forme décrite dans docs/definitions.md.",
        "Keep to the form described in docs/definitions.md.",
    ),
    "not_utf8": (
        "Ce fichier n’est pas du texte en UTF-8.",
        "This file is not text in UTF-8.",
        "Enregistrez-le en UTF-8 dans votre éditeur.",
        "Save it as UTF-8 in your editor.",
    ),
    "not_yaml": (
        "Ce fichier n’est pas du YAML lisible.",
        "This file is not readable YAML.",
        "Vérifiez les espaces en début de ligne, les guillemets et les crochets près de là.",
        "Check the spaces at the start of lines, the quotes and the brackets near there.",
    ),
    "yaml_colon": (
        "Un deux-points suivi d’une espace est de trop ici.",
        "A colon followed by a space is one too many here.",
        "Mettez le texte entre guillemets, ou reculez la ligne au niveau de la précédente.",
        "Put the text in quotes, or move the line back to the level of the one before.",
    ),
    "yaml_start": (
        "Un texte commence par un signe réservé, ou la ligne par une tabulation.",
        "A text starts with a reserved sign, or the line with a tab.",
        "Mettez le texte entre guillemets ; remplacez les tabulations par des espaces.",
        "Put the text in quotes; replace tabs by spaces.",
    ),
    "yaml_quote": (
        "Des guillemets restent ouverts, ou une barre oblique inverse est mal suivie.",
        "Quotes stay open, or a backslash is followed by the wrong sign.",
        "Fermez les guillemets ; doublez la barre oblique inverse.",
        "Close the quotes; double the backslash.",
    ),
    "yaml_bracket": (
        "Un crochet ou une accolade reste ouvert, ou une virgule manque.",
        "A bracket or a brace stays open, or a comma is missing.",
        "Fermez-le, ou séparez les éléments par des virgules.",
        "Close it, or put commas between the elements.",
    ),
    "yaml_indent": (
        "Le retrait de cette ligne ne va pas avec les lignes d’avant.",
        "The indentation of this line does not go with the lines before.",
        "Alignez les lignes de même niveau ; vérifiez aussi les guillemets juste avant.",
        "Align the lines of the same level; check the quotes just before as well.",
    ),
    "empty": (
        "Ce fichier est vide.",
        "This file is empty.",
        "Commencez par la ligne « format: ».",
        "Start with the line “format:”.",
    ),
    "several_documents": (
        "Ce fichier contient plusieurs documents.",
        "This file holds several documents.",
        "Gardez un seul document ; retirez la ligne « --- ».",
        "Keep one document; remove the line “---”.",
    ),
    "not_a_mapping": (
        "Il faut ici des clés et des valeurs (« clé: valeur »).",
        "Keys and values are needed here (“key: value”).",
        "Écrivez chaque clé sur sa ligne, suivie de deux-points.",
        "Write each key on its own line, followed by a colon.",
    ),
    "not_a_list": (
        "Il faut ici une liste.",
        "A list is needed here.",
        "Commencez chaque élément par un tiret, ou écrivez [a, b].",
        "Start each element with a dash, or write [a, b].",
    ),
    "not_a_scalar": (
        "Il faut ici un simple mot ou nombre.",
        "A plain word or number is needed here.",
        "Retirez les crochets, les accolades ou les lignes en retrait.",
        "Remove the brackets or the indented lines.",
    ),
    "alias": (
        "Les ancres et renvois YAML (& et *) ne sont pas admis.",
        "YAML anchors and aliases (& and *) are not accepted.",
        "Utilisez « option_lists » pour ce qui se répète ; mettez entre guillemets un texte qui "
        "commence par & ou *.",
        "Use “option_lists” for what repeats; put quotes around a text that starts with & or *.",
    ),
    "tag": (
        "Les marques de type YAML (!) ne sont pas admises.",
        "YAML type tags (!) are not accepted.",
        "Retirez la marque ; mettez entre guillemets un texte qui commence par !.",
        "Remove the tag; put quotes around a text that starts with !.",
    ),
    "duplicate_key": (
        "La clé « {key} » est écrite deux fois au même endroit.",
        "The key “{key}” is written twice in the same place.",
        "Gardez une seule des deux.",
        "Keep only one of the two.",
    ),
    "key_not_text": (
        "Une clé doit être un simple mot.",
        "A key must be a plain word.",
        "Remplacez la clé par un mot suivi de deux-points.",
        "Replace the key by a word followed by a colon.",
    ),
    "control_character": (
        "Ce texte contient un caractère invisible qui n’est pas permis.",
        "This text holds an invisible character that is not allowed.",
        "Effacez-le, ou tapez le texte à nouveau.",
        "Delete it, or type the text again.",
    ),
}
