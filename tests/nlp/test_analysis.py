"""The whole analysis on real models."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from nlp.analysis import Analyser, Analysis, Block, Text
from nlp.phrases import Phrase
from nlp.vectors import Embedder

ENGLISH = Text(
    "Wind farms in the North Sea",
    ("Offshore wind farms feed power to Denmark. The turbines stand in deep water.", "Fishermen fear for the cod."),
    "en",
)
GERMAN = Text(
    "Neues Klimagesetz im Bundestag",
    ("Der Bundestag hat am Montag über das neue Klimagesetz beraten, das im nächsten Jahr gelten soll.",),
)

phrases = st.builds(
    Phrase,
    st.text(max_size=8),
    st.text(max_size=8),
    st.sampled_from(["entity", "noun_phrase", "word"]),
    st.floats(0, 1),
)
blocks = st.builds(
    Block, st.integers(0, 9999), st.floats(0, 200), st.lists(phrases, max_size=3).map(lambda found: tuple(found))
)


@st.composite
def analyses(draw: st.DrawFn) -> Analysis:
    """Analyses with vectors of float16 precision, as the analyser makes them."""
    paragraphs = tuple(draw(st.lists(blocks, max_size=3)))
    rng = np.random.default_rng(draw(st.integers(0, 99)))
    vectors = rng.normal(size=(1 + len(paragraphs), 4)).astype(np.float16).astype(np.float32)
    terms = draw(st.dictionaries(st.text(max_size=5), st.integers(1, 9), max_size=4))
    return Analysis(draw(st.sampled_from(["en", "und"])), draw(blocks), paragraphs, terms, vectors, "model/1")


@given(analyses())
def test_the_stored_form_gives_the_analysis_again(analysis: Analysis) -> None:
    again = Analysis.from_bytes(analysis.to_bytes())

    assert again.to_bytes() == analysis.to_bytes()
    assert (again.language, again.title, again.paragraphs) == (analysis.language, analysis.title, analysis.paragraphs)
    assert (again.terms, again.model_id) == (analysis.terms, analysis.model_id)
    assert again.vectors.tolist() == analysis.vectors.tolist()


def test_an_analysis_says_what_it_promises(analyser: Analyser, embedder: Embedder) -> None:
    english, german = analyser.analyse([ENGLISH, GERMAN])

    assert (english.language, german.language) == ("en", "de")
    assert [block.words for block in (english.title, *english.paragraphs)] == [6, 13, 5]
    assert english.terms["wind"] == 2
    assert english.vectors.shape == (3, embedder.dim)
    assert english.model_id == embedder.model_id
    assert "offshore wind farm" in {phrase.term for phrase in english.paragraphs[0].phrases}
    assert "klimagesetz" in {phrase.term for phrase in german.title.phrases}


def test_rounding_for_the_store_costs_no_meaning(analyser: Analyser, embedder: Embedder) -> None:
    vectors = analyser.analyse([ENGLISH])[0].vectors

    exact = embedder.encode([ENGLISH.title, *ENGLISH.paragraphs])
    np.testing.assert_allclose(np.sum(vectors * exact, axis=1), 1, atol=1e-3)
    np.testing.assert_allclose(np.linalg.norm(vectors, axis=1), 1, atol=1e-3)


def test_texts_do_not_influence_one_another(analyser: Analyser) -> None:
    together = analyser.analyse([GERMAN, ENGLISH, Text("", ()), GERMAN])
    alone = analyser.analyse([ENGLISH])[0]

    assert together[1].paragraphs == alone.paragraphs
    assert together[1].terms == alone.terms
    np.testing.assert_allclose(together[1].vectors, alone.vectors, atol=2e-3)
    assert together[0].to_bytes() == together[3].to_bytes()


@pytest.mark.parametrize(
    "text",
    [
        Text("", ()),
        Text("", ("",)),
        Text("\ud800", ("\x00\x07", "\udfff a \x1b[31m")),
        Text("x" * 100_000, (" ".join("ab" for _ in range(20_000)),)),
        Text("Title alone", (), "en-GB"),
        Text("Emoji 🎉", ("👩‍👩‍👧 🎉🎉", "שלום עולם", "नमस्ते दुनिया"), "xx"),
    ],
    ids=["nothing", "empty", "unprintable", "endless", "title", "scripts"],
)
def test_odd_texts_are_analysed(analyser: Analyser, text: Text) -> None:
    analysis = analyser.analyse([text])[0]

    assert len(analysis.paragraphs) == len(text.paragraphs)
    assert len(analysis.vectors) == 1 + len(text.paragraphs)
    assert np.isfinite(analysis.vectors).all()
    assert Analysis.from_bytes(analysis.to_bytes()).to_bytes() == analysis.to_bytes()


def test_an_empty_text_has_nothing(analyser: Analyser) -> None:
    analysis = analyser.analyse([Text("", ())])[0]

    assert analysis.title == Block(0, 0.0, ())
    assert (analysis.language, len(analysis.terms)) == ("und", 0)
    assert not analysis.vectors.any()


def test_progress_counts_texts_to_the_last(analyser: Analyser) -> None:
    seen: list[int] = []

    analyser.analyse([Text("", ())] * 70, progress=seen.append)

    assert seen == [32, 64, 70]
    assert analyser.analyse([], progress=seen.append) == []


def test_key_changes_with_all_that_the_analysis_depends_on(analyser: Analyser) -> None:
    other_pipeline = Analyser(analyser._embedder, spacy_en="other")
    keys = [
        analyser.key("a", ["b", "c"], "en"),
        analyser.key("a", ["bc"], "en"),
        analyser.key("ab", ["c"], "en"),
        analyser.key("a", ["b", "c"], ""),
        analyser.key("\ud800", [], ""),
        other_pipeline.key("a", ["b", "c"], "en"),
    ]

    assert len(set(keys)) == len(keys)
    assert keys[0] == analyser.key("a", ("b", "c"), "en")


@pytest.mark.parametrize(
    "spoil",
    [lambda _: b"", lambda b: b[:-2], lambda b: b"RRA0" + b[4:], lambda b: b[:20], lambda b: b[:12] + b"??" + b[14:]],
    ids=["empty", "short", "version", "cut", "damaged"],
)
def test_damaged_or_foreign_bytes_are_refused(analyser: Analyser, spoil: object) -> None:
    stored = analyser.analyse([ENGLISH])[0].to_bytes()
    assert callable(spoil)

    with pytest.raises(ValueError, match=r"analyse the text again|buffer"):
        Analysis.from_bytes(spoil(stored))
