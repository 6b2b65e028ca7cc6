"""`make bench`, small: data, server, figures, report."""

import os
from pathlib import Path

import pytest

from extrabat.devtools import bench

pytestmark = pytest.mark.stack


@pytest.mark.usefixtures("db")
def test_a_small_run_writes_its_tables_and_keeps_what_people_wrote(tmp_path: Path) -> None:
    report = tmp_path / "report.md"
    report.write_text(f"# Figures\n\nBy hand.\n\n{bench.BEGIN}old\n{bench.END}\nAfterwards.\n")
    static = os.environ["STATIC_ROOT"]
    assert (
        bench.main(["--clients=300", "--requests=3", "--seconds=0.2", f"--report={report}", f"--static={static}"]) == 0
    )
    text = report.read_text()
    assert text.startswith("# Figures\n\nBy hand.\n\n")
    assert text.endswith("\nAfterwards.\n")
    assert "old" not in text.splitlines()
    for page in bench.PAGES:
        assert f"| `{page}` | " in text
        assert text.count(f"| `{page}` | ") == 2
    assert "300 clients beside the demo’s" in text
    assert "clients_contact " in text
    assert any(f"| {reads}" in text for reads in ("client_sort_name", "all of clients_client"))
    assert "Execution Time:" in text
    assert "<summary>form, advanced</summary>" in text


@pytest.mark.usefixtures("db")
def test_growth_measures_each_size_and_leaves_the_other_figures(tmp_path: Path) -> None:
    report = tmp_path / "report.md"
    report.write_text(f"{bench.BEGIN}kept\n{bench.END}\n{bench.GROWTH_BEGIN}old\n{bench.GROWTH_END}Afterwards.\n")
    static = os.environ["STATIC_ROOT"]
    asked = ["--growth=60,200", "--requests=2", f"--report={report}", f"--static={static}"]
    assert bench.main(asked) == 0
    text = report.read_text()
    assert f"{bench.BEGIN}kept\n{bench.END}" in text
    assert text.endswith("Afterwards.\n")
    assert "| GET | 60 | 200 | largest : smallest |" in text
    for page in ("/clients/", "/clients/?q=…", "/clients/<id>/", "/recherche/?q=…"):
        assert f"| `{page}` | " in text
