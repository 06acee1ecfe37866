"""Every page tells moments by one clock, that of Paris, and writes days in one way."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest
from flask import Flask, render_template_string

SUMMER = datetime(2026, 7, 31, 22, 30, tzinfo=UTC)  # in Paris it is half past midnight, in August


@pytest.mark.parametrize("language", ["fr", "en"])
@pytest.mark.parametrize(
    ("written", "expected"),
    [
        ("{{ at|datetimeformat('short') }}", "01/08/2026 00:30"),
        ("{{ at|dateformat('short') }}", "01/08/2026"),
        ("{{ day|dateformat('short') }}", "31/07/2026"),
    ],
)
def test_a_moment_is_that_of_paris_in_both_languages(
    app: Flask, language: str, written: str, expected: str
) -> None:
    day = date(2026, 7, 31)
    with app.test_request_context("/", headers={"Accept-Language": language}):
        assert render_template_string(written, at=SUMMER, day=day) == expected
