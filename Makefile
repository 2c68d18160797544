# Two commands do everything: `make run` and `make test`. The rest is for whoever keeps the project.
# Needs Python 3.11 or newer, make and a package index.

PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
PRATICHE ?= 2000000
TURNI ?= 3

.PHONY: run test test-lake bench-lake long mutants faults nights coverage lint hooks audit sbom wheel docs pictures serve bench sample open-data lock clean

run: $(VENV)/.run ## the main job over raw/, then the scorecard
	$(BIN)/pira run

test: $(VENV)/.dev ## every test, a few cases of each fault among them
	$(BIN)/pytest -n 2 --dist loadfile --no-loadscope-reorder

test-lake: $(VENV)/.dev $(VENV)/.lake ## the lake with its real parts, long forms too: PostgreSQL, an S3 server, a broker, workers
	$(BIN)/pytest -m 'lungo or not lungo' tests/lago

long: $(VENV)/.dev ## the long forms that `make test` leaves out: a whole fortnight, a night in PostgreSQL, ...
	$(BIN)/pytest -n 2 --dist loadfile -m lungo

mutants: $(VENV)/.dev ## every condition of the SQL and of the judge changed: which test sees it, and what none does
	$(BIN)/python -m tests.mutanti

faults: $(VENV)/.dev ## every case of every fault, in one table: kills, full disks, analysts, hostile files
	$(BIN)/python -m tests.faults

nights: $(VENV)/.dev ## two hundred nights in a row: what a late one costs and what is kept of all
	$(BIN)/python -m tests.notti

coverage: $(VENV)/.dev ## the lines that the tests run, in the processes that they start too; fails below the floor
	$(BIN)/coverage erase
	$(BIN)/coverage run -m pytest -n 2 --dist loadfile --no-loadscope-reorder
	$(BIN)/coverage combine --quiet
	$(BIN)/coverage report

audit: $(VENV)/.audit ## known vulnerabilities of the locked dependencies (asks the network)
	$(VENV)/audit/bin/pip-audit --disable-pip --require-hashes -r requirements.lock

sbom: $(VENV)/.audit ## dist/sbom.cdx.json: what a production installation holds, for whoever must account for it
	mkdir -p dist
	$(VENV)/audit/bin/cyclonedx-py requirements --pyproject pyproject.toml --short-PURLs --output-reproducible \
		--output-file dist/sbom.cdx.json requirements.lock

wheel: $(VENV)/.run ## dist/*.whl: the program as one file, sql/ in it
	$(BIN)/python -m hatchling build --target wheel

docs: $(VENV)/.run ## the generated pages
	$(BIN)/pira docs

pictures: $(VENV)/.dev ## the pictures of the documentation, over the sample; needs Chromium
	$(BIN)/python -m tests.pagina

hooks: $(VENV)/.dev ## from now on git runs `make lint` before each commit
	$(BIN)/pre-commit install

lint: $(VENV)/.dev ## ruff and mypy, over the tests too
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy

serve: $(VENV)/.run ## the Dagster UI and daemon on loopback, for a trial
	$(BIN)/pira serve

bench: $(VENV)/.dev $(VENV)/.bench ## the cost of a night beside floors and an office's script: `make bench PRATICHE=10000000 TURNI=1`
	$(BIN)/python -m tests.bench $(VENV)/bench/bin/python $(PRATICHE) $(TURNI)

bench-lake: PRATICHE = 20000
bench-lake: $(VENV)/.dev $(VENV)/.lake ## the lake on one, two and four workers: `make bench-lake PRATICHE=200000`
	$(BIN)/python -m tests.bench.lago $(PRATICHE)

open-data: $(VENV)/.dev $(VENV)/.aperti ## the current publication's file held against its own contract, by datacontract-cli
	$(VENV)/aperti/bin/python tests/aperti/contratto_dal_vero.py "$${PIRA_WAREHOUSE:-warehouse}"

sample: $(VENV)/.dev ## writes the synthetic extracts of raw/ again
	$(BIN)/python -m tests.sample

lock: pyproject.toml ## pins every dependency with its hashes; needs uv
	uv pip compile --universal --python-version 3.11 --generate-hashes --no-strip-extras \
		--no-emit-index-url --no-header --quiet pyproject.toml -o requirements.lock
	uv pip compile --universal --python-version 3.11 --generate-hashes --no-strip-extras \
		--no-emit-index-url --no-header --quiet --extra dev -c requirements.lock \
		pyproject.toml -o requirements-dev.lock
	uv pip compile --universal --python-version 3.11 --generate-hashes --no-strip-extras \
		--no-emit-index-url --no-header --quiet --group audit \
		-o requirements-audit.lock
	uv pip compile --universal --python-version 3.11 --generate-hashes --no-strip-extras \
		--no-emit-index-url --no-header --quiet --group bench \
		-o requirements-bench.lock
	uv pip compile --universal --python-version 3.11 --generate-hashes --no-strip-extras \
		--no-emit-index-url --no-header --quiet --group aperti \
		-o requirements-aperti.lock
	sed -n '/^duckdb==/d; s/^\([a-z].*\) \\$$/\1/p' requirements.lock | \
		uv pip compile --universal --python-version 3.11 --generate-hashes --no-strip-extras \
		--no-emit-index-url --no-header --quiet --group lake - \
		-o requirements-lake.lock

clean: ## everything that can be made again, but the history (warehouse/storico)
	rm -rf $(VENV) dist .coverage* warehouse/deposito warehouse/lavoro warehouse/dagster

$(VENV)/bin/python:
	$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "Python 3.11 or newer is needed")'
	$(PYTHON) -m venv $(VENV)

# The build backend (hatchling) comes from the lock too, so installing the project asks no index.
$(VENV)/.run: requirements.lock pyproject.toml | $(VENV)/bin/python
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements.lock
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation --editable .
	touch $@

# An environment of its own: what judges the dependencies is none of them.
$(VENV)/.audit: requirements-audit.lock
	$(PYTHON) -m venv $(VENV)/audit
	$(VENV)/audit/bin/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements-audit.lock
	touch $@

# The project itself, but with the duckdb that the lake's extensions are for.
$(VENV)/.lake: requirements-lake.lock pyproject.toml
	$(PYTHON) -m venv $(VENV)/lake
	$(VENV)/lake/bin/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements-lake.lock
	$(VENV)/lake/bin/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation --editable .
	touch $@

# It judges the published file as anybody would who has it: with nothing of ours.
$(VENV)/.aperti: requirements-aperti.lock
	$(PYTHON) -m venv $(VENV)/aperti
	$(VENV)/aperti/bin/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements-aperti.lock
	touch $@

# What an office would use is nothing that the project needs.
$(VENV)/.bench: requirements-bench.lock
	$(PYTHON) -m venv $(VENV)/bench
	$(VENV)/bench/bin/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements-bench.lock
	touch $@

$(VENV)/.dev: requirements-dev.lock $(VENV)/.run
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements-dev.lock
	touch $@
