"""What a visitor writes about himself is not believed; what the proxy in front writes is."""

from __future__ import annotations

from dataclasses import replace

import pytest
from flask import request

from app.factory import create_app
from app.settings import Settings

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
FORGED = {
    "X-Forwarded-For": "203.0.113.9",
    "X-Forwarded-Host": "evil.example",
    "X-Forwarded-Proto": "https",
    "X-Real-IP": "203.0.113.9",
    "Forwarded": "for=203.0.113.9;host=evil.example;proto=https",
}


def seen(settings: Settings, headers: dict[str, str]) -> tuple[str, str, str]:
    """Address, host and scheme as the service takes them."""
    app = create_app(settings, "both")
    found: list[tuple[str, str, str]] = []

    @app.before_request
    def look() -> None:
        found.append((request.remote_addr or "", request.host, request.scheme))

    app.test_client().get("/aide", headers=headers)
    app.extensions["covalue"].database.dispose()
    return found[0]


def test_without_a_proxy_nothing_is_believed(settings: Settings, catalogues: None) -> None:
    assert seen(settings, FORGED) == ("127.0.0.1", "localhost", "http")


def test_a_proxy_is_believed_for_what_it_added_alone(settings: Settings, catalogues: None) -> None:
    headers = {**FORGED, "X-Forwarded-For": "203.0.113.9, 198.51.100.7"}
    behind = replace(settings, proxies=1)
    assert seen(behind, headers) == ("198.51.100.7", "localhost", "https")


def test_a_host_that_is_not_ours_is_refused(settings: Settings, catalogues: None) -> None:
    app = create_app(settings, "both")
    assert app.test_client().get("/aide", headers={"Host": "evil.example"}).status_code == 400
    app.extensions["covalue"].database.dispose()
