# Two commands do everything on a fresh machine: `make demo` and `make test`.
PYTHON ?= python3
UV := .venv/bin/uv

.PHONY: install demo test lint schema bench bench-crash bench-log bench-resolvers soak clean
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

# After a change of tables or triggers: the migration from what every room declares.
schema: install
	.venv/bin/python -m ringfence.interfaces.schema

bench: install
	.venv/bin/python -m benchmarks

# A million names on four real resolvers: an hour on a quiet machine, 8 GB of disk, 4 GB of memory.
bench-resolvers: install
	.venv/bin/python -m benchmarks.resolvers --folder bench-resolvers --out resolvers.jsonl

# A thousand kill -9 on each store.
bench-crash: install
	.venv/bin/python benchmarks/crash.py

# The log: rates at a million entries, and ten thousand single changes of which none may be missed.
bench-log: install
	.venv/bin/python benchmarks/log_rates.py
	.venv/bin/python benchmarks/log_mutations.py

# Long runs that the tests keep small, and cases that they have not seen.
soak: install
	HYPOTHESIS_PROFILE=new .venv/bin/python -m pytest $$(grep -rl "^from hypothesis" tests --include="test_*.py")
	.venv/bin/python benchmarks/soak_screen.py

clean:
	rm -rf .venv demo-report bench-resolvers
