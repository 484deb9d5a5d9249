# The commands of this checkout. `make help` lists them.

PYTHON ?= $(shell for p in python3 python3.13 python3.12 python3.11; do \
	$$p -c 'import sys; sys.exit(not (3, 11) <= sys.version_info[:2] < (3, 14))' 2>/dev/null && echo $$p && break; done)
PIP = .venv/bin/python -m pip --disable-pip-version-check install -qq
ENVIRONMENT = .venv/pyproject.toml .venv/requirements-test.lock
OLDER_DUCKDB = .venv/duckdb-1.4/installed.lock .venv/duckdb-1.5/installed.lock
BUNDLED = build/bundled
ROOMS = sources warehouse expectations orchestration
LOCKS = requirements.lock requirements-test.lock tests/duckdb-1.4.lock tests/duckdb-1.5.lock
LOCK = uv pip compile --quiet --upgrade --universal --python-version 3.11 --generate-hashes --no-strip-extras \
	--no-emit-index-url --no-emit-find-links --no-header

# Telemetry of the tools stays off, also where their own configuration is not read.
export DO_NOT_TRACK = 1
export GX_ANALYTICS_ENABLED = false

.DEFAULT_GOAL := help
.PHONY: help refresh test check serve bench bench-quality fault format docs site lock clean

help: ## list these targets
	@sed -n 's/^\([a-z-]*\):.*## \(.*\)/\1|\2/p' $(MAKEFILE_LIST) | awk -F'|' '{printf "make %-13s  %s\n", $$1, $$2}'

refresh: .venv/pyproject.toml ## load what is new, derive, check and release (the environment is built first if needed)
	@.venv/bin/tongji refresh

test: $(ENVIRONMENT) $(OLDER_DUCKDB) ## run the whole test suite
	@.venv/bin/pytest --numprocesses 2 --dist loadfile

check: $(ENVIRONMENT) ## format, lint, types, SQL style, import directions, locks
	@.venv/bin/ruff format --check .
	@.venv/bin/ruff check .
	@.venv/bin/mypy $(ROOMS)
	@.venv/bin/sqlfluff lint dbt_project/models
	@.venv/bin/lint-imports
	@! grep -nE '://|--(index-url|extra-index-url|find-links|trusted-host)' $(LOCKS) \
		|| { echo 'A lock names a host: run make lock.' >&2; exit 1; }

format: $(ENVIRONMENT) ## put Python and SQL into shape
	@.venv/bin/ruff format .
	@.venv/bin/ruff check --fix .
	@.venv/bin/sqlfluff fix dbt_project/models

serve: .venv/pyproject.toml ## web interface and nightly schedule on 127.0.0.1
	@.venv/bin/tongji serve

bench: $(ENVIRONMENT) ## measure times and sizes; nothing passes or fails
	@.venv/bin/pytest -m bench -s

bench-quality: $(ENVIRONMENT) ## plant errors, count what is found and rightly suggested; a loss against docs/quality.md fails
	@.venv/bin/pytest -m quality -s

fault: $(ENVIRONMENT) ## kill, fill and corrupt on purpose, and see what survives
	@.venv/bin/pytest -m fault

docs: bundled ## write the documents that are made from the metadata of models, rules and indicators
	@.venv/bin/python -m warehouse.dictionary
	@.venv/bin/python -m expectations.dictionary
	@TONGJI_HOME=$(BUNDLED) .venv/bin/python -m warehouse.indicator_dictionary

site: bundled ## write the models' documentation as one page that opens without a network (build/site)
	@TONGJI_HOME=$(BUNDLED) .venv/bin/python -m orchestration.model_site

lock: ## resolve anew and write the locks (needs uv)
	@$(LOCK) pyproject.toml --group build --output-file requirements.lock
	@$(LOCK) pyproject.toml --group build --extra test --constraint requirements.lock --output-file requirements-test.lock
	@for release in 1.4 1.5; do \
		echo "duckdb==$$release.*" | $(LOCK) - --no-annotate --output-file tests/duckdb-$$release.lock || exit 1; done

clean: ## remove the environment and what the tools cached; data under var/ stays
	@rm -rf .venv build *.egg-info .pytest_cache .mypy_cache .ruff_cache .import_linter_cache .hypothesis
	@rm -rf dbt_project/target dbt_project/logs
	@find $(wildcard $(ROOMS) tests) -name __pycache__ -type d -prune -exec rm -rf {} +

# Each stamp in .venv is a copy of what was installed: a lock that is newer but the same costs nothing,
# and one that differs gets an environment made from nothing.
.venv/requirements.lock: requirements.lock
	@if cmp -s $< $@; then touch $@; else $(MAKE) --no-print-directory environment && cp $< $@; fi

.venv/requirements-test.lock: requirements-test.lock .venv/requirements.lock
	@cmp -s $< $@ || { echo 'Installing the test extras ...'; $(PIP) --require-hashes -r $<; }
	@cp $< $@

.venv/pyproject.toml: pyproject.toml .venv/requirements.lock
	@cmp -s $< $@ || $(PIP) --no-deps --no-build-isolation --editable .
	@cp $< $@

# What BI tools embed; a release must open in them.
.venv/duckdb-%/installed.lock: tests/duckdb-%.lock .venv/requirements.lock
	@cmp -s $< $@ || { rm -rf $(@D) && $(PIP) --require-hashes --target $(@D) -r $<; }
	@cp $< $@

# A release of the bundled data alone, which documents are written from; refreshed when data or code changed.
.PHONY: bundled
bundled: .venv/pyproject.toml
	@TONGJI_HOME=$(BUNDLED) .venv/bin/tongji refresh > /dev/null

.PHONY: environment
environment:
	@test -n '$(PYTHON)' && $(PYTHON) -c 'import sys; sys.exit(not (3, 11) <= sys.version_info[:2] < (3, 14))' 2>/dev/null \
		|| { echo 'tongji needs Python 3.11, 3.12 or 3.13: install one, or name one that you have (make PYTHON=python3.12 refresh)' >&2; exit 1; }
	@$(PYTHON) -c 'import ensurepip, venv' 2>/dev/null \
		|| { echo 'This Python cannot make environments: install its venv package (on Debian: apt-get install python3-venv).' >&2; exit 1; }
	@echo 'Building the environment in .venv from requirements.lock: a few minutes, once ...'
	@$(PYTHON) -m venv --clear .venv
	@$(PIP) --require-hashes -r requirements.lock
