"""The environment is read with its type, or refused with a sentence that helps."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from extrabat.lib import env


@pytest.fixture
def given(monkeypatch: pytest.MonkeyPatch) -> Callable[[str], None]:
    return lambda value: monkeypatch.setenv("HOUSE_TEST", value)


@pytest.fixture(autouse=True)
def _unset(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("HOUSE_TEST", raising=False)


@pytest.mark.parametrize("reader", [env.text, env.integer, env.flag, env.words, env.postgres])
@pytest.mark.parametrize("value", [None, "", "  "])
def test_a_missing_required_value_is_named(
    reader: Callable[..., object], value: str | None, given: Callable[[str], None]
) -> None:
    if value is not None:
        given(value)
    with pytest.raises(env.SettingError, match=r"^HOUSE_TEST is not set: give 50 random signs$"):
        reader("HOUSE_TEST", hint="50 random signs")


def test_defaults() -> None:
    assert env.text("HOUSE_TEST", default="") == ""
    assert env.text("HOUSE_TEST", "x", secret=True) == "x"
    assert env.integer("HOUSE_TEST", 0) == 0
    assert env.flag("HOUSE_TEST", default=False) is False
    assert env.flag("HOUSE_TEST", default=True) is True
    assert env.words("HOUSE_TEST", default=[], secret=True) == []
    assert env.words("HOUSE_TEST", default=["a", "b"]) == ["a", "b"]
    assert env.postgres("HOUSE_TEST", "postgresql:///essai")["NAME"] == "essai"


def test_text_is_trimmed(given: Callable[[str], None]) -> None:
    given(" été\n")
    assert env.text("HOUSE_TEST") == "été"


@pytest.mark.parametrize(("value", "expected"), [("587", 587), (" -1 ", -1)])
def test_integer(value: str, expected: int, given: Callable[[str], None]) -> None:
    given(value)
    assert env.integer("HOUSE_TEST") == expected


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("1", True),
        ("TRUE", True),
        ("Oui", True),
        ("on", True),
        ("0", False),
        ("false", False),
        ("non", False),
    ],
)
def test_flag(value: str, expected: bool, given: Callable[[str], None]) -> None:
    given(value)
    assert env.flag("HOUSE_TEST") is expected


def test_words(given: Callable[[str], None]) -> None:
    given(" a.fr, b.fr ,,")
    assert env.words("HOUSE_TEST") == ["a.fr", "b.fr"]


@pytest.mark.parametrize(
    ("reader", "expected"),
    [
        (env.integer, "HOUSE_TEST is wrong ('12x'): expected a whole number"),
        (env.flag, "HOUSE_TEST is wrong ('12x'): expected 1 or 0, true or false, oui or non"),
    ],
)
def test_a_wrong_value_is_shown_unless_it_is_secret(
    reader: Callable[..., object], expected: str, given: Callable[[str], None]
) -> None:
    given("12x")
    with pytest.raises(env.SettingError) as error:
        reader("HOUSE_TEST")
    assert str(error.value) == expected
    with pytest.raises(env.SettingError) as error:
        reader("HOUSE_TEST", secret=True)
    assert "12x" not in str(error.value)
    assert error.value.__context__ is None


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        (
            "postgresql://app:mot@db.exemple.fr:5433/gestion",
            {"NAME": "gestion", "USER": "app", "PASSWORD": "mot", "HOST": "db.exemple.fr", "PORT": "5433"},
        ),
        (
            "postgres://app:p%40ss%2Fw%3Ard%23@localhost/ma%20base?sslmode=verify-full&connect_timeout=5",
            {
                **{
                    "NAME": "ma base",
                    "USER": "app",
                    "PASSWORD": "p@ss/w:rd#",
                    "HOST": "localhost",
                    "PORT": "",
                },
                "OPTIONS": {"sslmode": "verify-full", "connect_timeout": "5"},
            },
        ),
        (
            "postgresql://app@ignored/gestion?host=/run/pg-a%20b&port=5555",
            {"NAME": "gestion", "USER": "app", "PASSWORD": "", "HOST": "/run/pg-a b", "PORT": "5555"},
        ),
        (
            "postgresql:///?dbname=gestion&user=app&password=a+b&options=-c%20x%3D1",
            {
                **{"NAME": "gestion", "USER": "app", "PASSWORD": "a+b", "HOST": "", "PORT": ""},
                "OPTIONS": {"options": "-c x=1"},
            },
        ),
        (
            "postgresql://app@[::1]:5432/gestion",
            {"NAME": "gestion", "USER": "app", "PASSWORD": "", "HOST": "::1", "PORT": "5432"},
        ),
        (
            "postgresql://%2Frun%2Fpg/gestion",
            {"NAME": "gestion", "USER": "", "PASSWORD": "", "HOST": "/run/pg", "PORT": ""},
        ),
    ],
)
def test_postgres(url: str, expected: dict[str, Any], given: Callable[[str], None]) -> None:
    given(url)
    assert env.postgres("HOUSE_TEST") == {
        "ENGINE": "django.db.backends.postgresql",
        "OPTIONS": {},
        **expected,
    }


@pytest.mark.parametrize(
    "url",
    [
        "mysql://app:secret@db/gestion",
        "postgresql://app:secret@db",
        "postgresql://app:secret@db:port/gestion",
        "postgresql://app:secret@db/gestion?port=x",
        "postgresql://app:sec#ret@db/gestion",
        "postgresql://app:secret@db/gestion#1",
        "postgresql://app:secret@[db/gestion",
        "secret",
    ],
)
def test_a_wrong_postgres_address_never_shows_its_password(url: str, given: Callable[[str], None]) -> None:
    given(url)
    with pytest.raises(env.SettingError, match=r"^HOUSE_TEST is wrong: expected postgresql://user") as error:
        env.postgres("HOUSE_TEST")
    assert "sec" not in str(error.value)
    assert error.value.__context__ is None


def test_a_value_may_lie_in_a_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    secret = tmp_path / "secret"
    secret.write_text("postgresql://app:p%40ss@db/essai\n")
    monkeypatch.setenv("HOUSE_TEST_FILE", str(secret))
    assert env.text("HOUSE_TEST") == "postgresql://app:p%40ss@db/essai"
    assert env.postgres("HOUSE_TEST")["PASSWORD"] == "p@ss"
    secret.write_text("a, b\n")
    assert env.words("HOUSE_TEST", default=[]) == ["a", "b"]


@pytest.mark.parametrize("reader", [env.text, env.integer, env.flag, env.words, env.postgres])
@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (None, "No such file or directory"),
        (b"", "it is empty"),
        (b" \n", "it is empty"),
        (b"\xffs3cret", "it is no text"),
    ],
)
def test_a_file_that_gives_nothing_stops_the_start(
    reader: Callable[..., object], content: bytes | None, reason: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Even where there is a default: a secret that was meant to be there is missed at once."""
    secret = tmp_path / "secret"
    if content is not None:
        secret.write_bytes(content)
    monkeypatch.setenv("HOUSE_TEST_FILE", str(secret))
    with pytest.raises(env.SettingError) as refused:
        reader("HOUSE_TEST", default=None)
    assert str(refused.value) == f"HOUSE_TEST_FILE names {secret}, which gives nothing: {reason}"
    assert refused.value.__context__ is None
    with pytest.raises(env.SettingError, match="HOUSE_TEST_FILE names"):
        env.text("HOUSE_TEST", default="1")


def test_a_value_and_a_file_together_are_refused(
    given: Callable[[str], None], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    given("1")
    monkeypatch.setenv("HOUSE_TEST_FILE", str(tmp_path / "secret"))
    with pytest.raises(env.SettingError, match=r"^HOUSE_TEST and HOUSE_TEST_FILE are both set: keep one$"):
        env.text("HOUSE_TEST")
