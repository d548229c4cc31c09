"""Where a new interest first shows: in the opening of an item of it, or in going back to a paragraph beside the matter.

What a ranking can know of a new interest begins there, so that is where time-to-adapt is counted from.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass

from reader.replay.simulator.journal import IntendedReturn, Journal
from reader.replay.simulator.readers import Interest, SimulatedReader
from reader.replay.simulator.world import Subject
from reader.types import Event


@dataclass(frozen=True, slots=True)
class NewInterest:
    """An interest that came up. items: all of it in the catalogue.

    opened_in: the list from which an item of it was opened first; None if none was. returned_in: the list from which an
    item of something else was opened in which the reader first went back to a paragraph of it, before any item of it
    was opened; None if that did not come about.
    """

    user: str
    topic: str
    items: tuple[str, ...]
    opened_in: str | None
    returned_in: str | None

    def record(self) -> dict[str, object]:
        """Return the line of truth.jsonl."""
        return {"type": "new_interest", **asdict(self)}


def find_new_interests(reader: SimulatedReader, subjects: Sequence[Subject], journal: Journal) -> Iterator[NewInterest]:
    """Yield the interests that came up in a life, in order of time."""
    opens = [event for event in journal.events if event.type == "open"]
    list_of = {event.view: event.list for event in opens}
    for interest in reader.changes:
        items = {subject.item.id for subject in subjects if interest.is_of(subject)}
        opening = next((event for event in opens if event.item in items and _is_since(event, interest)), None)
        back = next((back for back in journal.returns if back.topic == interest.topic and back.item not in items), None)
        returned_in = list_of[back.view] if back else None
        yield NewInterest(
            reader.user,
            interest.topic,
            tuple(sorted(items)),
            opening.list if opening else None,
            returned_in if back and _comes_before(back, opening, opens) else None,
        )


def _is_since(event: Event, interest: Interest) -> bool:
    return interest.begins is not None and event.at >= interest.begins


def _comes_before(back: IntendedReturn, opening: Event | None, opens: Sequence[Event]) -> bool:
    """Whether a return belongs to a list before the one from which an item of the interest was first opened."""
    if opening is None:
        return True
    own = next(event for event in opens if event.view == back.view)
    return own.list != opening.list and own.at < opening.at
