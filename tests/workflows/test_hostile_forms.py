"""A sample of the hostile forms; three hundred of each format are run by ``make hostile``."""

from __future__ import annotations

import broken_files
import pytest

from app.interchange.import_report import ForeignFault
from app.workflows.foreign_forms import Format, format_of, read_form


@pytest.mark.parametrize("form", list(Format))
def test_bombs_are_refused_in_words_and_leave_nothing(form: Format) -> None:
    for seed in range(1, len(broken_files.BOMBS[form]) + 1, 2):
        became, found = broken_files.attempt(form, seed)
        assert became.startswith("refused"), seed
        assert not found


@pytest.mark.parametrize("form", list(Format))
def test_mutated_forms_are_refused_or_read_whole(form: Format) -> None:
    for seed in range(101, 107):
        _, found = broken_files.attempt(form, seed)
        assert not found, seed


def test_broken_files_of_our_own_are_refused_within_the_same_limits() -> None:
    for seed in (1, 4, 7, 9, 201, 202):
        became, found = broken_files.attempt_definition(seed)
        assert became.startswith("refused") or seed > 200, seed
        assert not found, seed


def test_what_takes_too_long_is_ended_and_said() -> None:
    content = broken_files.chained()  # conditions that grow with every step are given up
    form = read_form(content, format_of(content))
    assert {line.rule for line in form.lines} >= {"condition", "calculation"}


@pytest.mark.parametrize(
    "content",
    [
        b'<codeBook xmlns="ddi:codebook:2_5" version="2.5"/>',
        b'<Questionnaire xmlns="http://hl7.org/fhir"><status value="draft"/></Questionnaire>',
    ],
)
def test_another_xml_is_not_called_a_limesurvey_that_is_broken(content: bytes) -> None:
    with pytest.raises(ForeignFault) as refused:
        format_of(content)
    assert "XLSForm, LimeSurvey (.lss), FHIR (JSON)" in refused.value.said.message.in_("en")


def test_a_file_above_the_limit_is_not_even_read() -> None:
    with pytest.raises(ForeignFault) as refused:
        read_form(b"PK" + b"\x00" * 9_000_000, Format.XLSFORM)
    assert refused.value.said.rule == "too_large"
