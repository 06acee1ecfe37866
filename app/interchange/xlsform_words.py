"""Words of XLSForm: types, columns, yes and no."""

from __future__ import annotations

import re

from app.domain.questionnaire import Kind

SELECT = re.compile(
    r"(select[ _]?one|select1|select[ _]?multiple|select all that apply|rank)"
    r"(?P<where>_from_file|_external)?(?:\s+from)?\s+(?P<list>.+)",
    re.IGNORECASE,
)
SIMPLE: dict[str, Kind] = {
    **dict.fromkeys(("text", "string"), Kind.TEXT),
    **dict.fromkeys(("integer", "int"), Kind.NUMBER),
    "decimal": Kind.NUMBER,
    "date": Kind.DATE,
    "time": Kind.TIME,
    "barcode": Kind.TEXT,
    **dict.fromkeys(("geopoint", "gps", "location"), Kind.PLACE),
    "note": Kind.INFORMATION,
}
AS_TEXT = frozenset({"email", "url", "hidden"})
PHONE = frozenset({"phone number", "phone_number"})  # digits alone, as pyxform has it
DEVICE = frozenset(
    "start end today deviceid device_id phonenumber username email simserial "
    "subscriberid sim_id subscriber_id audit start-geopoint background-audio csv-external "
    "xml-external start_time end_time uri:deviceid uri:phonenumber uri:username uri:email "
    "last-saved caseid duration sensor_statistic sensor_stream text_audit speed_violations_count "
    "speed_violations_list speed_violations_audit audio_audit comments entity hidden "
    "background-geopoint enum imei".split()
)
# Blocks of KoboToolbox: rows with one list of options, ranks, rows of a matrix.
SHARED = ("kobo--score-choices", "kobo--rank-items", "kobo--matrix_list")
OPENS = ("begin group", "begin lgroup", "begin score", "begin rank", "begin kobomatrix")
OPENS_LIST = ("begin repeat", "begin loop")
CLOSES = frozenset(f"end{begin[5:]}" for begin in (*OPENS, *OPENS_LIST))
ROW_COLUMNS = frozenset(SHARED) | frozenset(
    "type name list_name label hint relevant constraint constraint_message required "
    "required_message calculation choice_filter repeat_count parameters appearance default "
    "readonly "
    "guidance_hint disabled $given_name media image audio video big-image".split()
)
OPTION_COLUMNS = frozenset(
    "list_name name value label media image audio video big-image order".split()
)
QUIET_COLUMNS = frozenset("comment comments note notes note_to_self section kuid".split())
MEDIA = frozenset({"media", "image", "audio", "video", "big-image"})
UNSPOKEN = {"guidance_hint": "guidance", "required_message": "required_message"}
YES = frozenset({"yes", "true", "true()", "1", "oui"})
NO = frozenset({"", "no", "false", "false()", "0", "non"})
OTHER_WORDS = {"fr": "Autre", "en": "Other", "es": "Otro", "pt": "Outro", "de": "Anderes"}
NAME_WORDS = {"fr": "Nom ou numéro", "en": "Name or number", "es": "Nombre o número"}
