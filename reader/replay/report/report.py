"""One HTML file from the result of a replay: no script, no network, the same bytes for the same result.

What belongs here: putting the page together. What does not: the words of its summary (`summary`), its tables
(`tables`), its figures (`figures`, drawn by `plots`).
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from importlib.metadata import version
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from reader.replay.report import lists, summary, tables
from reader.replay.report.definitions import SOURCES, main_metric, metric
from reader.replay.report.typeset import count

if TYPE_CHECKING:
    from jinja2 import Template

HERE: Final = Path(__file__).parent


def write_report(result: Mapping[str, Any], path: Path) -> None:
    """Write the report of a replay result (DESIGN 3.5) as one HTML file, UTF-8.

    Raises OSError if path cannot be written. Policies stand in the order of `result["policies"]`.
    """
    # Titles come from anywhere: half a surrogate pair in one of them must not cost the report.
    path.write_bytes(render_report(result).encode("utf-8", "replace"))


def render_report(result: Mapping[str, Any]) -> str:
    """Return the report as HTML."""
    # matplotlib takes half a second to import, which no other command should pay.
    from reader.replay.report import figures

    main = main_metric(result["policies"])
    page: str = _template().render(
        version=version("reread"),
        simulated=bool(result.get("simulated")),
        log=[(name, count(value)) for name, value in _log_counts(result)],
        found={kind: tables.found(result.get(kind, {})) for kind in ("problems", "notices")},
        main=metric(main) if main else None,
        order={name: place for place, name in enumerate(result["policies"])},
        sentences=summary.sentences(result),
        policies=tables.policies(result),
        differences=tables.differences(result),
        curve=tables.curve(result, main) if main else None,
        segments=tables.segments(result, main) if main else [],
        off_policy=tables.off_policy(result),
        worst=lists.worst(result),
        figures=figures.draw(result, main) if main else {},
        sources=SOURCES,
    )
    return page + "\n"


def _log_counts(result: Mapping[str, Any]) -> list[tuple[str, int]]:
    names = {"events": "events", "users": "readers", "impressions": "impressions", "items": "items"}
    counts = [(shown, result["log"][name]) for name, shown in names.items() if name in result["log"]]
    return [*counts, ("seed", result["seed"])]


@cache
def _template() -> Template:
    # Lazy for the same reason.
    from jinja2 import Environment, FileSystemLoader, StrictUndefined

    # Titles, ids and kinds are foreign text: everything is escaped but the figures, which escape their own text.
    environment = Environment(
        loader=FileSystemLoader(HERE), autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True
    )
    return environment.get_template("report.html")
