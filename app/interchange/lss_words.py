"""Facts of LimeSurvey: its built-in options by language, and attributes that change no answer."""

from __future__ import annotations

_BUILT_IN: dict[str, dict[str, str]] = {
    "Y": {"en": "Yes", "fr": "Oui", "de": "Ja", "es": "Sí", "it": "Sì", "pt": "Sim", "nl": "Ja"},
    "N": {"en": "No", "fr": "Non", "de": "Nein", "es": "No", "it": "No", "pt": "Não", "nl": "Nee"},
    "U": {
        "en": "Uncertain",
        "fr": "Sans opinion",
        "de": "Unsicher",
        "es": "Dudoso",
        "it": "Incerto",
        "pt": "Incerto",
        "nl": "Onzeker",
    },
    "F": {"en": "Female", "fr": "Femme", "de": "Weiblich", "es": "Mujer", "it": "Donna"},
    "M": {"en": "Male", "fr": "Homme", "de": "Männlich", "es": "Hombre", "it": "Uomo"},
    "I": {"en": "Increase", "fr": "Augmente", "de": "Steigend", "es": "Aumentar"},
    "S": {"en": "Same", "fr": "Sans changement", "de": "Gleich", "es": "Igual"},
    "D": {"en": "Decrease", "fr": "Diminue", "de": "Sinkend", "es": "Disminuir"},
    "other": {
        "en": "Other",
        "fr": "Autre",
        "de": "Sonstiges",
        "es": "Otro",
        "it": "Altro",
        "pt": "Outro",
        "nl": "Anders",
    },
    "comment": {"en": "Comment", "fr": "Commentaire", "de": "Kommentar", "es": "Comentario"},
    "rank": {"en": "Rank", "fr": "Rang", "de": "Rang", "es": "Rango"},
}
FIXED = {  # question type: codes of its options
    "Y": ("Y", "N"),
    "G": ("F", "M"),
    "C": ("Y", "U", "N"),
    "E": ("I", "S", "D"),
    "5": ("1", "2", "3", "4", "5"),
    "A": ("1", "2", "3", "4", "5"),
    "B": ("1", "2", "3", "4", "5", "6", "7", "8", "9", "10"),
}
NAMES = {
    "L": "list",
    "R": "ranking",
    "I": "language switch",
    "*": "equation",
}


def built_in(word: str, tags: tuple[str, ...]) -> dict[str, str]:
    """LimeSurvey's own word in these languages; English where it is not known here."""
    words = _BUILT_IN.get(word, {"en": word})
    return {tag: words.get(tag[:2], words["en"]) for tag in tags}


# Attributes read by the reader, and those that only say how a page or a statistic looks.
_QUIET = """
allowed_filetypes alphasort answer_order answer_width answer_width_bycolumn array_filter
array_filter_exclude
array_filter_style assessment_value category_separator choice_input_columns clear_default
commented_checkbox commented_checkbox_auto crop_or_resize cssclass date_format date_max date_min
display_columns display_rows display_type dropdown_dates dropdown_dates_minute_step
dropdown_dates_month_style dropdown_prefix dropdown_prepostfix dropdown_separators dropdown_size
dualscale_headerA dualscale_headerB em_validation_q em_validation_q_tip em_validation_sq
em_validation_sq_tip equation exclude_all_others exclude_all_others_auto fix_height fix_width hidden
hide_tip horizontal_scroll input_boxes input_size keep_aspect label_input_columns
location_city location_country location_defaultcoordinates location_mapheight location_mapservice
location_mapwidth location_mapzoom location_nodefaultfromip location_postal location_state
max_answers max_filesize max_num_of_files min_num_of_files
max_num_value_n maximum_chars min_answers min_num_value_n multiflexible_checkbox multiflexible_max
multiflexible_min multiflexible_step num_value_int_only numbers_only other_comment_mandatory
other_numbers_only other_position other_replace_text page_break placeholder prefix printable_help
public_statistics random_group random_order repeat_headings reverse samechoiceheight samelistheight
save_as_default scale_export show_comment show_grand_total show_title show_totals showpopups
slider_accuracy slider_custom_handle slider_default slider_default_set slider_handle slider_layout
slider_max slider_middlestart slider_min slider_orientation slider_rating slider_reset
slider_separator slider_showminmax statistics_graphtype statistics_showgraph statistics_showmap
subquestion_order subquestion_width suffix text_input_columns text_input_width
time_limit time_limit_action time_limit_countdown_message time_limit_disable_next
time_limit_disable_prev time_limit_message time_limit_message_delay time_limit_message_style
time_limit_timer_style time_limit_warning time_limit_warning_2 time_limit_warning_2_display_time
time_limit_warning_2_message time_limit_warning_2_style time_limit_warning_display_time
time_limit_warning_message time_limit_warning_style use_dropdown value_range_allows_missing
""".split()
QUIET = frozenset(_QUIET)
# Of the quiet ones, those that are said where they are set to more than nothing.
SPOKEN = frozenset(
    {"random_order", "random_group", "time_limit", "em_validation_sq", "show_totals", "reverse"}
    | {"show_grand_total", "slider_default", "em_validation_sq_tip"}
    | {"other_comment_mandatory", "other_numbers_only", "placeholder", "em_validation_q"}
    | {"answer_order", "subquestion_order", "alphasort"}
    | {"prefix", "printable_help", "multiflexible_step", "em_validation_q_tip"}
)
NOTHING = frozenset({"", "0", "N", "normal", "none"})
