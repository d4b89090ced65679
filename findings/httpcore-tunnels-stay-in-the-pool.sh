#!/usr/bin/env bash
# httpx 0.28.1 with httpcore 1.0.9, Python 3.11: a tunnel in which TLS failed counts as an open connection for ever.
#
# Input: a client with max_connections=2 and an HTTP proxy that opens each tunnel and closes it at once, as one does
# whose far end is away. Seen, call by call:
#     1. and 2.  https://a.invalid    ConnectError at once, as it should be
#     3.         https://a.invalid    PoolTimeout with empty text; the proxy is not asked at all
#     4.         https://b.invalid    PoolTimeout, though no call to this host has failed
#     5.         http://c.invalid     PoolTimeout, though it needs no tunnel and this proxy would answer it with 204
# Where the proxy answers CONNECT with 502 instead, or the tunnel is that of a SOCKS proxy, nothing is counted: each of
# five calls reaches the proxy. The places are not given back while the client is open; as there are 100 of them by
# default, it shows only in a program that runs for long, as an error that names no host and no reason.
# What helps: max_connections=None with a limit of one's own on calls at once, or a new client after such an error.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install -q --disable-pip-version-check httpx==0.28.1 httpcore==1.0.9 socksio==1.0.0
"$folder/venv/bin/python" - <<'PYTHON'
import socket
import threading
from collections.abc import Callable

import httpx

URLS = ["https://a.invalid", "https://a.invalid", "https://a.invalid", "https://b.invalid", "http://c.invalid"]


def opens_and_closes(connection: socket.socket) -> None:
    if connection.recv(4096).startswith(b"CONNECT"):
        connection.sendall(b"HTTP/1.1 200 Connection established\r\n\r\n")
    else:
        connection.sendall(b"HTTP/1.1 204 No Content\r\nConnection: close\r\n\r\n")


def refuses(connection: socket.socket) -> None:
    connection.recv(4096)
    connection.sendall(b"HTTP/1.1 502 Bad Gateway\r\nContent-Length: 0\r\nConnection: close\r\n\r\n")


def socks(connection: socket.socket) -> None:
    connection.recv(4096)
    connection.sendall(b"\x05\x00")
    connection.recv(4096)
    connection.sendall(b"\x05\x00\x00\x01" + bytes(6))


def seen_with(talk: Callable[[socket.socket], None], scheme: str) -> tuple[list[str], int]:
    """Return how each call ended, and how many connections reached the proxy."""
    reached: list[str] = []

    def serve() -> None:
        while True:
            connection, _ = listener.accept()
            with connection:
                reached.append("")
                talk(connection)
                connection.shutdown(socket.SHUT_WR)
                connection.recv(4096)

    def outcome(url: str) -> str:
        try:
            return str(client.get(url).status_code)
        except httpx.HTTPError as error:
            return type(error).__name__

    listener = socket.create_server(("127.0.0.1", 0))
    threading.Thread(target=serve, daemon=True).start()
    with httpx.Client(
        proxy=f"{scheme}://127.0.0.1:{listener.getsockname()[1]}",
        trust_env=False,
        limits=httpx.Limits(max_connections=2),
        timeout=httpx.Timeout(30, pool=0.3),
    ) as client:
        outcomes = [outcome(url) for url in URLS]
    print(talk.__name__, outcomes, len(reached))
    return outcomes, len(reached)


assert seen_with(opens_and_closes, "http") == (["ConnectError", "ConnectError", *["PoolTimeout"] * 3], 2)
assert seen_with(refuses, "http") == ([*["ProxyError"] * 4, "502"], 5)
outcomes, reached = seen_with(socks, "socks5")
assert "PoolTimeout" not in outcomes and reached == 5
PYTHON
echo "as described"
