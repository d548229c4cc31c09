"""Tabs that can really go into the background.

Playwright keeps every page it knows visible and focused. Tabs of a browser context that it does not know are left
alone, so these are made, shown and asked through the DevTools protocol directly.
"""

from __future__ import annotations

import json
from itertools import count
from typing import Any

from playwright.sync_api import CDPSession, Page

from tests.browser.hand import until


class Tabs:
    """One window with tabs; the newest is in front until another is shown. page: any page, to wait with."""

    def __init__(self, page: Page) -> None:
        assert page.context.browser is not None
        self._page = page
        self._session: CDPSession = page.context.browser.new_browser_cdp_session()
        self._context = self._session.send("Target.createBrowserContext")["browserContextId"]
        self._numbers = count(1)
        self._answers: dict[int, Any] = {}
        self._session.on("Target.receivedMessageFromTarget", self._keep)

    def _keep(self, received: dict[str, str]) -> None:
        message = json.loads(received["message"])
        if "id" in message:
            self._answers[message["id"]] = message.get("result", {}).get("result", {}).get("value")

    def open(self, url: str) -> str:
        """Open a tab in front; return its name."""
        made = self._session.send("Target.createTarget", {"url": url, "browserContextId": self._context})
        return str(made["targetId"])

    def show(self, target: str) -> None:
        self._session.send("Target.activateTarget", {"targetId": target})

    def close(self) -> None:
        self._session.send("Target.disposeBrowserContext", {"browserContextId": self._context})

    def evaluate(self, target: str, expression: str) -> Any:
        """Return the value of an expression, a promise awaited, in a tab."""
        attached = self._session.send("Target.attachToTarget", {"targetId": target, "flatten": False})["sessionId"]
        number = next(self._numbers)
        params = {"expression": expression, "returnByValue": True, "awaitPromise": True}
        message = json.dumps({"id": number, "method": "Runtime.evaluate", "params": params})
        self._session.send("Target.sendMessageToTarget", {"sessionId": attached, "message": message})
        until(self._page, lambda: number in self._answers)
        return self._answers.pop(number)
