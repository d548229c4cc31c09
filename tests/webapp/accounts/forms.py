"""Forms of the pages of accounts, sent as a browser without JavaScript does."""

from __future__ import annotations

import re
from typing import Any

from flask.testing import FlaskClient


def token_in(page: str) -> str:
    """Return the token of the forms of a page."""
    found = re.search(r'name="csrf_token" value="([^"]+)"', page)
    assert found is not None
    return found[1]


def send(client: FlaskClient, page: str, path: str, **form: Any) -> Any:
    """Send a form of a page with the page's token."""
    token = token_in(client.get(page).get_data(as_text=True))
    return client.post(path, data={"csrf_token": token, **form})


def come_of_age(client: FlaskClient, path: str, year: int = 1980) -> None:
    """Answer the age screen of a link."""
    assert send(client, path, f"{path}/age", month="1", year=str(year)).status_code == 303
