# run · test · fix · lint · check · bench · docs · conformance · mutation · lock · sbom · screens: what people and CI call. Each works alone on a fresh clone.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
PORT ?= 8000
CHILDREN ?= 1
export DECOMPTE_VAR ?= $(CURDIR)/var
PYTHONS := src tests benchmarks
LAW := tests/rules tests/law tests/published
MONEY := tests/documents $(patsubst %,tests/portal/test_%.py,money bank recoveries corrections debits contribution books statements journal scenarios populate)
MEASURED := decompte.rules decompte.law decompte.portal.payments decompte.documents.statement decompte.documents.summary

.PHONY: run test lint check fix bench bench-money lock docs conformance mutation soak sbom screens
.DEFAULT_GOAL := run

$(VENV)/.runtime: requirements/runtime.txt pyproject.toml
	@echo "Setting up in $(VENV): once, a few minutes"
	@test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --require-hashes -r requirements/runtime.txt
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation -e .
	@touch $@

$(VENV)/.dev: requirements/dev.txt $(VENV)/.runtime
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --require-hashes -r requirements/dev.txt
	@touch $@

run: $(VENV)/.runtime
	@echo "Demonstration accounts (all with the same password):"
	@$(BIN)/decompte manage demonstration
	@echo "Décompte: http://127.0.0.1:$(PORT)"
	@PORT=$(PORT) exec $(BIN)/decompte serve

lint: $(VENV)/.dev
	$(BIN)/ruff check $(PYTHONS)
	$(BIN)/ruff format --check $(PYTHONS)
	$(BIN)/lint-imports --no-cache
	$(BIN)/decompte law check

check: lint
	$(BIN)/mypy src

# The types are checked beside the first tests: alone they would leave a processor idle.
test: lint
	$(BIN)/mypy src & types=$$!; \
	$(BIN)/pytest -n 2 --dist loadgroup $(addprefix --cov=,$(MEASURED)) --cov-report=term:skip-covered --cov-fail-under=100 $(LAW) $(MONEY); \
	told=$$?; wait $$types || told=$$?; exit $$told
	$(BIN)/pytest -n 2 --dist loadgroup --ignore=tests/browser $(addprefix --ignore=,$(LAW) $(MONEY))
	DECOMPTE_TEST_DATABASE=postgresql $(BIN)/pytest -n 2 --dist loadgroup -m "not one_database" tests/portal
	$(BIN)/pytest -n 2 --dist loadfile tests/browser

fix: $(VENV)/.dev
	$(BIN)/ruff check --fix $(PYTHONS)
	$(BIN)/ruff format $(PYTHONS)

bench: $(VENV)/.dev
	@$(BIN)/python -m benchmarks

bench-money: $(VENV)/.dev
	@$(BIN)/python -m benchmarks.money

soak: $(VENV)/.dev
	@$(BIN)/python -m tests.soak

docs: $(VENV)/.dev
	@$(BIN)/python -m tests.house.translations
	@$(BIN)/python -m tests.house.generate

conformance: $(VENV)/.dev
	@$(BIN)/python -m tests.published.report

mutation: $(VENV)/.dev
	nice -n 15 $(BIN)/mutmut run --max-children $(CHILDREN)
	$(BIN)/mutmut results

lock: $(VENV)/.dev
	@$(BIN)/uv pip compile pyproject.toml --group build --extra postgres --generate-hashes --no-emit-index-url --no-header --quiet -o requirements/runtime.txt
	@$(BIN)/uv pip compile pyproject.toml --group build --group dev --extra postgres --extra spark --generate-hashes --no-emit-index-url --no-header --quiet -o requirements/dev.txt

sbom: $(VENV)/.dev
	@mkdir -p build
	@$(BIN)/cyclonedx-py requirements requirements/runtime.txt --pyproject pyproject.toml --spec-version 1.6 --output-reproducible -o build/sbom.json
	@$(BIN)/python -m tests.house.bill build/sbom.json

screens: $(VENV)/.dev
	@rm -rf docs/screens
	@DECOMPTE_SCREENS=1 $(BIN)/pytest -q tests/browser/test_every_page.py
	@$(BIN)/python -m tests.browser.screens
