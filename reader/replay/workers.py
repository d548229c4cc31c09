"""Replay on several processors: each process goes through the whole log and scores the lists of its own readers.

So every list is scored with exactly what was known before it, as in one process, and the result is the same. What is
shared out is the scoring, which is most of the work; what readers teach each other is learned in every process.
"""

from __future__ import annotations

import multiprocessing
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future, ProcessPoolExecutor, wait
from contextlib import ExitStack
from dataclasses import dataclass
from functools import partial
from multiprocessing.sharedctypes import Synchronized
from typing import Any

from threadpoolctl import threadpool_limits  # type: ignore[import-untyped]  # it has no types

from reader.replay.labels import digest
from reader.replay.log import Log
from reader.replay.outcome import Outcome
from reader.replay.panel import MakeRecommender
from reader.replay.run import Progress, Replay
from reader.replay.truth import Truth
from reader.types import AnyItem

# How often progress is told, and after how many events a process says how far it is.
TOLD_EVERY_S = 0.25
NOTED_EVERY = 50
# Items that a process analyses at a time; ours.
ANALYSED_AT_ONCE = 64


@dataclass(frozen=True, slots=True)
class Job:
    """What a process must know. Everything in it can be sent to one."""

    log: Log
    policies: tuple[str, ...]
    make: MakeRecommender
    truth: Truth | None
    workers: int


def replay_in_processes(job: Job, progress: Progress | None) -> Outcome:
    """Return the outcome for all readers. progress: is told how many events the slowest process has done."""
    if job.workers == 1:
        return _replay_here(job, progress)
    context = multiprocessing.get_context("spawn")
    done = [context.Value("q", 0) for _ in range(job.workers)]
    with ProcessPoolExecutor(job.workers, context, _set_up, (done,)) as pool:
        waiting = [pool.submit(_replay_shard, job, shard) for shard in range(job.workers)]
        for _ in _until_done(waiting):
            if progress is not None:
                progress(min(count.value for count in done))
        first, *others = [future.result() for future in waiting]
    for outcome in others:
        first.join(outcome)
    return first


def analyse_in_processes(
    items: Sequence[AnyItem], analyse: Callable[[Sequence[AnyItem]], None], workers: int, progress: Progress
) -> None:
    """Have items analysed. analyse: can be sent to a process; progress: is told how many are done."""
    batches = [items[start : start + ANALYSED_AT_ONCE] for start in range(0, len(items), ANALYSED_AT_ONCE)]
    done = 0
    with ExitStack() as stack:
        results: Iterator[int] = map(partial(_analyse, analyse), batches)
        if workers > 1 and len(batches) > 1:
            pool = ProcessPoolExecutor(workers, multiprocessing.get_context("spawn"))
            results = stack.enter_context(pool).map(partial(_analyse, analyse), batches)
        for count in results:
            done += count
            progress(done)


def _analyse(analyse: Callable[[Sequence[AnyItem]], None], items: Sequence[AnyItem]) -> int:
    with threadpool_limits(1):
        analyse(items)
    return len(items)


def _until_done(waiting: Sequence[Future[Outcome]]) -> Iterator[None]:
    """Come back now and then until all are done or one has failed."""
    left: set[Future[Outcome]] = set(waiting)
    while left:
        finished, left = wait(left, timeout=TOLD_EVERY_S)
        if any(future.exception() for future in finished):
            return
        yield


def _replay_here(job: Job, progress: Progress | None) -> Outcome:
    replay = Replay(job.log, job.policies, job.make, truth=job.truth)
    with threadpool_limits(1):
        for count in replay.events():
            if progress is not None and count % NOTED_EVERY == 0:
                progress(count)
    return replay.outcome


_done: list[Synchronized[Any]] = []


def _set_up(done: list[Synchronized[Any]]) -> None:
    _done[:] = done


def _replay_shard(job: Job, shard: int) -> Outcome:
    replay = Replay(job.log, job.policies, job.make, truth=job.truth, is_mine=partial(_is_in_shard, shard, job.workers))
    with threadpool_limits(1):
        for count in replay.events():
            if count % NOTED_EVERY == 0:
                _done[shard].value = count
    _done[shard].value = job.log.events
    return replay.outcome


def _is_in_shard(shard: int, shards: int, user: str) -> bool:
    return digest(user) % shards == shard
