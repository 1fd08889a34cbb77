# make demo: installs, provisions the embedded Lean, proves the worked example, shows the result.
# make test: installs and passes every test; make test-slow: the ones that take minutes.
# make soundness: puts every attack on the judge to it, and writes down who refused it.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
DEMO := .demo

.DEFAULT_GOAL := help
.PHONY: help demo test test-slow check perf soundness clean

help:
	@sed -n 's/^# \(make.*\)/\1/p' $(MAKEFILE_LIST)

$(BIN)/installed: pyproject.toml
	$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11, 4) and "Python 3.11.4 or newer is needed: make PYTHON=python3.12 …")'
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --upgrade pip
	$(BIN)/python -m pip install --quiet --editable '.[dev]'
	@touch $@

demo: $(BIN)/installed
	@$(BIN)/prover toolchain install
	@rm -rf $(DEMO) && $(BIN)/prover init $(DEMO)
	@$(BIN)/prover run $(DEMO) || test $$? -eq 1  # 1: some theorems are still open, and some are meant to be

test: $(BIN)/installed check
	$(BIN)/prover toolchain install
	$(BIN)/python -m pytest

test-slow: $(BIN)/installed
	$(BIN)/prover toolchain install
	$(BIN)/python -m pytest -m slow

check: $(BIN)/installed
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy

perf: $(BIN)/installed
	@mkdir -p build
	$(BIN)/python -m benchmarks.perf.lean --json build/perf-lean.json
	$(BIN)/python -m benchmarks.perf.judge --json build/perf-judge.json
	$(BIN)/python -m benchmarks.perf.queue --json build/perf-queue.json
	$(BIN)/python -m benchmarks.perf.swarm --json build/perf-swarm.json
	$(BIN)/python -m benchmarks.perf.budget --json build/perf-budget.json
	$(BIN)/python -m benchmarks.perf.search --json build/perf-search.json

soundness: $(BIN)/installed
	$(BIN)/prover toolchain install
	$(BIN)/python -m tests.soundness.table --markdown tests/soundness/TABLE.md

clean:
	rm -rf $(VENV) $(DEMO) build
