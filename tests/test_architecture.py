"""The house stands: relations and templates point down, and the guards themselves can go red."""

import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from django.apps import apps
from django.apps.registry import Apps
from django.conf import settings
from django.db import models

from extrabat.lib.rooms import menu
from tests.architecture import upward_relations, upward_templates

ROOT = Path(settings.BASE_DIR)
ROOMS = ["extrabat", "sav", "commerce", "planning", "messaging", "clients", "settings_app"]


def test_relations_point_down() -> None:
    assert upward_relations(apps.get_models(include_auto_created=True)) == []


def test_an_upward_foreign_key_is_found() -> None:
    isolated = Apps()

    class Case(models.Model):
        class Meta:
            app_label = "sav"
            apps = isolated

    class Person(models.Model):
        case = models.ForeignKey(Case, on_delete=models.CASCADE)

        class Meta:
            app_label = "clients"
            apps = isolated

    assert upward_relations([Person, Case]) == ["clients.Person.case -> sav.Case"]


def test_templates_point_down() -> None:
    assert upward_templates(ROOT / "templates") == []


@pytest.mark.parametrize(
    "line", ["{% url 'sav:list' %}", '{%url "commerce:document" 3%}', "{% include 'planning/card.html' %}"]
)
def test_an_upward_address_or_include_is_found(tmp_path: Path, line: str) -> None:
    (tmp_path / "clients").mkdir()
    (tmp_path / "clients" / "page.html").write_text(f"<p>\n{line}\n</p>")
    (tmp_path / "sav").mkdir()
    (tmp_path / "sav" / "page.html").write_text("{% url 'clients:list' %}")
    assert [found.split(" ")[0] for found in upward_templates(tmp_path)] == ["clients/page.html:2"]


@pytest.mark.parametrize(
    ("module", "planted", "contract"),
    [
        ("clients/models/addresses.py", "import sav\n", "The house: imports go down only"),
        ("extrabat/lib/money.py", "import clients.models\n", "The house: imports go down only"),
        ("clients/models/addresses.py", "import clients.forms\n", "Inside a room"),
        ("settings_app/users/models.py", "import settings_app.users.views\n", "Inside a part of settings_app"),
        ("clients/domain.py", "import django.db\n", "Rules are pure"),
    ],
)
def test_a_planted_import_turns_its_contract_red(tmp_path: Path, module: str, planted: str, contract: str) -> None:
    for room in ROOMS:
        shutil.copytree(ROOT / room, tmp_path / room, ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copy(ROOT / "pyproject.toml", tmp_path)
    path = tmp_path / module
    path.write_text((path.read_text() if path.exists() else "") + planted)
    linter = Path(sys.executable).with_name("lint-imports")
    ran = subprocess.run([linter, "--no-cache"], cwd=tmp_path, capture_output=True, text=True, check=False)
    broken = re.findall(r"^(.*) BROKEN", ran.stdout, flags=re.M)
    assert ran.returncode == 1
    assert any(name.startswith(contract) for name in broken), ran.stdout


def test_extrabat_itself_is_empty() -> None:
    assert (ROOT / "extrabat" / "__init__.py").read_text() == ""


def test_every_module_says_in_a_line_what_it_is() -> None:
    silent = [
        str(path.relative_to(ROOT))
        for room in ROOMS
        for path in (ROOT / room).rglob("*.py")
        if path.stat().st_size and "migrations" not in path.parts and not path.read_text().startswith('"""')
    ]
    assert silent == []


def test_no_page_holds_an_inline_script_style_or_handler() -> None:
    """The content policy would drop them silently."""
    faults = [
        f"{path.relative_to(ROOT)}: {found[0].strip()}"
        for path in (ROOT / "templates").rglob("*.html")
        for found in re.finditer(r"<script(?![^>]*\bsrc=)|<style|\sstyle=|\son[a-z]+=|javascript:", path.read_text())
    ]
    assert faults == []


def test_every_icon_named_in_a_template_is_in_the_sprite() -> None:
    known = set((ROOT / "static" / "icons.txt").read_text().split())
    named = {
        name
        for path in (ROOT / "templates").rglob("*.html")
        for name in re.findall(r"""{% icon ["']([a-z0-9-]+)["']""", path.read_text())
    }
    named |= {item.icon for item in menu}
    assert named - known == set()
