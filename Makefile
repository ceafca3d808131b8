# Every target runs in .venv, which is made and kept up to date by .ci/install: nothing has to be activated.
# Written for GNU make 3.81, which is what macOS has.

ADDR ?= 127.0.0.1:8000
PY := .venv/bin/python

# Material announces the end of its life at every start (May 2027); README says what that means for this site.
export NO_MKDOCS_2_WARNING := 1
# Else nbconvert, which mkdocs-jupyter brings along, makes one exporter of each kind at every start: half a second.
export NBCONVERT_DISABLE_CONFIG_EXPORTERS := 1
# Packages are compiled when they are first imported; without a place to keep that, it would be done at every start.
unexport PYTHONDONTWRITEBYTECODE

.PHONY: help serve build import quick check test check-without-notebooks lint workflows types unit verify-cache fuzz bench browser audit theme-css \
        faults verify-load reproduce live measure-live thread essay notebook notebooks notebooks-check quick-notebooks review \
        format lock vulnerabilities clean site-packages notebook-packages dev-packages audit-packages live-if-able
.DEFAULT_GOAL := help

help: ## Say what each target does
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-23s %s\n", $$1, $$2 }' Makefile
	@echo "  Settings: ADDR=127.0.0.1:8000 for serve, PYTHON=python3.12 and CHROMIUM=/path/to/chromium where needed,"
	@echo "  SCHEDULER=tcp://host:8786 to run notebooks on a dask cluster"

serve: site-packages ## Show the site on this machine, and again after every change
	@address=$$($(PY) .ci/address.py "$(ADDR)") && \
	echo "Building the site; it will be at http://$$address (stop with Ctrl-C) …" && \
	exec $(PY) -m mkdocs serve --dev-addr "$$address"

build: site-packages ## Build the site into site/, and stop at any mistake
	@echo "Building the site into site/ …"
	@$(PY) -m mkdocs build --strict

import: site-packages ## Make a page of each exported comment in a file (FROM=file; DRY=1 only says what it would do)
	@$(PY) hooks/import_comments.py "$(FROM)" $(if $(DRY),--dry-run) $(if $(ONLY),--only "$(ONLY)") \
	    $(if $(AUTHOR),--author "$(AUTHOR)") $(if $(SITE),--site "$(SITE)")

# What CI runs, in its order: where to add a step.
STEPS := lint types build unit quick-notebooks browser

quick: lint types build ## Look for mistakes in code and text, without running tests: fast

check: ## Everything that CI runs, step by step, and at the end how each step went
	@.ci/check $(STEPS)

test: check ## The same, under the name that CI calls

check-without-notebooks: ## The same without running notebooks: what CI runs on a pull request
	@.ci/check $(filter-out quick-notebooks,$(STEPS))

lint: dev-packages workflows ## Check the style of the code, and the workflows
	@echo "Checking the style of the code …"
	@$(PY) -m ruff check
	@$(PY) -m ruff format --check

workflows: dev-packages ## Look through the workflows for what strangers could misuse
	@echo "Looking through the workflows …"
	@.venv/bin/zizmor --offline --strict-collection --quiet --no-progress .github

types: dev-packages ## Check the types of the code
	@echo "Checking the types of the code …"
	@$(PY) -m mypy --num-workers 2

# The files in their order, not those with most tests first: the longest has two tests, and would be run when all else is.
unit: dev-packages ## Run the tests that need no browser
	@echo "Running the tests that need no browser …"
	@$(PY) -m pytest -n logical --dist loadfile --no-loadscope-reorder -m "not browser" --ignore tests/browser

verify-cache: dev-packages ## Edit a site eighty times: what is kept and what is served equals a clean build each time
	@ONE_BY_ONE=1 $(PY) -m pytest -s -q tests/test_cache.py

faults: dev-packages ## Kill builds, imports and runs of notebooks fifty times each (KILLS=50, SEED=1), damage caches, fill disks
	@KILLS=$(or $(KILLS),50) SEED=$(or $(SEED),1) $(PY) -m pytest -s -q tests/test_faults.py

verify-load: dev-packages ## Save four hundred times while the site is served: nothing stale, no more memory (SAVES=400)
	@SAVES=$(or $(SAVES),400) $(PY) -m pytest -s -q tests/test_load.py

reproduce: site-packages ## Build two clones of what is committed in different surroundings, and name every file that differs
	@$(PY) .ci/reproduce.py

fuzz: dev-packages ## Give every reader what nobody has thought of, for MINUTES=5: what breaks one is printed, to be kept as a case
	@FUZZ_MINUTES="$(or $(MINUTES),5)" $(PY) -m pytest -s -q -p no:cacheprovider tests/test_fuzz.py

browser: dev-packages live-if-able ## Run the tests in a browser (a Chromium is looked for, and installed if missing)
	@echo "Running the tests in a browser …"
	@CHROMIUM=$$($(PY) .ci/browser.py) && export CHROMIUM && \
	$(PY) -m pytest -n logical -m browser tests/browser

bench: dev-packages ## Measure builds and the preview on drawn sites (SIZES="100 1000 10000") and on this one; README has the latter
	@CHROMIUM=$$($(PY) .ci/browser.py); export CHROMIUM; \
	$(PY) .ci/bench/measure.py --readme $(if $(SIZES),--sizes $(SIZES))

# BASE, HEAD and SOURCE are read from the environment.
review: site-packages ## Say what changes against BASE=origin/main: verdicts, numbers, claims, links, sizes (or HEAD=…'s changes)
	@$(PY) .ci/review.py

audit: dev-packages audit-packages ## Measure every kind of page: weight, speed, accessibility, markup (QUICK=1 measures once)
	@CHROMIUM=$$($(PY) .ci/browser.py) && export CHROMIUM && \
	address=$$($(PY) .ci/address.py 127.0.0.1:9300 2>/dev/null) && export SITE_URL="http://$$address/" && \
	echo "Building the site, and plain Material with the same Markdown, which takes a minute or two …" && \
	$(PY) -m mkdocs build --strict --site-dir .cache/audit/site && \
	$(PY) .ci/audit/plain.py .cache/audit/plain && \
	$(PY) -m mkdocs --quiet build --config-file .cache/audit/plain/mkdocs.yml 2>.cache/audit/plain/complaints.txt && \
	node .ci/audit/audit.mjs --address "$$address" --site .cache/audit/site --plain .cache/audit/plain/site \
	    --out .cache/audit $(if $(QUICK),--quick)

theme-css: site-packages audit-packages ## Write docs/assets/theme.css anew: what the pages use of Material's stylesheets
	@$(PY) -m mkdocs build --strict --site-dir .cache/audit/site
	@node .ci/audit/theme-css.mjs .cache/audit/site docs/assets/theme.css

live: site-packages ## Make what a reader's browser fetches to run a model again (needs npm, or pip to get it)
	@$(PY) .ci/live/make.py

measure-live: dev-packages live ## Measure what asking a claim again costs a reader: bytes, seconds, memory, notebook by notebook
	@$(PY) -m mkdocs build --strict
	@CHROMIUM=$$($(PY) .ci/browser.py) && export CHROMIUM && $(PY) .ci/live/measure_live.py

# The title is read from the environment, so that no sign in it means anything to a shell.
thread: site-packages ## Begin a thread: TITLE="…"; what waits for words is told by the build
	@$(PY) .ci/new.py thread

essay: site-packages ## Begin an essay: TITLE="…"
	@$(PY) .ci/new.py essay

notebook: notebook-packages ## Begin a notebook with its model and tests, and run it: TITLE="…"
	@$(PY) .ci/new.py notebook

notebooks: notebook-packages ## Run the notebooks that are stale (ONLY=name,name chooses, FORCE=1 runs them anyway)
	@$(PY) notebooks/run.py $(if $(ONLY),--only $(ONLY)) $(if $(FORCE),--force) $(if $(SCHEDULER),--scheduler $(SCHEDULER))

notebooks-check: notebook-packages ## Run all notebooks afresh, store nothing, and say what came out otherwise
	@$(PY) notebooks/run.py --check $(if $(ONLY),--only $(ONLY)) $(if $(SCHEDULER),--scheduler $(SCHEDULER))

quick-notebooks: dev-packages ## Run every notebook with few seeds: that all of it works, and the controls hold
	@echo "Running every notebook with few seeds: that all of it works, and the controls hold …"
	@$(PY) notebooks/run.py --check --quick

format: dev-packages ## Bring the code into shape, and mend what can be mended by itself
	@$(PY) -m ruff check --fix
	@$(PY) -m ruff format

lock: dev-packages ## Pin anew what the packages in requirements*.txt need in turn
	@echo "Looking for the newest packages that fit requirements*.txt …"
	@# The lines that begin with '-' are left out: the lock must not hold itself back.
	@grep -hv '^-' requirements.txt notebooks/requirements.txt requirements-dev.txt | \
	$(PY) -m uv pip compile - --universal --python-version 3.11.5 --no-config --upgrade --quiet \
	    --custom-compile-command 'make lock' --output-file requirements.lock
	@# Every package that a requirements file leads to, with the digests of its files: what .ci/install installs.
	@for set in requirements.txt notebooks/requirements.txt requirements-dev.txt; do \
	    mkdir -p "$$(dirname ".ci/locked/$$set")" && \
	    $(PY) -m uv pip compile "$$set" --universal --python-version 3.11.5 --no-config --upgrade --quiet --generate-hashes \
	        --no-annotate --custom-compile-command 'make lock' --output-file ".ci/locked/$$set" || exit 1; \
	done
	@git diff --stat -- requirements.lock .ci/locked

vulnerabilities: dev-packages ## Ask osv.dev whether a weakness is known of any package that is installed here
	@$(PY) .ci/vulnerabilities.py

clean: ## Remove what was built or installed: site/, the caches and .venv
	rm -rf site .cache .venv .hypothesis .mypy_cache .pytest_cache .ruff_cache
	rm -rf .ci/audit/node_modules .ci/live/node_modules
	find hooks tests .ci -name __pycache__ -prune -exec rm -rf {} +

site-packages:
	@.ci/install requirements.txt

notebook-packages:
	@.ci/install notebooks/requirements.txt

dev-packages:
	@.ci/install requirements-dev.txt

live-if-able: site-packages
	@$(PY) .ci/live/make.py --if-able

audit-packages:
	@command -v npm >/dev/null || { echo "This needs Node.js 20.19 or newer, with npm (nodejs.org, apt, brew)." >&2; exit 1; }
	@cmp -s .ci/audit/package-lock.json .ci/audit/node_modules/installed.json || \
	{ echo "Installing the tools of the audit …" && (cd .ci/audit && npm ci --silent) && \
	  cp .ci/audit/package-lock.json .ci/audit/node_modules/installed.json; }
