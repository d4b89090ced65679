# The usual commands. Each needs only Python 3.11 with its venv module and the package index.
.PHONY: check test demo console console-demo bench

.venv/bin/igauth: pyproject.toml
	python3 -m venv .venv && .venv/bin/pip install --quiet --editable '.[dev]' && touch $@

check: .venv/bin/igauth  ## lint, types, import contracts
	.venv/bin/ruff check .
	.venv/bin/ruff format --check .
	.venv/bin/mypy
	.venv/bin/lint-imports

test: .venv/bin/igauth  ## every test, in parallel; `make test ONLY=tests/tokens` for some
	.venv/bin/pytest -n auto $(ONLY)

demo: .venv/bin/igauth  ## the full-screen view against the embedded sandbox
	.venv/bin/igauth demo

console: .venv/bin/igauth  ## Textual's console; run `make console-demo` in a second terminal
	.venv/bin/pip install --quiet textual-dev
	.venv/bin/textual console

console-demo: .venv/bin/igauth  ## the demo, connected to the console
	TEXTUAL=devtools,debug .venv/bin/python -m tests.console

bench: .venv/bin/igauth  ## every figure of speed and memory beside its floor (20 minutes)
	.venv/bin/python -m tests.bench
