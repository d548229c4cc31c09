"""How pages look to one reader: type, theme, what is drawn beside a text. Kept in a cookie of the browser.

A cookie and not the profile: a phone and a desk want different letters, and it says nothing about the reader.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, replace
from typing import Final

COOKIE: Final = "look"
KEPT_S: Final = 365 * 86_400
# What can be chosen, each first the usual one.
CHOICES: Final[dict[str, tuple[str, ...]]] = {
    "size": ("2", "0", "1", "3", "4"),
    "width": ("1", "0", "2"),
    "leading": ("1", "0", "2"),
    "face": ("serif", "sans"),
    "theme": ("auto", "light", "dark"),
    "map": ("off", "on"),
    "keys": ("on", "off"),
    "copies": ("auto", "on", "off"),
}


@dataclass(frozen=True, slots=True)
class Look:
    """One of CHOICES each.

    map: the reader's own reading in the margin; keys: shortcuts of one key; copies: whether this browser keeps articles
    to be read without a connection (`webapp.offline.keeping` says what is usual).
    """

    size: str = "2"
    width: str = "1"
    leading: str = "1"
    face: str = "serif"
    theme: str = "auto"
    map: str = "off"
    keys: str = "on"
    copies: str = "auto"

    @property
    def attributes(self) -> dict[str, str]:
        """What differs from the usual: name -> value, for the sheets to go by."""
        return {name: value for name, value in asdict(self).items() if value != CHOICES[name][0]}

    @property
    def text(self) -> str:
        """Write it down, as short as it can be.

        >>> Look(size="3", theme="dark").text, parse(Look(size="3", theme="dark").text).theme
        ('size-3.theme-dark', 'dark')
        """
        return ".".join(f"{name}-{value}" for name, value in self.attributes.items())


def parse(text: str) -> Look:
    """Read what `Look.text` wrote; what is none of CHOICES is passed over, since anybody may write a cookie.

    >>> parse("size-9.theme-dark.x.<script>").attributes
    {'theme': 'dark'}
    """
    pairs = (part.split("-", 1) for part in text.split("."))
    return chosen(Look(), dict(pair for pair in pairs if len(pair) == 2))


def chosen(look: Look, values: Mapping[str, str]) -> Look:
    """Return the look with those values changed that can be chosen."""
    return replace(look, **{name: values[name] for name, known in CHOICES.items() if values.get(name) in known})
