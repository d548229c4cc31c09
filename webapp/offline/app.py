"""What makes an app of the site: its manifest, its service worker, and the page that is shown without a connection.

None of it is about a reader, so all of it is open. Addresses follow the prefix that the site stands under.
"""

from __future__ import annotations

import hashlib
import json
from pathlib import Path
from typing import Any, Final

from apiflask import APIBlueprint
from flask import Response, current_app, render_template, request, url_for
from flask.typing import ResponseReturnValue

from webapp.files import VERSION, answer_text, sent
from webapp.language.choice import language
from webapp.language.saying import N_, _

PAPER: Final = {"light": "#fcfcfa", "dark": "#15171a"}
# A worker may ask this server, and fetch the pictures that its pages may show.
WORKER_POLICY: Final = (
    "default-src 'none'; connect-src 'self' https:; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
)
# What the worker puts by when it is installed: what the page without a connection and a copy of an article need. The
# tracker is not of it: it comes only with the pages of a reader who said yes.
SHELL: Final = (
    *("app.css", "lists.css", "reading.css", "keys.css"),
    *("keys.js", "keep.js", "offline.js", "reading.js", "texts.js", "toast.js"),
    "favicon.svg",
)
_ICONS: Final = (
    ("icon-192.png", "192x192", "any"),
    ("icon-512.png", "512x512", "any"),
    ("icon-maskable-512.png", "512x512", "maskable"),
    ("favicon.svg", "any", "any"),
)
_SHORTCUTS: Final = ((N_("For you"), "pages.for_you"), (N_("Watch"), "pages.watch"), (N_("Saved"), "pages.saved"))
_WORKER: Final = Path(__file__).parents[1] / "static" / "worker.js"

offline = APIBlueprint("offline", __name__, enable_openapi=False)


@offline.get("/manifest.webmanifest")
def manifest() -> ResponseReturnValue:
    """Describe the app to whoever installs it."""
    return Response(json.dumps(_manifest(), ensure_ascii=False), mimetype="application/manifest+json")


def _manifest() -> dict[str, Any]:
    root = f"{request.script_root}/"
    return {
        "id": root,
        "name": "Reread",
        "short_name": "Reread",
        "description": _("News and videos, ranked by how you read."),
        "start_url": url_for("pages.for_you"),
        "scope": root,
        "display": "standalone",
        "lang": language(),
        "categories": ["news"],
        "theme_color": PAPER["light"],
        "background_color": PAPER["light"],
        "icons": [_icon(*icon) for icon in _ICONS],
        "shortcuts": [
            {"name": _(name), "url": url_for(page), "icons": [_icon(*_ICONS[0])]} for name, page in _SHORTCUTS
        ],
    }


def _icon(name: str, sizes: str, purpose: str) -> dict[str, str]:
    kind = "image/svg+xml" if name.endswith(".svg") else "image/png"
    return {"src": url_for("static", filename=name), "sizes": sizes, "type": kind, "purpose": purpose}


@offline.get("/sw.js")
def worker() -> ResponseReturnValue:
    """Send the service worker, which begins with what is of this version and this prefix."""
    files = [url_for("static", filename=name) for name in SHELL]
    known = {
        "VERSION": current_app.extensions[VERSION],
        # Another page, in another theme for one, is another worker, which puts it by anew.
        "PAGE": hashlib.sha256(_page().encode()).hexdigest()[:8],
        "SHELL": [url_for("offline.page"), *files],
    }
    head = "".join(f"const {name} = {json.dumps(value)};\n" for name, value in known.items())
    response = answer_text(head + sent(_WORKER).body.decode("utf-8"), "text/javascript")
    response.headers["Content-Security-Policy"] = WORKER_POLICY
    response.cache_control.no_cache = True
    return response.make_conditional(request)


@offline.get("/offline")
def page() -> ResponseReturnValue:
    """Show what is kept in this browser. The same for everybody: what there is, its script finds in the browser."""
    return _page()


def _page() -> str:
    nobody = {"account": None, "has_accounts": False, "is_operator": False, "is_child": False, "keep": ""}
    return render_template("offline.html", **nobody, tracking=False, is_copy=True)
