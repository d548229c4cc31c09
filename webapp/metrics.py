"""The figures behind /metrics, in a registry of their own, so that several apps can live in one process."""

from __future__ import annotations

import time
from collections.abc import Callable
from functools import partial

from flask import Flask, Response, g, request
from prometheus_client import CONTENT_TYPE_LATEST, CollectorRegistry, Counter, Gauge, Histogram, generate_latest

from reader.recommend.learning.progress import Progress

# Seconds; the budgets of a list are 0.025 (p50) and 0.060 (p95).
LATENCY_BUCKETS_S = (0.002, 0.005, 0.01, 0.025, 0.06, 0.1, 0.25, 0.5, 1.0, 2.5, 10.0)

# Names of `Progress.figures` -> what they say; each list is judged before it teaches. NaN before the first.
_LEARNING = {
    "lists": "Lists learned from",
    "auc": "Mean AUC of the lists, each by the scores it was shown with",
    "auc_late": "The same of late",
    "openings": "Places of these lists that were opened",
    "openings_expected": "Openings that were expected of them",
    "brier": "Mean squared error of the chance of an opening",
}


class Metrics:
    """Counters of one app. Labels name routes and never readers or items."""

    def __init__(self, item_count: Callable[[], int], progress: Callable[[], Progress]) -> None:
        self.registry = CollectorRegistry()
        self._requests = Counter(
            "reread_requests", "Requests answered", ("method", "route", "status"), registry=self.registry
        )
        self._seconds = Histogram(
            "reread_request_seconds", "Time to answer", ("route",), buckets=LATENCY_BUCKETS_S, registry=self.registry
        )
        self._events = Counter("reread_events", "Events received", ("result",), registry=self.registry)
        self._lists = Counter("reread_lists", "Recommendation lists served", ("mode",), registry=self.registry)
        items = Gauge("reread_items", "Items in the catalogue", registry=self.registry)
        items.set_function(item_count)
        for name, text in _LEARNING.items():
            figure = Gauge(f"reread_learning_{name}", text, registry=self.registry)
            figure.set_function(partial(_figure, progress, name))

    def observed(self, accepted: int, duplicates: int, rejected: int) -> None:
        """Count events by what became of them."""
        for result, count in (("accepted", accepted), ("duplicate", duplicates), ("rejected", rejected)):
            self._events.labels(result).inc(count)

    def list_served(self, mode: str) -> None:
        """Count one list (or one page of it)."""
        self._lists.labels(mode).inc()

    def answered(self, route: str, status: int, seconds: float) -> None:
        """Count one request."""
        self._requests.labels(request.method, route, str(status)).inc()
        self._seconds.labels(route).observe(seconds)

    def text(self) -> bytes:
        """Return all figures in Prometheus' text format."""
        return generate_latest(self.registry)


def _figure(progress: Callable[[], Progress], name: str) -> float:
    return progress().figures[name]


def watch_requests(app: Flask, metrics: Metrics) -> None:
    """Count every request of the app by its route, not its path, so that the number of series stays small."""

    @app.before_request
    def start() -> None:
        g.started_s = time.perf_counter()

    @app.after_request
    def finish(response: Response) -> Response:
        route = request.url_rule.rule if request.url_rule else "none"
        started_s = g.get("started_s", time.perf_counter())
        metrics.answered(route, response.status_code, time.perf_counter() - started_s)
        return response


def metrics_response(metrics: Metrics) -> Response:
    """Return the answer of /metrics."""
    return Response(metrics.text(), content_type=CONTENT_TYPE_LATEST)
