#!/bin/bash
# browser.sh [IGAUTH]: the demo behind the real textual-serve, used through its websocket as its page does.
# IGAUTH: the program (default: the one of this source's .venv). Needs PyPI for textual-serve; no root.
set -euo pipefail
SOURCE=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)
RIGS=${RIGS:-/var/tmp/igauth-rigs}
IGAUTH=${1:-$SOURCE/.venv/bin/igauth}
PYTHON=$RIGS/browser/bin/python

if [ ! -x "$PYTHON" ]; then
    mkdir -p "$RIGS"
    python3 -m venv --clear "$RIGS/browser"
    "$PYTHON" -m pip install -q --disable-pip-version-check textual-serve pyte >"$RIGS/browser.pip.log" 2>&1 \
        || { rm -r "$RIGS/browser"; echo "textual-serve cannot be installed, see $RIGS/browser.pip.log" >&2; exit 1; }
fi
exec "$PYTHON" "$SOURCE/tests/rigs/browser.py" "$IGAUTH"
