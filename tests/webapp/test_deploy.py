"""The recipes under deploy/ agree with the program: what they copy, run, set and ask for is there."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
import tomllib
from pathlib import Path

import pytest
from flask import Flask

from reader.settings import Settings
from reader.settings_sources import check_variables
from webapp.cli import COMMANDS
from webapp.commands.serve import SERVER_OPTIONS

ROOT = Path(__file__).parents[2]
DEPLOY = ROOT / "deploy"
IMAGE = (DEPLOY / "Containerfile").read_text("utf-8")
UNIT = (DEPLOY / "reread.service").read_text("utf-8")
NGINX = (DEPLOY / "nginx.conf").read_text("utf-8")
CADDY = (DEPLOY / "Caddyfile").read_text("utf-8")
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))


def steps(text: str) -> list[tuple[str, str]]:
    """The instructions of a Containerfile with continued lines joined and comments left out."""
    bare = "\n".join(line for line in text.splitlines() if not line.lstrip().startswith("#"))
    joined = re.sub(r"\\\n\s*", "", bare)
    return [(word, rest) for word, _, rest in (line.partition(" ") for line in joined.splitlines() if line.strip())]


STEPS = steps(IMAGE)


def last(word: str) -> str:
    return [rest for name, rest in STEPS if name == word][-1]


def variables(text: str) -> dict[str, str]:
    return dict(re.findall(r"(\w+)=(\S+)", text))


def test_the_image_copies_what_is_there_and_all_that_is_packed() -> None:
    copied = [rest.split()[:-1] for name, rest in STEPS if name == "COPY" and not rest.startswith("--from")]
    sources = {source for names in copied for source in names}

    assert [source for source in sources if not (ROOT / source).exists()] == []
    wheel = PROJECT["tool"]["hatch"]["build"]["targets"]["wheel"]
    assert {*wheel["packages"], *wheel["force-include"], PROJECT["project"]["readme"]} <= sources
    assert set(PROJECT["project"]["license-files"]) <= sources


def test_the_image_runs_a_command_that_there_is_as_nobody_special() -> None:
    command, *arguments = json.loads(last("CMD"))
    found = next(one for one in COMMANDS if one.name == command)

    assert json.loads(last("ENTRYPOINT")) == list(PROJECT["project"]["scripts"])
    assert {option for each in found.params for option in (*each.opts, *each.secondary_opts)} >= {
        one for one in arguments if one[0] == "-"
    }
    user, group = last("USER").split(":")
    assert int(user) > 0
    assert int(group) > 0
    assert f"--uid {user}" in IMAGE
    assert last("VOLUME") == str(Path(variables(last("ENV"))["REREAD_DB"]).parent)
    assert last("EXPOSE") == str(Settings().server.port)


def test_the_image_asks_a_path_that_answers_whether_it_is_well(app: Flask) -> None:
    (asked,) = re.findall(r"http://127\.0\.0\.1:(\d+)(/\w+)", last("HEALTHCHECK"))

    assert asked[0] == last("EXPOSE")
    assert app.test_client().get(asked[1]).status_code == 200


def test_the_image_has_a_python_that_is_new_enough_and_the_torch_of_the_makefile() -> None:
    versions = set(re.findall(r"^FROM \S+/python:(\d+\.\d+)-slim", IMAGE, re.MULTILINE))
    torch = set(re.findall(r"torch==[\d.]+", IMAGE + (ROOT / "Makefile").read_text("utf-8")))

    assert versions == {PROJECT["project"]["requires-python"].removeprefix(">=")}
    assert len(torch) == 1
    assert torch <= set((ROOT / "constraints.txt").read_text("utf-8").split())


@pytest.mark.parametrize(
    "text",
    [last("ENV"), " ".join(re.findall(r"^Environment=(.*)$", UNIT, re.MULTILINE))],
    ids=["image", "unit"],
)
def test_what_they_set_are_settings_and_fit(text: str, monkeypatch: pytest.MonkeyPatch) -> None:
    own = {name: value for name, value in variables(text).items() if name.startswith("REREAD_")}
    assert own
    check_variables(Settings, own)
    for name, value in own.items():
        monkeypatch.setenv(name, value)

    read = Settings()

    assert read.accounts
    assert (read.db, read.server.log) == (own["REREAD_DB"], "json")


@pytest.mark.parametrize("recipe", [UNIT, (ROOT / "docs" / "operating.md").read_text("utf-8")], ids=["unit", "docs"])
def test_the_service_is_installed_from_the_checkout_and_with_the_torch_of_the_image(recipe: str) -> None:
    """An index may have something else under this name, or nothing."""
    (torch,) = (rest.split()[-1] for name, rest in STEPS if name == "RUN" and "torch==" in rest)

    installed = re.findall(r"/opt/reread/bin/pip install (.+)", recipe)

    assert installed == [torch, "-c constraints.txt ."]


def test_the_unit_starts_a_command_that_there_is() -> None:
    program, command, *arguments = re.findall(r"^ExecStart=(.*)$", UNIT, re.MULTILINE)[0].split()
    found = next(one for one in COMMANDS if one.name == command)

    assert Path(program).name in PROJECT["project"]["scripts"]
    assert {option for each in found.params for option in (*each.opts, *each.secondary_opts)} >= set(arguments)
    (folder,) = re.findall(r"^StateDirectory=(.*)$", UNIT, re.MULTILINE)
    assert f"REREAD_DB=/var/lib/{folder}/" in UNIT


@pytest.mark.parametrize(
    "line",
    [
        "DynamicUser=yes",
        "NoNewPrivileges=yes",
        "ProtectSystem=strict",
        "ProtectHome=yes",
        "PrivateTmp=yes",
        "CapabilityBoundingSet=",
        "SystemCallFilter=@system-service",
        "UMask=0077",
    ],
)
def test_the_unit_may_do_little(line: str) -> None:
    assert line in UNIT.splitlines()


@pytest.mark.skipif(shutil.which("systemd-analyze") is None, reason="there is no systemd here")
def test_systemd_takes_the_unit(tmp_path: Path) -> None:
    """With a program that is there in the place of the installed one."""
    unit = tmp_path / "reread.service"
    unit.write_text(UNIT.replace("/opt/reread/bin/reread", "/bin/true"), "utf-8")

    done = subprocess.run(["systemd-analyze", "verify", str(unit)], capture_output=True, text=True, timeout=60)

    assert (done.returncode, done.stderr) == (0, "")


@pytest.mark.parametrize("text", [NGINX, CADDY], ids=["nginx", "Caddy"])
def test_the_proxies_lead_to_the_server_and_let_its_bodies_through(text: str) -> None:
    assert f"127.0.0.1:{Settings().server.port}" in text
    (megabytes,) = re.findall(r"(?:client_max_body_size|max_size) (\d+)", text)
    assert int(megabytes) * 1_000_000 >= SERVER_OPTIONS["max_request_body_size"]
    told = tomllib.loads("\n".join(line[2:] for line in text.splitlines() if re.match(r"#   ", line)))
    assert Settings.model_validate(told).server.proxy == "127.0.0.1"


def test_nginx_passes_on_what_the_server_believes() -> None:
    passed = set(re.findall(r"proxy_set_header (X-Forwarded-\w+)", NGINX))

    assert passed == {"X-Forwarded-For", "X-Forwarded-Proto", "X-Forwarded-Host"}
