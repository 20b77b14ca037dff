# PYTHON=/path/to/python3.12 picks the interpreter; otherwise the first of these that is 3.11 or newer.
PYTHONS = $(if $(PYTHON),"$(PYTHON)",python3 python3.14 python3.13 python3.12 python3.11)

# The shell becomes the interpreter (exec): a signal sent to make's child reaches the one that has to act on it.
define bootstrap
	@for python in $(PYTHONS); do \
	  if "$$python" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; then \
	    exec "$$python" wevion/stack/bootstrap.py $(1); \
	  fi; \
	done; \
	echo "Python 3.11 or newer is needed, and not found as: "$(PYTHONS)"; set PYTHON to its path." >&2; exit 1
endef

.PHONY: help run test lint bench fuzz chaos soak

help:
	@echo 'make run    everything, at http://127.0.0.1:8000 (PORT=8001 for another); Ctrl-C stops it'
	@echo 'make test   lint, types, import contracts, migrations and all tests; ARGS="-k name" picks tests'
	@echo 'make lint   the quick part of it: lint, types, import contracts'
	@echo 'make bench  the figures of docs/benchmarks.md, measured here; ARGS="--rows 1,2" or ARGS=--quick for a part'
	@echo 'make fuzz   Schemathesis against the API for ten minutes; ARGS="--minutes 60"'
	@echo 'make chaos  1,000 jobs while everything is killed and restarted; ARGS="--jobs 100 --kills 5 --seed 7" for another run'
	@echo 'make soak   half an hour of calm work: does anything grow? ARGS="--minutes 10 --per-minute 60"'

run:
	$(call bootstrap,run)

test:
	$(call bootstrap,test $(ARGS))

lint:
	$(call bootstrap,lint)

bench:
	$(call bootstrap,bench $(ARGS))

chaos:
	$(call bootstrap,chaos $(ARGS))

fuzz:
	$(call bootstrap,fuzz $(ARGS))

soak:
	$(call bootstrap,soak $(ARGS))
