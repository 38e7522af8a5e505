# The venv is made on first use; every target stands alone.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
STAMP := $(VENV)/.installed
SAMPLE := build/sample
# The tests run in this many processes.
WORKERS ?= 2
# What make quick looks at: the rooms whose tests need no page and no report.
QUICK := $(addprefix tests/,docs domain exchange house measures role_lists rules store)
PYTEST = $(BIN)/python -m pytest -n $(WORKERS)
# The suite starts hundreds of processes: what one has compiled, the others read.
unexport PYTHONDONTWRITEBYTECODE

.PHONY: demo test test-notebooks quick no-browser deep check docs reference lab app bench notebooks letters messages locale constraints clean
.DEFAULT_GOAL := demo

$(STAMP): pyproject.toml constraints.txt
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --constraint constraints.txt --editable ".[test]"
	touch $(STAMP)

## demo: weekly reports of a made-up team, under reports/
demo: $(STAMP)
	rm -rf demo
	$(BIN)/coverage-kit init demo --lang ko
	$(BIN)/coverage-kit --workspace demo sample
	$(BIN)/coverage-kit --workspace demo report --out reports --force

## test: the whole suite, the notebooks' cells included
test: $(STAMP) test-notebooks
	$(PYTEST)

## quick: what a minute can tell of the method, the files and the store; no browser, no database server, few examples
quick: $(STAMP)
	COVERAGE_KIT_DEPTH=quick $(PYTEST) -q -m "not browser and not postgresql and not slow" $(QUICK)

## no-browser: the suite without the pages in a browser, for another Python too: make no-browser VENV=.venv313 PYTHON=python3.13
no-browser: $(STAMP)
	$(PYTEST) -q -m "not browser"

## deep: what can try harder does: hundreds of examples, kills and power cuts, and every act in JupyterLab too
deep: $(STAMP)
	COVERAGE_KIT_DEPTH=deep $(PYTEST) -m deep

test-notebooks: $(STAMP)
	rm -rf $(SAMPLE) && mkdir -p build
	$(BIN)/coverage-kit init $(SAMPLE) --lang en
	$(BIN)/coverage-kit --workspace $(SAMPLE) sample
	COVERAGE_KIT_WORKSPACE=$(CURDIR)/$(SAMPLE) PYTHONWARNINGS=error::DeprecationWarning:__main__ $(BIN)/python -m pytest -q -p nbval.plugin -p no:cacheprovider --nbval-lax --nbval-current-env notebooks templates/reports

## check: format, lint, types; of the screens' JavaScript too, where npm is installed
check: $(STAMP) check-screens
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy

.PHONY: check-screens
ifneq ($(shell command -v npm),)
check-screens: node_modules/.installed
	npm run --silent check

node_modules/.installed: package.json
	npm install --no-package-lock --no-audit --no-fund --silent
	touch $@
else
check-screens:
ifneq ($(findstring npm,$(COVERAGE_KIT_REQUIRE)),)
	$(error npm is required here and is not installed)
endif
	@echo "Left out: the checks of the screens' JavaScript, because npm is not installed."
endif

## docs: the site, under build/site; a broken link is an error
docs: $(STAMP)
	$(BIN)/python -m mkdocs build --quiet --strict

## reference: write again the pages made from the program's own help and docstrings
reference: $(STAMP)
	$(BIN)/python -m tests.docs.reference

## lab, app: the notebooks, with and without code
lab app: $(STAMP)
	$(BIN)/coverage-kit --workspace demo $@

## bench: figures with a baseline beside them
bench: $(STAMP)
	$(BIN)/python bench/measures.py
	$(BIN)/python bench/store.py
	$(BIN)/python bench/agenda.py
	$(BIN)/python bench/exchange.py
	$(BIN)/python bench/batch.py
	$(BIN)/python bench/workbook.py
	$(BIN)/python bench/my_page.py

## notebooks: store again what their checked cells print
notebooks: $(STAMP)
	rm -rf $(SAMPLE) && mkdir -p build
	$(BIN)/coverage-kit init $(SAMPLE) --lang en
	$(BIN)/coverage-kit --workspace $(SAMPLE) sample
	COVERAGE_KIT_WORKSPACE=$(CURDIR)/$(SAMPLE) $(BIN)/python tests/notebooks/refresh.py

## letters: make again the Korean letters that the screens bring
letters: $(STAMP)
	$(BIN)/python tests/workbook/web_fonts.py

## messages: the schema of all messages between page and kernel, and the page's types from it
messages: $(STAMP)
	$(BIN)/python -m tests.workbook.message_types
	npm install --silent --no-package-lock && npm run --silent types

## locale: collect the texts again, and compile the Korean
locale: $(STAMP)
	$(BIN)/pybabel -q extract -F coverage_kit/i18n/locale/babel.cfg -k N_ -k N_n:1,2 -k _ -o coverage_kit/i18n/locale/coverage_kit.pot --no-location --omit-header coverage_kit
	$(BIN)/pybabel -q update -D coverage_kit -i coverage_kit/i18n/locale/coverage_kit.pot -d coverage_kit/i18n/locale --no-fuzzy-matching --ignore-obsolete --ignore-pot-creation-date
	$(BIN)/pybabel -q compile -D coverage_kit -d coverage_kit/i18n/locale

## constraints: what a new environment installs today
constraints:
	rm -rf build/constraints && $(PYTHON) -m venv build/constraints
	build/constraints/bin/python -m pip install --quiet ".[test]"
	build/constraints/bin/python -m pip freeze --exclude coverage-kit > constraints.txt

clean:
	rm -rf $(VENV) build dist demo .mypy_cache .ruff_cache .pytest_cache .hypothesis
