"""Faulty networks: each ends in its own message within its time limit, and never in another exception."""

import asyncio
import contextlib
import gzip
import json
import shutil
import socket
import ssl
import subprocess
import time
import traceback
from contextlib import aclosing
from pathlib import Path

import pytest

from tests.clocks import FrozenClock
from tests.facebook.stub import Reply, ok, serve
from tests.facebook.talking import APP, TOKEN, Pauses
from tui.facebook.client import GraphClient
from tui.facebook.errors import BodyKind, FacebookError, Fault
from tui.facebook.models import Endpoints
from tui.facebook.transport import LARGEST_BODY


def client_of(url: str, timeout: float = 0.5) -> "aclosing[GraphClient]":
    return aclosing(GraphClient(Endpoints(url), "v26.0", FrozenClock(0), timeout=timeout, sleep=Pauses()))


async def failure(url: str, timeout: float = 0.5) -> FacebookError:
    async with client_of(url, timeout) as client:
        with pytest.raises(FacebookError) as caught:
            await client.inspect(APP, TOKEN)
    shown = "".join(traceback.format_exception(caught.value))
    assert TOKEN.reveal() not in shown
    assert APP.secret.reveal() not in shown
    chain: BaseException | None = caught.value
    while chain is not None:
        assert not type(chain).__module__.startswith(("httpx", "httpcore")), "it holds the address"
        chain = chain.__context__
    return caught.value


async def test_a_refused_connection_names_the_host_and_what_to_check() -> None:
    with socket.socket() as held:
        held.bind(("127.0.0.1", 0))  # bound, not listening: refused
        port = held.getsockname()[1]
        error = await failure(f"http://127.0.0.1:{port}")
    assert (error.cause, error.fault) == ("unreachable", Fault.CONNECTION_REFUSED)
    assert error.host == f"127.0.0.1:{port}"
    assert not error.sent


async def test_an_unresolved_name_is_reported(monkeypatch: pytest.MonkeyPatch) -> None:
    async def unknown(*_: object, **__: object) -> None:
        raise socket.gaierror(socket.EAI_NONAME, "Name or service not known")

    monkeypatch.setattr(asyncio.get_running_loop(), "getaddrinfo", unknown)
    error = await failure("https://graph.nowhere.invalid")
    assert (error.cause, error.fault) == ("unreachable", Fault.NAME_UNKNOWN)
    assert error.host == "graph.nowhere.invalid"


@pytest.mark.parametrize(
    "reply",
    [Reply(raw=b"", stall=True), Reply(raw=b"HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\n{", stall=True)],
)
async def test_a_stalled_answer_ends_in_time(reply: Reply) -> None:
    async with serve(reply) as stub:
        began = time.monotonic()
        error = await failure(stub.url, 0.3)
    assert error.cause == "timeout"
    assert time.monotonic() - began < 3


async def test_a_dribbled_answer_ends_in_time() -> None:
    async with serve(Reply(body=b" " * 5_000, dribble=True)) as stub:
        began = time.monotonic()
        error = await failure(stub.url, 0.3)
    assert error.cause == "timeout"
    assert time.monotonic() - began < 3


@pytest.mark.parametrize(
    "raw",
    [
        b"",
        b"HTTP/1.1 200 OK\r\n",
        b"HTTP/1.1 200 OK\r\nContent-Length: 50\r\n\r\n{",
        b"SSH-2.0-OpenSSH_9.2\r\n",
        b"\0" * 100,
    ],
)
async def test_a_connection_that_breaks_or_is_no_http_is_unreachable(raw: bytes) -> None:
    async with serve(Reply(raw=raw, reset=True)) as stub:
        error = await failure(stub.url)
    assert error.cause == "unreachable"
    assert "127.0.0.1" in error.host


@pytest.mark.parametrize(
    ("reply", "fault", "detail"),
    [
        (
            Reply(200, b"<html><body>Sign in to the hotel's Wi-Fi", {"Content-Type": "text/html"}),
            Fault.PORTAL,
            BodyKind.HTML,
        ),
        (Reply(511, b"Log in"), Fault.PORTAL, "application/json"),
        (Reply(200, b'{"status":"up","items":[]}'), Fault.FOREIGN_JSON, BodyKind.OTHER_JSON),
        (Reply(200, b'{"error":"unknown path"}'), Fault.FOREIGN_JSON, BodyKind.OTHER_JSON),
        (Reply(404, b'{"detail":"Not Found"}'), Fault.FOREIGN_JSON, BodyKind.OTHER_JSON),
        (Reply(403, b'{"error":{"reason":"denied"}}'), Fault.FOREIGN_JSON, BodyKind.OTHER_JSON),
        (Reply(200, b'{"status":"up"}', {"x-fb-rev": "1"}), Fault.INCOMPLETE, "data"),
        (Reply(404, b'{"detail":"x"}', {"facebook-api-version": "v26.0"}), Fault.NOT_JSON, BodyKind.OTHER_JSON),
        (Reply(200, b""), Fault.NOT_JSON, BodyKind.EMPTY),
        (Reply(200, b'{"data":{"app_id":"1'), Fault.NOT_JSON, BodyKind.OTHER_JSON),
        (Reply(200, b"[" * 100_000), Fault.NOT_JSON, BodyKind.OTHER_JSON),
        (Reply(200, b"[1,2]"), Fault.NOT_JSON, BodyKind.OTHER_JSON),
        (Reply(200, b"\x89PNG\r\n", {"Content-Type": "image/png"}), Fault.NOT_JSON, "image/png"),
        (Reply(403, b"<html>Forbidden"), Fault.PORTAL, BodyKind.HTML),
        (Reply(200, b'{"data":[]}'), Fault.INCOMPLETE, "data"),
        (Reply(200, b'{"data":{"is_valid":true,"expires_at":[]}}'), Fault.INCOMPLETE, "expires_at"),
        (Reply(200, b'{"data":{"is_valid":true,"expires_at":1e999}}'), Fault.INCOMPLETE, "expires_at"),
        (Reply(200, b'{"data":{"is_valid":true,"expires_at":-5}}'), Fault.INCOMPLETE, "expires_at"),
        (Reply(200, b'{"data":{"is_valid":[]}}'), Fault.INCOMPLETE, "is_valid"),
        (Reply(200, b"\x1f\x8b broken", {"Content-Encoding": "gzip"}), Fault.NOT_UNPACKED, ""),
    ],
)
async def test_an_unusable_answer_is_described(reply: Reply, fault: Fault, detail: str) -> None:
    async with serve(reply) as stub:
        error = await failure(stub.url)
    assert (error.cause, error.fault, error.detail) == ("unreadable", fault, detail)


async def test_an_answer_without_an_end_is_cut_off() -> None:
    packed = gzip.compress(b" " * (LARGEST_BODY + 10))
    for reply in (Reply(body=b" " * (LARGEST_BODY + 10)), Reply(body=packed, headers={"Content-Encoding": "gzip"})):
        async with serve(reply) as stub:
            error = await failure(stub.url, 5)
        assert (error.cause, error.fault) == ("unreadable", Fault.TOO_LARGE)


async def test_a_compressed_answer_is_read() -> None:
    body = gzip.compress(json.dumps({"id": "1", "name": "N"}).encode())
    async with serve(Reply(body=body, headers={"Content-Encoding": "gzip"})) as stub, client_of(stub.url) as client:
        assert await client.me(APP, TOKEN) == "N"


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
async def test_a_redirect_is_never_followed(status: int) -> None:
    async with serve(ok({"data": {"is_valid": True}})) as elsewhere:
        location = {"Location": f"{elsewhere.url}/x?access_token={TOKEN.reveal()}"}
        async with serve(Reply(status, b"", location)) as stub:
            error = await failure(stub.url)
    assert (error.cause, error.fault) == ("redirected", Fault.REDIRECT)
    assert error.detail == elsewhere.url.removeprefix("http://")
    assert elsewhere.requests == []


@pytest.fixture(scope="module")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> Path:
    if shutil.which("openssl") is None:
        pytest.skip("needs the openssl command to make a certificate")
    folder = tmp_path_factory.mktemp("tls")
    made = folder / "both.pem"
    wanted = "req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -days 2 -subj /CN=127.0.0.1"
    named = ["-addext", "subjectAltName=IP:127.0.0.1"]
    files = ["-keyout", str(folder / "key.pem"), "-out", str(folder / "cert.pem")]
    subprocess.run(["openssl", *wanted.split(), *named, *files], check=True, capture_output=True)
    made.write_text((folder / "cert.pem").read_text() + (folder / "key.pem").read_text())
    return made


async def test_an_unknown_certificate_is_refused_and_nothing_is_sent(certificate: Path) -> None:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate)
    async with serve(ok({}), tls=context) as stub:
        error = await failure(stub.url, 5)
    assert (error.cause, error.fault) == ("tls", Fault.CERTIFICATE)
    assert stub.requests == []


async def test_ssl_cert_file_names_another_certificate_authority(
    certificate: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate)
    monkeypatch.setenv("SSL_CERT_FILE", str(certificate))
    async with serve(ok({"id": "1", "name": "N"}), tls=context) as stub, client_of(stub.url, 5) as client:
        assert await client.me(APP, TOKEN) == "N"


async def test_a_canceled_call_leaves_no_connection_behind() -> None:
    async with serve(Reply(raw=b"", stall=True)) as stub, client_of(stub.url, 30) as client:
        task = asyncio.create_task(client.me(APP, TOKEN))
        while not stub.requests:
            await asyncio.sleep(0.01)
        task.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await task
        assert task.cancelled()


def test_a_host_named_by_an_answer_is_harmless() -> None:
    error = FacebookError(fault=Fault.NEXT_PAGE_ELSEWHERE, host="user:word@ev\x1bcil.com")
    assert "\x1b" not in error.message + error.host
    assert "word" not in error.message + error.host
