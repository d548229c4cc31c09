"""What one view came to, in a few words: for learning what an opening is worth.

What belongs here: yes or no to what a view may end in. What does not: credit of interests (`reader.profile.acts`).
"""

from __future__ import annotations

from dataclasses import dataclass

from reader.behaviour.signals import Reading
from reader.behaviour.views import View
from reader.behaviour.watching import Watching
from reader.settings import ReadingSettings


@dataclass(frozen=True, slots=True)
class ViewOutcome:
    """None where it cannot be known, as with a reader whose reading is not tracked.

    valid: at least one paragraph was read, or a clip was watched longer than most others of its length; dwell_share:
    time over expected time of the whole text, or the quantile of the watch, >= 0.
    """

    valid: bool | None = None
    finished: bool | None = None
    bounced: bool | None = None
    dwell_share: float = 0.0


def outcome_of_reading(reading: Reading) -> ViewOutcome:
    """Say what reading a text came to; one who left at once has read nothing (Toutiao's first rule)."""
    bounced = reading.bounced if reading.view.active_s is not None else None
    if bounced:
        return ViewOutcome(valid=False, finished=False, bounced=True)
    expected_s = sum(signal.expected_s for signal in reading.paragraphs)
    dwell_s = sum(signal.dwell_s for signal in reading.paragraphs)
    valid = any(signal.state == "read" for signal in reading.paragraphs)
    return ViewOutcome(valid, reading.finished, bounced, dwell_s / expected_s if expected_s > 0 else 0.0)


def outcome_of_watching(watching: Watching) -> ViewOutcome:
    """Say what watching a clip came to. Until it is left, nobody knows that it was not watched on.

    That it was watched to its end is not told: that says first of all how short it is, and its rank has the rest.
    """
    if watching.skipped:
        return ViewOutcome(valid=False, bounced=True)
    is_left = watching.view.active_s is not None
    return ViewOutcome(watching.valid or (False if is_left else None), None, False, watching.rank)


def outcome_of_opening(view: View, settings: ReadingSettings) -> ViewOutcome:
    """Say what an opening came to of which neither visit nor playing is known: only whether it was left at once."""
    left = view.active_s is not None and view.active_s < settings.bounce_s
    return ViewOutcome(bounced=None if view.active_s is None else left)
