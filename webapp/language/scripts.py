"""What the scripts of the pages say: they hold it in English, and a page in another language hands them its words."""

from __future__ import annotations

import json
from typing import Final

from reader.types_languages import ORIGINAL
from webapp.language.catalogue import N_
from webapp.language.choice import language
from webapp.language.saying import said_plainly

# Each `text("…")` of webapp/static; what is in braces there is filled in by the script (a test compares).
SCRIPT_TEXTS: Final = (
    N_("Undo"),
    N_("That did not work."),
    N_("There is no connection, so nothing was kept. Try again later."),
    N_("Change it under Privacy"),
    N_("Not kept: you said no to keeping what you tell."),
    N_("Not kept. Load the page again: it is too old, or you are logged out."),
    N_("Like"),
    N_("Liked"),
    N_("Save"),
    N_("Saved"),
    N_("Mark as read"),
    N_("Mark as unread"),
    N_("Close"),
    N_("Clip {number} of {count}: {title}"),
    N_("Clip {number} of {count}: {title}, by {maker}"),
    N_("The next clip could not be loaded. Try again."),
    N_("Muted. Undo on the Interests page."),
    N_("Hidden; it will not be shown again."),
    N_("Play"),
    N_("Pause"),
    N_("{now} of {end}"),
    N_("paragraph {number} of {count}"),
    N_("{minutes} min left"),
)


def script_texts() -> str:
    """Return the words for the scripts of a page as JSON, English -> what to say; "" in English."""
    if language() == ORIGINAL:
        return ""
    return json.dumps({text: said_plainly(text) for text in SCRIPT_TEXTS}, ensure_ascii=False, separators=(",", ":"))
