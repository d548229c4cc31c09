"""Making and revoking addresses, on the page and by the API. With accounts: `tests/webapp/accounts/test_outlets.py`."""

from __future__ import annotations

import re
from html import unescape

import pytest
from flask import Flask
from flask.testing import FlaskClient

from reader.accounts.outlets import MAX_OUTLETS
from reader.ingest.subscriptions import Subscriptions
from reader.recommend.recommender import Recommender
from tests.webapp.outlets.conftest import MakeOutlet, path_of

SHOWN = re.compile(r'<code class="secret">(.+?)</code>')


def make_by_page(client: FlaskClient, **form: str) -> str:
    page = client.post("/me/addresses", data={"what": "for-you", **form})
    assert page.status_code == 200
    assert page.headers["Cache-Control"] == "no-store"
    (address,) = SHOWN.findall(page.get_data(as_text=True))
    return str(address)


@pytest.fixture(autouse=True)
def _without_forms(app: Flask) -> None:
    app.config["WTF_CSRF_ENABLED"] = False


def test_an_address_is_shown_once_and_works_until_it_is_revoked(client: FlaskClient) -> None:
    address = make_by_page(client, name="Newsboat on the train")
    assert address.startswith("http://localhost/feeds/for-you/rf_")
    assert client.get(path_of(address)).status_code == 200

    listed = client.get("/me/addresses").get_data(as_text=True)
    assert "Newsboat on the train" in listed
    assert "last fetched" in listed
    assert path_of(address).rpartition("/")[2] not in listed
    (digest,) = re.findall(r'name="address" value="([0-9a-f]{64})"', listed)
    assert client.post("/me/addresses/revoke", data={"address": digest}).status_code == 303

    assert client.get(path_of(address)).status_code == 404
    assert client.post("/me/addresses/revoke", data={"address": digest}).status_code == 404


@pytest.mark.parametrize("folder", [("A", "B"), ("TV/Radio › more", "A\\B > C")])
def test_a_folder_is_chosen_by_its_name(client: FlaskClient, recommender: Recommender, folder: tuple[str, ...]) -> None:
    Subscriptions(recommender.storage, recommender.clock).follow("local", "https://a.example/", folder=folder)
    (offered,) = re.findall(r'value="(folder:[^"]+)"', client.get("/me/addresses").get_data(as_text=True))

    address = make_by_page(client, what=unescape(offered), full_text="on")

    (outlet,) = recommender.storage.outlets("local")
    assert (outlet.kind, outlet.folder, outlet.full_text) == ("folder", folder, True)
    assert "/feeds/folder/" in address


@pytest.mark.parametrize("form", [{"what": "everything"}, {"what": "folder"}, {"name": "x" * 101}])
def test_a_wrong_wish_is_told(client: FlaskClient, recommender: Recommender, form: dict[str, str]) -> None:
    page = client.post("/me/addresses", data={"what": "for-you", **form})

    assert page.status_code == 422
    assert 'role="alert"' in page.get_data(as_text=True)
    assert recommender.storage.outlets("local") == []


def test_there_is_an_end_to_them(client: FlaskClient, make_outlet: MakeOutlet) -> None:
    for _ in range(MAX_OUTLETS):
        make_outlet()

    assert client.post("/me/addresses", data={"what": "saved"}).status_code == 422
    by_api = client.post("/api/v1/me/outlets", json={"kind": "saved"})
    assert (by_api.status_code, by_api.get_json()["detail"]) == (409, "outlets: there are 30 already; revoke one first")
    assert client.post("/api/v1/me/outlets", json={"kind": "saved", "name": "x" * 101}).status_code == 422


def test_by_the_api(client: FlaskClient) -> None:
    made = client.post("/api/v1/me/outlets", json={"kind": "saved", "name": "Script"})
    assert made.status_code == 201
    said = made.get_json()
    address = said.pop("address")

    assert client.get("/api/v1/me/outlets").get_json() == {"outlets": [said]}
    assert client.get(path_of(address)).status_code == 200
    gone = client.delete(f"/api/v1/me/outlets?id={said['id']}", headers={"Content-Type": "application/json"})
    assert gone.status_code == 204
    assert client.get(path_of(address)).status_code == 404
    assert client.post("/api/v1/me/outlets", json={"kind": "folder"}).status_code == 422
