"""Forms of the pages of accounts, sent as a browser without JavaScript does."""

from __future__ import annotations

import re
from typing import Any

from flask.testing import FlaskClient


def send(client: FlaskClient, page: str, path: str, **form: Any) -> Any:
    """Send a form of a page with the page's token."""
    token = re.search(r'name="csrf_token" value="([^"]+)"', client.get(page).get_data(as_text=True))
    assert token is not None
    return client.post(path, data={"csrf_token": token[1], **form})


def come_of_age(client: FlaskClient, path: str, year: int = 1980) -> None:
    """Answer the age screen of a link."""
    assert send(client, path, f"{path}/age", month="1", year=str(year)).status_code == 303
