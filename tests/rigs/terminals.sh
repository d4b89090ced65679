#!/bin/bash
# terminals.sh [WORD...]: igauth in real terminals, with real clipboards; see terminals.py for the words. No root.
# IGAUTH: the program (default: the one of this source's .venv). PYTHON: one that has the tests' packages (default: as above).
# JUPYTER: JupyterLab's program, with notebook 7 (default: installed from PyPI into RIGS once). AT_ONCE: rows at the same time.
# NEWER_TMUX: another tmux than the system's, for the line newer-tmux (without it the line is left out).
set -euo pipefail
SOURCE=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)
RIGS=${RIGS:-/var/tmp/igauth-rigs}
IGAUTH=$(realpath -s "${IGAUTH:-$SOURCE/.venv/bin/igauth}")
PYTHON=$(realpath -s "${PYTHON:-$SOURCE/.venv/bin/python}")
JUPYTER=${JUPYTER:-$RIGS/terminals/bin/jupyter}

for program in Xvfb openbox xdotool xclip import compare; do
    command -v "$program" >/dev/null || { echo "$program is not installed (Debian: xvfb openbox xdotool xclip imagemagick)" >&2; exit 1; }
done
if [ ! -x "$JUPYTER" ] && [ "$JUPYTER" = "$RIGS/terminals/bin/jupyter" ]; then
    mkdir -p "$RIGS"
    python3 -m venv --clear "$RIGS/terminals"
    "$RIGS/terminals/bin/pip" install -q --disable-pip-version-check notebook >"$RIGS/terminals.pip.log" 2>&1 \
        || echo "JupyterLab cannot be installed, see $RIGS/terminals.pip.log: left out" >&2
fi
export JUPYTER
cd "$SOURCE"
exec "$PYTHON" -m tests.rigs.terminals "$IGAUTH" "$@"
