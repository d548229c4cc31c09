"""Reread as a part of somebody's Flask application, under a prefix of theirs.

    from flask import Flask
    from webapp.extension import Reread

    reread = Reread(reader=lambda: current_user.get_id() if current_user.is_authenticated else None)
    app = Flask(__name__)
    reread.init_app(app)          # pages at /reader/, API at /reader/api/v1

The host application gets one blueprint, `reread`, whose view hands requests on to an application of ours. So ours keeps
its headers, errors, templates and cookies to itself, and the host's hooks (before_request and the like) hold for it.
"""

from __future__ import annotations

import atexit
import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final, cast

from flask import Blueprint, Flask, current_app, request
from werkzeug.wrappers import Response

from reader.recommend.recommender import Recommender
from reader.settings import Settings
from webapp.app import create_app
from webapp.due import due_of
from webapp.identity import HOST_READER
from webapp.paths import default_db
from webapp.purging import Purger, make_purger
from webapp.saving import Saver
from webapp.services import EXTENSION

ReaderOf = Callable[[], str | None]
METHODS: Final = ("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS")
DEFAULT_PREFIX: Final = "/reader"


@dataclass
class Mounted:
    """Reread within one host application."""

    app: Flask
    prefix: str
    saver: Saver
    purger: Purger | None = None
    started: bool = False
    lock: threading.Lock = field(default_factory=threading.Lock)

    def start(self) -> None:
        """Begin to save what is learned, and to delete what is kept no longer, in the process that serves."""
        with self.lock:
            if not self.started:
                self.started = True
                self.saver.start()
                atexit.register(self.saver.stop)
                if self.purger is not None:
                    self.purger.start()
                    atexit.register(self.purger.stop)


class Reread:
    """The extension. reader: called within a request of the host; returns who reads, by whatever id, or None.

    Nobody is shown anything without an id. For an application of one reader: `Reread(reader=lambda: "local")`.
    url_prefix, db: else `REREAD_URL_PREFIX` and `REREAD_DB` of the host's configuration, else /reader and the database
    of this user. recommender: instead of db, one that is there already.
    """

    def __init__(
        self,
        app: Flask | None = None,
        *,
        reader: ReaderOf,
        url_prefix: str | None = None,
        db: str | Path | None = None,
        settings: Settings | None = None,
        recommender: Recommender | None = None,
    ) -> None:
        self._reader = reader
        self._prefix = url_prefix
        self._db = db
        self._settings = settings
        self._recommender = recommender
        if app is not None:
            self.init_app(app)

    def init_app(self, app: Flask) -> None:
        """Add the blueprint to an application. Its CSRF protection, if it is there already, leaves our forms to us."""
        prefix = _checked(self._prefix or app.config.get("REREAD_URL_PREFIX") or DEFAULT_PREFIX)
        app.extensions[EXTENSION] = self._mount(prefix, self._db or app.config.get("REREAD_DB") or default_db())
        blueprint = self._blueprint()
        csrf = app.extensions.get("csrf")
        if csrf is not None:
            csrf.exempt(blueprint)
        app.register_blueprint(blueprint, url_prefix=prefix)

    def _mount(self, prefix: str, db: str | Path) -> Mounted:
        inner = create_app(self._recommender, settings=self._settings, db=db, hosts=None, hosted=True)
        recommender, jobs = inner.extensions[EXTENSION].recommender, inner.extensions[EXTENSION].metrics.jobs
        saver = Saver(recommender, recommender.settings.learning.saved_every_s, jobs, due_of(inner, recommender))
        return Mounted(inner, prefix, saver, make_purger(recommender, jobs, Path(db)))

    def _blueprint(self) -> Blueprint:
        blueprint = Blueprint("reread", __name__)
        rule: dict[str, Any] = {"methods": METHODS, "provide_automatic_options": False}
        blueprint.add_url_rule("/", "serve", self._serve, defaults={"path": ""}, **rule)
        blueprint.add_url_rule("/<path:path>", "serve", self._serve, **rule)
        return blueprint

    def _serve(self, path: str) -> Response:
        mounted = self.of(current_app)
        mounted.start()
        return Response.from_app(mounted.app.wsgi_app, self._environ(mounted.prefix))

    def _environ(self, prefix: str) -> dict[str, Any]:
        """Return the request as our application sees it: the prefix belongs to the server, the reader is the host's."""
        environ = dict(request.environ)
        environ["SCRIPT_NAME"] = environ.get("SCRIPT_NAME", "") + prefix
        environ["PATH_INFO"] = environ["PATH_INFO"][len(prefix) :]
        environ[HOST_READER] = self._reader()
        return environ

    @staticmethod
    def of(app: Flask) -> Mounted:
        """Return what was mounted within an application."""
        return cast(Mounted, app.extensions[EXTENSION])

    def url_for(self, endpoint: str, **values: Any) -> str:
        """Return the path of one of our pages, such as `pages.for_you`, within a request of the host.

        `url_for("reread.serve", path="latest")` of the host does the same by path.
        """
        mounted = self.of(current_app)
        with mounted.app.test_request_context(base_url=f"http://host{request.script_root}{mounted.prefix}/"):
            return mounted.app.url_for(endpoint, **values)


def _checked(prefix: str) -> str:
    stripped = prefix.rstrip("/")
    if not stripped.startswith("/") or "<" in stripped or not stripped.isascii():
        raise ValueError(
            f"url_prefix {prefix!r}: must begin with a slash, be ASCII and not be the root, such as /reader"
        )
    return stripped
