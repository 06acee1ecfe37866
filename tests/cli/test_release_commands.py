"""``flask release``: verify says what is the same, and refuses in plain words."""

from __future__ import annotations

from evaluated import Evaluated

from app.factory import create_app
from app.settings import from_environment


def run(evaluated: Evaluated, *words: str) -> tuple[int, str]:
    app = create_app(from_environment(evaluated.environment), "office")
    with app.app_context():
        found = app.test_cli_runner().invoke(args=["release", *words])
    return found.exit_code, found.output or repr(found.exception)


def test_the_commands_make_and_verify(evaluated: Evaluated) -> None:
    code, said = run(evaluated, "make", "--wave", "V1")
    assert (code, said) == (0, f"data cut 1, release {evaluated.release_id}\n")
    code, said = run(evaluated, "verify", str(evaluated.release_id))
    assert (code, said) == (0, "figures: the same\nfiles: the same\n")


def test_what_is_not_there_is_refused(evaluated: Evaluated) -> None:
    code, said = run(evaluated, "make", "--wave", "V9")
    assert code == 1
    assert "V9" in said
    code, _said = run(evaluated, "verify", "99")
    assert code == 1
