# Tandem: `make` lists what there is. `make up` runs the platform; `make test` sets itself up and runs everything it can.
.DEFAULT_GOAL := help
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
WORKERS ?= 2

help: ## This list
	@grep -E '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 12

$(VENV)/run.stamp: requirements/run.txt pyproject.toml
	test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --require-hashes -r requirements/run.txt
	echo "$(CURDIR)" > $$($(BIN)/python -c 'import site; print(site.getsitepackages()[0])')/tandem.pth
	printf '#!/bin/sh\nexec "%s" -m tandem "$$@"\n' "$(CURDIR)/$(BIN)/python" > $(BIN)/tandem && chmod +x $(BIN)/tandem
	touch $@

$(VENV)/test.stamp: $(VENV)/run.stamp requirements/test.txt
	$(BIN)/python -m pip install --quiet --require-hashes -r requirements/test.txt
	touch $@

$(VENV)/node.stamp: $(VENV)/run.stamp requirements/node.txt
	command -v npm >/dev/null 2>&1 || $(BIN)/python -m pip install --quiet --require-hashes -r requirements/node.txt
	touch $@

assets: $(VENV)/node.stamp ## Build the portal's styles and scripts
	$(BIN)/python -m services.portal.assets.build

up: assets ## Run the platform on http://127.0.0.1:8000 (PORT, TANDEM_DATA, TANDEM_SAMPLE=none)
	$(BIN)/tandem up

test: $(VENV)/test.stamp $(VENV)/node.stamp ## Everything that this machine can test
	$(BIN)/python -m services.portal.assets.build --checkers
	$(BIN)/python -m pytest -n $(WORKERS) -rs --durations=25

test-long: $(VENV)/test.stamp ## The rule against its model, 2,000 histories; evenings and pages against theirs, 100
	TANDEM_RULE_EXAMPLES=2000 $(BIN)/python -m pytest -rs tests/rule
	TANDEM_EVENING_EXAMPLES=100 $(BIN)/python -m pytest -rs tests/scheduling/test_evening_model.py
	TANDEM_ABOUT_EXAMPLES=100 $(BIN)/python -m pytest -rs tests/profiles/test_about_me_model.py

check: $(VENV)/test.stamp ## Lint, types and import rules
	$(BIN)/ruff check .
	$(BIN)/mypy chassis services tandem tests/benchmarks
	$(BIN)/lint-imports

bench: $(VENV)/test.stamp ## Figures beside their floors (CASE=name for one)
	$(BIN)/python -m tests.benchmarks $(CASE)

PIN := uv pip compile -q pyproject.toml --universal --python-version 3.11 --generate-hashes --no-emit-index-url \
	--no-header --no-annotate $(foreach part,profiles scheduling notifications portal,--extra $(part))
requirements: ## Pin again with hashes (needs uv on the path); versions that are pinned stay
	$(PIN) -o requirements/run.txt
	$(PIN) --extra node -o requirements/node.txt
	$(PIN) --extra test --extra referee -o requirements/test.txt

.PHONY: help assets up test test-long check bench requirements
