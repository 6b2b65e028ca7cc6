# The doors of the house. `make` alone lists them.
# PYTHON: the interpreter that .venv is made from (3.11 or later).  ARGS: passed on to pytest or to the benchmark.
# PORT, DATA_DIR, DATABASE_URL, DATABASE_OWNER_URL, REDIS_URL, DEMO, DEBUG: read by `make run`.

PYTHON = python3
ARGS =
IN = .venv/bin
# One line names each step; what follows it is the step's own words.
SAY = printf '\n== %s\n'

# mypy's Django plugin reads the settings, which refuse to be read without these.
STAND_INS = SECRET_KEY=unused FIELD_KEYS=unused:unused SEAL_KEYS=unused:unused DATABASE_URL=postgresql://unused@/unused \
	REDIS_URL=redis://unused ALLOWED_HOSTS=unused

# Node brings its own list of authorities: a company's, known to the machine, must count too.
NODE_USE_SYSTEM_CA ?= 1
export NODE_USE_SYSTEM_CA

.PHONY: help run test fix look bench torture demo-reset install
.DEFAULT_GOAL := help

help: ## List the targets
	@sed -n 's/^\([a-z-]*\):.*## \(.*\)$$/\1	\2/p' Makefile | while IFS='	' read -r name what; do printf '  make %-11s %s\n' "$$name" "$$what"; done

run: install ## Start everything and show the address (Ctrl+C stops it; data in .data/)
	@exec $(IN)/python -m extrabat.devtools.run

# By file: --dist loadgroup groups nothing with pytest 9.2 (pytest-dev/pytest-xdist#1386).
test: install ## Check style, types and layers, then run the tests (ARGS="-k word" chooses)
	@$(SAY) 'assets'
	@$(IN)/python -m extrabat.devtools.assets
	@$(SAY) 'ruff check'
	@$(IN)/ruff check --quiet
	@$(SAY) 'ruff format'
	@$(IN)/ruff format --check --quiet
	@$(SAY) 'djade'
	@find templates -name '*.html' -exec $(IN)/djade --check {} +
	@$(SAY) 'lint-imports'
	@$(IN)/lint-imports --no-logo
	@$(SAY) 'mypy'
	@$(STAND_INS) $(IN)/mypy .
	@$(SAY) 'pytest'
	@exec $(IN)/python -m pytest -n 2 --dist loadfile $(ARGS)

torture: install ## Send what nobody should, add up what nobody could: thousands of each (minutes)
	@FUZZ=2000 $(IN)/python -m pytest tests/clients/test_form_fuzz.py
	@FUZZ=2000 $(IN)/python -m pytest tests/commerce/test_paper.py -k typed
	@EXAMPLES=10000 $(IN)/python -m pytest tests/commerce/test_arithmetic.py
	@ALTERATIONS=1000 $(IN)/python -m pytest tests/commerce/test_seal.py
	@WALKS=2000 WALKS_ON_POSTGRES=100 THREADS=32 TWINS=200 $(IN)/python -m pytest tests/commerce/test_payments.py
	@$(IN)/python -m extrabat.devtools.torture $(ARGS)

fix: install ## Correct style and formatting where a tool can
	@$(IN)/ruff check --fix-only --quiet
	@$(IN)/ruff format --quiet
	@find templates -name '*.html' -exec $(IN)/djade {} + || true
	@$(IN)/ruff check

look: install ## Photograph the pages into look/
	@exec $(IN)/python -m extrabat.devtools.look

bench: install ## Measure with 100,000 clients and write docs/benchmarks.md (ARGS="--clients 1000")
	@exec $(IN)/python -m extrabat.devtools.bench $(ARGS)

demo-reset: install ## Delete the data in .data/ (refused while the program runs)
	@exec $(IN)/python -m extrabat.devtools.run reset

# python3 may be an old one (macOS, RHEL) with a recent one beside it.
install:
	@for python in $(PYTHON) python3.13 python3.12 python3.11 python3.14; do \
		if $$python -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; then \
			exec $$python extrabat/devtools/bootstrap.py; \
		fi; \
	done; \
	echo 'make stopped: $(PYTHON) is missing or older than 3.11. Install Python 3.11 or later (with venv), or name one: make PYTHON=/path/to/python3.12 run' >&2; exit 1
