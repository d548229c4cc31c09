"""What the sources raise for readers: the sentences of errors, read from the sources themselves."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final

ROOT: Final = Path(__file__).parents[3]
# Errors that are said field, detail, remedy; and those that are one sentence.
PARTED: Final = {"InvalidInputError", "InvalidEventError", "_wrong", "_refusal"}
WHOLE: Final = {"NotFoundError", "ExpiredError"}
# What stands for a value.
VALUE: Final = "7"


@dataclass(frozen=True, slots=True)
class Raised:
    """A sentence of an error. field: of which it is, "" for one that is whole; place: file and line."""

    place: str
    field: str
    text: str


def raised_in(paths: Iterator[Path]) -> Iterator[Raised]:
    """Yield the sentences of all errors that files make; texts that are values alone are none."""
    for path in paths:
        tree = ast.parse(path.read_text(encoding="utf-8"))
        constants = dict(_constants(tree))
        for node in ast.walk(tree):
            if isinstance(node, ast.Call):
                yield from _sentences(node, constants, f"{path.relative_to(ROOT)}:{node.lineno}")


def _sentences(call: ast.Call, constants: dict[str, str], place: str) -> Iterator[Raised]:
    name = call.func.id if isinstance(call.func, ast.Name) else ""
    if name in WHOLE:
        for argument in call.args[:1]:
            if text := _text(argument, constants):
                yield Raised(place, "", text)
    elif name in PARTED and len(call.args) > 1:
        own_field = name != "_refusal" and len(call.args) > 2
        field = (_text(call.args[0], constants) or "") if own_field else ""
        for argument in call.args[1 if own_field else 0 :]:
            if text := _text(argument, constants):
                yield Raised(place, field, text)


def _constants(tree: ast.Module) -> Iterator[tuple[str, str]]:
    for node in tree.body:
        target = (
            node.target
            if isinstance(node, ast.AnnAssign)
            else node.targets[0]
            if isinstance(node, ast.Assign)
            else None
        )
        if isinstance(target, ast.Name) and (text := _text(node.value, {})):  # type: ignore[attr-defined]  # one of these two
            yield target.id, text


def _text(node: ast.expr | None, constants: dict[str, str]) -> str | None:
    """Return what is said there, with VALUE for each value; None if that is a value alone or not to be read."""
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        return node.value
    if isinstance(node, ast.Name):
        return constants.get(node.id)
    if isinstance(node, ast.BoolOp):
        return _text(node.values[-1], constants)
    if isinstance(node, ast.JoinedStr):
        parts = [part.value if isinstance(part, ast.Constant) else VALUE for part in node.values]
        text = "".join(map(str, parts))
        return text if text.strip(VALUE) else None
    return None
