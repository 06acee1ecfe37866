"""Settings are read once, at the door, and refused there with name, reason and remedy."""

from __future__ import annotations

import pytest

from app.settings import BadSetting, from_environment

GOOD = {"COVALUE_SECRET": "x" * 40, "COVALUE_HOSTS": "a.example.org,b.example.org"}


def test_little_is_needed() -> None:
    settings = from_environment(GOOD)
    assert settings.hosts == ("a.example.org", "b.example.org")
    assert settings.database.startswith("sqlite:////")
    assert settings.demonstration is False
    assert settings.proxies == 0


def test_cookies_are_for_https_only_where_the_address_is() -> None:
    https = from_environment(GOOD | {"COVALUE_PUBLIC_URL": "https://a.example.org/"})
    assert https.secure_cookies
    assert https.public_url == "https://a.example.org"
    assert not from_environment(GOOD).secure_cookies


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("COVALUE_SECRET", "kurz"),
        ("COVALUE_HOSTS", ""),
        ("COVALUE_DATABASE", "mysql://host/name"),
        ("COVALUE_PUBLIC_URL", "a.example.org"),
        ("COVALUE_OFFICE_URL", "ftp://a.example.org"),
        ("COVALUE_DEMONSTRATION", "oui"),
        ("COVALUE_PROXIES", "-1"),
        ("COVALUE_METRICS", "9144"),
        ("COVALUE_METRICS", "127.0.0.1:99999"),
        ("COVALUE_BACKUP_FOLDER", "backups"),
        ("COVALUE_BACKUP_RECIPIENTS", "age1nothing"),
        ("COVALUE_DATABSE", "sqlite:///x"),
    ],
)
def test_a_bad_value_is_refused_by_name_and_not_repeated(name: str, value: str) -> None:
    with pytest.raises(BadSetting) as caught:
        from_environment(GOOD | {name: value})
    assert str(caught.value).startswith(f"{name}: ")
    assert not value or value not in str(caught.value).removeprefix(name)


def test_the_demonstration_needs_no_host_name() -> None:
    assert from_environment({"COVALUE_SECRET": "x" * 40, "COVALUE_DEMONSTRATION": "1"}).hosts == ()
