"""The stored form of an analysis: a head, compressed JSON, the vectors as float16.

What belongs here: bytes. A new version of the form gets a new number in the head; old forms are then not read but
computed again. No pickle, since a store may come from elsewhere.

    4 bytes "RRA1" | uint32 length of the JSON | zlib-compressed JSON | float16 vectors, row by row (all little-endian)
"""

from __future__ import annotations

import json
import struct
import zlib
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final, get_args

import numpy as np
from numpy.typing import NDArray

from nlp.phrases import Phrase, PhraseKind

_HEAD: Final = struct.Struct("<4sI")
_MAGIC: Final = b"RRA1"
_KINDS: Final[tuple[PhraseKind, ...]] = get_args(PhraseKind)  # stored by place: new kinds go to the end
_LEVEL: Final = 6  # of zlib; 9 gains two in a hundred for twice the time
_VECTOR_TYPE: Final = np.dtype("<f2")

Unpacked = tuple[str, str, list["Block"], dict[str, int], NDArray[np.float32]]


@dataclass(frozen=True, slots=True)
class Block:
    """A title or a paragraph. words: as a reader counts them; difficulty: LIX; phrases: best first."""

    words: int
    difficulty: float
    phrases: tuple[Phrase, ...]


def pack(
    language: str, model_id: str, blocks: Sequence[Block], terms: dict[str, int], vectors: NDArray[np.float32]
) -> bytes:
    """Write the stored form. vectors: (blocks, dim); they lose nothing if they have float16 precision already."""
    record = {
        "language": language,
        "model": model_id,
        "blocks": [[block.words, block.difficulty, _phrase_rows(block)] for block in blocks],
        "terms": terms,
        "dim": vectors.shape[1],
    }
    packed = zlib.compress(json.dumps(record, ensure_ascii=False, separators=(",", ":")).encode(), _LEVEL)
    return _HEAD.pack(_MAGIC, len(packed)) + packed + vectors.astype(_VECTOR_TYPE).tobytes()


def unpack(stored: bytes) -> Unpacked:
    """Read the stored form: language, model id, blocks, terms, vectors. ValueError if it is not one of this version."""
    try:
        magic, length = _HEAD.unpack_from(stored)
        record = json.loads(zlib.decompress(stored[_HEAD.size : _HEAD.size + length])) if magic == _MAGIC else None
    except (struct.error, zlib.error) as error:
        raise ValueError(f"the stored analysis is damaged ({error}); analyse the text again") from error
    if record is None:
        raise ValueError(f"the stored analysis begins with {magic!r}, not {_MAGIC!r}; analyse the text again")
    blocks = [_block(row) for row in record["blocks"]]
    vectors = np.frombuffer(stored, _VECTOR_TYPE, offset=_HEAD.size + length)
    if vectors.size != len(blocks) * record["dim"]:
        raise ValueError(f"the stored analysis has {vectors.size} vector components; analyse the text again")
    shaped = vectors.reshape(len(blocks), record["dim"]).astype(np.float32)
    return record["language"], record["model"], blocks, record["terms"], shaped


def _phrase_rows(block: Block) -> list[list[Any]]:
    return [[phrase.term, phrase.label, _KINDS.index(phrase.kind), phrase.score] for phrase in block.phrases]


def _block(row: list[Any]) -> Block:
    words, difficulty, phrases = row
    return Block(
        words, difficulty, tuple(Phrase(term, label, _KINDS[kind], score) for term, label, kind, score in phrases)
    )
