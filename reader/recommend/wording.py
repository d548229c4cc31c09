"""Sentences for reasons, in English and German. Pure: an act, a number, a day in, words out.

A list is made with English ones; a page in German says them again from what they are about (`retell`).
"""

from __future__ import annotations

from datetime import datetime
from typing import Final

from reader.profile.excerpts import clock
from reader.types import Evidence, Reason
from reader.types_languages import Language

_WEEKDAYS: Final[dict[Language, tuple[str, ...]]] = {
    "en": ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"),
    "de": ("Montag", "Dienstag", "Mittwoch", "Donnerstag", "Freitag", "Samstag", "Sonntag"),
}
_MONTHS: Final[dict[Language, str]] = {
    "en": "January February March April May June July August September October November December",
    "de": "Januar Februar März April Mai Juni Juli August September Oktober November Dezember",
}
_NEAR: Final[dict[Language, tuple[str, str]]] = {"en": ("today", "yesterday"), "de": ("heute", "gestern")}
_ON: Final[dict[Language, str]] = {"en": "on {}", "de": "am {}"}
_DATE: Final[dict[Language, str]] = {"en": "{} {}", "de": "{}. {}"}
_QUOTED: Final[dict[Language, str]] = {"en": "“{}”", "de": "„{}“"}
_PARAGRAPH: Final[dict[Language, str]] = {"en": "paragraph {} of {}", "de": "Absatz {} von {}"}
_PART: Final[dict[Language, str]] = {"en": "{}–{} of {}", "de": "{}–{} von {}"}

# A reason that goes back to an act of the reader: its code is the signal, or says how the act bears on the item.
_ACTS: Final[dict[Language, dict[str, str]]] = {
    "en": {
        "reread": "You went back to {where} {day}",
        "replay": "You replayed {where} {day}",
        "read": "You read {where} {day}",
        "finish": "You finished {where} {day}",
        "open": "You opened {where} {day}",
        "plus": "You liked, saved or shared {where} {day}",
        "watch": "You watched {where} {day}",
        "implicit_minus": "You passed by {where} {day}",
        "minus": "You hid {where} {day}",
        "similar": "It is like {where}, which you opened {day}",
        "together": "Readers who open {where}, as you did {day}, open it, too",
        "kindred": "Readers who open {where}, as you did {day}, open such things, too",
    },
    "de": {
        "reread": "Du bist {day} zu {where} zurückgekehrt",
        "replay": "Du hast dir {day} {where} noch einmal angesehen",
        "read": "Du hast {day} {where} gelesen",
        "finish": "Du bist {day} mit {where} zu Ende gekommen",
        "open": "Du hast {day} {where} geöffnet",
        "plus": "Dir hat {day} {where} gefallen, oder du hast es gemerkt oder geteilt",
        "watch": "Du hast dir {day} {where} angesehen",
        "implicit_minus": "Du bist {day} an {where} vorbeigegangen",
        "minus": "Du hast {day} {where} ausgeblendet",
        "similar": "Es ähnelt {where}, von dir {day} geöffnet",
        "together": "Wer wie du {day} {where} öffnet, öffnet auch dies",
        "kindred": "Wer wie du {day} {where} öffnet, öffnet auch solches",
    },
}
# A reason that goes back to no single act, or to the reader's own word. {what}: a term, a day, a number of openings.
_PLAIN: Final[dict[Language, dict[str, str]]] = {
    "en": {
        "latest": "In order of time",
        "related": "Close in meaning",
        "exploration": "Something new, drawn by chance to learn what you like",
        "follow": "You follow {what}",
        "weigh": "You set the weight of {what} yourself",
        "fresh": "Published {what}",
        "popular": "Opened {what} here",
        "like_popular": "Its like is opened often",
        "similar": "Like what you opened lately",
        "together": "Readers of what you opened open it, too",
        "kindred": "Readers of what you opened open such things, too",
        "alike": "Readers like you open it",
        "novel": "Unlike what you opened lately, as you wish it",
        "quiet": "From a source you like that publishes rarely",
        "habit": "Of the sort that you open",
        "new": "Few have seen it yet",
        "subject": "On a subject that readers here open",
        "taste": "On a subject that goes with what you opened",
        "style": "Its length or difficulty suits the way you read",
        "form": "Of a form that readers here open",
        "hour": "Of the sort that is opened at this hour",
        "clips": "Clips of its kind are opened",
        "watching": "Of the sort that you watch, or of someone you follow",
        "varied": "How much of its sort you saw lately speaks for it",
    },
    "de": {
        "latest": "In der Reihenfolge der Zeit",
        "related": "Im Sinn nahe",
        "exploration": "Etwas Neues, durch Zufall ausgewählt, um zu lernen, was du magst",
        "follow": "Du folgst: {what}",
        "weigh": "Das Gewicht von {what} hast du selbst bestimmt",
        "fresh": "Erschienen {what}",
        "popular": "Hier {what} geöffnet",
        "like_popular": "Ähnliches wird oft geöffnet",
        "similar": "Ähnlich dem, was du zuletzt geöffnet hast",
        "together": "Wer öffnet, was du geöffnet hast, öffnet auch dies",
        "kindred": "Wer öffnet, was du geöffnet hast, öffnet auch solches",
        "alike": "Leser wie du öffnen es",
        "novel": "Anders als das, was du zuletzt geöffnet hast, so wie du es möchtest",
        "quiet": "Von einer Quelle, die du magst und die selten etwas bringt",
        "habit": "Von der Art, die du öffnest",
        "new": "Bisher haben es wenige gesehen",
        "subject": "Zu einem Gegenstand, der hier gern geöffnet wird",
        "taste": "Zu einem Gegenstand, der zu dem passt, was du geöffnet hast",
        "style": "Länge oder Schwierigkeit passen dazu, wie du liest",
        "form": "In einer Form, die hier gern geöffnet wird",
        "hour": "Von der Art, die um diese Zeit geöffnet wird",
        "clips": "Clips dieser Art werden gern geöffnet",
        "watching": "Von der Art, die du dir ansiehst, oder von jemandem, dem du folgst",
        "varied": "Dafür spricht, wie viel davon du zuletzt gesehen hast",
    },
}
_ONCE: Final[dict[Language, tuple[str, str]]] = {"en": ("once", "{} times"), "de": ("einmal", "{}-mal")}


def say(evidence: Evidence, at: datetime, language: Language = "en", *, code: str = "") -> str:
    """Return one sentence for an act of the reader. at: when it is said; code: how it bears, the signal if not given.

    >>> from datetime import UTC
    >>> act = Evidence("reread", datetime(2026, 11, 17, tzinfo=UTC), "a1", "White gold", 3, ("lithium", "brine"))
    >>> say(act, datetime(2026, 11, 20, tzinfo=UTC))
    'You went back to paragraph 4 of “White gold” on Tuesday: lithium, brine'
    >>> say(act, datetime(2026, 11, 18, tzinfo=UTC), "de")
    'Du bist gestern zu Absatz 4 von „White gold“ zurückgekehrt: lithium, brine'
    """
    told = _told(evidence, code)
    sentence = _ACTS[language][told].format(where=_where(evidence, language), day=say_day(evidence.at, at, language))
    return f"{sentence}: {', '.join(evidence.terms)}" if evidence.terms else sentence


def _told(evidence: Evidence, code: str) -> str:
    """Return the act to tell: going back in a clip is to replay."""
    told = code or evidence.signal
    return "replay" if told == "reread" and evidence.from_s is not None else told


def _where(evidence: Evidence, language: Language) -> str:
    title = _QUOTED[language].format(evidence.title)
    if evidence.from_s is not None and evidence.to_s is not None:
        return _PART[language].format(clock(evidence.from_s), clock(evidence.to_s), title)
    if evidence.paragraph is not None:
        return _PARAGRAPH[language].format(evidence.paragraph + 1, title)
    return title


def say_day(day: datetime, at: datetime, language: Language = "en") -> str:
    """Say a day as one does at another moment; both in the same zone, here UTC.

    >>> at = datetime(2026, 11, 20)
    >>> [say_day(datetime(2026, *day), at) for day in ((11, 20), (11, 19), (11, 14), (11, 13))]
    ['today', 'yesterday', 'on Saturday', 'on 13 November']
    >>> say_day(datetime(2025, 11, 13), at, "de")
    'am 13. November 2025'
    """
    ago = (at.date() - day.date()).days
    # A clock may be a little ahead.
    if -1 <= ago <= 1:
        return _NEAR[language][max(0, ago)]
    if 1 < ago < 7:
        return _ON[language].format(_WEEKDAYS[language][day.weekday()])
    date = _DATE[language].format(day.day, _MONTHS[language].split()[day.month - 1])
    return _ON[language].format(date if day.year == at.year else f"{date} {day.year}")


def say_plain(code: str, what: str = "", language: Language = "en") -> str:
    """Return one sentence for what goes back to no single act.

    >>> say_plain("fresh", "today"), say_plain("follow", "music", "de")
    ('Published today', 'Du folgst: music')
    """
    return _PLAIN[language][code].format(what=what)


def retell(reason: Reason, at: datetime, language: Language = "en") -> str:
    """Say a reason in a language, as of the moment at which it was found. What is not known stays as it was said.

    >>> from datetime import UTC
    >>> fresh = Reason("fresh", "Published yesterday", 1.0, about="2026-11-19T08:00:00+00:00")
    >>> retell(fresh, datetime(2026, 11, 20, tzinfo=UTC), "de")
    'Erschienen gestern'
    """
    if reason.evidence:
        return say(reason.evidence[0], at, language, code=reason.code)
    code, what = reason.code, reason.about
    if code == "fresh" and what:
        what = say_day(datetime.fromisoformat(what), at, language)
    elif code == "popular" and what:
        code, what = ("popular", say_times(int(what), language)) if int(what) else ("like_popular", "")
    sentence = _PLAIN[language].get(code, "")
    # Lists that were kept before there was `about` say it in English.
    return reason.label if not sentence or ("{what}" in sentence and not what) else sentence.format(what=what)


def say_times(count: int, language: Language = "en") -> str:
    """Say how often. count: at least 1.

    >>> say_times(1), say_times(12, "de")
    ('once', '12-mal')
    """
    once, times = _ONCE[language]
    return once if count == 1 else times.format(count)
