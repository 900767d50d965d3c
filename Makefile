# Everything is installed into .venv and node_modules; `make help` says what can be done.

.DEFAULT_GOAL := help
.DELETE_ON_ERROR:
.SUFFIXES:

PORT ?= 8000
PYTHON ?= $(shell sh tools/find_python.sh)
RUN := .venv/bin/python
ARGS ?=
# More than the two processors: tests wait for browsers, servers and databases.
JOBS ?= 4

export PIP_DISABLE_PIP_VERSION_CHECK = 1
export PIP_ROOT_USER_ACTION = ignore
export PIP_NO_INPUT = 1
# Machines that ask Python to keep no compiled files make each of our many processes wait for them.
export PYTHONDONTWRITEBYTECODE =

CATALOGUES := $(shell find src -name '*.po' 2>/dev/null)
FRONT_SOURCES := package.json $(shell find src/diapason/ui -type f \( -name '*.scss' \
	-o -name '*.js' -o -name '*.mjs' -o -path '*/assets/*' \) -not -path '*/dist/*' 2>/dev/null)

.PHONY: help setup demo test prove bench lint lock clean

help: ## say what can be done
	@grep -hE '^[a-z%-]+:.*## ' Makefile | sed 's/:.*## /\t/' | expand -t 12

setup: .venv/.packages .venv/.front-end .venv/.messages ## install everything into this folder

demo: setup ## serve the demonstration on http://127.0.0.1:8000 (PORT=8001 for another port)
	@exec .venv/bin/diapason demo --plan plans/clermont.yaml --port $(PORT)

test: setup ## pass all tests (ARGS="tests/plan -x" for some of them)
	@$(RUN) tests/browser/install.py
	@$(RUN) -m pytest --create-db -n $(JOBS) --dist loadfile $(ARGS)

prove: setup ## run the long proofs: kills, races, random operations
	@DIAPASON_PROVE=1 $(RUN) -m pytest --create-db -m proof -p no:randomly --timeout=0 -s $(ARGS)

bench: setup ## measure everything
	@$(RUN) -m bench $(ARGS)

bench-%: setup ## measure one thing, such as bench-pages
	@$(RUN) -m bench $* $(ARGS)

lint: setup ## check style, types and the laws of the house
	@$(RUN) -m pytest -q tests/trust/test_lints.py $(ARGS)

lock: setup ## choose newer versions of every part and pin them again
	@$(RUN) tools/lock.py

clean: ## remove what setup installed and built; data in var/ stays
	rm -rf .venv node_modules build src/diapason/ui/dist
	find src -name '*.mo' -delete

.venv/.packages: requirements/dev.txt pyproject.toml
	@sh tools/make_venv.sh "$(PYTHON)"
	@echo "Installing the Python packages…"
	@$(RUN) -m pip install --quiet --require-hashes -r requirements/dev.txt
	@$(RUN) -m pip install --quiet --no-build-isolation --no-deps --editable .
	@$(RUN) tools/link_sources.py
	@touch $@

.venv/.npm: package-lock.json .npmrc tools/front_end.py | .venv/.packages
	@echo "Installing the front-end packages…"
	@$(RUN) tools/front_end.py install
	@touch $@

.venv/.front-end: .venv/.npm $(FRONT_SOURCES)
	@echo "Building the front end…"
	@$(RUN) tools/front_end.py build
	@touch $@

.venv/.messages: $(CATALOGUES) | .venv/.packages
	@$(RUN) -m diapason.config.messages
	@touch $@
