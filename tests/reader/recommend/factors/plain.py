"""Every family of factors in plain loops, from items and events, without any of the arrays that make it fast."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from functools import cached_property

import numpy as np
from numpy.typing import NDArray
from scipy.stats import norm

from reader.behaviour.views import derive_view
from reader.behaviour.watch_shares import WatchShares
from reader.behaviour.watching import Watching, derive_watching
from reader.profile.axes import HALF_LIVES_S, SIGNAL_INDEX, SIGNALS
from reader.recommend.catalogue import TRAIT_KINDS
from reader.recommend.factors.spec import Moment
from reader.recommend.form import FORM, describe_form
from reader.recommend.popularity import HEAT_HALF_LIVES_S
from reader.settings import WatchSettings
from reader.types import Event, Impression, Video


class Plain:
    """One moment and the events before it, looked at item by item."""

    def __init__(self, moment: Moment, events: tuple[Event, ...]) -> None:
        self.moment, self.events, self.catalogue = moment, events, moment.catalogue
        self.ids = [self.catalogue.id_at(int(row)) for row in moment.rows]
        opened = sorted((at, item) for item, at in moment.state.opened.items())
        self.opened = [item for _, item in opened][-50:]
        self.clicked = [item for _, item in opened if item not in moment.state.attended][-50:]
        self.passed = list(moment.state.passed)[::-1]
        self.last = events[-1].at
        self.counted = list(without_repeats(events))

    def traits(self, item: str) -> list[tuple[str, str]]:
        content = self.catalogue.content(item)
        assert content
        form = dict(zip(FORM, describe_form(content), strict=True))
        of_all = [*content.traits, ("kind", content.item.kind)]
        if isinstance(content.item, Video) and not content.item.duration_s:
            return of_all
        length = form["duration" if content.item.kind == "video" else "words"]
        return [*of_all, ("length", str(min(4, int(5 * length))))]

    def form(self, item: str) -> dict[str, float]:
        content = self.catalogue.content(item)
        assert content
        return dict(zip(FORM, describe_form(content), strict=True))

    def vector(self, item: str) -> NDArray[np.float64]:
        row = self.catalogue.row(item)
        vector: NDArray[np.float64] = self.catalogue.vectors.values[row].astype(np.float64)
        return vector

    def alike(self, item: str, scope: str) -> set[str]:
        """The clips of the same creator or with the same sound; "item": the clip itself."""
        own = [trait for trait in self.traits(item) if trait[0] == scope]
        known = self.catalogue._row_of
        return {item} if scope == "item" else {o for o in known if any(trait in self.traits(o) for trait in own)}

    def watchings(self) -> list[Watching]:
        """All watches of clips so far, by views, whatever has settled."""
        views: dict[str, list[Event]] = {}
        for event in self.events:
            if event.type in ("open", "watch", "close") and event.view is not None:
                views.setdefault(f"{event.user} {event.view}", []).append(event)
        found = (derive_view(events) for events in views.values())
        return [
            derive_watching(view, content.item.duration_s or 0.0, WatchShares(WatchSettings()), WatchSettings())
            for view in found
            if (content := self.catalogue.content(view.item)) and isinstance(content.item, Video) and view.stretches
        ]

    @cached_property
    def readers_apart(self) -> tuple[Callable[[str], NDArray[np.float64]], NDArray[np.float64]]:
        """Where items lie in the space that the openings so far make, and by how much readers differ in it."""
        opened = ((event.user, event.item) for event in self.events if event.type == "open" and event.item)
        openings = list(dict.fromkeys(opened))
        made, due = 0, 32
        for count in range(len(openings)):
            if count - len({user for user, _ in openings[:count]}) >= due:
                made, due = count, int(1.3 * due)
        own: dict[str, list[NDArray[np.float64]]] = {}
        for user, item in openings[:made]:
            own.setdefault(user, []).append(self.vector(item))
        if not own:
            return lambda _: np.zeros(0), np.zeros(0)
        every = np.array([vector for vectors in own.values() for vector in vectors])
        within = np.sum([len(vectors) * np.cov(np.array(vectors).T, bias=True) for vectors in own.values()], axis=0)
        within = within / (made - len(own))
        between = np.cov(every.T, bias=True) - within
        root = np.linalg.inv(np.linalg.cholesky(within + 3 * np.trace(within) / len(within) * np.eye(len(within))))
        spread, turned = np.linalg.eigh(root @ between @ root.T)
        kept = root.T @ turned[:, -64:]
        spread = np.where(spread < 1e-3, 0.0, spread)[-64:]
        return lambda item: (self.vector(item) - every.mean(axis=0)) @ kept, spread

    def cosine(self, one: str, other: str) -> float:
        """Of two items, less what all have in common."""
        vectors = self.catalogue.vectors.values.astype(np.float64)
        mean = vectors.sum(axis=0) / (len(vectors) + 20)
        first, second = self.vector(one) - mean, self.vector(other) - mean
        return float(first @ second / np.linalg.norm(first) / np.linalg.norm(second))

    def share(self, kind: str, item: str, others: list[str], size: int | None = None) -> float:
        own = [trait for trait in self.traits(item) if trait[0] == kind]
        count = sum(trait in self.traits(other) for other in others for trait in own)
        return count / max(1, len(others) if size is None else size)

    def count(self, act: str, half_life: str, items: set[str] | None) -> float:
        total = 0.0
        for event in self.counted:
            shown = [place.item for place in event.items] if isinstance(event, Impression) else [event.item]
            weight = 0.5 ** ((self.moment.at_s - event.at.timestamp()) / HEAT_HALF_LIVES_S[half_life])
            total += weight * sum(event.type == act and (items is None or one in items) for one in shown)
        return total

    def clicks(self, half_life: str, items: set[str] | None) -> float:
        lists = {event.list for event in self.events if isinstance(event, Impression)}
        total = 0.0
        for event in self.counted:
            is_click = event.type == "open" and event.list in lists and (items is None or event.item in items)
            age_s = self.moment.at_s - event.at.timestamp()
            total += is_click * 0.5 ** (age_s / HEAT_HALF_LIVES_S[half_life])
        return total

    def rate(self, half_life: str, items: set[str]) -> tuple[float, float]:
        shown, clicked = self.count("impression", half_life, None), self.clicks(half_life, None)
        mean = (clicked + 1) / (shown + clicked + 50)
        own = (self.clicks(half_life, items) + 50 * mean) / (self.count("impression", half_life, items) + 50)
        return own, mean

    def worth(self, half_life: str, item: str) -> float:
        lists, due = 0.0, 0.0
        for event in [event for event in self.events if isinstance(event, Impression)]:
            weight = 0.5 ** ((self.moment.at_s - event.at.timestamp()) / HEAT_HALF_LIVES_S[half_life])
            lists, due = lists + weight, due + weight * (item in [s.item for s in event.items]) / len(event.items)
        return (self.clicks(half_life, {item}) + 2) / (due * (self.clicks(half_life, None) + 1) / (lists + 1) + 2)


def without_repeats(events: tuple[Event, ...]) -> Iterator[Event]:
    """Go through the events without what is the same opening once more."""
    last: dict[tuple[str, str], datetime] = {}
    for event in events:
        if event.type == "open" and event.item:
            before = last.get((event.user, event.item))
            last[event.user, event.item] = max(before or event.at, event.at)
            if before is not None and abs(event.at - before) < timedelta(minutes=30):
                continue
        yield event


def expected(plain: Plain, item: str) -> Iterator[tuple[str, float]]:
    """Yield factors of one item that are neither z, max nor rank."""
    yield from _interest(plain, item)
    yield from _heat(plain, item)
    yield from _nearness(plain, item)
    yield from _counts(plain, item)
    yield from _form(plain, item)
    yield from _watched_by_all(plain, item)
    yield from _watched_by_reader(plain, item)


def _interest(plain: Plain, item: str) -> Iterator[tuple[str, float]]:
    moment, catalogue = plain.moment, plain.catalogue
    interests, content = moment.portrait.interests, catalogue.content(item)
    assert content
    credit = interests.credit_at(moment.at_s)
    for name in ("keyword.read.3d", "topic.open.6h", "creator.watch.180d", "cluster.reread.21d"):
        kind, signal, half_life = name.split(".")
        column = SIGNAL_INDEX[signal], list(HALF_LIVES_S).index(half_life)  # type: ignore[index]  # a signal's name
        total, squares = 0.0, 0.0
        for row, (own, value) in enumerate(interests.features):
            if own != kind:
                continue
            amount = float((kind, value) in plain.traits(item))
            if kind == "keyword":
                blocks = (content.analysis.title, *content.analysis.paragraphs)
                scores = [phrase.score for block in blocks for phrase in block.phrases if phrase.term == value]
                frequency = catalogue.keyword_postings.frequency(("keyword", value))
                rarity = math.log((len(catalogue) + 1) / (frequency + 0.5)) / math.log1p(len(catalogue))
                amount = max(scores, default=0.0) * max(0.0, rarity)
            if kind == "cluster":
                cosine = float(moment.portrait.clusters.centroids()[int(value[1:])] @ plain.vector(item))
                amount = min(1.0, max(0.0, (cosine - 0.15) / 0.85))
            total += float(credit[row][column]) * amount
            squares += float(credit[row][column]) ** 2
        yield f"interest.{name}", total / (math.sqrt(squares) + 0.6)


def _heat(plain: Plain, item: str) -> Iterator[tuple[str, float]]:
    for half_life in ("30min", "48h"):
        rate, mean = plain.rate(half_life, {item})
        yield f"heat.rate.impression.{half_life}", max(-1.0, min(1.0, math.log(rate / mean) / 2))
        yield f"heat.worth.{half_life}", max(-1.0, min(1.0, math.log(plain.worth(half_life, item)) / 2))
        shown = plain.count("impression", half_life, {item})
        deviation = math.sqrt(min(1.0, rate) * (1 - min(1.0, rate)) / (51 + shown))
        yield f"uncertainty.bound.{half_life}", min(1.0, rate) + deviation
        yield f"uncertainty.shown.{half_life}", 1 / math.sqrt(1 + shown)
        yield f"heat.click.{half_life}", min(1.0, math.log1p(plain.clicks(half_life, {item})) / math.log1p(100))
        for act in ("open", "viewable", "like"):
            heat = math.log1p(plain.count(act, half_life, {item})) / math.log1p(100)
            yield f"heat.{act}.{half_life}", min(1.0, heat)
    short, long = plain.count("open", "2h", {item}), plain.count("open", "8h", {item})
    yield "heat.growth.2h.8h", max(-1.0, min(1.0, math.log((1 + 4 * short) / (1 + long)) / 3))
    for name, kind in (("heat", "source"), ("video", "creator")):
        own = [trait for trait in plain.traits(item) if trait[0] == kind]
        alike = {other for other in plain.catalogue._row_of if any(trait in plain.traits(other) for trait in own)}
        yield f"{name}.{kind}.open.8h", min(1.0, math.log1p(plain.count("open", "8h", alike)) / math.log1p(100))
    vectors = [
        plain.vector(event.item or "") * 0.5 ** ((plain.moment.at_s - event.at.timestamp()) / 172_800)
        for event in plain.counted
        if event.type == "open"
    ]
    trend = np.sum(vectors, axis=0)
    yield "heat.meaning.open.48h", float(trend / np.linalg.norm(trend) @ plain.vector(item))


def _nearness(plain: Plain, item: str) -> Iterator[tuple[str, float]]:
    cosines = [plain.cosine(other, item) for other in plain.clicked]
    last = sorted(cosines[-5:])
    yield "history.mean.5", sum(last) / len(last) if last else 0.0
    yield "history.best3.5", sum(last[-3:]) / len(last[-3:]) if last else 0.0
    yield "history.topics.20", plain.share("topic", item, plain.clicked[-20:])
    yield "history.lift.20", _lift(plain, item, plain.clicked[-20:])
    yield from _audience(plain, item)
    yield from _told_apart(plain, item)
    all_vectors = plain.catalogue.vectors.values.astype(np.float64)
    mean = all_vectors.mean(axis=0)
    taste = np.mean([plain.vector(other) for other in plain.opened], axis=0) - mean
    yield "content.dim17", float(plain.vector(item)[17] - mean[17])
    yield "taste.dim17", float((plain.vector(item)[17] - mean[17]) * taste[17] / np.linalg.norm(taste))
    near = [float(plain.vector(other) @ plain.vector(item)) for other in plain.passed[:50]]
    yield "saturation.passed_best", max(near, default=0.0)
    yield "saturation.passed", min(3.0, math.log1p(plain.moment.state.passed.get(item, 0)))
    readers: dict[str, set[str]] = {}
    for event in plain.events:
        if event.type == "open":
            readers.setdefault(event.item or "", set()).add(event.user)
    similar = [0.0]
    for other in plain.opened[-20:]:
        both = len(readers.get(item, set()) & readers[other]) if item != other else 0
        cosine = both / math.sqrt(len(readers[other]) * max(1, len(readers.get(item, set()))))
        similar.append(cosine * both / (both + 10))
    yield "collaborative.sum.20", sum(similar)
    yield "collaborative.best.20", max(similar)


def _lift(plain: Plain, item: str, clicked: list[str]) -> float:
    lifts = []
    for topic in [trait for trait in plain.traits(item) if trait[0] == "topic"]:
        alike = {other for other in plain.catalogue._row_of if topic in plain.traits(other)}
        share = (plain.count("open", "30d", alike) + 1) / (plain.count("open", "30d", None) + 6)
        own = sum(topic in plain.traits(other) for other in clicked)
        lifts.append(math.log((own + 5 * share) / ((len(clicked) + 5) * share)))
    return max(-3.0, min(3.0, sum(lifts) / max(1, len(lifts)))) if clicked else 0.0


def _audience(plain: Plain, item: str) -> Iterator[tuple[str, float]]:
    mean = plain.catalogue.vectors.values.astype(np.float64).mean(axis=0)
    opened: dict[str, list[NDArray[np.float64]]] = {}
    came: dict[str, list[tuple[str, NDArray[np.float64]]]] = {"clicked": [], "shown": []}
    lists, known = set(), set[tuple[str, ...]]()

    def taste(user: str) -> NDArray[np.float64]:
        own: NDArray[np.float64] = np.sum([vector - mean for vector in opened.get(user, [])], axis=0) + 0.0 * mean
        return own / np.linalg.norm(own) if opened.get(user) else own

    for event in plain.events:
        if isinstance(event, Impression):
            lists.add(event.list)
            came["shown"] += [(place.item, taste(event.user)) for place in event.items]
        elif event.type == "open" and event.item:
            clicked = event.user, event.item, "clicked"
            if event.list in lists and clicked not in known:
                came["clicked"].append((event.item, taste(event.user)))
                known.add(clicked)
            if (event.user, event.item) not in known:
                opened.setdefault(event.user, []).append(plain.vector(event.item))
                known.add((event.user, event.item))
    for name, found in came.items():
        usual = np.mean([own for _, own in found], axis=0)
        own = [one - usual for other, one in found if other == item]
        lean = float(np.sum(own, axis=0) @ taste(plain.moment.state.user)) if own else 0.0
        yield f"audience.{name}.3", lean / (len(own) + 3)


def _told_apart(plain: Plain, item: str) -> Iterator[tuple[str, float]]:
    names = [f"discriminant.{measure}" for measure in ("leaning.5", "likelihood.20", "mean.20", "best3.50")]
    point_of, spread = plain.readers_apart
    if not plain.clicked or not len(spread):
        yield from ((name, 0.0) for name in names)
        return
    here, own = point_of(item), [point_of(other) for other in plain.clicked]

    def around(last: list[NDArray[np.float64]]) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
        """The mean of the reader's openings, as far as these tell it, and how sure that is."""
        variance = 1 / (1 / np.maximum(spread, 1e-12) + len(last))
        return variance * np.sum(last, axis=0), variance

    mean, variance = around(own[-5:])
    leaning = sum(here * mean / (1 + variance))
    mean, variance = around(own[-20:])
    likelihood = norm.logpdf(here, mean, np.sqrt(1 + variance)) - norm.logpdf(
        here, np.zeros(len(here)), np.sqrt(1 + spread)
    )
    scaled = here * np.sqrt(spread)
    cosines = [
        float(scaled @ (other * np.sqrt(spread)) / np.linalg.norm(scaled) / np.linalg.norm(other * np.sqrt(spread)))
        for other in own
    ]
    best = sorted(cosines)[-3:]
    values = leaning, float(np.sum(likelihood)), np.mean(cosines[-20:]), sum(best) / len(best)
    yield from zip(names, values, strict=True)


def _counts(plain: Plain, item: str) -> Iterator[tuple[str, float]]:
    passed, opened = plain.passed[:200], plain.opened
    mean = (len(opened) + 1) / (len(opened) + len(passed) + 2)
    for kind in TRAIT_KINDS:
        yield f"affinity.{kind}.opened20", plain.share(kind, item, opened[-20:])
        yield f"affinity.{kind}.passed", plain.share(kind, item, passed)
        ups, downs = plain.share(kind, item, opened, 1), plain.share(kind, item, passed, 1)
        yield f"affinity.{kind}.rate", (ups + 5 * mean) / (ups + downs + 5) - mean
    yield "saturation.topic", min(1.0, plain.share("topic", item, opened[-20:], 20))


def _form(plain: Plain, item: str) -> Iterator[tuple[str, float]]:
    moment, form = plain.moment, plain.form(item)
    row = plain.catalogue.row(item)
    age_h = max(0.0, moment.at_s - float(plain.catalogue.published_s.values[row])) / 3600
    yield "freshness.6h", math.exp(-age_h / 6)
    yield "freshness.log", 1 - min(1.0, math.log1p(age_h) / math.log1p(8760))
    yield "intrinsic.words", form["words"]
    hour = int(moment.at_s // 3600) % 24
    for number, time in enumerate(("night", "early", "morning", "afternoon", "evening", "late")):
        yield f"context.{time}.words", form["words"] if hour // 4 == number else 0.0
    if plain.catalogue.duration_s.values[row] > 0:
        yield "video.length.15s", math.exp(-(((form["duration"] - 0.25) / 0.15) ** 2) / 2)
    usual = sum(plain.form(other)["difficulty"] for other in plain.opened) / len(plain.opened)
    yield "style.opened50.difficulty", 1 - abs(form["difficulty"] - usual)
    interests = moment.portrait.interests
    credit = dict.fromkeys(SIGNALS, 0.0)
    for (kind, _), own in zip(interests.features, interests.credit_at(moment.at_s), strict=True):
        for signal in SIGNALS:
            credit[signal] += float(own[SIGNAL_INDEX[signal], 3]) if kind == "language" else 0.0
    yield "style.finish.words", min(3.0, max(0.0, credit["finish"]) / (max(0.0, credit["open"]) + 0.3)) * form["words"]


def _watched_by_all(plain: Plain, item: str) -> Iterator[tuple[str, float]]:
    """Yield rates over the watches that have settled: of views opened two hours ago or earlier."""
    settled = [own for own in plain.watchings() if own.view.opened_at + timedelta(hours=2) < plain.last]
    for scope in ("item", "creator", "sound"):
        alike = [own for own in settled if own.view.item in plain.alike(item, scope)]
        for window, half_life_s in (("6h", 21_600.0), ("21d", 1_814_400.0)):

            def faded(watches: list[Watching], what: str, half_life_s: float = half_life_s) -> float:
                ages = [(plain.moment.at_s - own.view.opened_at.timestamp()) / half_life_s for own in watches]
                amounts = [1.0 if what == "all" else float(getattr(own, what)) for own in watches]
                return float(sum(amount * 0.5**age for amount, age in zip(amounts, ages, strict=True)))

            for measure, what in (("skipped", "skipped"), ("loud", "sound_switched_on")):
                usual = faded(settled, what) / max(1e-12, faded(settled, "all"))
                rate = (faded(alike, what) + 5 * usual) / (faded(alike, "all") + 5) - usual
                yield f"video.{scope}.{measure}.{window}", rate


def _watched_by_reader(plain: Plain, item: str) -> Iterator[tuple[str, float]]:
    moment = plain.moment
    known = moment.portrait.watched
    for scope in ("creator", "sound"):
        alike = {other: own for other, own in known.items() if other in plain.alike(item, scope)}
        for window, half_life_s in (("3d", 259_200.0), ("180d", 15_552_000.0)):

            def fading(at_s: float, half_life_s: float = half_life_s) -> float:
                return float(0.5 ** (max(0.0, moment.at_s - at_s) / half_life_s))

            count = sum(fading(own.at_s) for own in known.values())
            usual = sum(fading(own.at_s) * own.quantile for own in known.values()) / max(1e-12, count)
            own_count = sum(fading(own.at_s) for own in alike.values())
            valid = sum(fading(own.at_s) * own.quantile for own in alike.values())
            yield f"watch.{scope}.valid.{window}", (valid + 2 * usual) / (own_count + 2) - usual
            yield f"watch.{scope}.count.{window}", min(1.0, math.log1p(own_count) / math.log(101))
            days = {int(own.at_s // 86_400): own.at_s for own in sorted(alike.values(), key=lambda own: own.at_s)}
            whole = math.log1p(sum(fading(at_s) for at_s in days.values())) / math.log(21)
            yield f"watch.{scope}.days.{window}", min(1.0, whole)
            yield f"watch.{scope}.recent.{window}", max((fading(own.at_s) for own in alike.values()), default=0.0)
            row = plain.catalogue.row(item)
            fresh = fading(float(plain.catalogue.published_s.values[row]))
            traits = [trait for trait in plain.traits(item) if trait[0] == scope]
            follows = any(trait in moment.state.steering.followed for trait in traits)
            yield f"watch.follow.{scope}.{window}", fresh * follows
