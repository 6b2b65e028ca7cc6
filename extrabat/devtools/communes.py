"""Makes clients/places/communes.csv.gz from Etalab's npm package @etalab/decoupage-administratif.

Once a year, when INSEE's Code officiel géographique of the year is out, in a folder outside of the project:

    npm install @etalab/decoupage-administratif
    python -m extrabat.devtools.communes node_modules/@etalab/decoupage-administratif

Then tell the new year in docs/data.md. One line a commune: code;name;postal codes separated by spaces.
"""

from __future__ import annotations

import argparse
import gzip
import json
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

TARGET = Path(__file__).resolve().parents[2] / "clients" / "places" / "communes.csv.gz"
# Today's communes, and the arrondissements of Paris, Lyon and Marseille, whose codes the address service gives.
# Former communes live on as « déléguée » or « associée »: an address names the one that replaced them.
KEPT = {"commune-actuelle", "arrondissement-municipal"}
FEWEST = 34_000


class SourceError(Exception):
    """What is wrong with the package, in one line."""


def lines_of(communes: list[dict[str, Any]]) -> list[str]:
    """The biggest first, so that the place of a line is its rank and no population is carried."""
    kept = [commune for commune in communes if commune["type"] in KEPT]
    if len(kept) < FEWEST:
        raise SourceError(f"only {len(kept)} communes: this is not the whole list.")
    kept.sort(key=lambda commune: (-commune.get("population", 0), commune["nom"], commune["code"]))
    lines = []
    for commune in kept:
        values = [commune["code"], commune["nom"], " ".join(commune.get("codesPostaux", []))]
        if any(sign in value for value in values for sign in ";\n"):
            raise SourceError(f"the commune {commune['code']} holds a separator.")
        lines.append(";".join(values))
    return lines


def main(arguments: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="python -m extrabat.devtools.communes", description=__doc__)
    parser.add_argument("package", type=Path, help="folder of the npm package")
    parser.add_argument("--to", type=Path, default=TARGET, help="file to write")
    options = parser.parse_args(arguments)
    try:
        source = options.package / "data" / "communes.json"
        lines = lines_of(json.loads(source.read_text(encoding="utf-8")))
    except (OSError, ValueError, KeyError, SourceError) as error:
        print(f"communes: {error}", file=sys.stderr)
        return 1
    # No time in it: the same source gives the same bytes.
    options.to.write_bytes(gzip.compress("\n".join(lines).encode(), compresslevel=9, mtime=0))
    print(f"communes: {len(lines)} lines, {options.to.stat().st_size // 1000} kB")
    return 0


if __name__ == "__main__":
    sys.exit(main())
