"""What /metrics says, and that docs/operating.md tells all of it and no more."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from flask import Flask
from prometheus_client.parser import text_string_to_metric_families

from reader.types_feeds import Feed
from webapp.services import EXTENSION

PAGE = Path(__file__).parents[3] / "docs" / "operating.md"


def samples(app: Flask) -> dict[tuple[str, tuple[str, ...]], float]:
    text = app.test_client().get("/metrics").get_data(as_text=True)
    return {
        (sample.name, tuple(sorted(sample.labels.values()))): sample.value
        for family in text_string_to_metric_families(text)
        for sample in family.samples
    }


def test_every_metric_is_documented_and_every_documented_one_is_there(app: Flask) -> None:
    app.test_client().get("/api/v1/recommendations")
    with app.extensions[EXTENSION].metrics.jobs.running("a job"):
        pass
    app.extensions[EXTENSION].metrics.observed(1, 0, 0)
    endings = re.compile(r"_(bucket|sum|count|created)$")
    served = {
        endings.sub("", name) for name, _ in samples(app) if name.startswith("reread_") and "_created" not in name
    }

    assert served == set(re.findall(r"^\| `(reread_\w+)` \|", PAGE.read_text(encoding="utf-8"), re.MULTILINE))


def test_labels_are_those_that_are_documented(app: Flask) -> None:
    """Nothing slips into a label that could name a reader or an item."""
    app.test_client().get("/api/v1/recommendations")
    documented = {
        name: set(re.findall(r"`(\w+)`", labels))
        for name, labels in re.findall(r"^\| `(reread_\w+)` \| ([^|]*) \|", PAGE.read_text("utf-8"), re.MULTILINE)
    }
    text = app.test_client().get("/metrics").get_data(as_text=True)
    for family in text_string_to_metric_families(text):
        for sample in family.samples:
            base = re.sub(r"_(bucket|sum|count|created)$", "", sample.name)
            if base in documented:
                assert set(sample.labels) - {"le"} == documented[base]


def test_feeds_and_jobs_are_counted(app: Flask) -> None:
    services = app.extensions[EXTENSION]
    services.recommender.storage.put_feed(Feed("https://a.example/", failures=1))
    services.recommender.storage.put_feed(Feed("https://b.example/"))
    with pytest.raises(OSError, match="disk"), services.metrics.jobs.running("save"):
        raise OSError("disk")

    found = samples(app)

    assert found["reread_feeds", ()] == 2
    assert found["reread_feeds_failing", ()] == 1
    assert found["reread_job_runs_total", ("failed", "save")] == 1
    assert found["reread_job_runs_total", ("ok", "save")] == 0
    assert ("reread_job_success_timestamp_seconds", ("save",)) not in found


def test_made_up_methods_are_one_series(app: Flask) -> None:
    client = app.test_client()
    for method in ("BREW", "MAKE"):
        client.open("/", method=method)

    text = client.get("/metrics").get_data(as_text=True)

    assert 'method="other"' in text
    assert "BREW" not in text
