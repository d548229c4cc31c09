"""What of an item a reader may follow or mute. Pure."""

from __future__ import annotations

from collections.abc import Iterable

from reader.types import AnyItem, Reason, Target, Video


def targets_of(item: AnyItem, reasons: Iterable[Reason] = ()) -> list[Target]:
    """Return what the item is by and about, each once, and the keywords of reasons."""
    named = [("source", item.source), *_makers(item)]
    named += [("topic", topic) for topic in item.topics]
    named += [("keyword", term) for term in _terms(reasons)]
    return [Target(kind, value) for kind, value in dict.fromkeys(named) if value]  # type: ignore[arg-type]  # kinds above


def name_of(target: Target, item: AnyItem) -> str:
    """Return what to call a target of an item: of a creator or sound its name, else the value itself."""
    if isinstance(item, Video) and (target.kind == "creator" or target.kind == "sound"):
        return item.entity_name(target.kind)
    return target.value


def _makers(item: AnyItem) -> list[tuple[str, str]]:
    if isinstance(item, Video):
        return [("creator", item.entity("creator")), ("sound", item.entity("sound"))]
    return [("author", item.author)]


def _terms(reasons: Iterable[Reason]) -> list[str]:
    return [term for reason in reasons for evidence in reason.evidence for term in evidence.terms]
