"""The scripts of publishers' pages. They are the pages' own trackers, under addresses that other origins may load."""

from __future__ import annotations

from pathlib import Path
from typing import Final

from apiflask import APIBlueprint
from flask import request
from flask.typing import ResponseReturnValue

from webapp.files import answer
from webapp.services import services
from webapp.sites.cross_origin import let_read, nothing, origin

MODULES: Final = ("attention", "cards", "events", "list", "seen")
MAX_AGE_S: Final = 3600
_STATIC: Final = Path(__file__).parents[1] / "static"

scripts = APIBlueprint("scripts", __name__, enable_openapi=False)


@scripts.get("/embed.js")
def embed() -> ResponseReturnValue:
    """Send the script that a publisher's page names."""
    return _script("embed")


@scripts.get(f"/embed/<any({', '.join(MODULES)}):module>.js")
def load(module: str) -> ResponseReturnValue:
    """Send one of the scripts that it loads after a yes."""
    return _script(module)


def _script(name: str) -> ResponseReturnValue:
    if not services().shelf.sites.knows(origin()):
        return nothing()
    response = answer(_STATIC / f"{name}.js")
    response.cache_control.public = True
    response.cache_control.max_age = MAX_AGE_S
    response.make_conditional(request)
    return let_read(response, origin())
