# Two commands to begin with: make demo, make test. Everything else is in make help.

# The first that can make an environment, else the first that is new enough.
PYTHON := $(shell for needs in ensurepip sys; do for p in python3 python3.13 python3.12 python3.11; do \
	"$$p" -c "import sys, $$needs; sys.exit(sys.version_info < (3, 11))" 2>/dev/null && echo "$$p" && exit; done; done)
IN := .venv/bin
TOOLS := PATH="$(CURDIR)/.servers/bin:$$PATH"
# One worker more than a small machine has cores, since many a test waits for servers; where memory has 4 GB to spare, the
# folders of tests lie there, and no test waits for a disk that others use too.
PYTEST := $(shell [ "$$(df --output=avail /dev/shm 2>/dev/null | tail -n 1)" -gt 4000000 ] 2>/dev/null && \
	echo PYTEST_DEBUG_TEMPROOT=/dev/shm) $(IN)/pytest -n 3

.NOTPARALLEL:
.PHONY: help demo test check format bench servers lock picture screens clean python

help: ## show this
	@sed -n 's/^\([a-z]*\):.*## /  make \1\t/p' Makefile

demo: python ## make the environment and try the desk in the browser
	@$(PYTHON) bootstrap.py requirements.lock
	@$(IN)/verbale demo

test: python ## install what else is needed and run every test
	@$(PYTHON) bootstrap.py requirements-dev.lock
	@sh tests/tools.sh
	@$(TOOLS) $(PYTEST)

# Beside test, which has the quick tests too and tries more of each, check leaves them to it.
check: python ## format, lint, imports, types, and the tests that need no server and are quick
	@$(PYTHON) bootstrap.py requirements-dev.lock
	@$(IN)/ruff format --check --quiet . || { echo 'make format puts this right'; exit 1; }
	@$(IN)/ruff check .
	@$(IN)/mypy
	@$(IN)/lint-imports
	@$(if $(filter test,$(MAKECMDGOALS)),,$(PYTEST) --hypothesis-profile=quick -m 'not long and not server')

format: python ## put the format right
	@$(PYTHON) bootstrap.py requirements-dev.lock
	@$(IN)/ruff format .
	@$(IN)/ruff check --fix .

bench: python ## one benchmark: make bench NAME=store
	@$(PYTHON) bootstrap.py requirements-dev.lock
	@$(IN)/python -m bench '$(NAME)'

servers: ## install the servers that tests run, on this host, as root; make test alone unpacks them into .servers/
	@sh tests/tools.sh install

lock: python ## lock anew what pyproject.toml asks for (needs uv)
	uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-emit-find-links --custom-compile-command 'make lock' --group build pyproject.toml -o requirements.lock
	uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-emit-find-links --custom-compile-command 'make lock' --group build --group dev -c requirements.lock pyproject.toml -o requirements-dev.lock

picture: python ## draw docs/demo.svg anew
	@$(PYTHON) bootstrap.py requirements.lock
	@$(IN)/python -m bot.demo.picture docs/demo.svg

screens: python ## take docs/chat-*.png and docs/demo-*.png anew
	@$(PYTHON) bootstrap.py requirements-dev.lock
	@sh tests/tools.sh
	@$(TOOLS) $(IN)/python -m tests.bot.local_slack.page.pictures docs
	@$(TOOLS) $(IN)/python -m tests.bot.demo.pictures docs

clean: ## remove what was made here
	rm -rf .venv .servers demo-desk dist build .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache

python:
	@test -n '$(PYTHON)' || { echo 'Verbale needs Python 3.11 or newer; on Debian or Ubuntu: apt install python3 python3-venv'; exit 1; }
