"""The first thing that a fresh machine runs: what it installs, what it leaves alone, what it says."""

import ast
import fcntl
import os
import shutil
import stat
import subprocess
import sys
import threading
from pathlib import Path

import pytest

from extrabat.devtools import bootstrap
from extrabat.devtools.bootstrap import BootstrapError

ROOT = Path(__file__).parents[2]
LOCK = """\
tzdata==2026.6 \\
    --hash=sha256:aaaa
uv==0.13.9 \\
    --hash=sha256:bbbb \\
    --hash=sha256:cccc
uvloop==1.0 \\
    --hash=sha256:dddd
"""


@pytest.fixture
def tree(tmp_path: Path) -> Path:
    """A checkout with a lock, and a .venv that is empty but for what is looked at."""
    (tmp_path / "requirements.lock").write_text(LOCK)
    (tmp_path / ".venv/bin").mkdir(parents=True)
    (tmp_path / ".venv/bin/python").symlink_to(sys.executable)
    return tmp_path


@pytest.fixture
def installs(monkeypatch: pytest.MonkeyPatch) -> list[Path]:
    """Replace the installation by its last line, and count."""
    done: list[Path] = []

    def install(root: Path) -> None:
        done.append(root)
        (root / ".venv/.installed").write_text(bootstrap.expected_stamp(root))

    monkeypatch.setattr(bootstrap, "install", install)
    return done


def test_the_second_start_installs_nothing(tree: Path, installs: list[Path]) -> None:
    assert bootstrap.ensure(tree)
    assert not bootstrap.ensure(tree)
    assert installs == [tree]


def test_a_changed_lock_installs_again(tree: Path, installs: list[Path]) -> None:
    bootstrap.ensure(tree)
    (tree / "requirements.lock").write_text(LOCK.replace("0.13.9", "0.14"))
    assert bootstrap.ensure(tree)


def test_a_copied_tree_installs_again(tree: Path, installs: list[Path]) -> None:
    bootstrap.ensure(tree)
    copied = tree.with_name("copied")
    tree.rename(copied)
    assert bootstrap.ensure(copied)


def test_an_interpreter_that_has_gone_installs_again(tree: Path, installs: list[Path]) -> None:
    bootstrap.ensure(tree)
    (tree / ".venv/bin/python").unlink()
    (tree / ".venv/bin/python").symlink_to(tree / "gone")
    assert bootstrap.ensure(tree)


def test_an_interrupted_installation_is_repeated(tree: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def interrupted(*_: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(bootstrap, "is_usable", lambda venv: True)
    monkeypatch.setattr(bootstrap, "install_uv", interrupted)
    (tree / ".venv/.installed").write_text("an older state")
    with pytest.raises(KeyboardInterrupt):
        bootstrap.ensure(tree)
    assert not (tree / ".venv/.installed").exists()
    assert not bootstrap.is_installed(tree)


def test_the_second_of_two_makes_waits_and_finds_it_done(tree: Path, installs: list[Path]) -> None:
    handle = os.open(tree, os.O_RDONLY)
    fcntl.flock(handle, fcntl.LOCK_EX)
    second = threading.Thread(target=bootstrap.ensure, args=[tree])
    second.start()
    second.join(0.1)
    assert second.is_alive()
    assert installs == []
    (tree / ".venv/.installed").write_text(bootstrap.expected_stamp(tree))
    os.close(handle)
    second.join(5)
    assert not second.is_alive()
    assert installs == []


def test_the_entry_of_uv_is_taken_with_its_hashes_alone() -> None:
    entry = bootstrap.lock_entry(LOCK, "uv")
    assert entry == "uv==0.13.9 \\\n    --hash=sha256:bbbb \\\n    --hash=sha256:cccc\n"
    real = bootstrap.lock_entry((ROOT / "requirements.lock").read_text(), "uv")
    assert real.startswith("uv==")
    assert real.count("==") == 1
    assert "--hash=sha256:" in real


def test_a_lock_without_uv_is_told() -> None:
    with pytest.raises(BootstrapError, match="does not name uv"):
        bootstrap.lock_entry("tzdata==2026.6\n", "uv")


def test_uv_is_given_the_index_that_pip_was_told_to_use(tree: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PIP_CONFIG_FILE", os.devnull)
    monkeypatch.setenv("PIP_INDEX_URL", "http://mirror.example/simple")
    monkeypatch.setattr(bootstrap, "pip", lambda venv: [sys.executable, "-c", PIP_CONFIG_LIST])
    assert bootstrap.uv_environment(tree / ".venv")["UV_DEFAULT_INDEX"] == "http://mirror.example/simple"
    monkeypatch.setenv("UV_DEFAULT_INDEX", "http://already.example")
    assert "UV_DEFAULT_INDEX" not in bootstrap.uv_environment(tree / ".venv")


# The form in which pip lists its settings; the .venv of the tests need not have pip.
PIP_CONFIG_LIST = """
print(":env:.index-url='http://mirror.example/simple'")
print("global.extra-index-url='http://extra.example/simple'")
"""


def old_python(folder: Path, *, version: str = "(3, 9, 2, 'final', 0)", before: str = "pass") -> Path:
    """Make an interpreter that takes itself for another."""
    fake = folder / "python-of-old"
    code = (
        f"import runpy, sys; sys.version_info = {version}; {before}; "
        "sys.argv = sys.argv[1:]; runpy.run_path(sys.argv[0], run_name='__main__')"
    )
    fake.write_text(f'#!/bin/sh\nexec "{sys.executable}" -c "{code}" "$@"\n')
    fake.chmod(fake.stat().st_mode | stat.S_IXUSR)
    return fake


def run_bootstrap(python: Path, path: str) -> subprocess.CompletedProcess[str]:
    script = str(ROOT / "extrabat/devtools/bootstrap.py")
    return subprocess.run(
        [str(python), script], env={"PATH": path}, capture_output=True, text=True, check=False, timeout=20
    )


def test_an_old_python_is_told_in_one_line_what_to_do(tmp_path: Path) -> None:
    done = run_bootstrap(old_python(tmp_path), path="/nowhere")
    assert done.returncode == 1
    assert done.stderr.count("\n") == 1
    assert "3.9.2" in done.stderr
    assert "make PYTHON=" in done.stderr


def test_an_old_python_can_read_the_file_that_refuses_it() -> None:
    ast.parse((ROOT / "extrabat/devtools/bootstrap.py").read_text(), feature_version=(3, 8))


def test_a_python_without_venv_is_told_in_one_line_what_to_do(tmp_path: Path) -> None:
    fake = old_python(tmp_path, version="sys.version_info", before="sys.modules['ensurepip'] = None")
    done = run_bootstrap(fake, path="/nowhere")
    assert done.returncode == 1
    assert done.stderr.count("\n") == 1
    assert "apt install python3-venv" in done.stderr


def make_install(folder: Path, python: str, path: str) -> subprocess.CompletedProcess[str]:
    """Call the real Makefile in a tree whose bootstrap only tells who runs it."""
    (folder / "extrabat/devtools").mkdir(parents=True)
    (folder / "extrabat/devtools/bootstrap.py").write_text("import sys; print('run by', sys.argv[0])")
    return subprocess.run(
        ["/usr/bin/env", f"PATH={path}", MAKE, "-f", str(ROOT / "Makefile"), "install", f"PYTHON={python}"],
        cwd=folder,
        env={},
        capture_output=True,
        text=True,
        check=False,
        timeout=20,
    )


MAKE = shutil.which("make") or "make"


def test_a_newer_python_beside_an_old_one_is_taken(tmp_path: Path) -> None:
    (tmp_path / "python3.12").symlink_to(sys.executable)
    done = make_install(tmp_path, str(old_python(tmp_path)), path=f"{tmp_path}:/bin")
    assert done.stdout == "run by extrabat/devtools/bootstrap.py\n"


def test_no_recent_python_at_all_is_told_in_one_line(tmp_path: Path) -> None:
    done = make_install(tmp_path, str(tmp_path / "none"), path=str(tmp_path))
    assert done.returncode
    assert done.stderr.splitlines()[0].startswith("make stopped: ")
    assert "Install Python 3.11" in done.stderr


def test_a_failed_command_is_quoted_in_one_line_with_its_log(tmp_path: Path) -> None:
    log = tmp_path / "install.log"
    command = [sys.executable, "-c", "print('ERROR: no network\\nmore words'); raise SystemExit(1)"]
    with pytest.raises(BootstrapError) as caught:
        bootstrap.run(command, "installing uv", log)
    assert "installing uv failed: ERROR: no network" in str(caught.value)
    assert str(log) in str(caught.value)
    assert "\n" not in str(caught.value)


def test_a_venv_made_elsewhere_or_half_made_is_not_usable(tree: Path) -> None:
    assert not bootstrap.is_usable(tree / ".venv")
    (tree / ".venv/bin/pip").write_text("#!/elsewhere/.venv/bin/python\n")
    assert not bootstrap.is_usable(tree / ".venv")
