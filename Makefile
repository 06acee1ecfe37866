# Two commands are enough: "make run" to see it, "make test" to prove it. "make" lists the rest.
SHELL := /bin/bash
.SHELLFLAGS := -eu -o pipefail -c
.DEFAULT_GOAL := help
.DELETE_ON_ERROR:
MAKEFLAGS += --no-builtin-rules

BIN := .venv/bin
comma := ,
FLASK := $(BIN)/flask
CATALOGUES := $(patsubst %.po,%.mo,$(shell find app -name messages.po))
DEFINITIONS := $(wildcard surveys/*/core.yaml surveys/*/modules/*.yaml config/territories.yaml config/frameworks/*.yaml)
# more than the cores: much of the time is waiting for a browser or a database
PROCESSES ?= $(shell echo $$(( $$(getconf _NPROCESSORS_ONLN) + 2 )))
# tests write much and keep nothing: in memory, where it has room and programs may run
SCRATCH := $(shell [ "$$(df --output=avail -BG /dev/shm 2>/dev/null | tail -n 1 | tr -dc 0-9)" -ge 8 ] 2>/dev/null && ! grep -q ' /dev/shm .*noexec' /proc/mounts && echo TMPDIR=/dev/shm)

export UV_PYTHON_DOWNLOADS := never
export PIP_DISABLE_PIP_VERSION_CHECK := 1

.PHONY: help barriers hostile forms install run test quick check bench campaign campaigns erasures mutations simulate screenshots migration lock sbom audit clean types style floors definitions isolation attack load restoration

help: ## this list
	@grep -hE '^[a-z]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 14

install: .venv/runtime $(CATALOGUES) ## install the pinned requirements, compile the translations

run: .venv/runtime $(CATALOGUES) ## start the service with the demonstration; Ctrl-C stops it
	@$(BIN)/python -m app.cli.serve

test: check $(CATALOGUES) ## all checks and the full suite, on SQLite, PostgreSQL and a real browser
	$(SCRATCH) $(BIN)/pytest -n $(PROCESSES) --dist worksteal --durations 25

quick: .venv/tests $(CATALOGUES) ## the tests that need no browser and no long run
	$(SCRATCH) $(BIN)/pytest -n $(PROCESSES) --dist worksteal -m "not full and not journey and not oracle"

check: .venv/tests ## style, types, floors of the house, shipped definitions
	@$(MAKE) --no-print-directory --jobs --output-sync types style floors definitions

types: .venv/tests ## types of everything, strictly
	$(BIN)/mypy

style: .venv/tests ## how the code is written
	$(BIN)/ruff check
	$(BIN)/ruff format --check

floors: .venv/tests ## who may import whom
	$(BIN)/lint-imports

definitions: .venv/tests ## the questionnaires, territories and frameworks that are shipped
	$(FLASK) survey check $(DEFINITIONS)

bench: .venv/tests ## measure speed, as ratios to a named limit in the same run
	$(BIN)/python tests/benchmarks/run.py

load: .venv/tests $(CATALOGUES) ## MINUTES=60 of 40 page requests a second and core, then a crowd: waits, errors, memory, nothing lost
	PYTHONPATH=.:tests OPENBLAS_NUM_THREADS=1 $(BIN)/python tests/benchmarks/load.py $(or $(MINUTES),3)

restoration: .venv/tests ## ANSWERS=1000000 sealed answers on PostgreSQL: how long until a backup of them serves again
	PYTHONPATH=.:tests $(BIN)/python tests/benchmarks/restore.py $(or $(ANSWERS),1000000)

mutations: .venv/tests ## change a sealed audit log ten thousand times: is each change found
	COVALUE_MUTATIONS=10000 $(BIN)/pytest -q tests/workflows/test_audit_log.py -k every_mutation

erasures: .venv/tests ## erase a thousand people: is a word of theirs left anywhere, also after a restore
	COVALUE_ERASURES=1000 $(BIN)/pytest -q tests/workflows/test_erasing.py -k reach

campaign: .venv/tests $(CATALOGUES) ## run trials of a campaign, adding up: make campaign NAME=kill-workers-sqlite SEEDS=1-100
	@test -n "$(NAME)" -a -n "$(SEEDS)" || { echo 'Say which and what: make campaign NAME=drills SEEDS=1-3 (docs/trust-report.md)'; exit 1; }
	OPENBLAS_NUM_THREADS=1 $(BIN)/python tests/campaigns/run.py $(NAME) $(SEEDS)
	$(BIN)/python tests/campaigns/run.py --report

hostile: .venv/tests $(CATALOGUES) ## give the readers of forms 300 broken files of each format, and 100,000 conditions; goes on where it stopped
	for form in fhir limesurvey xlsform yaml; do $(BIN)/python tests/campaigns/run.py hostile-$$form 1-300; done
	$(BIN)/python tests/campaigns/run.py hostile-conditions 1-1000
	$(BIN)/python tests/campaigns/run.py --report

forms: .venv/tests $(CATALOGUES) ## measure how much of your forms comes in: make forms FORMS=folder
	@test -n "$(FORMS)" || { echo 'Say where they are: make forms FORMS=folder (docs/formats.md)'; exit 1; }
	$(BIN)/python tests/measured_forms.py $(FORMS)

barriers: .venv/tests $(CATALOGUES) ## look at every page of the staff in a browser: axe-core, 320 px, the keyboard; NAMES=work,board for some
	PYTHONPATH=.:tests $(BIN)/python tests/barriers.py $(subst $(comma), ,$(NAMES))

campaigns: .venv/tests ## write what the campaigns found so far into docs/trust-report.md
	$(BIN)/python tests/campaigns/run.py --report

attack: .venv/tests ## try to work out what 2,000 generated programmes withhold, 50 of them with breakdowns; goes on where it stopped
	$(MAKE) campaign NAME=attack SEEDS=0-1949
	$(MAKE) campaign NAME=attack-groups SEEDS=0-49

simulate: .venv/tests ## five more minutes of samples from known populations: do the intervals cover
	OPENBLAS_NUM_THREADS=1 $(BIN)/python tests/simulation/simulate.py

isolation: .venv/tests $(CATALOGUES) ## walk 30,000 requests over routes, roles and territories in each of two modes; goes on where it stopped
	$(MAKE) campaign NAME=matrix-filter SEEDS=1-6
	$(MAKE) campaign NAME=matrix-row-security SEEDS=1-6

screenshots: .venv/tests $(CATALOGUES) ## take the pictures of the documentation again
	$(BIN)/python docs/screenshots.py

migration: .venv/tests ## write the next migration from the tables: make migration NAME="what it adds"
	@test -n "$(NAME)" || { echo 'Say what it adds: make migration NAME="letters by post"'; exit 1; }
	$(BIN)/python migrations/write.py "$(NAME)"

lock: ## pin the requirements again (needs uv)
	uv pip compile --universal --python-version 3.11 --generate-hashes --no-strip-extras pyproject.toml -o requirements.txt
	uv pip compile --universal --python-version 3.11 --generate-hashes --no-strip-extras --all-extras --group test pyproject.toml -o requirements-test.txt -c requirements.txt

sbom: .venv/runtime ## write the bill of materials (CycloneDX) to build/sbom.json
	@mkdir -p build
	$(BIN)/python config/sbom.py build/sbom.json
	@echo "build/sbom.json"

audit: .venv/tests ## look for known vulnerabilities in the pinned requirements (needs a network)
	$(BIN)/python config/audit.py

clean: ## remove everything that make made, except the data in var/
	rm -rf .venv build .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache $(CATALOGUES)
	find app tests migrations -name __pycache__ -prune -exec rm -rf {} +

%.mo: %.po | .venv/runtime
	@$(BIN)/pybabel --quiet compile --input-file $< --output-file $@

# uv where it is on the path (four times quicker), else pip; both refuse what has not the pinned hash.
# The pinned list is complete: pip need not work out who needs whom. Compiled once, on every core,
# since each process of the service would otherwise do it for itself where bytecode is not kept.
install = if uv --version >/dev/null 2>&1; \
	then uv pip install --quiet --python $(BIN)/python --require-hashes -r $(1); \
	else $(BIN)/python -m pip install --quiet --require-hashes --no-deps --no-compile -r $(1); fi; \
	$(BIN)/python -m compileall -qq -j 0 .venv/lib app wsgi.py || true # some packages carry files of other versions

.venv/runtime: requirements.txt | .venv/bin/python
	@echo "Installing the pinned requirements into .venv/ …"
	@$(call install,$<)
	@touch $@

.venv/tests: requirements-test.txt | .venv/bin/python
	@echo "Installing what the service and its tests need into .venv/ …"
	@$(call install,$<)
	@touch .venv/runtime $@ # the one list holds the other

.venv/bin/python:
	@found=; for name in python3 python3.14 python3.13 python3.12 python3.11; do \
	  if "$$name" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; then found=$$name; break; fi; \
	done; \
	if [ -z "$$found" ]; then echo "Python 3.11 or later is needed and none was found: install python3 (Debian: apt-get install python3 python3-venv; macOS: brew install python)."; exit 1; fi; \
	"$$found" -m venv .venv || { rm -rf .venv; echo "Python cannot make a virtual environment: install its venv part (Debian: apt-get install python3-venv)."; exit 1; }
