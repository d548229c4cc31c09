"""What every engine must keep about searching: a part of `StorageContract`."""

from __future__ import annotations

from dataclasses import replace

import pytest

from reader.storage.protocol import Storage
from reader.types import Article
from reader.types_search import SEARCH_FIELDS, SearchQuery, SearchWords, Sought
from tests.reader.storage.builders import NOW, make_clip

EVEN = (1.0,) * len(SEARCH_FIELDS)
SALT = Article(
    id="salt",
    title="Häuser aus Salz",
    source="Süddeutsche Post",
    author="Ada Lund",
    topics=("building",),
    published_at=NOW,
    paragraphs=("The salt lakes of Chile hold lithium.", "Straße by street, the brine dries."),
)
SEA = Article(id="sea", title="Brine of the sea", published_at=NOW, paragraphs=("Salt, and more salt.",))
WORDS = {"salt": SearchWords("haus salz", "haus salz salt lake chile hold lithium strasse street brine dry")}


def word(text: str, *, is_prefix: bool = False) -> Sought:
    return Sought((text,), is_prefix=is_prefix)


def phrase(*words: str) -> Sought:
    return Sought(words, as_written=True)


def one_of(*sought: Sought, without: tuple[Sought, ...] = ()) -> SearchQuery:
    return SearchQuery((sought,), without)


class SearchContract:
    """The promises of `reader.storage.search.SearchStorage`."""

    @pytest.fixture
    def filled(self, storage: Storage) -> Storage:
        """Two articles and a clip, of which one article has base forms."""
        clip = make_clip("clip", creator="Marlow", sound="Paper Waltz", tags=("tides",), description="Waves.")
        storage.put_items([SALT, SEA, clip], WORDS)
        return storage

    @pytest.mark.parametrize(
        ("query", "found"),
        [
            (one_of(word("lithium")), ["salt"]),
            (one_of(word("LITHIUM")), ["salt"]),
            (one_of(word("hauser")), ["salt"]),
            (one_of(word("HÄUSER")), ["salt"]),
            (one_of(word("haus")), ["salt"]),
            (one_of(phrase("haus")), []),
            (one_of(word("haus"), word("sea")), ["salt", "sea"]),
            (one_of(word("salt"), without=(word("sea"),)), ["clip", "salt"]),
            (SearchQuery(((word("salt"),), (word("brine"),))), ["salt", "sea"]),
            (SearchQuery(((word("salt"),), (word("chile"),))), ["salt"]),
            (one_of(phrase("salt", "lakes")), ["salt"]),
            (one_of(phrase("lakes", "salt")), []),
            (one_of(word("lith", is_prefix=True)), ["salt"]),
            (one_of(word("lith")), []),
            (one_of(Sought(("salt", "la"), is_prefix=True)), ["salt"]),
            (one_of(word("suddeutsche")), ["salt"]),
            (one_of(word("lund")), ["salt"]),
            (one_of(word("building")), ["salt"]),
            (one_of(word("waltz")), ["clip"]),
            (one_of(word("marlow")), ["clip"]),
            (one_of(word("tides")), ["clip"]),
            (one_of(word("waves")), ["clip"]),
            (one_of(word("nowhere")), []),
            (SearchQuery(()), []),
            (SearchQuery((), (word("salt"),)), []),
        ],
    )
    def test_words_find_what_has_them(self, filled: Storage, query: SearchQuery, found: list[str]) -> None:
        seqs = {seq: item.id for seq, item in filled.items_after(0)}

        assert sorted(seqs[seq] for seq, _ in filled.search(query, EVEN)) == found

    @pytest.mark.parametrize(
        "text", ['"', "a OR b", "NEAR(salt", "title:", "*", "salt*", "-salt", "(salt", "{title}:", "\0", "^"]
    )
    def test_no_word_is_taken_for_an_operator(self, filled: Storage, text: str) -> None:
        """It finds what has the words in it one after the other, or nothing; it never fails."""
        found = filled.search(one_of(word(text), phrase(text)), EVEN)

        assert len(found) == (3 if "salt" in text and "NEAR" not in text else 0)

    def test_a_field_counts_by_its_weight(self, filled: Storage) -> None:
        (by_title,) = filled.search(one_of(word("sea")), (8.0, 0, 0, 0, 0, 0))
        assert filled.search(one_of(word("sea")), (0.0, 1, 1, 1, 1, 1)) == [(by_title[0], 0.0)]

        assert by_title[1] > 0

    def test_more_of_it_counts_more(self, filled: Storage) -> None:
        filled.put_items([Article(id=f"filler-{number}", title="Other things") for number in range(8)])

        relevance = dict(filled.search(one_of(word("salt")), EVEN))

        seqs = {item.id: seq for seq, item in filled.items_after(0)}
        assert relevance[seqs["sea"]] > relevance[seqs["salt"]] > 0

    def test_a_new_version_is_found_by_its_own_words_alone(self, filled: Storage) -> None:
        filled.put_items([replace(SALT, title="Houses", paragraphs=())])
        ((newest, _),) = filled.items_after(0)[-1:]

        assert [seq for seq, _ in filled.search(one_of(word("houses")), EVEN)] == [newest]
        assert filled.search(one_of(word("lithium"), word("haus")), EVEN) == []
        assert filled.unworded(["salt", "sea", "nothing"]) == ["salt", "sea"]

    def test_base_forms_can_come_later(self, filled: Storage) -> None:
        assert filled.unworded(["salt", "sea", "clip"]) == ["clip", "sea"]

        filled.put_words({"sea": SearchWords("ocean", "ocean"), "nothing": SearchWords("ocean")})

        ((seq, _),) = filled.search(one_of(word("ocean")), EVEN)
        assert dict(filled.items_after(0))[seq] == SEA
        assert len(filled.search(one_of(word("salt")), EVEN)) == 3
        assert filled.unworded(["salt", "sea"]) == []

    def test_what_is_amiss_is_told_and_made_anew(self, filled: Storage) -> None:
        assert filled.check_search() == ["2 items lack base forms"]
        filled.put_words({"sea": SearchWords(), "clip": SearchWords()})
        assert filled.check_search() == []

        filled.rebuild_search()

        assert filled.check_search() == ["3 items lack base forms"]
        assert len(filled.search(one_of(word("salt")), EVEN)) == 3
        assert filled.search(one_of(word("haus")), EVEN) == []
