# The workshop. `make` alone tells what there is. PYTHON may be set; TESTS are the files of `make test TESTS=tests/test_cli.py`.
PYTHON ?= .venv/bin/python
TESTS ?=
QUICK = tests/test_periods.py tests/test_accounts.py tests/test_cpr.py tests/test_config.py tests/test_docs.py \
	tests/test_structure.py tests/test_footing.py tests/test_i18n.py tests/test_rules_catalogue.py

.DEFAULT_GOAL := help
.PHONY: help test quick check regenerate bench demo

help: ## what there is
	@awk -F ':.*## ' '/^[a-z]+:.*## /{printf "  make %-12s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

test: ## every test, or TESTS=tests/test_x.py
	$(PYTHON) -m pytest -q $(if $(TESTS),$(TESTS),-n auto)

quick: ## the tests that say most in under a minute
	$(PYTHON) -m pytest -q -x $(QUICK)

check: ## lint, format, types and import rules
	$(PYTHON) -m ruff check .
	$(PYTHON) -m ruff format --check .
	$(PYTHON) -m mypy
	$(PYTHON) -c "from importlinter.cli import lint_imports_command as check; check()"

regenerate: ## write what is made from the code: catalogue, rule page, key table, template
	RECONCILE_REGENERATE=1 $(PYTHON) -m pytest -q tests/test_i18n.py tests/test_docs.py tests/test_noegletal_docs.py
	$(PYTHON) -m ruff format .

bench: ## the large runs, with time and memory (some minutes)
	$(PYTHON) benchmarks/ottetal_1m.py
	$(PYTHON) benchmarks/yr_40m.py
	$(PYTHON) benchmarks/kommuner.py

demo: ## the sample municipality, run and shown
	$(PYTHON) -m reconcile demo $(or $(DIR),/tmp/reconcile-demo)
