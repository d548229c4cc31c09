"""The last strokes of /openapi.json: what holds for every call, and how a caller of this very server may be known."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from apiflask import APIFlask

from webapp.api.auth import TOKEN
from webapp.problems import PROBLEM_JSON
from webapp.services import EXTENSION, Services

LOGIN = "login"
_SCHEMES = {
    TOKEN: {"type": "http", "scheme": "bearer", "description": "Made by `reread token create`, or under /me/account."},
    LOGIN: {"type": "apiKey", "in": "cookie", "name": "reread", "description": "A browser that is logged in."},
}
_TOO_MANY = {
    "description": "Too many requests",
    "headers": {"Retry-After": {"description": "Seconds to wait", "schema": {"type": "integer", "minimum": 1}}},
    "content": {PROBLEM_JSON: {"schema": {"$ref": "#/components/schemas/Problem"}}},
}


def finish_description(app: APIFlask) -> None:
    """Have the description finished whenever it is made."""
    services: Services = app.extensions[EXTENSION]

    @app.spec_processor
    def finish(spec: dict[str, Any] | str) -> dict[str, Any] | str:
        assert not isinstance(spec, str)  # that would be YAML, which nobody asks for
        for operation in _operations(spec):
            _name_problems(operation)
            if "requestBody" in operation:
                operation["requestBody"]["required"] = True
            if "security" in operation:
                operation["security"] += _other_ways(services)
                operation["responses"]["429"] = _TOO_MANY
        schemes = [TOKEN, *([LOGIN] if services.accounts is not None else [])]
        spec["components"]["securitySchemes"] = {name: _SCHEMES[name] for name in schemes}
        return spec


def _operations(spec: dict[str, Any]) -> Iterator[dict[str, Any]]:
    for operations in spec["paths"].values():
        yield from operations.values()


def _other_ways(services: Services) -> list[dict[str, list[str]]]:
    """Return how else than by a token a request is somebody's: by login, by being on this machine, or not at all."""
    if services.accounts is not None:
        return [{LOGIN: []}]
    return [{}] if services.embedded else []


def _name_problems(operation: dict[str, Any]) -> None:
    """Give error answers their media type."""
    for status, answer in operation["responses"].items():
        if status[0] in "45" and "application/json" in answer.get("content", {}):
            answer["content"][PROBLEM_JSON] = answer["content"].pop("application/json")
