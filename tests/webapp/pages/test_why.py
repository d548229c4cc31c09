"""Why this: a sentence, a promise with its button, and a sum that opens up."""

from __future__ import annotations

import html
import re
from datetime import timedelta

import pytest
from flask.testing import FlaskClient

from reader.clock import ManualClock
from reader.recommend.recommender import Recommender
from reader.recommend.requests import Request
from reader.settings import RankingSettings, Settings
from reader.types import RecommendationList, Recommended
from tests.builders import act, article
from tests.webapp.pages.test_pages import events_of, send, text_of

ROW = re.compile(r'<tr><th scope="(\w+)"[^>]*>(.*?)</th>(?:(?!</tr>).)*class="number">([^<]*)</td></tr>', re.S)
# Of a row of the sum: label, how much more than on average, points.
COMPARED = re.compile(r'<th scope="row">(.*?)</th>.*?class="number">([^<]*)</td><td class="number">([^<]*)</td>', re.S)


@pytest.fixture
def settings() -> Settings:
    """Without exploring slots, so that a promise is kept to the place."""
    return Settings(secret_key="a key for tests", ranking=RankingSettings(exploring_every=1000))


@pytest.fixture
def made(client: FlaskClient, recommender: Recommender) -> RecommendationList:
    """The list of a reader who likes one item and opened another."""
    send(client, "/act", act="like", item="energy-0")
    client.get("/a/space-1")
    return recommender.recommend(Request("local"))


def page_of(client: FlaskClient, made: RecommendationList, place: Recommended) -> str:
    return text_of(client, f"/why/{made.id}/{place.item}")


def points(text: str) -> float:
    return float(text.replace("−", "-").replace("+", ""))


def test_the_list_leads_there(client: FlaskClient) -> None:
    send(client, "/act", act="like", item="energy-0")
    why = re.search(r'href="(/why/[^"]+)"', text_of(client, "/"))
    assert why

    assert "In words" in text_of(client, why[1])


def test_the_sum_by_family_is_the_score(client: FlaskClient, made: RecommendationList) -> None:
    table = re.search(r"<tbody>.*?</tfoot>", page_of(client, made, made.items[0]), re.S)
    assert table

    *families, total = [points(value) for _, _, value in ROW.findall(table[0])]

    assert len(families) >= 4
    assert total == pytest.approx(made.items[0].score, abs=0.0006)
    assert sum(families) == pytest.approx(total, abs=1e-9), "to the last digit"


def test_what_all_candidates_share_is_told_apart_from_what_sets_the_place_apart(
    client: FlaskClient, made: RecommendationList
) -> None:
    """Each row: how much more than on average, which comes first, and the points; the foot, and a line, sum both up."""
    page = page_of(client, made, made.items[0])
    table = re.search(r"<tbody>.*?</tfoot>", page, re.S)
    assert table
    rows = [[points(value) for value in re.findall(r'class="number">([^<]*)<', row)] for row in table[0].split("</tr>")]

    *families, (difference, total) = [row for row in rows if row]

    ahead = [own for own, _ in families]
    assert [abs(own) for own in ahead] == sorted((abs(own) for own in ahead), reverse=True)
    assert sum(ahead) == pytest.approx(difference, abs=1e-9), "to the last digit"
    assert any(own != whole for own, whole in families)
    average = re.search(r"came into question would have (\S+) points", page)
    assert average
    assert points(average[1]) == pytest.approx(total - difference, abs=1e-9)


def test_what_others_are_given_and_this_place_is_not_has_a_row(client: FlaskClient, recommender: Recommender) -> None:
    """One item is of a quiet source: all others have less of that than the average, and the sum counts it."""
    rare = article("rare", source="Rare", published_at=recommender.clock() - timedelta(days=1))
    recommender.add_items([rare])
    send(client, "/me/interests", act="follow", kind="source", value="Rare")
    made = recommender.recommend(Request("local"))
    place = next(place for place in made.items if place.item != "rare")

    table = re.search(r"<tbody>.*?</tfoot>", page_of(client, made, place), re.S)
    assert table
    *rows, (_, difference, _) = COMPARED.findall(table[0])

    unearned = {label: points(ahead) for label, ahead, whole in rows if points(whole) == 0}
    assert unearned["A quiet source"] < 0
    assert sum(unearned.values()) < -0.001 * len(unearned)
    assert sum(points(ahead) for _, ahead, _ in rows) == pytest.approx(points(difference), abs=1e-9)


def test_single_factors_and_the_others_sum_to_their_family(client: FlaskClient, made: RecommendationList) -> None:
    details = re.search(r"<details.*?</details>", page_of(client, made, made.items[0]), re.S)
    assert details
    groups = re.findall(r"<tbody>(.*?)</tbody>", details[0], re.S)

    named = 0
    for group in groups[:-1]:
        (scope, _, total), *parts = ROW.findall(group)
        assert scope == "rowgroup"
        assert sum(points(value) for *_, value in parts) == pytest.approx(points(total), abs=1e-9)
        named += group.count("<code>")
    assert named == 12
    others = sum(
        int(count.replace(",", "")) for count in re.findall(r"([\d,]+) (?:others|factors)\b[^<]*</th>", details[0])
    )
    assert f"and {others:,} others" in details[0]


def test_the_sentence_leads_to_what_it_speaks_of(client: FlaskClient, made: RecommendationList) -> None:
    place = next(place for place in made.items if place.reasons and place.reasons[0].code == "plus")

    page = page_of(client, made, place)

    assert html.escape(f"{place.reasons[0].label}.", quote=False) in html.unescape(page)
    assert 'href="/a/energy-0"' in page


def test_the_button_does_what_the_sentence_says(
    client: FlaskClient, recommender: Recommender, made: RecommendationList
) -> None:
    """Every number is kept by the next list; the interest is given back in between."""
    moved = 0
    for place in made.items[:16:3]:
        found = recommender.why(made, [place])[place.item].counterfactuals
        for each in found:
            page = page_of(client, made, place)
            said = re.search(rf"<em>{re.escape(each.label)}</em>[^.]*? this would (?:still )?be number (\d+)\.", page)
            assert said
            form = re.search(rf'value="{re.escape(each.target.value)}">\s*<input[^>]*name="weight" value="0">', page)
            assert form

            send(client, "/me/interests", act="weigh", kind=each.target.kind, value=each.target.value, weight="0")
            # Under the id of the first list it is not logged once more: nothing else happens between page and list.
            again = recommender.recommend(Request("local", list_id=made.id))
            positions = {one.item: one.position for one in again.items}
            send(client, "/me/interests", act="unweigh", kind=each.target.kind, value=each.target.value)

            assert positions[place.item] == int(said[1]) == each.position
            moved += positions[place.item] != place.position
    assert moved


def test_interests_that_move_nothing_share_a_line_below_those_that_do(
    client: FlaskClient, recommender: Recommender, made: RecommendationList
) -> None:
    """Each with its button; what keeps the item on the list at all stands first."""
    mixed = 0
    for place in made.items:
        why = recommender.why(made, [place])[place.item]
        still = [each.label for each in why.counterfactuals if each.position == why.next_position]
        lines = re.findall(r'<div class="without">(.*?)</div>', page_of(client, made, place), re.S)

        said = [line for line in lines if "would still be" in line]
        assert len(said) == bool(still)
        assert len(lines) == len(why.counterfactuals) - len(still) + bool(still)
        if still:
            assert lines[-1] == said[0]
            assert re.findall("<em>(.*?)</em>", said[0]) == still
            assert said[0].count('value="weigh"') == len(still)
            assert ("any one of" in said[0]) == (len(still) > 1)
        mixed += len(still) > 1
    assert mixed


def test_an_ignored_interest_can_be_given_back(client: FlaskClient, made: RecommendationList) -> None:
    answer = send(client, "/me/interests", act="weigh", kind="topic", value="energy", weight="0")
    assert "earns nothing" in text_of(client, answer.location)
    page = text_of(client, "/me/interests")
    assert re.search(r"Ignored: earns nothing.*energy.*As it was learned", page, re.S)

    send(client, "/me/interests", act="unweigh", kind="topic", value="energy")

    assert "Ignored: earns nothing" not in text_of(client, "/me/interests")


def test_never_show_hides_all_that_has_the_keyword(
    client: FlaskClient, recommender: Recommender, made: RecommendationList
) -> None:
    """The page names a keyword as texts write it; the form must send it as it is filed."""
    place = next(place for place in made.items if place.item.startswith("energy"))
    page = page_of(client, made, place)
    forms = re.findall(r'name="kind" value="keyword">\s*<input type="hidden" name="value" value="([^"]+)">', page)
    assert forms

    send(client, "/me/interests", act="mute", kind="keyword", value=html.unescape(forms[0]))

    left = {each.item for each in recommender.recommend(Request("local")).items}
    assert place.item not in left
    assert left
    assert len(events_of(recommender, "mute")) == 1


def test_of_what_was_opened_since_nothing_is_promised(client: FlaskClient, made: RecommendationList) -> None:
    client.get(f"/a/{made.items[0].item}")

    page = page_of(client, made, made.items[0])

    assert "You have opened it, so it will not be listed again." in page
    assert "this would" not in page


def test_what_was_marked_as_unread_since_is_listed_again(
    client: FlaskClient, recommender: Recommender, made: RecommendationList
) -> None:
    opened = made.items[0]
    client.get(f"/a/{opened.item}")
    recommender.observe([act("mark_unread", opened.item, user="local", at=made.at)])

    assert "will not be listed again" not in page_of(client, made, opened)
    assert opened.item in {place.item for place in recommender.recommend(Request("local")).items}


def test_without_its_factors_the_families_are_still_there(
    client: FlaskClient, recommender: Recommender, made: RecommendationList
) -> None:
    """As after a restart."""
    recommender._books.forget()

    page = page_of(client, made, made.items[0])

    assert "no longer kept" in page
    assert "<details" not in page.split("<main", 1)[1]
    assert "Sum, the score" in page


def test_a_list_in_order_of_time_promises_nothing(client: FlaskClient, recommender: Recommender) -> None:
    made = recommender.recommend(Request("local", mode="latest"))

    page = page_of(client, made, made.items[0])

    assert "In order of time" in page
    assert "Without" not in page


def test_a_list_that_is_no_longer_kept_is_gone(
    client: FlaskClient, made: RecommendationList, clock: ManualClock
) -> None:
    clock.at += timedelta(hours=2)

    assert client.get(f"/why/{made.id}/{made.items[0].item}").status_code == 410


class TestExploring:
    """A place given by chance."""

    @pytest.fixture
    def settings(self) -> Settings:
        return Settings(secret_key="a key for tests", ranking=RankingSettings(exploring_every=5))

    def test_chance_is_called_chance(self, client: FlaskClient, made: RecommendationList) -> None:
        place = next(place for place in made.items if place.exploration)

        page = page_of(client, made, place)

        assert f"{100 * place.propensity:.1f}%" in page
        assert "Without" not in page
