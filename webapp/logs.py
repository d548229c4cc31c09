"""How the server logs: one line an event on standard error, without the contents of variables."""

from __future__ import annotations

import sys

import structlog


def configure_logs() -> None:
    """Send all logs to standard error. Tracebacks come plain: the values of variables may be what somebody reads."""
    renderer = structlog.dev.ConsoleRenderer(
        colors=sys.stderr.isatty(), exception_formatter=structlog.dev.plain_traceback
    )
    structlog.configure(
        processors=[
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            renderer,
        ],
        logger_factory=structlog.PrintLoggerFactory(sys.stderr),
    )
