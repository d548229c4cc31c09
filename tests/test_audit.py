"""`make audit` where there is no network."""

from __future__ import annotations

import subprocess
from pathlib import Path

ROOT = Path(__file__).parents[1]


def test_without_a_network_it_says_what_to_do_and_does_not_pass_for_done() -> None:
    """A Python that fails stands for one that reaches nothing."""
    done = subprocess.run(["make", "audit", "PYTHON=false"], cwd=ROOT, capture_output=True, text=True, check=False)

    (step,) = [line.strip() for line in done.stdout.splitlines() if "--requirement" in line]
    assert done.returncode != 0
    assert "Not audited" in done.stdout
    assert step in (ROOT / "docs" / "security.md").read_text(encoding="utf-8")
