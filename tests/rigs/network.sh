#!/bin/bash
# network.sh [WORD...]: the installed igauth in every situation of networks, proxies, keyrings, clocks, homes and files.
# With words: only the situations whose name has one of them. IGAUTH: the program (default: this source, installed).
set -euo pipefail
SOURCE=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)
RIGS=${RIGS:-/var/tmp/igauth-rigs}

for package in squid microsocks dante-server tinyproxy mitmproxy tmux dbus gnome-keyring; do
    dpkg-query -W "$package" >/dev/null 2>&1 || echo "Not installed, so some situations are skipped: $package"
done
if [ -z "${IGAUTH:-}" ]; then
    mkdir -p "$RIGS"
    python3 -m venv --clear "$RIGS/network"
    "$RIGS/network/bin/python" -m pip install "$SOURCE" >"$RIGS/network.pip.log" 2>&1 \
        || { echo "igauth cannot be installed, see $RIGS/network.pip.log" >&2; exit 1; }
    IGAUTH=$RIGS/network/bin/igauth
fi
cd "$SOURCE"
exec "$(dirname "$IGAUTH")/python" -P -c 'import sys
sys.path.append(".")  # the tests are of this folder, igauth is what is installed
from tests.rigs.network import main
sys.exit(main(*sys.argv[1:]))' "$IGAUTH" "$@"
