# make run   the reader with its demo catalogue on http://127.0.0.1:8000
# make test  everything that decides whether a change may land
# make bench the figures of docs/benchmarks.md (minutes; reads the data sets in DATA where there are any)

PYTHON ?= python3
PORT ?= 8000
DATA ?= ../shared/data
BIN := .venv/bin

# One thread for BLAS: two are slower on a small shared machine, and one gives the same bytes everywhere.
export OMP_NUM_THREADS = 1
export OPENBLAS_NUM_THREADS = 1
export MKL_NUM_THREADS = 1
export HF_HUB_OFFLINE = 1
export TOKENIZERS_PARALLELISM = false

.PHONY: run test lint fast bench pictures recordings tables catalogues audit clean

run: .venv/run.stamp
	$(BIN)/reread serve --port $(PORT)

# Two processes, each with a file at a time: the models are loaded twice, and nothing waits for a browser's clock.
test: .venv/test.stamp lint
	$(BIN)/pytest --numprocesses 2 --dist loadfile

lint: .venv/test.stamp
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy

# The tests without browser and data sets, for the minutes between two commits.
fast: .venv/test.stamp
	$(BIN)/pytest -m "not browser and not data and not slow" --numprocesses 2 --dist loadfile

bench: .venv/bench.stamp
	$(BIN)/python -m tests.bench $(DATA)

# torch first, and alone: its CPU build, where pip can see one, must be in place before anything asks for torch.
.venv/torch.stamp:
	$(PYTHON) -m venv .venv
	$(BIN)/pip install --quiet --disable-pip-version-check torch==2.13.0
	touch $@

.venv/run.stamp: .venv/torch.stamp pyproject.toml constraints.txt
	$(BIN)/pip install --quiet --disable-pip-version-check -c constraints.txt -e .
	touch $@

.venv/test.stamp: .venv/torch.stamp pyproject.toml constraints.txt
	$(BIN)/pip install --quiet --disable-pip-version-check -c constraints.txt -e ".[test]"
	touch $@ .venv/run.stamp

.venv/bench.stamp: .venv/test.stamp
	$(BIN)/pip install --quiet --disable-pip-version-check -c constraints.txt -e ".[test,bench]"
	touch $@

# What the browser tests leave behind for the documentation and for replay: pictures and the logs of two sessions.
recordings: .venv/test.stamp
	mkdir -p docs/img fixtures/logs
	REREAD_SCREENSHOTS=docs/img REREAD_RECORDINGS=fixtures/logs $(BIN)/pytest tests/browser/test_loop.py tests/browser/test_watch_loop.py

# Every page in its four looks, into docs/img/pages.
pictures: .venv/test.stamp
	mkdir -p docs/img/pages
	REREAD_SCREENSHOTS=docs/img/pages $(BIN)/pytest tests/browser/test_gallery.py

# The tables of docs/ranking.md and docs/configuration.md, from the factors and settings there are.
tables: .venv/test.stamp
	$(BIN)/python -m tests.ranking_tables
	$(BIN)/python -m tests.configuration_tables

# The catalogues of texts, from what the pages say now (CONTRIBUTING.md, "Texts").
catalogues: .venv/test.stamp
	$(BIN)/python -m tests.catalogues

# What is known of the versions in constraints.txt. Exit status 2: nothing was audited, for want of pypi.org.
audit:
	@$(PYTHON) -c "import urllib.request as u; u.urlopen('https://pypi.org/pypi/pip/json', timeout=10)" 2>/dev/null || { \
		echo "Not audited: pypi.org cannot be reached from here. On a machine that can (docs/security.md):"; \
		echo "    python -m venv audit && audit/bin/pip install pip-audit"; \
		echo "    audit/bin/pip-audit --requirement constraints.txt --no-deps --disable-pip"; \
		exit 2; }
	$(MAKE) .venv/audit.stamp
	$(BIN)/pip-audit --requirement constraints.txt --no-deps --disable-pip --progress-spinner off

.venv/audit.stamp: .venv/run.stamp
	$(BIN)/pip install --quiet --disable-pip-version-check -c constraints.txt -e ".[audit]"
	touch $@

clean:
	rm -rf .venv build dist
