# Two commands do everything on a fresh machine: `make demo` and `make test`.
PYTHON ?= python3
UV := .venv/bin/uv

.PHONY: install demo test lint bench bench-log soak clean
install: .venv/.installed

.venv/.installed: pyproject.toml uv.lock
	@test -x $(UV) || { $(PYTHON) -m venv .venv && .venv/bin/python -m pip install --quiet uv; }
	@UV_PROJECT_ENVIRONMENT=.venv $(UV) sync --frozen --all-extras --quiet --inexact
	@touch $@

demo: install
	.venv/bin/ringfence demo --report demo-report

lint: install
	.venv/bin/ruff check .
	.venv/bin/mypy
	.venv/bin/lint-imports

test: install lint
	.venv/bin/python -m pytest

bench: install
	.venv/bin/python -m benchmarks

# The log: rates at a million entries, and ten thousand single changes of which none may be missed.
bench-log: install
	.venv/bin/python benchmarks/log_rates.py
	.venv/bin/python benchmarks/log_mutations.py

# Long runs that the tests keep small.
soak: install
	.venv/bin/python benchmarks/soak_screen.py

clean:
	rm -rf .venv demo-report
