"""What went wrong, as an answer: RFC 9457 `application/problem+json` for programs, `error.html` for people.

`type` is "about:blank" (the status says it all) except where a program should tell two causes of one status apart.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from functools import partial
from typing import Any, Final

import structlog
from apiflask import APIFlask
from apiflask.exceptions import HTTPError
from flask import Response, render_template, request
from flask_wtf.csrf import CSRFError  # type: ignore[import-untyped]  # it has no annotations
from pydantic import BaseModel, Field, ValidationError
from werkzeug.exceptions import HTTPException, SecurityError
from werkzeug.http import HTTP_STATUS_CODES

from reader.errors import ExpiredError, InvalidInputError, NotFoundError, StorageError
from webapp.language.catalogue import N_

PROBLEM_JSON = "application/problem+json"
# The type of a refusal that goes by the reader's own answer, which they can change.
ANSWERED_NO = "urn:reread:answered-no"
_log = structlog.get_logger()


class ProblemError(BaseModel):
    """One wrong value. pointer: JSON pointer into the body, or into the query taken as an object."""

    pointer: str = Field(examples=["#/events/3/at"])
    detail: str


class Problem(BaseModel):
    """Problem details after RFC 9457."""

    type: str = "about:blank"
    title: str = ""
    status: int = 500
    detail: str = ""
    instance: str = ""
    errors: list[ProblemError] = []


class ProblemRaised(Exception):
    """Ends a request with a problem; views raise it through `fail`."""

    def __init__(self, problem: Problem, headers: dict[str, str]) -> None:
        self.problem = problem
        self.headers = headers
        super().__init__(problem.detail)


_Answer = Callable[[Problem, dict[str, str]], Response]


def fail(
    status: int,
    detail: str,
    *,
    kind: str = "about:blank",
    errors: Sequence[tuple[str, str]] = (),
    headers: dict[str, str] | None = None,
) -> ProblemRaised:
    """Make the exception that answers with this problem. errors: pairs of pointer and detail."""
    return ProblemRaised(make_problem(status, detail, kind=kind, errors=errors), headers or {})


def make_problem(
    status: int, detail: str, *, kind: str = "about:blank", errors: Sequence[tuple[str, str]] = ()
) -> Problem:
    """Describe a problem of the present request."""
    return Problem(
        type=kind,
        title=HTTP_STATUS_CODES.get(status, "Unknown"),
        status=status,
        detail=detail,
        instance=request.path,
        errors=[ProblemError(pointer=pointer, detail=text) for pointer, text in errors],
    )


def problem_response(problem: Problem, headers: dict[str, str] | None = None) -> Response:
    """Write a problem as JSON."""
    return Response(_text(problem), status=problem.status, headers=headers, content_type=PROBLEM_JSON)


def _text(problem: Problem) -> str:
    # A lone surrogate of the request would not encode; ASCII escapes always do.
    return json.dumps(problem.model_dump(exclude_defaults=False))


def pointer_to(location: Sequence[str | int]) -> str:
    """Write a path of keys as a JSON pointer (RFC 6901) in a URI fragment.

    >>> pointer_to(("events", 3, "a/b"))
    '#/events/3/a~1b'
    """
    return "#" + "".join("/" + str(part).replace("~", "~0").replace("/", "~1") for part in location)


def validation_errors(error: ValidationError) -> list[tuple[str, str]]:
    """Return pairs of pointer and detail for what pydantic found."""
    return [(pointer_to(each["loc"]), each["msg"]) for each in error.errors(include_input=False, include_url=False)]


def register_problems(app: APIFlask, *, say: Callable[[str], str]) -> None:
    """Answer every error of the app; nothing falls through to a bare page. say: the words that pages have for one."""
    answer = partial(_answer, say)
    handlers: dict[type[Exception], Any] = {
        ProblemRaised: lambda error: answer(error.problem, error.headers),
        HTTPError: lambda error: answer(_from_apiflask(error), {}),
        HTTPException: partial(_from_werkzeug, answer),
        NotFoundError: lambda error: answer(make_problem(404, str(error)), {}),
        ExpiredError: lambda error: answer(make_problem(410, str(error)), {}),
        InvalidInputError: lambda error: answer(_from_invalid(error), {}),
        StorageError: lambda error: answer(make_problem(503, str(error)), {"Retry-After": "5"}),
        Exception: partial(_from_bug, answer),
    }
    for kind, handler in handlers.items():
        app.register_error_handler(kind, handler)


# Where werkzeug's own words do not say what to do.
_DETAILS: Final = {
    400: N_("The body cannot be read; send JSON in UTF-8, or what the form of the page sends."),
    413: N_("The body is too large: 64 KiB for events, 10 MB for items; send it in parts."),
}


_NO_TOKEN: Final = N_("This page was open for too long, so nothing was kept. Load it again.")


def asks_for_json() -> bool:
    """Tell whether a script of a page waits for the answer: it says so, and browsers by themselves do not."""
    return request.accept_mimetypes.best == "application/json"


def wants_json() -> bool:
    """Tell whether the request came for the API and not for a page."""
    plain = ("/openapi.json", "/healthz", "/readyz", "/metrics")
    return request.path.startswith(("/api/", "/sites/", "/reader/api/")) or request.path in plain


def _answer(say: Callable[[str], str], problem: Problem, headers: dict[str, str]) -> Response:
    if wants_json():
        return problem_response(problem, headers)
    if asks_for_json():
        # The words that the page would have.
        return problem_response(problem.model_copy(update={"detail": say(problem.detail)}), headers)
    told = {"code": problem.status, "kind": problem.type, "title": problem.title, "detail": problem.detail}
    page = render_template("error.html", **told)
    return Response(page, status=problem.status, headers=headers, content_type="text/html; charset=utf-8")


def _from_apiflask(error: HTTPError) -> Problem:
    cause = error.__cause__
    found = validation_errors(cause) if isinstance(cause, ValidationError) else []
    return make_problem(error.status_code, error.message or "", errors=found)


def _from_werkzeug(answer: _Answer, error: HTTPException) -> Response:
    if error.response is not None or (error.code or 500) < 400:
        return error.get_response()  # type: ignore[return-value]  # redirects are Responses of werkzeug
    known = _NO_TOKEN if isinstance(error, CSRFError) else _DETAILS.get(error.code or 500)
    problem = make_problem(error.code or 500, known or error.description or "")
    headers = {name: value for name, value in error.get_headers() if name in ("Allow", "Retry-After")}
    if isinstance(error, SecurityError):
        # No page: what is on it is for those who come by a name of ours.
        host = request.environ.get("HTTP_HOST", "")
        detail = f"{host!r:.80} is no name of this server; use localhost, or allow it with `reread serve --name`"
        return problem_response(make_problem(400, detail))
    return answer(problem, headers)


def _from_invalid(error: InvalidInputError) -> Problem:
    detail = error.detail + (f"; {error.remedy}" if error.remedy else "")
    return make_problem(422, str(error), errors=[(pointer_to(error.field.split(".")), detail)])


def _from_bug(answer: _Answer, error: Exception) -> Response:
    # The route and not the path: a log is no place for what somebody reads.
    route = request.url_rule.rule if request.url_rule else None
    _log.error("request failed", method=request.method, route=route, exc_info=error)
    return answer(make_problem(500, N_("An error of ours; the log of the server says more.")), {})
