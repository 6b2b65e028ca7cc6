"""Make .venv from requirements.lock with the machine's own python3 and the standard library alone."""

from __future__ import annotations

import fcntl
import hashlib
import os
import re
import subprocess
import sys
import tempfile
import time
from contextlib import contextmanager
from pathlib import Path

# Annotations only: this file must still load on an old Python, to say in one line that it is too old.
TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

OLDEST = (3, 11)
ROOT = Path(__file__).resolve().parents[2]


class BootstrapError(Exception):
    """One line: what failed and what to do about it."""


def main(root: Path = ROOT) -> int:
    try:
        check_python()
        ensure(root)
    except BootstrapError as error:
        print(f"bootstrap stopped: {error}", file=sys.stderr)
        return 1
    except OSError as error:
        print(f"bootstrap stopped: {error}. Check who owns the folder and the disk space.", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        print("bootstrap interrupted; the next make starts it again", file=sys.stderr)
        return 130
    return 0


def check_python(version: tuple[int, ...] = ()) -> None:
    version = version or tuple(sys.version_info[:3])
    if version[:2] < OLDEST:
        has = ".".join(str(part) for part in version)
        raise BootstrapError(
            f"Python 3.11 or later is needed and {sys.executable} is {has}. "
            "Install one and name it: make PYTHON=python3.12 …"
        )
    try:
        import ensurepip  # noqa: F401
        import venv  # noqa: F401
    except ImportError:
        raise BootstrapError(
            "this Python cannot make virtual environments. "
            f"Install its venv module (Debian, Ubuntu: apt install python3-venv), used: {sys.executable}"
        ) from None


def ensure(root: Path) -> bool:
    """Return True when something was installed, False when .venv was already what the lock says."""
    if is_installed(root):
        return False
    with alone(root):
        if is_installed(root):
            return False
        started = time.monotonic()
        print("packages: installing (first start, or requirements.lock changed) …", flush=True)
        install(root)
        print(f"packages: installed in {time.monotonic() - started:.1f} s", flush=True)
    return True


def is_installed(root: Path) -> bool:
    try:
        stamp = (root / ".venv/.installed").read_text(encoding="utf-8")
    except FileNotFoundError:
        return False
    return stamp == expected_stamp(root) and (root / ".venv/bin/python").exists()


def expected_stamp(root: Path) -> str:
    """The folder is part of it: the scripts of a copied .venv still point to where it was made."""
    lock = hashlib.sha256((root / "requirements.lock").read_bytes()).hexdigest()
    return f"{lock} {python_version()} {root / '.venv'}\n"


def python_version() -> str:
    return f"{sys.implementation.name}-{sys.version_info[0]}.{sys.version_info[1]}"


def install(root: Path) -> None:
    venv = root / ".venv"
    (venv / ".installed").unlink(missing_ok=True)
    if not is_usable(venv):
        run([base_python(), "-m", "venv", "--clear", str(venv)], "making .venv", log=None)
    log = venv / "install.log"
    log.unlink(missing_ok=True)
    install_uv(root, venv, log)
    sync(root, venv, log)
    (venv / ".installed").write_text(expected_stamp(root), encoding="utf-8")


def is_usable(venv: Path) -> bool:
    """Made here, by this version of Python, and whole: an interrupted creation has no pip."""
    question = "import sys, pip; print(f'{sys.implementation.name}-{sys.version_info[0]}.{sys.version_info[1]}')"
    try:
        answer = subprocess.run([str(venv / "bin/python"), "-c", question], capture_output=True, text=True, check=True)
        with (venv / "bin/pip").open(encoding="utf-8", errors="replace") as script:
            made_here = str(venv) in script.readline() + script.readline()
    except (OSError, subprocess.CalledProcessError):
        return False
    return made_here and answer.stdout.strip() == python_version()


def base_python() -> str:
    """Never the interpreter of an activated .venv, which is about to be replaced."""
    return getattr(sys, "_base_executable", None) or sys.executable


def install_uv(root: Path, venv: Path, log: Path) -> None:
    with tempfile.TemporaryDirectory() as folder:
        only_uv = Path(folder) / "uv.txt"
        only_uv.write_text(lock_entry((root / "requirements.lock").read_text(encoding="utf-8"), "uv"))
        run([*pip(venv), "install", "--require-hashes", "--no-deps", "-r", str(only_uv)], "installing uv", log)


def lock_entry(lock: str, name: str) -> str:
    """Return the lines of one package: its pinned version and the hashes that follow."""
    found = re.search(rf"^{re.escape(name)}==(?:.*\\\n)*.*$", lock, re.MULTILINE)
    if not found:
        raise BootstrapError(f"requirements.lock does not name {name}. Restore the file from git.")
    return found.group() + "\n"


def sync(root: Path, venv: Path, log: Path) -> None:
    """Take uv (seconds), then pip, as a place may have only pip set up for its package index."""
    lock = str(root / "requirements.lock")
    python = str(venv / "bin/python")
    environment = {**os.environ, **uv_environment(venv)}
    uv = [str(venv / "bin/uv"), "pip", "sync", "--python", python, "--require-hashes", "--compile-bytecode"]
    if call([*uv, lock], log, environment) == 0:
        return
    print("packages: uv could not install them, trying pip (slower) …", flush=True)
    run([*pip(venv), "install", "--require-hashes", "-r", lock], "installing the packages", log)


def pip(venv: Path) -> Sequence[str]:
    return [str(venv / "bin/python"), "-m", "pip", "--disable-pip-version-check", "--no-input"]


def uv_environment(venv: Path) -> Mapping[str, str]:
    """Hand uv, which does not read pip's settings, the index and certificate that pip was told to use."""
    settings = {"UV_PYTHON_DOWNLOADS": "never", "UV_NO_PROGRESS": "1"}
    listed = subprocess.run([*pip(venv), "config", "list"], capture_output=True, text=True, check=False).stdout
    for name, ours in (("index-url", "UV_DEFAULT_INDEX"), ("cert", "SSL_CERT_FILE")):
        values = re.findall(rf"^[^=\n]*\.{name}='(.*)'$", listed, re.MULTILINE)
        if values and ours not in os.environ:
            settings[ours] = values[-1]
    return settings


def run(command: Sequence[str], doing: str, log: Path | None) -> None:
    if log is None:
        done = subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, check=False)
        code, output, where = done.returncode, done.stdout, ""
    else:
        code = call(command, log, None)
        output, where = log.read_text(encoding="utf-8", errors="replace"), f" (log: {log})"
    if code:
        raise BootstrapError(
            f"{doing} failed: {last_error(output)}. Check the network, the disk space and pip's settings, "
            f"then run make again.{where}"
        )


def call(command: Sequence[str], log: Path, environment: Mapping[str, str] | None) -> int:
    with log.open("a", encoding="utf-8") as output:
        return subprocess.run(command, stdout=output, stderr=subprocess.STDOUT, env=environment, check=False).returncode


def last_error(output: str) -> str:
    lines = [line.strip() for line in output.splitlines() if line.strip()]
    errors = [line for line in lines if line.lower().startswith("error")]
    return (errors or lines or ["no output"])[-1].rstrip(".")


@contextmanager
def alone(root: Path) -> Iterator[None]:
    """Two makes at once: the second waits, then finds everything done. The folder itself is the lock."""
    handle = os.open(root, os.O_RDONLY)
    try:
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            print("packages: another make is installing them, waiting …", flush=True)
            fcntl.flock(handle, fcntl.LOCK_EX)
        yield
    finally:
        os.close(handle)


if __name__ == "__main__":
    sys.exit(main())
