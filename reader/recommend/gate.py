"""What may be taken of whom: the one gate that every event goes through on its way into the log.

What belongs here: parting events by the terms of their readers. What does not: what the terms are (`reader.privacy`).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Final, Protocol

from reader.recommend.requests import Rejected, Request
from reader.types import Event
from reader.types_consent import Terms

_ANYTHING: Final = Terms()


class Gate(Protocol):
    """Knows the terms of every reader, as they are at this moment."""

    def terms(self, user: str) -> Terms:
        """Return what may be taken of a reader."""


class Open:
    """Lets everything through: for a replay, whose log has been through the gate before."""

    def terms(self, user: str) -> Terms:
        """Return terms that refuse nothing."""
        return _ANYTHING


@dataclass(frozen=True, slots=True)
class Parted:
    """A batch of events by what becomes of them, each part in order."""

    kept: list[Event]
    held: list[Event]
    refused: list[Rejected]


def part(events: Sequence[Event], gate: Gate) -> Parted:
    """Part a batch; the terms of each reader are asked for once."""
    terms = {user: gate.terms(user) for user in {event.user for event in events}}
    parted = Parted([], [], [])
    for event in events:
        of_reader = terms[event.user]
        handling = of_reader.handling(event.type)
        if handling == "refuse":
            parted.refused.append(Rejected(event.id, "consent", of_reader.refusal(event.type)))
        else:
            (parted.kept if handling == "keep" else parted.held).append(event)
    return parted


def fitted(request: Request, terms: Terms) -> Request:
    """Return the request that may be answered: newest first for those of whom no profile may be used."""
    return request if terms.may_profile else replace(request, mode="latest")
