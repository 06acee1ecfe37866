"""Settings are read once, at the door, and refused there with name, reason and remedy."""

from __future__ import annotations

import os
import subprocess
import sys

import pytest

from app.settings import BadSetting, from_environment

GOOD = {"COVALUE_SECRET": "x" * 40, "COVALUE_HOSTS": "a.example.org,b.example.org"}


def test_little_is_needed() -> None:
    settings = from_environment(GOOD)
    assert settings.hosts == ("a.example.org", "b.example.org")
    assert settings.database.startswith("sqlite:////")
    assert settings.demonstration is False
    assert settings.proxies == 0
    assert settings.engine == "polars"


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
        ("COVALUE_RESERVE", "64 MB"),
        ("COVALUE_PUBLIC_URL", "a.example.org"),
        ("COVALUE_OFFICE_URL", "ftp://a.example.org"),
        ("COVALUE_DEMONSTRATION", "oui"),
        ("COVALUE_PROXIES", "-1"),
        ("COVALUE_ENGINE", "duck"),
        ("COVALUE_METRICS", "9144"),
        ("COVALUE_METRICS", "127.0.0.1:99999"),
        ("COVALUE_BACKUP_FOLDER", "backups"),
        ("COVALUE_BACKUP_RECIPIENTS", "age1nothing"),
        ("COVALUE_BACKUP_KEY_RECIPIENTS", "age1nothing"),
        ("COVALUE_DATABSE", "sqlite:///x"),
        ("COVALUE_MAIL_FROM", "somebody"),
    ],
)
def test_a_bad_value_is_refused_by_name_and_not_repeated(name: str, value: str) -> None:
    with pytest.raises(BadSetting) as caught:
        from_environment(GOOD | {name: value})
    assert str(caught.value).startswith(f"{name}: ")
    assert not value or value not in str(caught.value).removeprefix(name)


@pytest.mark.parametrize("shown", ["0", "1"])
def test_without_a_secret_from_outside_nothing_starts(shown: str) -> None:
    """No key, word or code of ours stands in for it, in a demonstration neither."""
    given = {**GOOD, "COVALUE_DEMONSTRATION": shown, "COVALUE_HOSTS": "localhost"}
    for secret in (None, "", "x" * 31):
        environment = {name: text for name, text in given.items() if name != "COVALUE_SECRET"}
        environment |= {} if secret is None else {"COVALUE_SECRET": secret}
        with pytest.raises(BadSetting, match="COVALUE_SECRET: missing or shorter"):
            from_environment(environment)
    one, other = (from_environment({**given, "COVALUE_SECRET": each * 40}).keys for each in "xy")
    assert one.forms != other.forms
    assert one.audit != other.audit


def test_mail_is_off_or_whole() -> None:
    assert from_environment(GOOD).mail is None
    sender = {"COVALUE_MAIL_FROM": "survey@example.org"}
    for server in ("", "mail.example.org", "smtp://user:canary@mail.example.org:port"):
        with pytest.raises(BadSetting) as caught:
            from_environment(GOOD | sender | {"COVALUE_SMTP": server})
        assert str(caught.value).startswith("COVALUE_SMTP: ")
        assert "canary" not in str(caught.value)
    good = {"COVALUE_SMTP": "smtps://u:p@mail.example.org"}
    read = from_environment(GOOD | sender | good)
    assert read.mail is not None
    assert read.mail.rate == 60
    with pytest.raises(BadSetting, match="COVALUE_MAIL_RATE"):
        from_environment(GOOD | sender | good | {"COVALUE_MAIL_RATE": "0"})
    with pytest.raises(BadSetting, match="COVALUE_MAIL_FROM"):
        from_environment(GOOD | good)


SHOWN = {"COVALUE_SECRET": "x" * 40, "COVALUE_DEMONSTRATION": "1"}


def test_the_demonstration_needs_no_host_name_and_answers_to_this_machine() -> None:
    assert from_environment(SHOWN).hosts == ("localhost", "127.0.0.1", "[::1]")


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("COVALUE_BIND", "0.0.0.0:8000"),
        ("COVALUE_BIND", "[::]:8000"),
        ("COVALUE_BIND", "9.9.9.9:80"),
        ("COVALUE_PUBLIC_URL", "https://enquete.example.fr"),
        ("COVALUE_OFFICE_URL", "http://8.8.8.8"),
        ("COVALUE_HOSTS", "localhost,bureau.example.fr"),
    ],
)
def test_the_demonstration_refuses_a_public_address(name: str, value: str) -> None:
    with pytest.raises(BadSetting) as caught:
        from_environment(SHOWN | {name: value})
    assert str(caught.value).startswith(f"{name}: ")


@pytest.mark.parametrize("bind", ["127.0.0.1:8001", "192.168.1.5:80", "unix:/run/s", "fd://3"])
def test_the_demonstration_may_be_shown_to_those_around(bind: str) -> None:
    from_environment(SHOWN | {"COVALUE_BIND": bind, "COVALUE_PUBLIC_URL": "http://192.168.1.5"})


@pytest.mark.parametrize(
    "command",
    [("flask", "--app", "wsgi:office", "routes"), ("gunicorn", "--check-config", "wsgi:public")],
)
def test_who_starts_it_reads_one_sentence(command: tuple[str, ...]) -> None:
    told = subprocess.run(
        [sys.executable, "-m", *command],
        env={"PATH": os.environ["PATH"]} | GOOD | {"COVALUE_PROXIES": "many"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert told.returncode != 0
    assert "COVALUE_PROXIES: not a number" in told.stderr
    assert "Traceback" not in told.stderr


@pytest.mark.parametrize(
    ("address", "taken"),
    [
        ("localhost/covalue", True),
        ("127.0.0.1:5433/covalue", True),
        ("[::1]/covalue", True),
        ("/covalue?host=/var/run/postgresql", True),
        ("db.example.org/covalue?sslmode=require", True),
        ("10.0.0.2/covalue?sslmode=verify-full&sslrootcert=/etc/ca.pem", True),
        ("db.example.org/covalue", False),
        ("10.0.0.2/covalue?sslmode=prefer", False),
        ("database/covalue?sslmode=disable", False),
        ("localhost/covalue?host=db.example.org", False),
        ("/covalue?host=/run/postgresql,db.example.org", False),
        ("localhost/covalue?hostaddr=192.0.2.1", False),
    ],
)
def test_answers_never_cross_a_network_in_clear(address: str, taken: bool) -> None:
    url = f"postgresql://covalue:secret@{address}"
    if taken:
        assert from_environment(GOOD | {"COVALUE_DATABASE": url}).database == url
        return
    with pytest.raises(BadSetting, match="not protected") as caught:
        from_environment(GOOD | {"COVALUE_DATABASE": url})
    assert "secret" not in str(caught.value)


@pytest.mark.parametrize(
    ("address", "more"),
    [
        ("/covalue?service=elsewhere", {}),
        ("localhost/covalue?service=elsewhere", {}),
        ("/covalue", {"PGHOST": "db.example.org"}),
        ("localhost/covalue", {"PGHOSTADDR": "192.0.2.1"}),
        ("/covalue?host=/var/run/postgresql", {"PGSERVICE": "elsewhere"}),
    ],
)
def test_nothing_beside_the_address_leads_to_another_machine(
    address: str, more: dict[str, str]
) -> None:
    url = f"postgresql://covalue:secret@{address}"
    with pytest.raises(BadSetting, match="PGSERVICE away"):
        from_environment(GOOD | {"COVALUE_DATABASE": url} | more)
    closed = f"{url}{'&' if '?' in url else '?'}sslmode=verify-full"
    assert from_environment(GOOD | {"COVALUE_DATABASE": closed} | more).database == closed
    near = GOOD | {"COVALUE_DATABASE": "sqlite:////x/y"}
    assert from_environment(near | more).database == "sqlite:////x/y"


def test_room_is_kept_for_answers_outside_a_demonstration() -> None:
    assert from_environment(GOOD).reserve == 64
    assert from_environment(GOOD | {"COVALUE_RESERVE": "0"}).reserve == 0
    near = {"COVALUE_DEMONSTRATION": "1", "COVALUE_HOSTS": "localhost"}
    assert from_environment(GOOD | near).reserve == 0


@pytest.mark.parametrize(("given", "kept"), [({}, "1"), ({"OPENBLAS_NUM_THREADS": "4"}, "4")])
def test_small_matrices_are_worked_on_by_one_thread_unless_told_otherwise(
    given: dict[str, str], kept: str
) -> None:
    """What numpy reads when it is loaded is set before: a second thread would only wait."""
    said = "import app, os; print(os.environ['OPENBLAS_NUM_THREADS'])"
    without = {k: v for k, v in os.environ.items() if k != "OPENBLAS_NUM_THREADS"}
    done = subprocess.run(
        [sys.executable, "-c", said],
        env=without | given,
        capture_output=True,
        check=True,
        text=True,
    )
    assert done.stdout.strip() == kept
