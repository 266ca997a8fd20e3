# The front door. Each target is a line or two; what it does lives in tools/ or in the command `hieuhoc`.
SHELL := /bin/bash
.DEFAULT_GOAL := help
PYTHON ?= $(shell for one in python3 python3.11 python3.12 python3.13 python3.14; do \
	$$one -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null && echo $$one && break; done)
RUN := .venv/bin/python
PORT ?= 8000

.PHONY: help setup lock demo demo-prepare demo-reorganised demo-reset run fmt check messages test-fast test test-sqlite test-pg bench screenshots clean

help: ## print this list
	@grep -E '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/^([a-z-]+):.*## (.*)/  make \1|\2/' | column -t -s '|' 2>/dev/null || grep -E '^[a-z-]+:.*## ' $(MAKEFILE_LIST)

setup: ## make .venv with the locked libraries
	@test -n "$(PYTHON)" || { echo "Hiếu Học needs Python 3.11 or later, and found none." >&2; exit 1; }
	@$(PYTHON) tools/setup.py

lock: setup ## renew requirements.lock from pyproject.toml
	@.venv/bin/uv pip compile pyproject.toml --group dev --universal -p 3.11 --generate-hashes --no-header --no-annotate --no-emit-index-url --quiet -o requirements.lock

demo: setup ## the demonstration province on http://127.0.0.1:8000 (PORT= to change)
	@.venv/bin/hieuhoc demo --port $(PORT)

demo-prepare: setup ## make the demonstration's data without serving it
	@.venv/bin/hieuhoc demo --prepare

demo-reorganised: setup ## the demonstration carried through the reorganisation of 1/7/2025
	@.venv/bin/hieuhoc demo --to 2025-07-01 --port $(PORT)

demo-reset: setup ## the demonstration, from the beginning
	@.venv/bin/hieuhoc demo --reset --port $(PORT)

run: setup ## the development server on your own data in var/
	@HIEUHOC_DEBUG=1 $(RUN) manage.py migrate --verbosity 0 && HIEUHOC_DEBUG=1 $(RUN) manage.py runserver 127.0.0.1:$(PORT)

fmt: setup ## put the code in its form
	@$(RUN) -m ruff format . && $(RUN) -m ruff check --fix .

check: setup ## format, lint, types, floors, migrations, templates, translations, traces of machines
	@$(RUN) tools/check.py

messages: setup ## renew the English catalogue; says what still has no translation
	@$(RUN) tools/messages.py

test-fast: setup ## what needs no database
	@$(RUN) -m pytest tests/kernel tests/engines -q -x

test: setup ## everything: on SQLite with the browser tests, then on PostgreSQL
	@$(RUN) tools/run_tests.py sqlite postgresql

test-sqlite: setup ## everything on SQLite
	@$(RUN) tools/run_tests.py sqlite

test-pg: setup ## everything but the browser tests on PostgreSQL
	@$(RUN) tools/run_tests.py postgresql

bench: setup ## measure pages and reader; writes benchmarks/results/
	@$(RUN) -m benchmarks

screenshots: setup ## take the pictures of the tour in docs/
	@$(RUN) tools/screenshots.py

clean: ## remove .venv and everything that can be made again, except data in var/
	@rm -rf .venv .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache build dist
