"""The Matillion client over real HTTP: answers, and every kind of failure."""

import asyncio
import shutil
import socket
import ssl
import subprocess
import time
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from tests.conftest import MakeSandbox
from tui.matillion.client import MatillionClient
from tui.matillion.errors import Failure, MatillionError, Problem
from tui.matillion.trust import fingerprint_of, normal_fingerprint, presented_certificate
from tui.network.failures import Journey, NetworkFault
from tui.redact import Secret
from tui.sandbox import RunningSandbox
from tui.settings import MatillionTarget

PASSWORD = "a-password-to-keep-secret"
Certificate = tuple[Path, Path, str]


def client_of(
    sandbox: RunningSandbox, *, base_url: str = "", ca_file: str = "", fingerprint: str = "", timeout: float = 30.0
) -> MatillionClient:
    world = sandbox.world
    target = MatillionTarget(
        base_url or sandbox.matillion_url, user=world.matillion_user, ca_file=ca_file, fingerprint=fingerprint
    )
    return MatillionClient(target, Secret(world.matillion_password), timeout=timeout)


async def failure_of(client: MatillionClient) -> Failure:
    with pytest.raises(MatillionError) as caught:
        await client.oauth_entries()
    error = caught.value
    assert PASSWORD not in f"{error!r} {error.failure} {error.__cause__!r} {error.__context__!r}"
    return error.failure


async def test_entries_are_listed(sandbox: RunningSandbox) -> None:
    client = client_of(sandbox)
    await client.test()
    assert await client.oauth_entries() == ("ig_prod", "ig_staging", "google_ads")


async def test_a_base_address_with_the_apis_path_works(sandbox: RunningSandbox) -> None:
    client = client_of(sandbox, base_url=f"{sandbox.matillion_url}/rest/v1/")
    await client.test()
    assert "ig_prod" in await client.oauth_entries()


async def test_the_last_runs_are_read(sandbox: RunningSandbox) -> None:
    client = client_of(sandbox)
    found = await client.last_runs("Marketing", "Social", sandbox.clock.now())
    assert found.worked_at == pytest.approx(sandbox.clock.now() - 6 * 3600, abs=1800)
    assert found.failed_at is not None
    assert found.worked_at is not None
    assert found.failed_at < found.worked_at
    assert found.reason == "190/463"


async def test_an_unknown_group_is_not_found(sandbox: RunningSandbox) -> None:
    client = client_of(sandbox)
    with pytest.raises(MatillionError) as caught:
        await client.last_runs("Mar/keting?", "So cial", sandbox.clock.now())
    assert caught.value.failure.problem == Problem.NOT_FOUND


async def test_a_wrong_password_is_unauthorized(sandbox: RunningSandbox) -> None:
    target = MatillionTarget(sandbox.matillion_url, user=sandbox.world.matillion_user)
    failure = await failure_of(MatillionClient(target, Secret(PASSWORD)))
    assert failure.problem == Problem.UNAUTHORIZED


@pytest.mark.parametrize(
    ("mode", "problem"),
    [
        ("unauthorized", Problem.UNAUTHORIZED),
        ("html_login", Problem.WEB_PAGE),
        ("success_false", Problem.UNAUTHORIZED),
        ("down", Problem.SERVER),
    ],
)
async def test_each_refusal_has_its_own_code(sandbox: RunningSandbox, mode: str, problem: Problem) -> None:
    sandbox.matillion(mode=mode)
    assert (await failure_of(client_of(sandbox))).problem == problem


async def test_a_slow_instance_times_out(sandbox: RunningSandbox) -> None:
    sandbox.matillion(mode="slow", delay=30.0)
    began = time.monotonic()
    failure = await failure_of(client_of(sandbox, timeout=0.3))
    assert (failure.problem, failure.fault, failure.seconds) == (Problem.TIMEOUT, NetworkFault.ANSWER_TIMEOUT, 0.3)
    assert time.monotonic() - began < 5


async def test_a_refused_connection_is_unreachable() -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))  # bound, not listening: refused
        target = MatillionTarget(f"http://127.0.0.1:{taken.getsockname()[1]}", user="u")
        failure = await failure_of(MatillionClient(target, Secret(PASSWORD)))
    assert (failure.problem, failure.fault) == (Problem.UNREACHABLE, NetworkFault.CONNECTION_REFUSED)
    assert failure.offline


@pytest.mark.parametrize("address", ["http://matillion.example.com", "http://10.0.0.8", "http://localhost:9"])
async def test_a_password_is_never_sent_over_http(address: str) -> None:
    failure = await failure_of(MatillionClient(MatillionTarget(address, user="u"), Secret(PASSWORD)))
    assert failure.problem == Problem.PASSWORD_OVER_HTTP


@pytest.mark.parametrize(
    ("address", "problem"),
    [
        ("", Problem.ADDRESS_WITHOUT_SCHEME),
        ("ftp://x", Problem.ADDRESS_WITHOUT_SCHEME),
        ("matillion.example.com", Problem.ADDRESS_WITHOUT_SCHEME),
        ("https://u:p@host", Problem.ADDRESS_WITH_MORE),
        ("https://h:99999", Problem.BAD_ADDRESS),
        ("https://[x", Problem.BAD_ADDRESS),
    ],
)
async def test_an_unusable_address_is_refused(address: str, problem: Problem) -> None:
    assert (await failure_of(MatillionClient(MatillionTarget(address), None))).problem == problem


# --- answers that the sandbox does not give --------------------------------------------------------------


class Raw:
    """A server that answers every request with the same bytes and remembers what it got."""

    def __init__(self, answer: bytes) -> None:
        self.answer = answer
        self.got: list[bytes] = []
        self.port = 0

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            self.got.append(await reader.readuntil(b"\r\n\r\n"))
            writer.write(self.answer)
            await writer.drain()
        except (asyncio.IncompleteReadError, OSError):
            pass
        finally:
            writer.close()


@asynccontextmanager
async def raw_server(answer: bytes, context: ssl.SSLContext | None = None) -> AsyncIterator[Raw]:
    raw = Raw(answer)
    server = await asyncio.start_server(raw.serve, "127.0.0.1", 0, ssl=context)
    raw.port = server.sockets[0].getsockname()[1]
    try:
        yield raw
    finally:
        server.close()


def http(body: bytes, head: bytes = b"200 OK\r\nContent-Type: application/json") -> bytes:
    return b"HTTP/1.1 %s\r\nContent-Length: %d\r\nConnection: close\r\n\r\n%s" % (head, len(body), body)


@pytest.mark.parametrize(
    ("body", "names"),
    [
        (b'["a","b","a"]', ("a", "b")),
        (b'[{"name":"a","id":3},{"name":"b"},{"id":4},7,null]', ("a", "b")),
        (b'{"oauths":[{"name":"a"}]}', ("a",)),
        (b"[]", ()),
        (b'"text"', ()),
        (b'["\\u001b[31mred"]', ("␛[31mred",)),
    ],
)
async def test_the_list_of_entries_is_read_leniently(body: bytes, names: tuple[str, ...]) -> None:
    async with raw_server(http(body)) as raw:
        client = MatillionClient(MatillionTarget(f"http://127.0.0.1:{raw.port}"), None)
        assert await client.oauth_entries() == names


async def test_only_get_is_sent_and_the_password_only_as_basic(sandbox: RunningSandbox) -> None:
    async with raw_server(http(b"[]")) as raw:
        target = MatillionTarget(f"http://127.0.0.1:{raw.port}", user="u")
        client = MatillionClient(target, Secret(PASSWORD))
        await client.test()
        await client.oauth_entries()
        await client.last_runs("g", "p", 1_800_000_000)
    assert [request.split(b" ")[0] for request in raw.got] == [b"GET"] * 3
    assert all(PASSWORD.encode() not in request for request in raw.got)
    assert all(b"authorization: basic " in request.lower() for request in raw.got)


@pytest.mark.parametrize(
    ("answer", "problem"),
    [
        (http(b"", b"302 Found\r\nLocation: http://127.0.0.1:1/login"), Problem.REDIRECTED),
        (http(b"{"), Problem.NOT_JSON),
        (http(b"[" * 100_000), Problem.NOT_JSON),
        (http(b"<html>proxy</html>", b"200 OK\r\nContent-Type: text/plain"), Problem.WEB_PAGE),
        (http(b"denied", b"403 Forbidden"), Problem.UNAUTHORIZED),
        (http(b"[" + b'"x",' * 1_500_000 + b'"x"]'), Problem.TOO_LARGE),
        (http(b'{"success":false,"msg":"Nope"}'), Problem.REFUSED),
        (http(b'{"status":"up"}'), Problem.NOT_MATILLION),
        (b"not http at all\r\n\r\n", Problem.UNREACHABLE),
        (b"", Problem.UNREACHABLE),
    ],
    ids=["redirect", "cut off", "deep", "page", "403", "huge", "refused", "foreign", "noise", "silence"],
)  # fmt: skip
async def test_each_unusable_answer_has_its_own_code(answer: bytes, problem: Problem) -> None:
    async with raw_server(answer) as raw:
        target = MatillionTarget(f"http://127.0.0.1:{raw.port}", user="u")
        assert (await failure_of(MatillionClient(target, Secret(PASSWORD)))).problem == problem


# --- https with a self-signed certificate ----------------------------------------------------------------------


@pytest.fixture(scope="session")
def make_certificate(tmp_path_factory: pytest.TempPathFactory) -> Callable[[str], Certificate]:
    if shutil.which("openssl") is None:
        pytest.skip("openssl is not installed: no certificate to test with")

    def make(host: str) -> Certificate:
        folder = tmp_path_factory.mktemp("certificate")
        certificate, key = folder / "cert.pem", folder / "key.pem"
        subprocess.run(
            ["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes",
             "-days", "2", "-subj", f"/CN={host}", "-addext", f"subjectAltName=IP:{host}",
             "-keyout", str(key), "-out", str(certificate)],
            check=True, capture_output=True,
        )  # fmt: skip
        der = ssl.PEM_cert_to_DER_cert(certificate.read_text())
        return certificate, key, fingerprint_of(der)

    return make


@pytest.fixture(scope="session")
def certificate(make_certificate: Callable[[str], Certificate]) -> Certificate:
    return make_certificate("127.0.0.1")


@pytest.fixture
def secure(make_sandbox: MakeSandbox, certificate: Certificate) -> RunningSandbox:
    return make_sandbox(tls=(str(certificate[0]), str(certificate[1])))


async def test_a_self_signed_certificate_is_refused(secure: RunningSandbox, certificate: Certificate) -> None:
    failure = await failure_of(client_of(secure))
    assert (failure.problem, failure.fingerprint) == (Problem.UNTRUSTED, certificate[2])


async def test_a_ca_file_or_pinned_fingerprint_is_accepted(secure: RunningSandbox, certificate: Certificate) -> None:
    spaced = ":".join(certificate[2][i : i + 2] for i in range(0, 64, 2)).upper()
    pinned = [client_of(secure, fingerprint=text) for text in (certificate[2], f"SHA256:{spaced}")]
    for client in (client_of(secure, ca_file=str(certificate[0])), *pinned):
        assert "ig_prod" in await client.oauth_entries()


async def test_a_pinned_certificate_may_have_another_name(
    make_sandbox: MakeSandbox, make_certificate: Callable[[str], Certificate]
) -> None:
    file, key, fingerprint = make_certificate("10.9.8.7")
    elsewhere = make_sandbox(tls=(str(file), str(key)))
    client = client_of(elsewhere, fingerprint=fingerprint)
    await client.test()


def test_a_silent_server_does_not_keep_igauth_from_ending() -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        reading = presented_certificate(f"https://127.0.0.1:{server.getsockname()[1]}", Journey(None), 5.0)
        began = time.monotonic()
        with pytest.raises(TimeoutError):
            asyncio.run(asyncio.wait_for(reading, 0.2))
    assert time.monotonic() - began < 3


async def test_nothing_is_sent_to_another_certificate(
    certificate: Certificate, make_certificate: Callable[[str], Certificate]
) -> None:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(*make_certificate("127.0.0.1")[:2])
    async with raw_server(http(b"[]"), context) as raw:
        target = MatillionTarget(f"https://127.0.0.1:{raw.port}", user="u", fingerprint=certificate[2])
        failure = await failure_of(MatillionClient(target, Secret(PASSWORD)))
    assert failure.problem == Problem.OTHER_CERTIFICATE
    assert raw.got == []


async def test_an_unusable_ca_file_or_fingerprint_is_refused(secure: RunningSandbox, tmp_path: Path) -> None:
    empty = tmp_path / "empty.pem"
    empty.write_text("nothing")
    files = [client_of(secure, ca_file=str(file)) for file in (empty, tmp_path / "gone.pem")]
    for client in files:
        assert (await failure_of(client)).problem == Problem.BAD_CA_FILE
    assert (await failure_of(client_of(secure, fingerprint="abc"))).problem == Problem.BAD_FINGERPRINT


def test_a_fingerprint_is_read_in_any_notation() -> None:
    plain = "ab" * 32
    for text in (
        plain,
        plain.upper(),
        ":".join(["AB"] * 32),
        f"sha256:{plain}",
        f"SHA256 Fingerprint={':'.join(['AB'] * 32)}",
    ):
        assert normal_fingerprint(text) == plain
    assert normal_fingerprint("ab" * 31) == ""
    assert normal_fingerprint("") == ""
