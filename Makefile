# Everything a developer does here; `make` alone lists it. `.ci/run` calls the same targets.
SHELL := bash
.SHELLFLAGS := -euo pipefail -c
.DEFAULT_GOAL := help
.DELETE_ON_ERROR:

PYTHON ?= python3
MINUTES ?= 60
VENV := .venv
BIN := $(VENV)/bin
STAMP := $(VENV)/.installed
UV := uv==0.13.9
LOCK := $(BIN)/uv pip compile --quiet --universal --generate-hashes --no-header --no-annotate --python-version 3.11
CLUSTER := $(BIN)/python -m tests.e2e.cluster

.PHONY: help venv check format unit e2e test fuzz pythons up images status down golden lock bench clean

help: ## List the targets
	@awk -F ':.*## ' '/^[a-z0-9-]+:.*## / {printf "  %-8s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

venv: $(STAMP) ## Make .venv from the locked requirements

$(STAMP): requirements/dev.txt requirements/build.txt pyproject.toml
	@test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	$(BIN)/pip install --quiet --disable-pip-version-check --require-hashes -r requirements/dev.txt -r requirements/build.txt
	$(BIN)/pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation -e .
	@touch $@

check: $(STAMP) ## Lint, formatting, types, import rules, rendered files up to date
	$(BIN)/ruff check
	$(BIN)/ruff format --check
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/argosy render --platform examples/platform.yaml --output . --check

format: $(STAMP) ## Repair what ruff can repair
	$(BIN)/ruff check --fix
	$(BIN)/ruff format

unit: $(STAMP) ## Unit and golden tests
	$(BIN)/pytest tests/unit tests/golden

e2e: $(STAMP) ## End-to-end tests on a real cluster (brings it up first)
	$(BIN)/pytest tests/e2e

test: unit e2e ## Every test

up: $(STAMP) ## A kind cluster with Argo, a Git server, argosy and two example repositories
	$(BIN)/python -m tests.e2e.demo

images: $(STAMP) ## Rebuild argosy's images, load them, restart what runs on them
	$(CLUSTER) images

status: $(STAMP) ## What runs on the cluster
	$(CLUSTER) status

down: $(STAMP) ## Remove the cluster; what was compiled stays in the cache
	$(CLUSTER) down

golden: $(STAMP) ## Rewrite the golden files; review them with git diff
	$(BIN)/pytest tests/golden --update-golden

pythons: $(STAMP) ## The same bytes from other Pythons: PYTHONS="python3.12 python3.13"
	$(BIN)/python -m tests.pythons $(PYTHONS)

fuzz: $(STAMP) ## Look for files that break something, for MINUTES (60)
	$(BIN)/pip install --quiet --disable-pip-version-check --require-hashes -r requirements/fuzz.txt
	$(BIN)/python -m tests.fuzz --minutes $(MINUTES)

lock: $(STAMP) ## Pin what pyproject.toml asks for; versions stay unless a line of requirements/ is taken out
	$(BIN)/pip install --quiet --disable-pip-version-check $(UV)
	$(LOCK) pyproject.toml --output-file requirements/runtime.txt
	$(LOCK) pyproject.toml --group dev --output-file requirements/dev.txt
	$(LOCK) --group fuzz --output-file requirements/fuzz.txt
	printf 'hatchling>=1.26\neditables\n' | $(LOCK) - --output-file requirements/build.txt

bench: $(STAMP) ## Print the benchmarks' figures (an hour and more; bench/FIGURES.md has the short form)
	$(BIN)/python -m bench.processes
	$(BIN)/python -m bench.language
	$(BIN)/python -m bench.corpus
	$(BIN)/python -m bench.footprint
	$(BIN)/python -m bench.pushes

clean: ## Remove the environment and every tool's cache
	rm -rf $(VENV) build dist .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache
	find . -name __pycache__ -type d -prune -exec rm -rf {} +
