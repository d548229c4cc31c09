"""How the server logs: one line an event on standard error, without the contents of variables, for people or programs.

In JSON there is a line for every request, too: method, route, status, time. Nowhere is there who asked, from where, or
for which item: a log is no place for what somebody reads.
"""

from __future__ import annotations

import json
import logging
import sys
import time
from typing import Any, Literal

import structlog
from flask import Flask, Response, g, request

_request_log = structlog.get_logger()


def configure_logs(form: Literal["text", "json"] = "text") -> None:
    """Send all logs to standard error. Tracebacks come plain: the values of variables may be what somebody reads."""
    structlog.configure(
        processors=[
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            *(_for_programs() if form == "json" else [_for_people()]),
        ],
        logger_factory=structlog.PrintLoggerFactory(sys.stderr),
    )
    _take_in(logging.getLogger("waitress"))


class _Forward(logging.Handler):
    """Hands what a library logs on to our own logs, so that it has a time and a level there."""

    def emit(self, record: logging.LogRecord) -> None:
        """Write one line. A value that is no number may be the address of what somebody reads, and is left out."""
        values = record.args if isinstance(record.args, tuple) else ()
        told = tuple(value if isinstance(value, int | float) else "…" for value in values)
        text = str(record.msg) % told if told else str(record.msg)
        structlog.get_logger().log(record.levelno, text, logger=record.name, exc_info=record.exc_info)


def _take_in(logger: logging.Logger) -> None:
    for each in [one for one in logger.handlers if isinstance(one, _Forward)]:
        logger.removeHandler(each)
    logger.addHandler(_Forward())


def _for_people() -> Any:
    return structlog.dev.ConsoleRenderer(colors=sys.stderr.isatty(), exception_formatter=structlog.dev.plain_traceback)


def _for_programs() -> list[Any]:
    # format_exc_info writes the traceback as text, without the variables of its frames.
    return [structlog.processors.format_exc_info, structlog.processors.JSONRenderer(serializer=_dumps)]


def _dumps(record: Any, **options: Any) -> str:
    return json.dumps(record, ensure_ascii=False, default=str)


def log_requests(app: Flask) -> None:
    """Write a line for every request of the app."""

    @app.after_request
    def write(response: Response) -> Response:
        now_s = time.perf_counter()
        _request_log.info(
            "request",
            method=request.method,
            route=request.url_rule.rule if request.url_rule else None,
            status=response.status_code,
            duration_ms=round(1000 * (now_s - g.get("started_s", now_s)), 1),
            length_bytes=response.content_length,
        )
        return response
