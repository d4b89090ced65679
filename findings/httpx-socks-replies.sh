#!/usr/bin/env bash
# httpx 0.28.1 with httpcore 1.0.9 and socksio 1.0.0, Python 3.11: httpx.HTTPError is not all that a SOCKS proxy does.
#
# Every reply of a SOCKS proxy is taken from one read of the socket, and what socksio says of it is passed on as it is.
# Input: a call through `socks5://127.0.0.1:PORT`, where at the port answers. Seen:
#     a SOCKS server, each reply in one piece            the answer, status 200
#     the same, but its first reply of two bytes          socksio.ProtocolError: Malformed reply, after the first byte;
#     comes byte by byte, as TCP allows                   the connection is closed before the second is there
#     an HTTP proxy, whose port was entered by mistake    socksio.ProtocolError: Malformed reply
#     nobody any more: it closes                          socksio.ProtocolError: Malformed reply
# socksio.ProtocolError is no HTTPError, no OSError and no ValueError, and does not name the proxy. So a program that
# handles every error httpx documents ends with a traceback on a mistyped port.
# What helps: where a SOCKS proxy can be set, catch socksio.ProtocolError too. To have no need for the name of a package
# that may not be installed: catch Exception while the `trace` extension says that `setup_socks5_connection` has begun.
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
import socksio

ANSWER = b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"
closed_early: list[bool] = []


def whole(connection: socket.socket) -> None:
    connection.recv(4096)
    connection.sendall(b"\x05\x00")
    connection.recv(4096)
    connection.sendall(b"\x05\x00\x00\x01" + bytes(6))
    connection.recv(4096)
    connection.sendall(ANSWER)


def byte_by_byte(connection: socket.socket) -> None:
    connection.recv(4096)
    connection.sendall(b"\x05")
    connection.settimeout(30)
    closed_early.append(connection.recv(1) == b"")  # the second byte would follow here


def http_proxy(connection: socket.socket) -> None:
    connection.recv(4096)
    connection.sendall(b"HTTP/1.1 400 Bad Request\r\nContent-Length: 0\r\n\r\n")


def nobody(connection: socket.socket) -> None:
    connection.recv(4096)


def seen_with(talk: Callable[[socket.socket], None]) -> str:
    def serve() -> None:
        connection, _ = listener.accept()
        with connection:
            talk(connection)

    with socket.create_server(("127.0.0.1", 0)) as listener:
        server = threading.Thread(target=serve)
        server.start()
        try:
            proxy = f"socks5://127.0.0.1:{listener.getsockname()[1]}"
            return str(httpx.get("http://host.invalid/", proxy=proxy, trust_env=False, timeout=30).status_code)
        except socksio.ProtocolError as error:
            assert not isinstance(error, (httpx.HTTPError, OSError, ValueError))
            return f"{type(error).__name__}: {error}"
        finally:
            server.join()


seen = [seen_with(talk) for talk in (whole, byte_by_byte, http_proxy, nobody)]
print(seen, closed_early)
assert seen == ["200", *["ProtocolError: Malformed reply"] * 3]
assert closed_early == [True]
PYTHON
echo "as described"
