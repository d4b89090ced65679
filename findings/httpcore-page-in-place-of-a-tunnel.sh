#!/usr/bin/env bash
# httpx 0.28.1 with httpcore 1.0.9, Python 3.11: the same answer to CONNECT is one of three errors, by how it is sent.
#
# Input: the address of a web server as HTTPS_PROXY. Like many login pages it answers every method, so CONNECT too, with
# `200 OK` and a page. Seen, for the very same bytes:
#     head and page in one piece, then closed         ConnectError: EOF occurred in violation of protocol
#     head and page in one piece, then it waits       ConnectTimeout: the handshake operation timed out
#     head alone, then the page                       ConnectError: wrong version number
# Bytes that come in one read with the head are dropped in front of the TLS handshake; those that come later are what
# the handshake reads. The status is 200, so there is no ProxyError, and the error names neither the page nor the proxy:
# "timed out" sends people to look at the network, and "wrong version number" at the far host's TLS.
# What helps: note the headers of the answer to CONNECT by the `trace` extension: a tunnel has no Content-Type. The
# script shows that they are there.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install -q --disable-pip-version-check httpx==0.28.1 httpcore==1.0.9 h11==0.16.0
"$folder/venv/bin/python" - <<'PYTHON'
import socket
import threading
from collections.abc import Callable

import httpx

PAGE = b"<html><h1>Please log in</h1></html>"
HEAD = b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Length: %d\r\n\r\n" % len(PAGE)


def together_then_closed(connection: socket.socket) -> None:
    connection.recv(4096)
    connection.sendall(HEAD + PAGE)
    connection.shutdown(socket.SHUT_WR)
    connection.recv(4096)


def together_then_waiting(connection: socket.socket) -> None:
    connection.recv(4096)
    connection.sendall(HEAD + PAGE)
    while connection.recv(4096):
        pass


def apart(connection: socket.socket) -> None:
    connection.recv(4096)
    connection.sendall(HEAD)
    connection.recv(4096)  # the handshake has begun
    connection.sendall(PAGE)


def seen_with(talk: Callable[[socket.socket], None], seconds: float) -> str:
    heads = []

    def serve() -> None:
        connection, _ = listener.accept()
        with connection:
            talk(connection)

    def note(event: str, info: dict) -> None:
        if event == "http11.receive_response_headers.complete":
            heads.append(dict(info["return_value"][3]))

    with socket.create_server(("127.0.0.1", 0)) as listener:
        threading.Thread(target=serve, daemon=True).start()
        proxy = f"http://127.0.0.1:{listener.getsockname()[1]}"
        timeout = httpx.Timeout(30, connect=seconds)
        with httpx.Client(proxy=proxy, trust_env=False, timeout=timeout) as client:
            try:
                client.get("https://host.invalid/", extensions={"trace": note})
            except httpx.TransportError as error:
                print(f"{talk.__name__:<24}{error!r}")
                assert [head[b"Content-Type"] for head in heads] == [b"text/html"]
                return f"{type(error).__name__}: {error}".lower()
    raise AssertionError("the call was answered")


assert "connecterror" in (closed := seen_with(together_then_closed, 30)) and "eof occurred" in closed
assert "connecttimeout" in (waiting := seen_with(together_then_waiting, 0.5)) and "timed out" in waiting
assert "connecterror" in (later := seen_with(apart, 30)) and "wrong version number" in later
PYTHON
echo "as described"
