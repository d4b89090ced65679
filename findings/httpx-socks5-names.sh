#!/usr/bin/env bash
# httpx 0.28.1 with httpcore 1.0.9, Python 3.11: `socks5://` and `socks5h://` are the same; both send the name.
#
# The `h` is there to tell two things apart: with socks5:// the name of the host is looked up on this machine and the
# proxy is sent an address; with socks5h:// the proxy is sent the name. requests 2.34.2 (with PySocks 1.7.1) does that.
# Input: a call to http://localhost/ through a SOCKS server that notes what it is asked for. Seen:
#                   requests         httpx
#     socks5://     an address       the name
#     socks5h://    the name         the name
# `localhost` is a good name for that: to requests it is this machine, to httpx it is the proxy's. So one address of a
# proxy means two hosts in two programs, and with httpx nothing that only this machine knows (a line of /etc/hosts, say)
# counts. Nothing tells.
# What helps: call an address where the proxy does not know the name; and do not conclude from requests, which reaches a
# host through socks5://, that httpx does.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install -q --disable-pip-version-check \
    httpx==0.28.1 httpcore==1.0.9 socksio==1.0.0 requests==2.34.2 PySocks==1.7.1
"$folder/venv/bin/python" - <<'PYTHON'
import socket
import threading

import httpx
import requests

KINDS = {1: "an address", 3: "the name", 4: "an address"}
ANSWER = b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"
asked: list[str] = []
listener = socket.create_server(("127.0.0.1", 0))


def serve() -> None:
    while True:
        connection, _ = listener.accept()
        with connection:
            connection.recv(4096)
            connection.sendall(b"\x05\x00")  # no login
            request = connection.recv(4096)  # version, command, reserved, kind of address, ...
            asked.append(KINDS[request[3]])
            connection.sendall(b"\x05\x00\x00\x01" + bytes(6))
            connection.recv(4096)
            connection.sendall(ANSWER)


def by_httpx(proxy: str) -> None:
    assert httpx.get("http://localhost/", proxy=proxy, trust_env=False, timeout=30).status_code == 200


def by_requests(proxy: str) -> None:
    session = requests.Session()
    session.trust_env = False
    assert session.get("http://localhost/", proxies={"http": proxy}, timeout=30).status_code == 200


threading.Thread(target=serve, daemon=True).start()
for call in (by_requests, by_httpx):
    for scheme in ("socks5", "socks5h"):
        call(f"{scheme}://127.0.0.1:{listener.getsockname()[1]}")
        print(f"{call.__name__:<12}{scheme:<8} {asked[-1]}")
assert asked == ["an address", "the name", "the name", "the name"]
PYTHON
echo "as described"
