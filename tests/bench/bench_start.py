"""From `reread serve` to an answer of /readyz: the first start, which analyses the demo, and later ones."""

from __future__ import annotations

import re
import resource
import subprocess
import sys
import time
import urllib.error
import urllib.request
from pathlib import Path

from tests.bench.measuring import Row, Timing, time_row
from tests.bench.world import World

ROOT = Path(__file__).resolve().parents[2]
STARTS = 5
ANSWER_LIMIT_S = 10
POLL_S = 0.02
_ADDRESS = re.compile(r"http://\S+/")


def bench_start(world: World) -> list[Row]:
    """Start servers one after the other on one database."""
    db = world.folder / "demo.db"
    first = start(db)
    later = [start(db) for _ in range(min(STARTS, world.options.runs))]
    times = Timing(tuple(cpu for cpu, _ in later), tuple(wall for _, wall in later))
    return [
        Row("first start: the demo analysed and served", first[0], "s", wall=first[1]),
        time_row("second start of `reread serve` on the demo", times, note="the process's whole processor time"),
    ]


def start(db: Path) -> tuple[float, float]:
    """Start a server, wait until it is ready, end it; return its processor time and the wait in seconds."""
    before = _children_cpu_s()
    begun = time.perf_counter()
    command = [sys.executable, "-m", "webapp.cli", "serve", "--port", "0", "--db", str(db)]
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True) as server:
        try:
            _wait_until_ready(_address(server))
            waited = time.perf_counter() - begun
        finally:
            server.terminate()
    return _children_cpu_s() - before, waited


def _address(server: subprocess.Popen[str]) -> str:
    """Return the address that the server prints once it listens."""
    for line in server.stdout or ():
        if found := _ADDRESS.search(line):
            return found.group()
    raise RuntimeError(f"`reread serve` ended with status {server.wait()} before it listened")


def _wait_until_ready(address: str) -> None:
    until = time.perf_counter() + ANSWER_LIMIT_S
    while True:
        try:
            with urllib.request.urlopen(f"{address}readyz", timeout=ANSWER_LIMIT_S) as answer:
                if answer.status == 200:
                    return
        except urllib.error.URLError:
            if time.perf_counter() > until:
                raise
        time.sleep(POLL_S)


def _children_cpu_s() -> float:
    usage = resource.getrusage(resource.RUSAGE_CHILDREN)
    return usage.ru_utime + usage.ru_stime
