"""The words of `reader.privacy.texts` in German: the same questions, with the same levels."""

from __future__ import annotations

from typing import Final

from reader.privacy.text import Text
from reader.types_consent import Purpose

GERMAN: Final[dict[Purpose, Text]] = {
    "attention": Text(
        "Darf Reread daraus lernen, wie du liest?",
        (
            "Es würde sich merken, bei welchen Absätzen du bleibst und zu welchen du zurückkehrst, und danach "
            "empfehlen. Das bleibt auf diesem Server, du siehst alles davon und kannst es zurücknehmen, und alles geht "
            "auch ohne.",
        ),
        (
            ("kept", "Ja", "Es wird gespeichert, bis du es löschst."),
            ("session", "Nur jetzt", "Es zählt, solange du hier bist, und wird nirgends festgehalten."),
            ("none", "Nein", "Nichts davon wird aufgezeichnet."),
        ),
    ),
    "feedback": Text(
        "Darf Reread behalten, was du ihm sagst?",
        (
            "Was dir gefällt, was du dir merkst, wem du folgst, was du stummschaltest, gewichtest und ausblendest: "
            "Alles wird gespeichert, und deine Listen richten sich danach.",
        ),
        (
            ("kept", "Ja", "Es wird gespeichert, bis du es zurücknimmst oder löschst."),
            (
                "none",
                "Nein",
                "Die Knöpfe dafür antworten, dass es abgeschaltet ist. Was schon gespeichert ist, bleibt, bis du es "
                "löschst.",
            ),
        ),
    ),
    "research": Text(
        "Darf dein Protokoll für die Forschung verwendet werden?",
        (
            "Wer dieses Reread betreibt, dürfte dann deine Ereignisse daraus entnehmen, unter einem anderen Namen, "
            "um zu messen, ob eine Änderung die Listen besser macht. Für dich ändert das nichts.",
        ),
        (
            ("kept", "Ja", "Deine Ereignisse stehen im Forschungsprotokoll."),
            ("none", "Nein", "Sie stehen nicht darin."),
        ),
    ),
    "account": Text(
        "Darf dieses Kind hier ein Konto haben?",
        (
            "Gespeichert würden ein Spitzname, ein Passwort und der Monat, ab dem das Kind selbst entscheidet. Wie das "
            "Kind liest, wird nie aufgezeichnet, von anderen Firmen wird nichts geladen, und nichts spielt von selbst. "
            "Die Listen stehen in der Reihenfolge der Zeit; „Gefällt mir“ und Folgen kannst du erlauben, und Listen, "
            "die danach gehen.",
            "Du kannst alles sehen, mitnehmen und löschen, was gespeichert ist, das Konto anhalten und dein Ja "
            "zurücknehmen – dann wird es gelöscht.",
        ),
        (
            ("kept", "Ja", "Das Kind kann das Konto anlegen."),
            ("none", "Nein", "Was von dieser Anfrage gespeichert war, wird gelöscht."),
        ),
    ),
}
