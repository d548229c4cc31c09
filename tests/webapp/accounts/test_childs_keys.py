"""Keys by which a child reads: what they do for it, and which it is offered."""

from __future__ import annotations

import re

import pytest
from flask.testing import FlaskClient

from reader.accounts.registry import Accounts
from tests.webapp.accounts.family import change, text
from tests.webapp.accounts.forms import token_in


@pytest.mark.parametrize(
    ("language", "sentence"),
    [
        ("en", "Not marked: what you read is never recorded."),
        ("de", "Nicht markiert: Was du liest, wird nie aufgezeichnet."),
    ],
)
def test_a_child_that_marks_something_as_read_is_told_why_not(kim: FlaskClient, language: str, sentence: str) -> None:
    """By key on a list, which has no such button; the table of keys does not offer it."""
    headers = {"Accept-Language": language}
    token = token_in(text(kim.get("/", headers=headers)))

    form = {"csrf_token": token, "do": "mark_read 1 - food-1"}
    answer = kim.post("/act", data=form, headers=headers | {"Accept": "application/json"})

    assert (answer.status_code, answer.get_json()["detail"]) == (403, sentence)


def test_keys_that_a_child_has_no_use_for_are_not_offered(
    kim: FlaskClient, ann: FlaskClient, accounts: Accounts
) -> None:
    def keys(browser: FlaskClient) -> str:
        return "".join(re.findall(r"<kbd>(\w)</kbd>", text(browser.get("/me/look"))))

    before = keys(kim)
    change(ann, accounts, "allow-feedback")

    assert (before, keys(kim), keys(ann)) == ("ub", "lsxub", "lsxmub")
