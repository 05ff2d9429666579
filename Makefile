# Three commands on a fresh machine with Python 3.11 or newer, make and git: `make run`, `make demo` and `make test`.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin

.PHONY: run demo test browser check format proof pictures texts help

help: ## Say what there is
	@grep -E '^[a-z-]+:.*##' Makefile | sed 's/:.*## /\t/' | expand -t 14

run: $(VENV)/.run ## Serve Linkbook on http://127.0.0.1:8000
	@$(BIN)/flask setup
	@$(serve)

demo: $(VENV)/.run ## Serve a demonstration with an invented family in it, in a data folder of its own
	@$(BIN)/flask setup
	@$(BIN)/flask demonstration fill
	@$(serve)

# Folders of its own, whatever is set for the real one, and no mail to anybody.
demo: export LINKBOOK_DEMONSTRATION_FAMILY := yes
demo: export LINKBOOK_DATA := data/demonstration
demo: export LINKBOOK_PRIVATE := data/demonstration-private
demo: export LINKBOOK_WITNESS := data/demonstration-witness
demo: export LINKBOOK_SESSIONS :=
demo: export LINKBOOK_SMTP_HOST :=

# The timed work goes on beside the server and ends with it: `exec` lets the server keep the number that was told.
define serve
echo "Linkbook is at http://$${LINKBOOK_BIND:-127.0.0.1:8000} (stop it with Ctrl and C)."; \
$(BIN)/flask tidy --every 60 --beside $$$$ & exec $(BIN)/gunicorn --config gunicorn.conf.py 'app:create_app()'
endef

test: $(VENV)/.test browser ## Run every test, browser tests included
	$(BIN)/pytest -n auto --dist worksteal

check: $(VENV)/.test ## Look for slips: lint, format, types
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy

format: $(VENV)/.test ## Put every file in form
	$(BIN)/ruff format .
	$(BIN)/ruff check --fix .

proof: $(VENV)/.test browser ## The tests with long runs, then the benchmarks
	LINKBOOK_PROOF=1 $(BIN)/pytest -n auto --dist worksteal
	$(BIN)/flask setup
	$(BIN)/flask directory bench
	$(BIN)/flask records bench

pictures: $(VENV)/.test browser ## Take the README's pictures anew, from a demonstration made for it
	PYTHONPATH=. $(BIN)/python tests/browser/take_pictures.py

texts: $(VENV)/.run ## Gather every text for translators into translations/messages.pot
	@mkdir -p translations
	$(BIN)/pybabel extract --mapping babel.cfg --keyword _l --omit-header --output translations/messages.pot app.py accounts directory plumbing records templates

browser:
	@tests/install_browser.sh

$(VENV)/bin/python:
	$(PYTHON) -m venv $(VENV)

$(VENV)/.run: pyproject.toml | $(VENV)/bin/python
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -e .
	@touch $@

$(VENV)/.test: pyproject.toml | $(VENV)/bin/python
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -e '.[test]'
	@touch $@ $(VENV)/.run
