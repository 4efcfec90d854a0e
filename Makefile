# Made in Chongqing. `make` builds the book, `make help` lists the rest.
# Written for GNU make 3.81 (macOS) and later.

# The Python that .venv is made with: PYTHON=python3.12 make book
PYTHON ?= python3

VENV := .venv
BIN := $(VENV)/bin
PIP := $(BIN)/python -m pip --disable-pip-version-check

# Stamps: what requirements.txt and requirements-test.txt name is installed. A stamp holds the
# folder it stands in, because the scripts of an environment do; a copied environment is made again.
READY := $(VENV)/ready
READY_TEST := $(VENV)/ready-test
# Stands while pip works; only a kill leaves it, and then the environment is made again.
UNFINISHED := $(VENV)/unfinished

# The files of tests go to one process more than there are cores: a browser often waits.
SPREAD = -n `expr $$(getconf _NPROCESSORS_ONLN || echo 1) + 1` --dist loadfile --no-loadscope-reorder

BROWSERS := chromium chromium-browser google-chrome google-chrome-stable

.DEFAULT_GOAL := book
.NOTPARALLEL: # nothing here gains from it: `nevbook` and pip run in parallel by themselves
.PHONY: preview book test verify bench serve archive pdf database messages lint clean lock help browser java

book: $(READY) ## set up what is missing, build the published editions into _build/html
	@$(BIN)/nevbook build

test: $(READY_TEST) browser java ## set up what is missing, run the tests
	@$(WITH_BROWSER) $(BIN)/python -m pytest $(SPREAD)

verify: $(READY_TEST) browser java ## run all tests, the slow ones too
	@$(WITH_BROWSER) $(BIN)/python -m pytest $(SPREAD) -m ""

bench: $(READY_TEST) ## time builds, ours against stock tools, in one run; and the growth with editions
	@$(BIN)/python -m tests.bench

pdf: book ## print the published editions as PDF with Chromium or Chrome (YEAR=2025: one)
	@$(BIN)/nevbook pdf $(if $(YEAR),--year $(YEAR))

# Sorted, so that the same site gives the same list; the checksum in the form that sha256sum -c reads.
archive: book ## write the published site as one archive with its checksum, for any static host
	@(cd _build/html && find . -type f | LC_ALL=C sort | tar -cf - -T -) | gzip -n >_build/made-in-chongqing.tar.gz
	@cd _build && ../$(BIN)/python -c 'import hashlib, sys; name = sys.argv[1]; \
	print(hashlib.sha256(open(name, "rb").read()).hexdigest(), name, sep="  ")' made-in-chongqing.tar.gz >made-in-chongqing.tar.gz.sha256
	@echo "_build/made-in-chongqing.tar.gz, _build/made-in-chongqing.tar.gz.sha256"

serve: $(READY) ## serve the built book on this machine (PORT=8000)
	@$(BIN)/nevbook serve $(if $(PORT),--port $(PORT))

preview: $(READY) ## serve the newest edition while it is written; the open page follows (YEAR=2025 PORT=8000)
	@$(BIN)/nevbook preview $(if $(YEAR),--year $(YEAR)) $(if $(PORT),--port $(PORT))

database: $(READY) ## serve the newest edition's database with Datasette on this machine (PORT=8001)
	@file="`ls -d _build/html/[0-9]*/data/*.sqlite 2>/dev/null | sort | tail -1`"; \
	[ -n "$$file" ] || { echo "No edition is built yet: run make book first." >&2; exit 1; }; \
	exec $(BIN)/datasette serve --immutable "$$file" --metadata "$${file%/*}/datasette.json" --host 127.0.0.1 --port $(or $(PORT),8001) \
	  --plugins-dir nevbook/export/datasette --setting sql_time_limit_ms 1000 --setting max_csv_mb 20

messages: $(READY) ## write the messages of the book into locale/, for translators
	@$(BIN)/python -m nevbook.build.messages

lint: $(READY_TEST) ## check the code, its format, the layers of its rooms, and the words of the book
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check .
	@$(BIN)/lint-imports --no-cache --no-logo
	@$(BIN)/python -m tests.prose

clean: ## remove what was built; .venv stays
	@rm -rf _build .pytest_cache .ruff_cache .hypothesis
	@find . -name .venv -prune -o -name __pycache__ -type d -prune -exec rm -rf {} +

LOCK = uv pip compile --quiet --universal --generate-hashes --python-version 3.11 --no-header $(if $(UPGRADE),--upgrade)

lock: ## compile the lock files from pyproject.toml with uv (UPGRADE=1: to newer versions)
	@command -v uv >/dev/null || { echo "make lock needs uv: https://docs.astral.sh/uv/getting-started/installation/" >&2; exit 1; }
	$(LOCK) pyproject.toml -o requirements.txt
	$(LOCK) --group test -c requirements.txt -o requirements-test.txt

help: ## list these targets
	@awk -F ':.*## ' '/^[a-z]+:.*## / { printf "make %-8s%s\n", $$1, $$2 }' Makefile

# --- set-up -------------------------------------------------------------------------

# Succeeds for a Python that the lock is made for.
FITS := import sys; sys.exit(not (3, 11) <= sys.version_info[:2] < (3, 15))

CHECK_PYTHON = "$(PYTHON)" -c '$(FITS)' 2>/dev/null || { \
  echo "The book needs Python 3.11, 3.12, 3.13 or 3.14; $(PYTHON) is `"$(PYTHON)" --version 2>/dev/null || echo not there`." >&2; \
  echo "Name another one: PYTHON=python3.12 make book" >&2; exit 1; }

# Runs a command while no other make sets up in this folder; the lock ends with the command.
# On a file system without locks it just runs.
define ALONE
import fcntl, os, sys
place = os.open("Makefile", os.O_RDONLY)
os.set_inheritable(place, True)
try:
    fcntl.flock(place, fcntl.LOCK_EX | fcntl.LOCK_NB)
except BlockingIOError:
    print("Another make is setting up .venv; waiting for it.", flush=True)
    fcntl.flock(place, fcntl.LOCK_EX)
except OSError:
    pass
os.execvp(sys.argv[1], sys.argv[1:])
endef
export ALONE
export HERE := $(CURDIR)

# A canned pip call. An error of pip itself leaves the environment as it was.
install = trap 'exit 130' INT TERM; $(PIP) install $(1) || { code=$$?; [ $$code -gt 128 ] || rm -f $(UNFINISHED); exit $$code; }

ifneq ($(shell cat $(READY) 2>/dev/null),$(CURDIR))
.PHONY: $(READY)
endif

$(READY): requirements.txt pyproject.toml
ifndef SET_UP_LOCKED
	@python=$(BIN)/python; $$python -c '' 2>/dev/null || { $(CHECK_PYTHON); python="$(PYTHON)"; }; \
	"$$python" -c "$$ALONE" $(MAKE) -s --no-print-directory SET_UP_LOCKED=1 $@
else
	@if [ -e $(UNFINISHED) ] || { [ -e $(READY) ] && [ "`cat $(READY)`" != "$$HERE" ]; } \
	  || ! { $(BIN)/python -c '$(FITS)' && $(PIP) --version; } >/dev/null 2>&1; then \
	  $(CHECK_PYTHON); echo "Making $(VENV) with $(PYTHON)"; \
	  rm -rf $(VENV) && mkdir $(VENV) && touch $(UNFINISHED) && "$(PYTHON)" -m venv $(VENV); \
	fi
	@rm -f $(READY); printf '%s\n' "$$HERE" >$(UNFINISHED)
	@echo "Installing requirements.txt into $(VENV)"
	@$(call install,--require-hashes -r requirements.txt)
	@$(call install,--no-deps --no-build-isolation -e .)
	@mv $(UNFINISHED) $(READY)
endif

$(READY_TEST): requirements-test.txt $(READY)
ifndef SET_UP_LOCKED
	@$(BIN)/python -c "$$ALONE" $(MAKE) -s --no-print-directory SET_UP_LOCKED=1 $@
else
	@rm -f $@; printf '%s\n' "$$HERE" >$(UNFINISHED)
	@echo "Installing requirements-test.txt into $(VENV)"
	@$(call install,--require-hashes -r requirements-test.txt)
	@mv $(UNFINISHED) $@
endif

# --- the browser of the tests -------------------------------------------------------

# Tests read CHROME_PATH: as it was given, or the first browser on PATH.
FIND_BROWSER = for one in "$$CHROME_PATH" $(BROWSERS); do command -v "$$one" && break; done
WITH_BROWSER = CHROME_PATH="`$(FIND_BROWSER)`"

browser:
	@[ -n "`$(FIND_BROWSER)`" ] || { \
	  command -v apt-get >/dev/null && [ "`id -u`" = 0 ] && echo "Installing Chromium for the browser tests" \
	  && apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends chromium; \
	} </dev/null || echo "No Chromium here for the browser tests: install chromium or google-chrome, or set CHROME_PATH." >&2
	@fc-match Arial 2>/dev/null | grep -Eq 'Arial|Liberation|Arimo' || { \
	  command -v apt-get >/dev/null && [ "`id -u`" = 0 ] && echo "Installing a font as wide as Arial for the browser tests" \
	  && apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends fontconfig fonts-liberation; \
	} </dev/null || echo "No font as wide as Arial here: labels may seem cut in the browser tests; install fonts-liberation." >&2

# The W3C's HTML checker runs on Java.
java:
	@command -v java >/dev/null || { \
	  command -v apt-get >/dev/null && [ "`id -u`" = 0 ] && echo "Installing Java for the HTML checker" \
	  && apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends default-jre-headless; \
	} </dev/null || echo "No Java here for the HTML checker: install default-jre-headless, or another Java of 11 or later." >&2
