"""The application factory: configure, register, return. Nothing happens at import."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

import structlog
from apiflask import APIFlask
from flask_wtf.csrf import CSRFProtect  # type: ignore[import-untyped]  # it has no annotations
from itsdangerous import URLSafeSerializer

from reader.accounts.guardians import Guardians
from reader.accounts.registry import Accounts
from reader.accounts.verifiers import make_verifiers
from reader.clock import Clock, system_clock
from reader.ingest.fetch import Fetcher
from reader.ingest.posting import Poster
from reader.privacy.consents import Consents
from reader.privacy.grants import Grants
from reader.privacy.signing import Signing
from reader.privacy.texts import version_of
from reader.recommend.recommender import Recommender
from reader.recommend.timeline import Timelines
from reader.settings import Settings
from reader.wiring import make_recommender
from webapp.accounts import admin, ageing, answers, entry, family, forms, mine, of_age, waiting  # noqa: F401  # the same  # noqa: F401  # they hang their views on the blueprint
from webapp.accounts.blueprint import accounts
from webapp.api import events, items, me, recommendations  # noqa: F401  # they hang their views on the blueprint
from webapp.api import feeds as feeds_api  # noqa: F401  # the same
from webapp.api import grants as grants_api  # noqa: F401  # the same
from webapp.api import outlets as outlets_api  # noqa: F401  # the same
from webapp.api import search as search_api  # noqa: F401  # the same
from webapp.api.blueprint import MAX_BODY, api
from webapp.compressing import compress_answers
from webapp.description import finish_description
from webapp.feed_desk import make_desk
from webapp.files import send_files
from webapp.granting.recipient import granted
from webapp.greader import changing, reading, stream_atom  # noqa: F401  # the same
from webapp.greader.blueprint import greader
from webapp.language.choice import tell_language
from webapp.language.errors import said_text, speak_of_errors
from webapp.language.formats import format_in_templates
from webapp.language.saying import speak
from webapp.language.scripts import script_texts
from webapp.language.switch import languages
from webapp.limits import Limits, limit_requests
from webapp.logs import log_requests
from webapp.metrics import Metrics, watch_requests
from webapp.offline.app import offline
from webapp.offline.keeping import say_what_is_kept
from webapp.operating.page import operating
from webapp.ops import ops
from webapp.outlets.blueprint import outlets
from webapp.pages import (  # noqa: F401  # the same
    about,
    acts,
    addresses,
    article,
    copies,
    demo,
    entities,
    feed_health,
    feed_items,
    feeds,
    grants,
    hidden,
    interests,
    less,
    library,
    lists,
    look,
    opml,
    policy,
    records,
    search,
    topics,
    watch,
    why,
)
from webapp.pages import me as my_pages  # noqa: F401  # the same
from webapp.pages.blueprint import pages
from webapp.pages.uploads import allow_uploads
from webapp.paths import default_db
from webapp.problems import Problem, register_problems
from webapp.security import CarefulJSON, Cookies, add_headers, keep_out_of_caches, secret_key, trust_hosts
from webapp.services import EXTENSION, Services
from webapp.sites import calls  # noqa: F401  # it hangs its views on the blueprint
from webapp.sites.blueprint import sites
from webapp.sites.pages import Proposals
from webapp.sites.scripts import scripts
from webapp.sites.shelf import Shelf
from webapp.third_parties import keep_others_out

CURSOR_SALT = "cursor"
WAITING_SALT = "waiting"


def create_app(
    recommender: Recommender | None = None,
    *,
    settings: Settings | None = None,
    db: str | Path | None = None,
    clock: Clock = system_clock,
    hosts: Sequence[str] | None = (),
    embedded: bool = True,
    hosted: bool = False,
) -> APIFlask:
    """Return the WSGI app: pages, API, health.

    recommender: made from `settings` and `db` (default: REREAD_DB or the user's data directory) if not given. With a
    recommender, `db` only says where the secret key lies; without, cookies and cursors end with the process.
    hosts: names under which the server may be called besides localhost; None: whoever calls this app sees to that.
    embedded, hosted: see `Services`.
    """
    if recommender is None:
        db = db or default_db()
        recommender = make_recommender(db, settings=settings, clock=clock)
        if recommender.learned_notice:
            structlog.get_logger().warning("the kept model", notice=recommender.learned_notice)
    app = _flask()
    app.secret_key = recommender.settings.secret_key or secret_key(_key_place(db))
    app.permanent_session_lifetime = timedelta(hours=recommender.settings.login.longest_h)
    app.extensions[EXTENSION] = _services(recommender, app.secret_key, embedded, _key_place(db), hosted)
    if hosts is not None:
        trust_hosts(app, hosts)
    limit_requests(app, Limits(recommender.settings.limits, recommender.clock))
    _register(app)
    finish_description(app)
    return app


def _key_place(db: str | Path | None) -> Path | None:
    return None if db is None or str(db) == ":memory:" else Path(db)


def _flask() -> APIFlask:
    app = APIFlask("webapp", title="Reread", version=_version(), docs_path=None, json_errors=False)
    app.json = CarefulJSON(app)
    app.session_interface = Cookies()
    app.config.update(
        MAX_CONTENT_LENGTH=MAX_BODY,
        SESSION_COOKIE_NAME="reread",
        SESSION_COOKIE_HTTPONLY=True,
        SESSION_COOKIE_SAMESITE="Lax",
        # A page may stay open for days before its form is sent; the token ends with the cookie.
        WTF_CSRF_TIME_LIMIT=None,
        OPENAPI_VERSION="3.1.0",
        AUTO_SERVERS=False,
        DESCRIPTION="News and videos, ranked by how you read. Errors are problem details (RFC 9457).",
        VALIDATION_ERROR_SCHEMA=Problem,
        HTTP_ERROR_SCHEMA=Problem,
    )
    send_files(app)
    speak(app)
    speak_of_errors(app)
    app.jinja_env.globals["script_texts"] = script_texts
    format_in_templates(app)
    tell_language(app)
    return app


def _version() -> str:
    try:
        return version("reread")
    except PackageNotFoundError:
        return "0"


def _services(recommender: Recommender, key: str, embedded: bool, db: Path | None, hosted: bool) -> Services:
    settings, storage = recommender.settings, recommender.storage
    shelf = Shelf(recommender, db)
    known_here = settings.accounts and not hosted
    with_accounts = Accounts(storage, settings.login, recommender.clock, key) if known_here else None
    signing = Signing(key)
    return Services(
        recommender=recommender,
        signer=URLSafeSerializer(key, salt=CURSOR_SALT),
        metrics=Metrics(recommender, db),
        embedded=embedded and with_accounts is None and not hosted,
        hosted=hosted,
        consents=Consents(storage, recommender.clock),
        feeds=make_desk(settings, key, recommender.clock),
        shelf=shelf,
        proposals=Proposals(shelf, Fetcher(settings, clock=recommender.clock), recommender.clock),
        signing=signing,
        grants=Grants(storage, settings.grants, recommender.clock, signing),
        accounts=with_accounts,
        timelines=Timelines(recommender),
        guardians=_guardians(with_accounts, recommender, key) if with_accounts else None,
        waiting=URLSafeSerializer(key, salt=WAITING_SALT),
    )


def _guardians(accounts: Accounts, recommender: Recommender, key: str) -> Guardians:
    settings = recommender.settings
    verifiers = make_verifiers(settings.family, Poster(settings).post)
    return Guardians(accounts, settings.family, verifiers, recommender.clock, version_of("account"), key)


def _register(app: APIFlask) -> None:
    # What is registered first is run last: nothing looks into an answer after it is compressed.
    compress_answers(app)
    watch_requests(app, app.extensions[EXTENSION].metrics)
    if app.extensions[EXTENSION].recommender.settings.server.log == "json":
        log_requests(app)
    # What is registered last is run first: the policy is there when it is tightened.
    keep_others_out(app)
    add_headers(app)
    if app.extensions[EXTENSION].has_many:
        keep_out_of_caches(app)
    say_what_is_kept(app)
    register_problems(app, say=said_text)
    allow_uploads(app)
    # The API defends itself by content type and origin (webapp.api.auth); a token of a form would not fit a beacon.
    csrf = CSRFProtect(app)
    csrf.exempt(api)
    # Only a token counts there, in a header that no form can send.
    csrf.exempt(greader)
    csrf.exempt(sites)
    csrf.exempt("webapp.accounts.answers.take_answer")
    own = (api, ops, pages, operating, outlets, granted, greader, accounts, scripts, sites, languages, offline)
    for blueprint in own:
        app.register_blueprint(blueprint)
