# Two commands: `make verify` (the ledger) and `make test` (the whole suite).
# Both build their own virtual environment with pip and leave it alone while nothing changed.

PYTHON ?= python3
VERIFY_ENV ?= .venv
TEST_ENV ?= .venv-test
BENCH_ENV ?= .venv-bench

.DEFAULT_GOAL := help
.PHONY: help verify test test-full bench ledger docs lint format clean python

help:
	@echo "make verify   build $(VERIFY_ENV) and run symgan verify: every claim, its verdict"
	@echo "make test     build $(TEST_ENV) and run the whole test suite"
	@echo "make test-full   the same with every mutant instead of a tenth of them"
	@echo "make bench    build $(BENCH_ENV) and measure against the peers; BENCH=--quick for a short run"
	@echo "make ledger   write proofs/LEDGER.md and the tables in docs anew from a run of everything"
	@echo "make docs     run the notebooks and build the documentation in build/docs"
	@echo "make lint     ruff and pyright, in $(TEST_ENV)"
	@echo "make format   ruff format, in $(TEST_ENV)"
	@echo "make clean    remove both environments and every cache"
	@echo "PYTHON=/path/to/python3 chooses the Python (3.11 or newer)"

verify: python
	@$(PYTHON) .ci/environment.py $(VERIFY_ENV) proofs,plot
	@echo "$(VERIFY_ENV)/bin/symgan verify"
	@$(VERIFY_ENV)/bin/symgan verify

# The suite starts programs by the hundred: each would compile the package anew where the
# environment forbids to keep bytecode.
test test-full: export PYTHONDONTWRITEBYTECODE :=

test: python
	@$(PYTHON) .ci/environment.py $(TEST_ENV) test
	@echo "$(TEST_ENV)/bin/python -m pytest -n 2"
	@$(TEST_ENV)/bin/python -m pytest -n 2

test-full: python
	@$(PYTHON) .ci/environment.py $(TEST_ENV) test
	@echo "SYMGAN_FULL=1 $(TEST_ENV)/bin/python -m pytest -n 2"
	@SYMGAN_FULL=1 $(TEST_ENV)/bin/python -m pytest -n 2

bench: python
	@$(PYTHON) .ci/environment.py $(BENCH_ENV) bench
	@$(BENCH_ENV)/bin/python -m benchmarks.run $(BENCH)

ledger: python
	@$(PYTHON) .ci/environment.py $(TEST_ENV) test
	$(TEST_ENV)/bin/python proofs/make_ledger.py
	$(TEST_ENV)/bin/python proofs/make_steps.py
	$(TEST_ENV)/bin/python proofs/make_non_nash.py
	$(TEST_ENV)/bin/python proofs/make_atlas.py

docs: python
	@$(PYTHON) .ci/environment.py $(TEST_ENV) test
	$(TEST_ENV)/bin/python docs/make_notebooks.py
	$(TEST_ENV)/bin/python -m sphinx -n -W --keep-going -q docs build/docs
	@echo "build/docs/index.html"

lint: python
	@$(PYTHON) .ci/environment.py $(TEST_ENV) test
	$(TEST_ENV)/bin/ruff check .
	$(TEST_ENV)/bin/ruff format --check .
	$(TEST_ENV)/bin/pyright --pythonpath $(TEST_ENV)/bin/python

format: python
	@$(PYTHON) .ci/environment.py $(TEST_ENV) test
	$(TEST_ENV)/bin/ruff format .
	$(TEST_ENV)/bin/ruff check --fix .

clean:
	rm -rf $(VERIFY_ENV) $(TEST_ENV) $(BENCH_ENV) build dist *.egg-info
	rm -rf .pytest_cache .ruff_cache .hypothesis
	find symgan proofs tests -name __pycache__ -type d -prune -exec rm -rf {} +

python:
	@command -v $(PYTHON) >/dev/null || { \
	  echo "no $(PYTHON) on the PATH; install Python 3.11 or newer, or name one:" \
	       "make PYTHON=/path/to/python3 ..." >&2; exit 1; }
