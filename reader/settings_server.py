"""Settings of the web server; part of `reader.settings`."""

from __future__ import annotations

from typing import Literal

from pydantic import BaseModel, ConfigDict, Field


class ServerSettings(BaseModel):
    """How `reread serve` listens and logs; its options come before these."""

    model_config = ConfigDict(frozen=True)

    # The address to listen on. Beyond this machine it needs `accounts` or `server.tokens_only`.
    host: str = "127.0.0.1"
    # 0: any free one.
    port: int = Field(default=8000, ge=0, le=65535)
    # Host names that the server answers to besides its address and localhost.
    names: tuple[str, ...] = ()
    # Address of the proxy whose X-Forwarded headers are believed; empty: nobody's.
    proxy: str = ""
    # No pages; the API with tokens alone.
    tokens_only: bool = False
    # Whether an empty store is filled with the demo; with accounts only if this is set, or with `serve --demo`.
    demo: bool = True
    # Requests answered at once; one lock guards ranking, so that more than the cores gain little; ours.
    threads: int = Field(default=4, ge=1)
    # Logs for people (`text`), or one JSON object a line (`json`); `json` writes a line for every request, too.
    log: Literal["text", "json"] = "text"
