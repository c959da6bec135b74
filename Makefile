# make run    install, run the main job on seeds/, say where the report is
# make test   install, run the quick tests
PYTHON ?= python3
VENV   := .venv
BIN    := $(VENV)/bin
WORKERS ?= -n logical --maxprocesses 8
PIP    := $(BIN)/python -m pip install --quiet --disable-pip-version-check -c constraints.txt

.PHONY: run test test-all fuzz check bench notebooks clean

$(VENV)/.run: pyproject.toml constraints.txt
	$(PYTHON) -m venv $(VENV)
	$(PIP) -e .
	@touch $@

$(VENV)/.test: $(VENV)/.run
	$(PIP) -e '.[test]'
	@touch $@

$(VENV)/.external: $(VENV)/.test
	$(PIP) -e '.[external]'
	@touch $@

run: $(VENV)/.run
	$(BIN)/discourse run seeds -o out/seeds --overwrite --report-lang fr

test: $(VENV)/.test
	$(BIN)/python -m pytest $(WORKERS)

test-all: $(VENV)/.external
	$(BIN)/python -m pytest $(WORKERS) -m 'not fuzz'

fuzz: $(VENV)/.test
	$(BIN)/python -m pytest -m fuzz

check: $(VENV)/.test
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports

bench: $(VENV)/.test
	for each in benchmarks/*.py; do $(BIN)/python $$each || exit 1; done

notebooks: $(VENV)/.test
	$(BIN)/jupytext --to ipynb --execute notebooks/*.py

clean:
	rm -rf $(VENV) out build dist
