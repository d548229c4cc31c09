"""Benchmarks: `python -m tests.bench` runs them all (`make bench`); docs/benchmarks.md has the figures."""

import os

# Before numpy and torch are imported: figures are those of one thread, whatever the caller's environment says.
for _variable in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"):
    os.environ[_variable] = "1"
os.environ["HF_HUB_OFFLINE"] = "1"
os.environ["TOKENIZERS_PARALLELISM"] = "false"
