"""The report of a replay in a real browser: asks nobody, complains of nothing, fits a phone and both colour schemes."""

from __future__ import annotations

from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page

from reader.replay.report import write_report
from tests.reader.replay.test_report import policy, poor, rich

pytestmark = pytest.mark.browser

# WCAG 2.2, 1.4.3: contrast of each text against the nearest background that is painted.
FAINT = """() => {
  const paint = document.createElement('canvas').getContext('2d', {willReadFrequently: true});
  const rgb = colour => { paint.clearRect(0, 0, 1, 1); paint.fillStyle = colour; paint.fillRect(0, 0, 1, 1);
    return [...paint.getImageData(0, 0, 1, 1).data]; };
  const light = ([r, g, b]) => [r, g, b].map(part => part / 255)
    .map(part => part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4)
    .reduce((sum, part, place) => sum + part * [0.2126, 0.7152, 0.0722][place], 0);
  const behind = node => { for (; node; node = node.parentElement) {
    const found = rgb(getComputedStyle(node).backgroundColor); if (found[3] === 255) return found; } };
  const contrast = (one, other) => { const [low, high] = [light(one), light(other)].sort((a, b) => a - b);
    return (high + 0.05) / (low + 0.05); };
  return [...document.querySelectorAll('body *')]
    .filter(node => [...node.childNodes].some(child => child.nodeType === 3 && child.data.trim()))
    .filter(node => !node.closest('svg') || node.localName === 'text')
    .map(node => [node.textContent.slice(0, 40), contrast(
      rgb(node.localName === 'text' ? getComputedStyle(node).fill : getComputedStyle(node).color), behind(node))])
    .filter(([, ratio]) => ratio < 4.5) }"""


@pytest.fixture(params=[rich, poor], ids=["rich", "poor"])
def report(request: pytest.FixtureRequest, tmp_path: Path) -> Path:
    path = tmp_path / "out.html"
    write_report(request.param(), path)
    return path


def test_the_report_asks_nobody_and_complains_of_nothing(page: Page, report: Path, complaints: list[str]) -> None:
    requests: list[str] = []
    page.on("request", lambda request: requests.append(request.url))

    page.goto(report.as_uri())
    page.locator("details").evaluate_all("all => all.forEach(each => each.open = true)")

    assert requests == [report.as_uri()]
    assert complaints == []


@pytest.mark.parametrize("width", [400, 1100])
def test_the_report_is_no_wider_than_the_screen(page: Page, report: Path, width: int) -> None:
    page.set_viewport_size({"width": width, "height": 900})
    page.goto(report.as_uri())
    page.locator("details").evaluate_all("all => all.forEach(each => each.open = true)")

    assert page.evaluate("() => document.documentElement.scrollWidth") <= width


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_text_stands_out_in_both_schemes(page: Page, report: Path, scheme: Any) -> None:
    page.emulate_media(color_scheme=scheme)
    page.goto(report.as_uri())
    page.locator("details").evaluate_all("all => all.forEach(each => each.open = true)")

    assert page.evaluate(FAINT) == []


def test_the_report_can_be_read_aloud(page: Page, report: Path) -> None:
    page.goto(report.as_uri())

    levels = page.locator("h1, h2, h3, h4").evaluate_all("all => all.map(each => Number(each.localName[1]))")
    assert page.locator("html").get_attribute("lang") == "en"
    assert levels[0] == 1
    assert all(after <= before + 1 for before, after in pairwise(levels))
    assert page.locator("th:not([scope])").count() == page.locator("table:not(:has(caption))").count() == 0
    assert page.locator("figure:not(:has(figcaption)), figure:not(:has([role=img][aria-label]))").count() == 0
    assert page.locator(".scroll:not([tabindex='0'][role=region][aria-label])").count() == 0


def many() -> dict[str, Any]:
    """As a run with ablations gives it: twelve policies, of which eleven are close together at the top."""
    ablations = {f"profile-without-{number}": policy(0.65 + number / 5000) for number in range(11)}
    return rich() | {"policies": {**ablations, "random": policy(0.5)}}


@pytest.mark.parametrize("result", [rich, many])
def test_no_label_of_a_figure_is_cut_or_written_over_another(page: Page, tmp_path: Path, result: Any) -> None:
    write_report(result(), tmp_path / "out.html")
    page.set_viewport_size({"width": 1100, "height": 900})
    page.goto((tmp_path / "out.html").as_uri())

    overlaps = page.evaluate(
        """() => [...document.querySelectorAll('svg')].flatMap(svg => {
            const frame = svg.getBoundingClientRect();
            const boxes = [...svg.querySelectorAll('text')].map(text =>
                [text.textContent, text.getBoundingClientRect()]);
            const cut = boxes.filter(([, box]) => box.left < frame.left - 1 || box.right > frame.right + 1
                || box.top < frame.top - 1 || box.bottom > frame.bottom + 1);
            const over = boxes.flatMap(([one, a], place) => boxes.slice(place + 1).filter(([, b]) =>
                a.left < b.right - 1 && b.left < a.right - 1 && a.top < b.bottom - 4 && b.top < a.bottom - 4)
                .map(([other]) => [one, other]));
            return [...cut.map(([text]) => text), ...over];
        })"""
    )
    assert overlaps == []
