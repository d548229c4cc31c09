"""Values of the reader package as the objects that the API answers with."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from reader.recommend.requests import Rejected
from reader.types import AnyItem, Reason, RecommendationList, Recommended
from webapp.api.schemas import Explain, ListOut
from webapp.export import evidence_record


def list_object(
    made: RecommendationList,
    page: Sequence[Recommended],
    items: Mapping[str, AnyItem],
    *,
    explain: Explain,
    next_cursor: str | None,
) -> dict[str, Any]:
    """Return one page of a list; items: the known items of the page."""
    name, _, version = made.model.partition("/")
    return {
        "list": made.id,
        "mode": made.mode,
        "model": {"name": name, "version": version},
        "items": recommended_objects(page, items, explain=explain),
        "next_cursor": next_cursor,
    }


def recommended_objects(
    page: Sequence[Recommended], items: Mapping[str, AnyItem], *, explain: Explain
) -> list[dict[str, Any]]:
    """Return places with what their cards show."""
    return [recommended_object(place, items[place.item], explain) for place in page if place.item in items]


def recommended_object(place: Recommended, item: AnyItem, explain: Explain) -> dict[str, Any]:
    """Return one place with what its card shows."""
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
        "reasons": [] if explain == "none" else [_reason(reason, explain) for reason in place.reasons],
        "contributions": place.contributions if explain == "full" else None,
    }


def _reason(reason: Reason, explain: Explain) -> dict[str, Any]:
    evidence = [evidence_record(each) for each in reason.evidence] if explain == "full" else []
    return {"code": reason.code, "label": reason.label, "share": reason.share, "evidence": evidence}


def rejected_objects(rejected: Sequence[Rejected]) -> list[dict[str, str]]:
    """Return refused events with the reason."""
    return [{"id": each.id, "field": each.field, "detail": each.detail} for each in rejected]


def plain_list(made: RecommendationList, page: Sequence[Recommended], items: Mapping[str, AnyItem]) -> dict[str, Any]:
    """Return a list as the API sends it, with everything explained, for printing."""
    answer = list_object(made, page, items, explain="full", next_cursor=None)
    return ListOut.model_validate(answer).model_dump(mode="json", by_alias=True)
