"""A file that is too large for the service: the browser can send it to its end and read why."""

from __future__ import annotations

import http.client
from contextlib import closing

import pytest


@pytest.mark.full
@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_a_file_over_the_limit_is_answered_with_a_page(server: str) -> None:
    host = server.removeprefix("http://")
    connection = http.client.HTTPConnection(host, timeout=300)
    body = b"x" * (40 * 1024 * 1024)
    headers = {"Content-Type": "application/x-www-form-urlencoded", "Accept-Language": "fr"}
    with closing(connection):
        connection.request("POST", "/office/sign-in", body, headers)
        answer = connection.getresponse()
        assert answer.status == 413
        assert "Rien n’a changé" in answer.read().decode()
