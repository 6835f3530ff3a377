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

SETS ?=
ASKED := eval/questions
MEASURE := $(BIN)/bao --data var/mesures

eval: $(DONE)-test ## every figure of eval/RESULTS.md; SETS=../shared adds those on the material handed to the project
	$(MEASURE)/corpus ingest corpus
	$(MEASURE)/corpus eval concepts $(ASKED)/corpus.jsonl
	$(MEASURE)/corpus eval toolbox $(ASKED)/situations.jsonl
	$(BIN)/python -m eval.conversations --data var/mesures/corpus
	$(BIN)/python -m eval.gate
ifneq ($(SETS),)
	$(MEASURE)/four ingest $(SETS)/documents/*.pdf
	$(MEASURE)/all ingest corpus $(SETS)/documents/*.pdf
	$(MEASURE)/four eval documents $(SETS)/gold/documents-dev.jsonl --compare tutoriel
	for leg in bm25 dense late; do $(MEASURE)/four eval documents $(SETS)/gold/documents-dev.jsonl --system $$leg; done
	$(MEASURE)/all eval documents $(SETS)/gold/documents-dev.jsonl
	$(MEASURE)/all eval concepts $(SETS)/gold/concepts-dev.jsonl
	$(MEASURE)/all eval toolbox $(SETS)/gold/toolbox-dev.jsonl
	$(MEASURE)/all eval documents $(ASKED)/documents.jsonl
	$(MEASURE)/all eval concepts $(ASKED)/corpus.jsonl
	$(BIN)/python -m eval.retrieval_bench $(SETS)/bench/cnil-besoin-daide $(SETS)/bench/covid-faq
	$(MEASURE)/all bench
endif

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
