"""Values of the reader package as the objects that the API answers with."""

from __future__ import annotations

from collections.abc import Container, Mapping, Sequence
from dataclasses import asdict
from typing import Any

from reader.recommend.families import family
from reader.recommend.ledger import FamilyPart
from reader.recommend.requests import Rejected, Why
from reader.types import AnyItem, Counterfactual, Reason, RecommendationList, Recommended, Story
from webapp.api.schemas import Explain, ListOut
from webapp.export import evidence_record
from webapp.language.choice import language
from webapp.language.saying import said_plainly


def list_object(
    made: RecommendationList,
    page: Sequence[Recommended],
    items: Mapping[str, AnyItem],
    *,
    opened: Container[str],
    explain: Explain,
    next_cursor: str | None,
    why: Mapping[str, Why] | None = None,
) -> dict[str, Any]:
    """Return one page of a list.

    items: the known ones of `reader.recommend.lists.items_of`; opened: by the reader; why: what stands behind its
    places, if asked.
    """
    name, _, version = made.model.partition("/")
    return {
        "list": made.id,
        "mode": made.mode,
        "model": {"name": name, "version": version},
        "items": recommended_objects(page, items, opened=opened, explain=explain, why=why),
        "next_cursor": next_cursor,
        "language": language(),
    }


def recommended_objects(
    page: Sequence[Recommended],
    items: Mapping[str, AnyItem],
    *,
    opened: Container[str],
    explain: Explain,
    why: Mapping[str, Why] | None = None,
) -> list[dict[str, Any]]:
    """Return places with what their cards show, and what stands behind them."""
    return [
        _recommended(place, items, place.item in opened, explain) | (_why(why[place.item]) if why else {})
        for place in page
        if place.item in items
    ]


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


def _why(why: Why) -> dict[str, Any]:
    return {
        "ledger": [_family_part(part) for part in why.ledger],
        "next_position": why.next_position,
        "counterfactuals": [_counterfactual(each) for each in why.counterfactuals],
    }


def _counterfactual(each: Counterfactual) -> dict[str, Any]:
    target = {"kind": each.target.kind, "value": each.target.value}
    return {"target": target, "label": each.label, "position": each.position}


def _family_part(part: FamilyPart) -> dict[str, Any]:
    return {
        "family": part.family,
        "label": said_plainly(family(part.family).label),
        "contribution": part.contribution,
        "factors": [asdict(factor) for factor in part.factors],
        "others": {"count": part.others, "contribution": part.others_contribution},
    }


def _reason(reason: Reason, explain: Explain) -> dict[str, Any]:
    evidence = [evidence_record(each) for each in reason.evidence] if explain == "full" else []
    return {"code": reason.code, "label": reason.label, "share": reason.share, "evidence": evidence}


def rejected_objects(rejected: Sequence[Rejected]) -> list[dict[str, str]]:
    """Return refused events with the reason."""
    return [{"id": each.id, "field": each.field, "detail": each.detail} for each in rejected]


def plain_list(
    made: RecommendationList,
    page: Sequence[Recommended],
    items: Mapping[str, AnyItem],
    opened: Container[str],
    why: Mapping[str, Why],
) -> dict[str, Any]:
    """Return a list as the API sends it, with everything explained, for printing."""
    answer = list_object(made, page, items, opened=opened, explain="full", next_cursor=None, why=why)
    return ListOut.model_validate(answer).model_dump(mode="json", by_alias=True)
