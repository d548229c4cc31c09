"""A reader's state as they may see it: their interests with evidence, and what was noticed of their going back."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final, get_args

from reader.behaviour.views import View
from reader.profile.axes import SIGNAL_INDEX, SIGNAL_WEIGHTS, SIGNALS, Feature
from reader.profile.content import Library
from reader.profile.excerpts import spoken_paragraph
from reader.profile.interests import Interests, Trace
from reader.profile.state import ReaderState
from reader.recommend.requests import Interest, Noticed
from reader.settings import InterestSettings
from reader.types import Evidence, Target, TargetKind
from reader.types_folding import ScrollBack

TERMS_SHOWN: Final = 4
STEERABLE: Final = get_args(TargetKind)


def show_interests(state: ReaderState, library: Library, at_s: float, middle: float) -> tuple[Interest, ...]:
    """Return all interests a reader can steer, strongest first: neither clusters, which have no name, nor languages.

    middle: see `middle_of`.
    """
    interests = state.portrait.interests
    parts = dict(zip(interests.features, interests.strength_by_signal_at(at_s).tolist(), strict=True))
    named = {feature for feature in parts if feature[0] in STEERABLE} | set(state.steering.muted)
    shown = (_interest(feature, parts.get(feature, []), state, library, middle) for feature in named)
    return tuple(
        sorted(shown, key=lambda interest: (-abs(interest.weight), interest.target.kind, interest.target.value))
    )


def middle_of(settings: InterestSettings) -> float:
    """Return the strength in the middle of the scale that readers see, > 0: ours.

    Half of what a like gives to the topic of its item, which an interest has that its reader has set to one half.
    """
    return settings.explicit_credit * float(SIGNAL_WEIGHTS[SIGNAL_INDEX["plus"]]) / 2


def weight_of(strength: float, middle: float) -> float:
    """Return a strength on the scale that readers see, -1 to 1; no strength reaches its ends, so all can be told apart.

    >>> weight_of(0, 2.25), weight_of(2.25, 2.25), weight_of(-6.75, 2.25)
    (0.0, 0.5, -0.75)
    """
    return strength / (abs(strength) + middle)


def _interest(feature: Feature, parts: list[float], state: ReaderState, library: Library, middle: float) -> Interest:
    kind, value = feature
    steering, interests = state.steering, state.portrait.interests
    weight = steering.weights.get(feature, weight_of(sum(parts), middle))
    evidence = tuple(_evidence(trace, library) for trace in _newest_first(interests, feature, weight))
    return Interest(
        target=Target(kind, value, steering.muted.get(feature)),  # type: ignore[arg-type]  # clusters are left out above
        label=interests.labels.get(feature, value) if kind == "keyword" else library.name(feature),
        weight=weight,
        muted=feature in steering.muted,
        followed=feature in steering.followed,
        edited=feature in steering.weights,
        evidence=evidence,
        parts=tuple((signal, part) for signal, part in zip(SIGNALS, parts, strict=False) if part),
    )


def _newest_first(interests: Interests, feature: Feature, weight: float) -> list[Trace]:
    """Return what explains a weight, re-reads first: acts that speak the other way do not."""
    traces = [trace for trace in interests.traces.get(feature, ()) if _sign(trace) * weight >= 0]
    return sorted(traces, key=lambda trace: (trace.act.signal == "reread", trace.act.at), reverse=True)


def _sign(trace: Trace) -> float:
    return float(SIGNAL_WEIGHTS[SIGNAL_INDEX[trace.act.signal]])


def _evidence(trace: Trace, library: Library) -> Evidence:
    act = trace.act
    content = library.content(act.item)
    title = content.item.title if content else act.item
    return Evidence(act.signal, act.at, act.item, title, act.paragraph, (), *(act.part or (None, None)))


def show_noticed(state: ReaderState, library: Library, focus_share: float) -> list[Noticed]:
    """Return one notice for each going-back, newest first, and for each clip of which parts were played again."""
    found = [*_scroll_backs(state, library, focus_share), *_replays(state, library)]
    return sorted(found, key=lambda notice: notice.at, reverse=True)


def _scroll_backs(state: ReaderState, library: Library, focus_share: float) -> Iterator[Noticed]:
    """Yield a notice for the paragraph that got most of a going-back."""
    for view, backs in state.scroll_backs():
        for episode in sorted({back.episode for back in backs}, reverse=True):
            main = max((b for b in backs if b.episode == episode), key=lambda b: _weight(b, focus_share))
            if not state.steering.is_kept(view, main.paragraph):
                yield _noticed(view, main, library)


def _replays(state: ReaderState, library: Library) -> Iterator[Noticed]:
    """Yield a notice for the part of a clip that was played again for longest, if anything is said in it."""
    for watching, video, replays in state.replays():
        view, paragraph = watching.view, spoken_paragraph(video)
        if paragraph is None or state.steering.is_kept(view, paragraph):
            continue
        main = max(replays, key=lambda replay: (replay.seconds, -replay.from_s))
        keywords = library.keywords(view.item, paragraph, (main.from_s, main.to_s))[:TERMS_SHOWN]
        if keywords:
            terms = tuple(keyword.label for keyword in keywords)
            yield Noticed(video.id, video.title, paragraph, terms, view.opened_at, view.id, main.from_s, main.to_s)


def _weight(back: ScrollBack, focus_share: float) -> tuple[float, float]:
    return focus_share * back.focus_s + (1 - focus_share) * back.dwell_s, -back.started_s


def _noticed(view: View, back: ScrollBack, library: Library) -> Noticed:
    content = library.content(view.item)
    keywords = library.keywords(view.item, back.paragraph)[:TERMS_SHOWN]
    return Noticed(
        item=view.item,
        title=content.item.title if content else view.item,
        paragraph=back.paragraph,
        terms=tuple(keyword.label for keyword in keywords),
        at=view.opened_at,
        view=view.id,
    )
