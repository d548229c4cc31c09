"""The pages of creators and sounds of whom there is more than fits a page."""

from __future__ import annotations

from flask.testing import FlaskClient

from reader.recommend.recommender import Recommender
from tests.webapp.pages.test_pages import text_of
from tests.webapp.pages.test_watch import add, clip
from webapp.pages.entities import CLIPS_SHOWN


def test_a_page_of_a_part_of_the_clips_says_so(client: FlaskClient, recommender: Recommender) -> None:
    add(recommender, *(clip(number, creator="Ann") for number in range(CLIPS_SHOWN)))
    assert f"{CLIPS_SHOWN} clips, newest first." in text_of(client, "/creator/Ann")

    add(recommender, clip(CLIPS_SHOWN, creator="Ann"))
    page = text_of(client, "/creator/Ann")

    assert f"The newest {CLIPS_SHOWN} clips." in page
    assert f">Clip {CLIPS_SHOWN - 1}<" in page
    assert f">Clip {CLIPS_SHOWN}<" not in page
