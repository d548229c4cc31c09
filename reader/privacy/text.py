"""What a question is that readers are asked."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from functools import cached_property

from reader.types_consent import Level


@dataclass(frozen=True)
class Text:
    """One question. choices: what each level is called on its button and what it means, from most to least."""

    title: str
    lines: tuple[str, ...]
    choices: tuple[tuple[Level, str, str], ...]

    @cached_property
    def version(self) -> str:
        """The SHA-256 of all that is shown, hex."""
        parts = [self.title, *self.lines, *(part for choice in self.choices for part in choice)]
        return hashlib.sha256("\0".join(parts).encode()).hexdigest()
