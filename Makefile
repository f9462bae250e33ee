# The workshop. `make` alone tells what there is. PYTHON may be set; TESTS are the files of `make test TESTS=tests/test_cli.py`.
PYTHON ?= .venv/bin/python
TESTS ?=
QUICK = tests/test_periods.py tests/test_accounts.py tests/test_cpr.py tests/test_config.py tests/test_docs.py \
	tests/test_structure.py tests/test_footing.py tests/test_i18n.py tests/test_rules_catalogue.py
LOWEST = tests/test_cli.py tests/test_readers.py tests/test_cases.py tests/test_leaders_faults.py tests/test_report_tables.py
# The tests of random worlds, and those that take a part of what can be combined.
DEEPER = $(shell grep -lE "^from support.examples import|^ *@given" tests/test_*.py)

.DEFAULT_GOAL := help
.PHONY: help test coverage deeper thorough quick check regenerate bench lowest spark constraints sbom audit fuzz mutants demo

help: ## what there is
	@awk -F ':.*## ' '/^[a-z]+:.*## /{printf "  make %-12s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

test: ## every test, or TESTS=tests/test_x.py
	$(PYTHON) -m pytest -q $(if $(TESTS),$(TESTS),-n auto)

deeper: ## the tests of random worlds again, eight times as many as the suite takes; .ci/run does it
	RECONCILE_EXAMPLES=deeper $(PYTHON) -m pytest -q -n auto $(DEEPER)

thorough: ## every test with many more random worlds (hours)
	RECONCILE_EXAMPLES=thorough $(PYTHON) -m pytest -q -n auto

coverage: ## branch coverage of controls, rules and sources, at least 95 % (the whole suite, slower)
	$(PYTHON) -m pytest -q $(if $(TESTS),$(TESTS),-n auto) --cov=reconcile.controls --cov=reconcile.rules \
		--cov=reconcile.sources --cov-branch --cov-report=term-missing:skip-covered --cov-fail-under=95

quick: ## the tests that say most in under a minute
	$(PYTHON) -m pytest -q -x $(QUICK)

check: ## lint, format, types and import rules
	$(PYTHON) -m ruff check .
	$(PYTHON) -m ruff format --check .
	$(PYTHON) -m mypy
	$(PYTHON) -c "from importlinter.cli import lint_imports_command as check; check()"

regenerate: ## write what is made from the code: catalogue, rule page, key table, template, the guide's screens and pictures
	RECONCILE_REGENERATE=1 $(PYTHON) -m pytest -q tests/test_i18n.py tests/test_docs.py tests/test_noegletal_docs.py tests/test_guide.py
	$(PYTHON) -m ruff format .

bench: ## time, memory and times by hand of everything, into benchmarks/RESULTS.md (an hour); BENCH="files yr" for some
	$(PYTHON) benchmarks/bench.py $(BENCH)

lowest: ## a quick part of the tests with the lowest versions that setup.cfg allows, in .venv-lowest
	$(PYTHON) -m venv .venv-lowest
	.venv-lowest/bin/python -m pip install -q --disable-pip-version-check -c constraints-lowest.txt -e . pytest hypothesis aiosmtpd cryptography keyring jsonschema
	.venv-lowest/bin/python -m pytest -q -x $(LOWEST)

spark: ## the same runs on DuckDB and on Spark (minutes; needs Java 17 and the extra [spark])
	RECONCILE_SPARK=1 timeout 900 $(PYTHON) -m pytest -q -x tests/test_spark.py tests/test_spark_folder.py tests/test_spark_elsewhere.py

constraints: ## what the lower bounds are, and what is tested, with hashes (uv; reaches the package index)
	uv pip compile -q --no-header --no-annotate --resolution lowest-direct --python-version 3.11 setup.cfg | \
		sed '1i # The lowest version of each library that setup.cfg allows; .ci/run runs a quick part of the tests with them.\n# Made by «make constraints».' > constraints-lowest.txt
	uv pip compile -q --no-header --no-annotate --universal --python-version 3.11 --generate-hashes \
		--extra keyring --extra postgres --extra sqlserver setup.cfg | \
		sed '1i # Exactly what this version was tested with, with the hash of every file: pip install --require-hashes -r constraints.txt\n# Made by «make constraints».' > constraints.txt

sbom: ## what the program is made of, as CycloneDX, in dist/sbom.json
	mkdir -p dist
	$(PYTHON) tools/sbom.py > dist/sbom.json

audit: ## known vulnerabilities of what is pinned (pip-audit; reaches the network)
	$(PYTHON) -m pip_audit --require-hashes --disable-pip -r constraints.txt

fuzz: ## damaged files of every kind, FUZZ=500 of each (minutes); what breaks is kept in the test's folder
	RECONCILE_FUZZ=$(or $(FUZZ),500) $(PYTHON) -m pytest -q tests/test_fuzz.py

mutants: ## small faults in controls, rules and views: do the tests notice? SAMPLE=100 SEED=1 (half an hour or more)
	$(PYTHON) tools/mutants.py --sample $(or $(SAMPLE),100) --seed $(or $(SEED),1)

demo: ## the sample municipality, run and shown
	$(PYTHON) -m reconcile demo $(or $(DIR),/tmp/reconcile-demo)
