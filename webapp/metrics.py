"""The figures behind /metrics, in a registry of their own, so that several apps can live in one process."""

from __future__ import annotations

import time
from collections import Counter as Counts
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import timedelta
from functools import partial
from pathlib import Path

from flask import Flask, Response, g, request
from prometheus_client import (
    CONTENT_TYPE_LATEST,
    CollectorRegistry,
    Counter,
    Gauge,
    Histogram,
    ProcessCollector,
    generate_latest,
)
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, Metric, Sample
from prometheus_client.registry import Collector

from reader.recommend.learning.progress import Progress
from reader.recommend.recommender import Recommender
from webapp.operating.history import History
from webapp.operating.jobs import Jobs
from webapp.operating.notes import JOBS, beside

# Others are made up, and each would be a series of its own.
METHODS = frozenset(("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"))
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


@dataclass(frozen=True, slots=True)
class Latency:
    """How one route fared: requests, those that failed by a mistake of ours, and the counts of the histogram."""

    route: str
    requests: int
    failures: int
    counts: tuple[tuple[float, float], ...]


class Metrics:
    """Counters of one app. Labels name routes and never readers, items or feeds."""

    def __init__(self, recommender: Recommender, db: Path | None = None) -> None:
        """db: beside which jobs are written down."""
        self.registry = CollectorRegistry()
        self.jobs = Jobs(recommender.clock, None if db is None else beside(db, JOBS))
        self.history = History(recommender.clock, lambda: recommender.learner.progress)
        self._requests = Counter(
            "reread_requests", "Requests answered", ("method", "route", "status"), registry=self.registry
        )
        self._seconds = Histogram(
            "reread_request_seconds", "Time to answer", ("route",), buckets=LATENCY_BUCKETS_S, registry=self.registry
        )
        self._events = Counter("reread_events", "Events received", ("result",), registry=self.registry)
        self._lists = Counter("reread_lists", "Recommendation lists served", ("mode",), registry=self.registry)
        for name, text, figure in _gauges(recommender):
            Gauge(name, text, registry=self.registry).set_function(figure)
        self.registry.register(_JobFigures(self.jobs))
        # Memory, processor time, open files; nothing where the system does not tell (only Linux does).
        ProcessCollector(registry=self.registry)

    def observed(self, accepted: int, duplicates: int, rejected: int) -> None:
        """Count events by what became of them."""
        for result, count in (("accepted", accepted), ("duplicate", duplicates), ("rejected", rejected)):
            self._events.labels(result).inc(count)
        self.history.events(accepted)

    def list_served(self, mode: str) -> None:
        """Count one list (or one page of it)."""
        self._lists.labels(mode).inc()
        self.history.list_served()

    def answered(self, route: str, status: int, seconds: float) -> None:
        """Count one request."""
        self._requests.labels(request.method if request.method in METHODS else "other", route, str(status)).inc()
        self._seconds.labels(route).observe(seconds)
        self.history.request(status)

    def text(self) -> bytes:
        """Return all figures in Prometheus' text format."""
        return generate_latest(self.registry)

    def latencies(self) -> list[Latency]:
        """Return how each route fared since the start, the most asked for first."""
        failures: Counts[str] = Counts()
        for each in self._samples(self._requests, "_total"):
            failures[each.labels["route"]] += int(each.value) if each.labels["status"].startswith("5") else 0
        counts: dict[str, list[tuple[float, float]]] = {}
        for each in self._samples(self._seconds, "_bucket"):
            counts.setdefault(each.labels["route"], []).append((float(each.labels["le"]), each.value))
        found = [Latency(route, int(own[-1][1]), failures[route], tuple(own)) for route, own in counts.items()]
        return sorted(found, key=lambda one: (-one.requests, one.route))

    def lists_by_mode(self) -> dict[str, int]:
        """Return how many lists were served since the start."""
        return {each.labels["mode"]: int(each.value) for each in self._samples(self._lists, "_total")}

    def _samples(self, metric: Counter | Histogram, ending: str) -> list[Sample]:
        return [each for family in metric.collect() for each in family.samples if each.name.endswith(ending)]


def _oldest_days(recommender: Recommender) -> float:
    oldest = recommender.storage.oldest_event_at()
    return 0.0 if oldest is None else (recommender.clock() - oldest) / timedelta(days=1)


def _gauges(recommender: Recommender) -> list[tuple[str, str, Callable[[], float]]]:
    """Return names, texts and sources of what is measured when it is asked for."""
    storage = recommender.storage

    def progress() -> Progress:
        return recommender.learner.progress

    learning = [(f"reread_learning_{name}", text, partial(_figure, progress, name)) for name, text in _LEARNING.items()]
    return [
        ("reread_items", "Items in the catalogue", storage.item_count),
        ("reread_log_seq", "Place of the newest event in the log", storage.last_event_seq),
        ("reread_oldest_event_days", "Age of the oldest event, 0 without any", partial(_oldest_days, recommender)),
        ("reread_feeds", "Feeds that are fetched", lambda: len(storage.feeds())),
        (
            "reread_feeds_failing",
            "Feeds whose last fetch failed",
            lambda: sum(feed.failures > 0 for feed in storage.feeds()),
        ),
        ("reread_trees_serve", "1 while trees serve beside the learner", lambda: float(recommender.trees is not None)),
        *learning,
    ]


class _JobFigures(Collector):
    """What jobs have done, read when it is asked for."""

    def __init__(self, jobs: Jobs) -> None:
        self._jobs = jobs

    def collect(self) -> Iterator[Metric]:
        """Yield the families."""
        runs = CounterMetricFamily("reread_job_runs", "Runs of jobs by the server itself", labels=("task", "result"))
        at = GaugeMetricFamily("reread_job_success_timestamp_seconds", "When a job last went well", labels=("task",))
        for job in self._jobs.all():
            runs.add_metric((job.name, "ok"), job.runs - job.failures)
            runs.add_metric((job.name, "failed"), job.failures)
            if job.succeeded_at is not None:
                at.add_metric((job.name,), job.succeeded_at.timestamp())
        yield from (runs, at)


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
