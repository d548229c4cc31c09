"""What axe-core finds serious on a page: one set of rules for all tests of the browser."""

from __future__ import annotations

from typing import Final

from axe_playwright_python.sync_playwright import Axe  # type: ignore[import-untyped]  # it does not export its types
from playwright.sync_api import Page

SERIOUS: Final = ("serious", "critical")
RULES: Final = {"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]}


def violations(page: Page) -> list[str]:
    """Return what axe finds serious: the rule, and the markup that breaks it."""
    found = Axe().run(page, options={**RULES, "resultTypes": ["violations"]})
    return [
        f"{each['id']}: {node['html']}"
        for each in found.response["violations"]
        for node in each["nodes"]
        if each["impact"] in SERIOUS
    ]
