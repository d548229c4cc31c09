"""docs/ranking.md says what the code does: its tables are current, the numbers in its sentences are the defaults."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from pydantic import BaseModel

from reader.recommend.describing import SECTIONS
from reader.recommend.ledger import FACTORS_NAMED
from reader.recommend.reasons import LEAST_SHARE, PARTS_READ
from reader.settings import Settings
from tests.ranking_tables import DESCRIBED, PAGE, current

TEXT = PAGE.read_text(encoding="utf-8")
FLAT = " ".join(TEXT.split())
S = Settings()
READING, INTERESTS, RANKING, LEARNING = S.reading, S.interests, S.ranking, S.learning
VALUES = LEARNING.values


def test_the_tables_are_current() -> None:
    assert current(TEXT) == TEXT, "run `make tables`"


@pytest.mark.parametrize(
    "statement",
    [
        f"{sum(one.count for one in DESCRIBED):,} factors with vectors of 384 dimensions",
        f"with a prior of {READING.speed_prior_min:g} minutes at {READING.words_per_min_en:g} words a minute "
        f"(German: {READING.words_per_min_de:g})",
        f"words / the reader's speed + {READING.settle_s:g} s",
        f"dwell of at least max({READING.read_floor_s:g} s, {READING.read_share:g} x expected)",
        f"exposed, dwell below {READING.skim_share:g} x expected",
        f"dwell / expected, at most {READING.credit_limit:g}",
        f"with at least {READING.rest_s:g} s of rest",
        f"({READING.focus_share:g} x focus + {1 - READING.focus_share:g} x dwell)",
        f"weighs as much as {READING.return_prior_weight:g} paragraphs",
        f"less than {READING.bounce_s:g} s of activity, or with less than {100 * READING.bounce_depth:g} % of the",
        f"| opened | `open` | {INTERESTS.open_credit:g}; 0 within {INTERESTS.repeat_within_s / 60:g} minutes of the",
        f"| finished | `finish` | {INTERESTS.finish_credit:g} |",
        f"| like, save, share, comment | `plus` | {INTERESTS.explicit_credit:g} (",
        f"| clip finished | `finish` | {INTERESTS.finish_credit:g} x share",
        f"| bounced, or a quick skip | `implicit_minus` | {INTERESTS.bounce_credit:g},",
        f"| card in view, not opened | `implicit_minus` | {INTERESTS.unopened_credit:g}, once for each list;",
        f"of the last {INTERESTS.passed_kept} such cards",
        f"its keywords ({INTERESTS.keywords_per_paragraph} at most",
        f"one of at most {INTERESTS.clusters_kept} clusters of meaning",
        f"if the cosine is {INTERESTS.cluster_cosine:g} or more",
        f"The {INTERESTS.features_kept} strongest features are kept",
        f"{RANKING.candidates_lexical} by BM25 for each of two queries",
        f"at most {RANKING.query_terms} liked keywords each), {RANKING.candidates_semantic} nearest to",
        f"the {RANKING.candidates_fresh} newest, the {RANKING.candidates_popular} opened most",
        f"they are the {RANKING.list_length} newest",
        f"At most {RANKING.list_length} places (`ranking.list_length`)",
        f"{LEARNING.outcomes.settle_s / 60:g} minutes after it was shown (`learning.outcomes.settle_s`)",
        f"the newest {LEARNING.relearned_lists:,} lists of the log (`learning.relearned_lists`)",
        f"P(open) x ({VALUES.open:g} + {VALUES.read:g} x P(read) + {VALUES.finish:g} x P(finish) +",
        f"+ {VALUES.plus:g} x P(plus) - {VALUES.bounce:g} x P(bounce)) - {VALUES.hide:g} x P(hide)",
        f"The {PARTS_READ} strongest such parts",
        f"with at least {100 * LEAST_SHARE:g} % are shown",
        f"the {FACTORS_NAMED} factors that count most either way by name",
        f"The factors of the last {RANKING.ledgers_kept} lists (`ranking.ledgers_kept`)",
    ],
)
def test_a_sentence_says_the_default(statement: str) -> None:
    assert statement in FLAT


def names(settings: BaseModel, prefix: str) -> Iterator[str]:
    for name in type(settings).model_fields:
        yield f"{prefix}.{name}"
        value = getattr(settings, name)
        if isinstance(value, BaseModel):
            yield from names(value, f"{prefix}.{name}")


@pytest.mark.parametrize("page", sorted(PAGE.parent.rglob("*.md")), ids=lambda page: page.name)
def test_every_setting_that_a_document_names_is_one(page: Path) -> None:
    known = {name for section in SECTIONS for name in names(getattr(S, section), section)}

    named = set(re.findall(rf"`((?:{'|'.join(SECTIONS)})(?:\.\w+)+)`", page.read_text(encoding="utf-8")))

    assert {name for name in named if not name.endswith((".py", ".md", ".jsonl"))} - known == set()
