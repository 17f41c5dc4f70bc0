# Every verb sets up what it needs and does nothing twice. One line after ## is what `make help` says.
.DEFAULT_GOAL := help
.PHONY: help setup run test test-long lint drill bench docs screenshots lock

python := .venv/bin/python
RECIPIENTS ?= 20000

help: ## say each verb in a line
	@sed -n 's/^\([a-z-]*\):.*## \(.*\)/\1 \2/p' Makefile | while read -r verb line; do printf '  make %-12s %s\n' "$$verb" "$$line"; done

setup: ## make .venv and install all that running, testing and linting need
	@bin/setup dev

run: ## start the whole of it with an invented town; Ctrl-C ends it
	@bin/setup run
	@$(python) manage.py run

test: ## run the tests on SQLite, then those marked postgresql on PostgreSQL as well
	@bin/setup dev
	@$(python) -m bin.test short

test-long: ## run the tests marked long: full counts, forty minutes at most
	@bin/setup dev
	@$(python) -m bin.test long

lint: ## check style, types, imports, licences, translations, migrations, deployment and docs
	@bin/setup dev
	@$(python) -m bin.lint

drill: ## walk one alert from report to stand-down (RECIPIENTS=20000)
	@bin/setup run
	@$(python) manage.py drill --recipients $(RECIPIENTS)

bench: ## measure beside rivals, a line of JSON a figure (bench/README.md)
	@bin/setup dev
	@$(python) -m bench.names --json
	@$(python) -m bench.places --json
	@$(python) -m bench.audit --json
	@$(python) -m bench.desk --json
	@$(python) -m bench.triage --json
	@$(python) -m bench.media --json

docs: ## write the pages made from code; check links, verbs and commands
	@bin/setup dev
	@$(python) -m bin.docs --write

screenshots: ## take the README's pictures anew
	@bin/setup dev
	@$(python) -m bin.screenshots

lock: ## compile requirements*.txt from requirements*.in (UPGRADE=--upgrade for newer versions)
	@bin/setup dev
	@$(python) -m bin.lock $(UPGRADE)
