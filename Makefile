# Everything here starts from a bare checkout with Python 3.11 or later, and keeps to .venv and the
# user's caches. See CONTRIBUTING.md.

PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
READY := $(VENV)/.ready

.PHONY: demo test quick check format bench predict fuzz qemu wine clean

demo: $(READY) qemu ## build examples/notes for two CPUs, and prove both
	$(BIN)/staticgo build examples/notes --target linux/amd64 --target linux/arm64 --verify -- version

test: $(READY) qemu wine ## all tests, those that build real programs included
	$(BIN)/python -m pytest

quick: $(READY) ## the tests that need no minutes
	$(BIN)/python -m pytest -m "not slow"

check: $(READY) ## types, lint, format
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy

format: $(READY)
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

bench: $(READY) ## against peers; takes some minutes
	$(BIN)/python -m bench.build
	$(BIN)/python -m bench.startup
	$(BIN)/python -m bench.inspect
	$(BIN)/python -m bench.explain

predict: $(READY) ## predictions against what go build does; takes more than an hour
	$(BIN)/python -m bench.predict

MINUTES ?= 1
fuzz: $(READY) ## damaged binaries and archives, all readers: make fuzz MINUTES=10 SEED=7
	$(BIN)/python -m tools.fuzz --minutes $(MINUTES) $(if $(SEED),--seed $(SEED))

$(READY): pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit("staticgo needs Python 3.11 or later; this is %d.%d. Try: make PYTHON=python3.12" % sys.version_info[:2] if sys.version_info < (3, 11) else 0)'
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --editable '.[toolchain,dev]'
	@touch $@

# Starting a binary for another CPU takes an emulator; without one that proof is skipped, and says so.
qemu:
	@if ! command -v qemu-aarch64-static >/dev/null 2>&1; then \
	  if [ "$$(id -u)" = 0 ] && command -v apt-get >/dev/null 2>&1; then \
	    apt-get install -qq -y qemu-user-static >/dev/null 2>&1 || \
	    { apt-get update -qq && apt-get install -qq -y qemu-user-static >/dev/null; } ; \
	  else \
	    echo "qemu-user-static is not installed: binaries for other CPUs cannot be started here"; \
	  fi; \
	fi

# Windows programs are started under wine (some 100 MB); without it that proof is skipped, and says so.
wine:
	@if ! command -v wine >/dev/null 2>&1; then \
	  if [ "$$(id -u)" = 0 ] && [ "$$(uname -m)" = x86_64 ] && command -v apt-get >/dev/null 2>&1; then \
	    apt-get install -qq -y --no-install-recommends wine wine64 >/dev/null 2>&1 || \
	    { apt-get update -qq && apt-get install -qq -y --no-install-recommends wine wine64 >/dev/null; } || \
	    echo "wine cannot be installed: Windows programs cannot be started here"; \
	  else \
	    echo "wine is not installed: Windows programs cannot be started here"; \
	  fi; \
	fi

clean:
	rm -rf $(VENV) build dist *.egg-info src/*.egg-info
