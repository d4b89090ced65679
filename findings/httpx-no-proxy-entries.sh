#!/usr/bin/env bash
# httpx 0.28.1, Python 3.11: four usual ways to write an entry of NO_PROXY do something else than they say.
#
# Input: HTTPS_PROXY names a proxy, NO_PROXY has one entry. Seen, where a call to the URL connects to:
#     example.com         https://api.example.com        the host, as meant
#     *.example.com       https://api.example.com        the proxy; nothing ever matches this entry
#     example.com:8443    https://example.com:8443       the host, as meant
#     example.com:443     https://example.com            the proxy; so for https://example.com:443 too
#     10.0.0.0/8          https://10.1.2.3               the proxy
#     10.0.0.0/8          https://10.0.0.0               the host: the range exempts the one address in front of its /
#     fd00::1             https://[fd00::1]              the host, as meant
#     fd00::/8            https://example.com            InvalidURL, as for every other URL
#     [fd00::1]           https://example.com            InvalidURL, as for every other URL
# The port 443 never matches because the URL that is called loses its default port, and the entry keeps it. InvalidURL
# is raised while the client is made, is no httpx.HTTPError, and names neither NO_PROXY nor the entry. Of the other
# entries nothing is said at all: a call that was to stay in the house leaves through the proxy.
# What helps: write names as .example.com or example.com without 443, single addresses, and IPv6 without brackets; in a
# program, look at NO_PROXY before the client is made, and name the entry.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install -q --disable-pip-version-check httpx==0.28.1
"$folder/venv/bin/python" - <<'PYTHON'
import os

import httpx

for name in [name for name in os.environ if name.lower().endswith("_proxy")]:
    del os.environ[name]
os.environ["HTTPS_PROXY"] = "http://proxy.invalid:3128"


class Connecting(Exception):
    """Ends a call in front of its connection, so that nothing leaves this machine."""


def stop(event: str, info: dict) -> None:
    if event == "connection.connect_tcp.started":
        raise Connecting(info["host"])


def way(entry: str, url: str) -> str:
    os.environ["NO_PROXY"] = entry
    try:
        with httpx.Client() as client:
            client.get(url, extensions={"trace": stop})
    except Connecting as connecting:
        return "proxy" if str(connecting) == "proxy.invalid" else "host"
    except httpx.InvalidURL as error:
        assert not isinstance(error, httpx.HTTPError) and "NO_PROXY" not in str(error) and entry not in str(error)
        return f"InvalidURL: {error}"
    raise AssertionError("the call was made")


SEEN = [
    ("example.com", "https://api.example.com", "host"),
    ("*.example.com", "https://api.example.com", "proxy"),
    ("example.com:8443", "https://example.com:8443", "host"),
    ("example.com:443", "https://example.com", "proxy"),
    ("example.com:443", "https://example.com:443", "proxy"),
    ("10.0.0.0/8", "https://10.1.2.3", "proxy"),
    ("10.0.0.0/8", "https://10.0.0.0", "host"),
    ("fd00::1", "https://[fd00::1]", "host"),
    ("fd00::/8", "https://example.com", "InvalidURL"),
    ("[fd00::1]", "https://example.com", "InvalidURL"),
]
for entry, url, expected in SEEN:
    found = way(entry, url)
    print(f"{entry:<18}{url:<28}{found}")
    assert found.partition(":")[0] == expected
PYTHON
echo "as described"
