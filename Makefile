# Two verbs do everything: `make chat` sets up and starts the assistant, `make test` sets up and passes every check.
PYTHON ?= python3
BIN := .venv/bin
DONE := .venv/.done

.PHONY: help chat setup test lint types system eval clean

help: ## what each verb does
	@grep -hE '^[a-z]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:[^#]*## /\t/' | expand -t 10

chat: setup ## set up and open the assistant on http://127.0.0.1:7860
	$(BIN)/bao chat

setup: $(DONE)-run ## install what the assistant needs in .venv

test: system $(DONE)-test ## set up and pass every check
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/python -m pytest

lint: $(DONE)-test ## style and types only
	$(BIN)/ruff check .
	$(BIN)/mypy

system: ## install the Debian packages the tests need (as root on Debian), else say what to type
	@sh .ci/install-system.sh

eval: $(DONE)-test ## measure the answers on our own questions
	$(BIN)/bao eval concepts eval/questions/corpus.jsonl

clean: ## forget the virtual environment
	rm -rf .venv

$(BIN)/python:
	$(PYTHON) -m venv .venv

$(DONE)-run: pyproject.toml constraints.txt | $(BIN)/python
	sh .ci/install-python.sh $(BIN) .
	touch $@

$(DONE)-test: pyproject.toml constraints.txt | $(BIN)/python
	sh .ci/install-python.sh $(BIN) ".[test]"
	touch $@ $(DONE)-run
