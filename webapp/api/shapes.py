"""Values of the reader package as the objects that the API answers with."""

from __future__ import annotations

from collections.abc import Container, Mapping, Sequence
from typing import Any

from reader.recommend.requests import Rejected
from reader.types import AnyItem, Reason, RecommendationList, Recommended, Story
from webapp.api.schemas import Explain, ListOut
from webapp.export import evidence_record


def list_object(
    made: RecommendationList,
    page: Sequence[Recommended],
    items: Mapping[str, AnyItem],
    *,
    opened: Container[str],
    explain: Explain,
    next_cursor: str | None,
) -> dict[str, Any]:
    """Return one page of a list; items: the known ones of `reader.recommend.lists.items_of`; opened: by the reader."""
    name, _, version = made.model.partition("/")
    return {
        "list": made.id,
        "mode": made.mode,
        "model": {"name": name, "version": version},
        "items": recommended_objects(page, items, opened=opened, explain=explain),
        "next_cursor": next_cursor,
    }


def recommended_objects(
    page: Sequence[Recommended], items: Mapping[str, AnyItem], *, opened: Container[str], explain: Explain
) -> list[dict[str, Any]]:
    """Return places with what their cards show."""
    return [_recommended(place, items, place.item in opened, explain) for place in page if place.item in items]


def _recommended(place: Recommended, items: Mapping[str, AnyItem], is_opened: bool, explain: Explain) -> dict[str, Any]:
    item = items[place.item]
    return {
        "id": item.id,
        "kind": item.kind,
        "position": place.position,
        "title": item.title,
        "url": item.url,
        "source": item.source,
        "published_at": item.published_at,
        "score": place.score,
        "exploration": place.exploration,
        "opened": is_opened,
        "reasons": [] if explain == "none" else [_reason(reason, explain) for reason in place.reasons],
        "contributions": place.contributions if explain == "full" else None,
        "story": _story(place.story, items) if place.story else None,
    }


def _story(story: Story, items: Mapping[str, AnyItem]) -> dict[str, Any]:
    known = [items[item] for item in story.more if item in items]
    more = [{"id": item.id, "source": item.source, "title": item.title, "url": item.url} for item in known]
    return {"id": story.id, "more": more}


def _reason(reason: Reason, explain: Explain) -> dict[str, Any]:
    evidence = [evidence_record(each) for each in reason.evidence] if explain == "full" else []
    return {"code": reason.code, "label": reason.label, "share": reason.share, "evidence": evidence}


def rejected_objects(rejected: Sequence[Rejected]) -> list[dict[str, str]]:
    """Return refused events with the reason."""
    return [{"id": each.id, "field": each.field, "detail": each.detail} for each in rejected]


def plain_list(
    made: RecommendationList, page: Sequence[Recommended], items: Mapping[str, AnyItem], opened: Container[str]
) -> dict[str, Any]:
    """Return a list as the API sends it, with everything explained, for printing."""
    answer = list_object(made, page, items, opened=opened, explain="full", next_cursor=None)
    return ListOut.model_validate(answer).model_dump(mode="json", by_alias=True)
