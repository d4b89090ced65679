# The usual commands. Each needs only Python 3.11 with its venv module and the package index.
.PHONY: check test test-locked audit lock demo console console-demo bench

.venv/bin/igauth: pyproject.toml
	python3 -m venv .venv && .venv/bin/pip install --quiet --editable '.[dev]' && touch $@

check: .venv/bin/igauth  ## lint, types, import contracts
	.venv/bin/ruff check .
	.venv/bin/ruff format --check .
	.venv/bin/mypy
	.venv/bin/lint-imports

test: .venv/bin/igauth  ## every test, in parallel; `make test ONLY=tests/tokens` for some
	.venv/bin/pytest -n auto $(ONLY)

test-locked:  ## every test, with the very packages of tests/requirements.txt, each proven by its hash
	python3 -m venv --clear .locked && .locked/bin/pip install --quiet --require-hashes --requirement tests/requirements.txt
	.locked/bin/pip install --quiet --no-deps --editable . && .locked/bin/pytest -n auto $(ONLY)

audit: .audit/bin/pip-audit  ## published advisories about the packages of tests/requirements.txt
	.audit/bin/pip-audit --disable-pip --requirement tests/requirements.txt

lock: .audit/bin/pip-audit  ## tests/requirements.txt again, from pyproject.toml and the package index (Linux)
	.audit/bin/pip-compile --quiet --upgrade --extra dev --generate-hashes --strip-extras --allow-unsafe --no-header \
		--no-emit-index-url --no-emit-trusted-host --no-emit-find-links --output-file tests/requirements.txt pyproject.toml

.audit/bin/pip-audit:
	python3 -m venv .audit && .audit/bin/pip install --quiet pip-audit pip-tools

demo: .venv/bin/igauth  ## the full-screen view against the embedded sandbox
	.venv/bin/igauth demo

console: .venv/bin/igauth  ## Textual's console; run `make console-demo` in a second terminal
	.venv/bin/pip install --quiet textual-dev
	.venv/bin/textual console

console-demo: .venv/bin/igauth  ## the demo, connected to the console
	TEXTUAL=devtools,debug .venv/bin/python -m tests.console

bench: .venv/bin/igauth  ## every figure of speed and memory beside its floor (20 minutes)
	.venv/bin/python -m tests.bench
