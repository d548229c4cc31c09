"""The answers of a provider that verifies guardians: signed calls, each taken once."""

from __future__ import annotations

from flask import Response, request
from flask.typing import ResponseReturnValue
from pydantic import BaseModel, ConfigDict, ValidationError

from reader.accounts.verifiers import SIGNATURE_HEADER, is_signed
from webapp.accounts.blueprint import accounts, all_guardians
from webapp.problems import make_problem, problem_response
from webapp.services import now

PROVIDER = "provider"


class _Answer(BaseModel):
    model_config = ConfigDict(extra="forbid")

    request: str
    granted: bool


@accounts.post("/guardian-answers")
def take_answer() -> ResponseReturnValue:
    """Take a yes or a no. 401 unless it is signed with the shared secret and fresh; 404 for a request that is over."""
    settings, body = all_guardians().settings, request.get_data(cache=False)
    header = request.headers.get(SIGNATURE_HEADER, "")
    if not is_signed(header, body, now(), settings.provider_secret, settings.provider_age_s):
        return problem_response(make_problem(401, "The signature is missing, wrong or too old."))
    try:
        answer = _Answer.model_validate_json(body)
    except ValidationError:
        return problem_response(make_problem(422, 'Send {"request": "…", "granted": true or false}.'))
    found = all_guardians().request_called(answer.request)
    if found.method != "external":
        return problem_response(make_problem(404, "This request is not for a service."))
    if answer.granted:
        all_guardians().agree(found, PROVIDER)
    else:
        all_guardians().refuse(found)
    return Response(status=204)
