"""The validations of `make torture`, small: no gap, no twin, nothing lost, the seal whole."""

from pathlib import Path

import pytest

from extrabat.devtools import torture

pytestmark = pytest.mark.stack


def test_validations_survive_a_kill(tmp_path: Path) -> None:
    report = tmp_path / "torture.md"
    assert torture.main(["--sessions=4", "--each=6", "--kills=1", f"--report={report}"]) == 0
    text = report.read_text()
    for row in ("| issued | 24 |", "| lost | 0 |", "| gaps in the numbers | 0 |", "| numbers twice | 0 |"):
        assert row in text
    assert "| dates out of order | 0 |" in text
    assert "The seal is whole: 24 links, 24 documents" in text
