# Every everyday task of the project. `make` alone lists them.
SHELL := /bin/bash
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
RUN := $(BIN)/python
# Tests start hundreds of processes; each would compile every module again.
unexport PYTHONDONTWRITEBYTECODE

.DEFAULT_GOAL := help
.PHONY: help
help: ## List the targets
	@grep -hE '^[a-z-]+:.*?## ' $(MAKEFILE_LIST) | sed -E 's/:.*?## /\t/' | expand -t 16

# --- setting up -------------------------------------------------------------------------------
$(VENV)/local.stamp: requirements/local.txt
	@echo "· installing what the product needs (once)"
	@$(PYTHON) -c 'import sys; assert sys.version_info >= (3, 11), "Python 3.11 or newer is needed"'
	@test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	@$(BIN)/pip install --disable-pip-version-check --require-hashes -qq -r requirements/local.txt
	@touch $@

$(VENV)/dev.stamp: requirements/dev.txt $(VENV)/local.stamp
	@echo "· installing what tests and checks need (once)"
	@$(BIN)/pip install --disable-pip-version-check --require-hashes -qq -r requirements/dev.txt
	@touch $@

.PHONY: lock
lock: $(VENV)/dev.stamp ## Compile requirements/*.in into hashed, address-free locks
	@for f in base local dev bench node; do $(BIN)/uv pip compile -q --universal --python-version 3.11 --generate-hashes \
	  --no-emit-index-url --no-header --no-annotate requirements/$$f.in -o requirements/$$f.txt; done

# --- checking ---------------------------------------------------------------------------------
.PHONY: lint
lint: $(VENV)/dev.stamp ## Style, formatting and the import contract
	@$(BIN)/ruff check . && $(BIN)/ruff format --check . && $(BIN)/lint-imports
	@$(RUN) -m deploy.console lint

.PHONY: fix
fix: $(VENV)/dev.stamp ## Let the linters mend what they can
	@$(BIN)/ruff check --fix . ; $(BIN)/ruff format . ; $(RUN) -m deploy.console fix

.PHONY: types
types: $(VENV)/dev.stamp ## Strict static types
	@$(BIN)/mypy
	@$(RUN) -m deploy.console types

.PHONY: contracts contracts-check
contracts: $(VENV)/dev.stamp ## Write the event contracts and the generated docs
	@$(RUN) -m libs.events.contracts
	@$(RUN) -m libs.service.reference

contracts-check: $(VENV)/dev.stamp ## Fail when contracts drift from the code or break a promise
	@$(RUN) -m libs.events.contracts --check

.PHONY: hooks
hooks: $(VENV)/dev.stamp ## Install the git hooks
	@$(BIN)/pre-commit install

# --- testing ----------------------------------------------------------------------------------
# Two workers: the suite runs real servers and browsers, which keep two cores busy; with more, some miss their bounds.
# The fuzz is not in it: it takes minutes, and has `make fuzz`.
TEST_WORKERS ?= 2
.PHONY: test
test: $(VENV)/dev.stamp ## Run the whole suite (real PostgreSQL and NATS; Docker if an engine answers)
	@$(RUN) -m deploy.console test
	@$(RUN) -m deploy.console try-build
	@$(BIN)/pytest -n $(TEST_WORKERS) --dist loadgroup --instafail --ignore=tests/acceptance/fuzz

# --- the console ------------------------------------------------------------------------------
# The machine's Node builds it if it is new enough, else the one of requirements/node.txt.
.PHONY: console console-dev console-types console-check
console: $(VENV)/local.stamp ## Build the web client into console/dist, if it has changed
	@$(RUN) -m deploy.console build

console-dev: $(VENV)/dev.stamp ## Serve the web client as it is edited, for the product on PORT
	@HELPDESK_URL=http://127.0.0.1:$(PORT) $(RUN) -m deploy.console dev

console-types: $(VENV)/dev.stamp ## Make the web client's types of the services' OpenAPI documents
	@$(RUN) -m deploy.console generate

console-check: $(VENV)/dev.stamp ## Lint, types and unit tests of the web client alone
	@for task in lint types test; do $(RUN) -m deploy.console $$task || exit 1; done

# --- running ----------------------------------------------------------------------------------
DATA ?= var
PORT ?= 8080
RUN_OPTIONS = --data $(DATA) --port $(PORT) $(if $(DEMO),--demo)
.PHONY: run run-services
run: $(VENV)/local.stamp ## Run everything in one process (DEMO=1, PORT=8080, DATA=var)
	@$(RUN) -m deploy.console try-build
	@exec $(RUN) -m deploy.local $(RUN_OPTIONS)

run-services: $(VENV)/local.stamp ## Run each service in its own process, behind one port
	@$(RUN) -m deploy.console try-build
	@exec $(RUN) -m deploy.local --processes $(RUN_OPTIONS)

.PHONY: purge
purge: $(VENV)/local.stamp ## Remove what was deleted from PostgreSQL's files, too, while `make run` is going (DATA=var)
	@$(RUN) -m deploy.purge --data $(DATA)

# --- faults -----------------------------------------------------------------------------------
.PHONY: faults
faults: $(VENV)/dev.stamp ## Break the backbone in ever new ways for an hour (SECONDS=3600, SEED=… or PLAN=… again)
	@$(RUN) -m tests.faults --seconds $(or $(SECONDS),3600) $(if $(SEED),--seed $(SEED)) $(if $(PLAN),--plan '$(PLAN)')

# --- running in containers --------------------------------------------------------------------
# PORT=8080 and NATS_PORT=4222 are published on the loopback. DOCKER_BUILD_FLAGS goes to `docker build`.
COMPOSE = $(shell docker compose version >/dev/null 2>&1 && echo docker compose || echo docker-compose) \
  --project-name helpdesk --env-file deploy/compose/.env --file deploy/compose/compose.yaml
export PORT
.PHONY: image up smoke down
image: console ## Build the image of the services, with the console
	@docker build $(DOCKER_BUILD_FLAGS) --tag helpdesk --file deploy/image/Dockerfile .
	@docker build $(DOCKER_BUILD_FLAGS) --tag helpdesk-front deploy/compose/front

up: image ## Run everything in containers (PORT=8080, DOCKER_BUILD_FLAGS=…)
	@$(PYTHON) -m deploy.compose
	@$(COMPOSE) up --detach --remove-orphans
	@echo "· http://127.0.0.1:$(PORT), first administrator admin@localhost, passwords in deploy/compose/.env"

smoke: $(VENV)/local.stamp ## Take a ticket through its life in what `make up` runs
	@set -a; . deploy/compose/.env; exec $(RUN) -m deploy.smoke --url http://127.0.0.1:$(PORT)

down: ## Stop the containers; VOLUMES=1 removes their data, too
	@$(COMPOSE) down $(if $(VOLUMES),--volumes)

.PHONY: chaos
chaos: $(VENV)/dev.stamp ## Kill every process of the product once while commands run (SECONDS=120)
	@HELPDESK_CHAOS_SECONDS=$(or $(SECONDS),120) $(BIN)/pytest tests/chaos/test_every_process_is_killed.py -s

.PHONY: race
race: $(VENV)/dev.stamp ## Let administrators race for one ticket, by clocks that disagree (ROUNDS=1000, SEED=…)
	@HELPDESK_RACE_ROUNDS=$(or $(ROUNDS),1000) $(if $(SEED),HELPDESK_RACE_SEED=$(SEED)) $(BIN)/pytest tests/chaos/race -s

.PHONY: test-browser
test-browser: $(VENV)/dev.stamp ## Meet the console with an installed Chromium, on the real product
	@$(BIN)/pytest tests/acceptance/browser -n $(TEST_WORKERS)

.PHONY: screenshots
screenshots: $(VENV)/dev.stamp ## Take the pictures of docs/screenshots.md anew, of a helpdesk with the demo data
	@$(RUN) -m deploy.console build
	@$(RUN) -m tests.acceptance.browser.screenshots

# Private instances of them are run by tests; nothing is started or enabled on the machine.
.PHONY: mail-servers
mail-servers: ## Install Postfix and Dovecot from the machine's packages, for the tests that need them
	@policy=/usr/sbin/policy-rc.d; if [ ! -e $$policy ]; then printf '#!/bin/sh\nexit 101\n' > $$policy; chmod +x $$policy; made=$$policy; fi; \
	  apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends postfix dovecot-imapd; \
	  status=$$?; rm -f $$made; exit $$status

.PHONY: fuzz
fuzz: $(VENV)/dev.stamp ## Send all services what their documents allow and forbid (SEED=7; as everybody with MINUTES=60 or EXAMPLES=…)
	@$(if $(EXAMPLES),HELPDESK_FUZZ_EXAMPLES=$(EXAMPLES)) $(if $(MINUTES),HELPDESK_FUZZ_MINUTES=$(MINUTES)) \
	  $(if $(SEED),HELPDESK_FUZZ_SEED=$(SEED)) $(BIN)/pytest tests/acceptance/fuzz -s -p no:randomly

.PHONY: stories
stories: $(VENV)/dev.stamp ## Tell stories of tickets, and hold what is shown against a model (EXAMPLES=300, SEED=…, SHRINK=1, STORY=…)
	@HELPDESK_STORIES_EXAMPLES=$(or $(EXAMPLES),300) $(if $(SEED),HELPDESK_STORIES_SEED=$(SEED)) \
	  $(if $(SHRINK),HELPDESK_STORIES_SHRINK=1) $(if $(STORY),HELPDESK_STORIES_STORY='$(STORY)') \
	  $(BIN)/pytest tests/acceptance/stories -s

.PHONY: histories
histories: $(VENV)/dev.stamp ## Change hours, targets and rules at random, and hold what is kept against the logs (ROUNDS=60, SEED=…)
	@HELPDESK_HISTORIES_ROUNDS=$(or $(ROUNDS),60) $(if $(SEED),HELPDESK_HISTORIES_SEED=$(SEED)) \
	  $(BIN)/pytest tests/acceptance/histories -s

# --- measuring --------------------------------------------------------------------------------
.PHONY: bench
bench: $(VENV)/dev.stamp ## Measure all that bench/RESULTS.md tells of (some minutes)
	@for name in append_bench worktime_bench rules_bench projector_bench post_bench list_bench attachment_bench markdown_bench; do \
	  echo "· $$name"; $(RUN) -m bench.$$name || exit 1; done
	@for rate in 25 100 200; do $(RUN) -m bench.latency_bench --processes --rate $$rate || exit 1; done
	@$(MAKE) --no-print-directory bench-mail

.PHONY: bench-mail
bench-mail: $(VENV)/dev.stamp ## Measure mail in and out, and webhooks (some minutes)
	@for name in mail_in_bench mail_out_bench webhook_bench; do echo "· $$name"; $(RUN) -m bench.$$name || exit 1; done
