"""The commands an operator types, as he types them."""

import os
import subprocess
import sys
from io import StringIO

import pytest
from django.conf import settings
from django.core.management import CommandError, call_command

from clients.models import Client
from tests.factories import make_user

MANAGE = [sys.executable, str(settings.BASE_DIR / "manage.py")]
PRODUCTION = {
    "DEMO": "0",
    "HTTPS": "1",
    "DEBUG": "0",
    "ALLOWED_HOSTS": "extrabat.exemple.fr",
    "SITE_URL": "https://extrabat.exemple.fr",
}


def run(arguments: list[str], env: dict[str, str]) -> subprocess.CompletedProcess[str]:
    return subprocess.run(arguments, env=env, capture_output=True, text=True, check=False, cwd=settings.BASE_DIR)


@pytest.mark.django_db(transaction=True)
def test_models_and_migrations_agree(program_env: dict[str, str]) -> None:
    ran = run([*MANAGE, "makemigrations", "--check", "--dry-run"], program_env)
    assert (ran.returncode, ran.stdout.strip()) == (0, "No changes detected"), ran.stderr


@pytest.mark.django_db(transaction=True)
def test_check_deploy_is_silent(program_env: dict[str, str]) -> None:
    env = program_env | PRODUCTION
    env.pop("DATABASE_OWNER_URL")
    ran = run([*MANAGE, "check", "--deploy", "--fail-level", "WARNING"], env)
    assert (ran.returncode, ran.stdout.strip()) == (0, "System check identified no issues (0 silenced)."), ran.stderr


@pytest.mark.django_db(transaction=True)
def test_check_deploy_refuses_the_owner_and_the_demo(program_env: dict[str, str]) -> None:
    env = program_env | PRODUCTION | {"DATABASE_URL": program_env["DATABASE_OWNER_URL"], "DEMO": "1"}
    ran = run([*MANAGE, "check", "--deploy"], env)
    assert ran.returncode == 1
    assert "extrabat.E001" in ran.stderr
    assert "extrabat.E002" in ran.stderr


@pytest.mark.parametrize("missing", ["SECRET_KEY", "FIELD_KEYS", "DATABASE_URL", "REDIS_URL", "ALLOWED_HOSTS"])
def test_a_missing_setting_stops_the_start_and_names_itself(missing: str) -> None:
    env = {key: value for key, value in os.environ.items() if key != missing}
    ran = run([*MANAGE, "check"], env)
    assert ran.returncode != 0
    assert f"{missing} is not set" in ran.stderr


@pytest.mark.django_db(transaction=True)
def test_production_refuses_to_start_while_a_demo_account_exists(program_env: dict[str, str]) -> None:
    start = [sys.executable, "-c", "import extrabat.wsgi; print('started')"]
    assert run(start, program_env | PRODUCTION).stdout.strip() == "started"
    call_command("load_demo", stdout=StringIO())
    refused = run(start, program_env | PRODUCTION)
    assert refused.returncode == 1
    assert "Refusing to start" in refused.stderr
    assert run(start, program_env).stdout.strip() == "started"


@pytest.mark.django_db
def test_the_demo_loads_once_and_prints_its_sign_ins() -> None:
    out = StringIO()
    call_command("load_demo", "--if-empty", stdout=out)
    assert "claire (administrateur)" in out.getvalue()
    first = list(Client.objects.values_list("pk", flat=True))
    assert len(first) == 400
    call_command("load_demo", "--if-empty", stdout=StringIO())
    call_command("load_demo", stdout=StringIO())
    assert list(Client.objects.values_list("pk", flat=True)) == first


@pytest.mark.django_db
def test_the_demo_stays_out_of_a_real_company(settings: pytest.FixtureRequest) -> None:
    make_user()
    out = StringIO()
    call_command("load_demo", "--if-empty", stdout=out)
    assert (Client.objects.count(), out.getvalue()) == (0, "")
    settings.DEMO = False  # type: ignore[attr-defined]
    with pytest.raises(CommandError, match="DEMO=1 only"):
        call_command("load_demo")


def test_migrating_with_the_program_s_role_is_refused() -> None:
    with pytest.raises(CommandError, match="--database=owner"):
        call_command("migrate")
