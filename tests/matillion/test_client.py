"""Matillion's REST API over real HTTP: what it answers, and every way it does not."""

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
from tui.matillion.errors import MatillionError
from tui.matillion.runs import what_was_seen
from tui.matillion.trust import fingerprint_of, normal_fingerprint
from tui.redact import Secret
from tui.sandbox import RunningSandbox
from tui.settings import MatillionTarget

PASSWORD = "a-password-nobody-may-see"
Certificate = tuple[Path, Path, str]


def client_of(
    sandbox: RunningSandbox, *, base_url: str = "", ca_file: str = "", fingerprint: str = "", timeout: float = 30.0
) -> MatillionClient:
    world = sandbox.world
    target = MatillionTarget(
        base_url or sandbox.matillion_url, user=world.matillion_user, ca_file=ca_file, fingerprint=fingerprint
    )
    return MatillionClient(target, Secret(world.matillion_password), timeout=timeout)


async def refusal_of(client: MatillionClient) -> MatillionError:
    async with client:
        with pytest.raises(MatillionError) as refused:
            await client.oauth_entries()
    error = refused.value
    assert error.what
    assert error.why
    assert error.who
    assert error.next_step
    assert PASSWORD not in f"{error!r} {error.__cause__!r} {error.__context__!r}"
    return error


async def test_the_entries_are_listed_and_the_instance_answers(sandbox: RunningSandbox) -> None:
    async with client_of(sandbox) as client:
        await client.test()
        assert await client.oauth_entries() == ("ig_prod", "ig_staging", "google_ads")


async def test_a_base_address_copied_with_the_apis_path_works_too(sandbox: RunningSandbox) -> None:
    async with client_of(sandbox, base_url=f"{sandbox.matillion_url}/rest/v1/") as client:
        await client.test()
        assert "ig_prod" in await client.oauth_entries()


async def test_the_last_runs_show_that_matillions_token_works(sandbox: RunningSandbox) -> None:
    async with client_of(sandbox) as client:
        runs = await client.task_runs("Marketing", "Social", sandbox.clock.now())
    seen = what_was_seen(runs)
    assert [run.state for run in runs] == ["success", "success", "failed"]
    assert seen.worked_at == runs[0].ended_at
    assert seen.fault is not None
    assert seen.fault.reason == "190/463"


async def test_a_group_that_does_not_exist_is_missing(sandbox: RunningSandbox) -> None:
    async with client_of(sandbox) as client:
        with pytest.raises(MatillionError) as refused:
            await client.task_runs("Mar/keting?", "So cial", sandbox.clock.now())
    assert refused.value.kind == "missing"


async def test_a_wrong_password_and_a_missing_api_role_are_told_as_one(sandbox: RunningSandbox) -> None:
    target = MatillionTarget(sandbox.matillion_url, user=sandbox.world.matillion_user)
    error = await refusal_of(MatillionClient(target, Secret(PASSWORD)))
    assert error.kind == "unauthorized"
    assert "API role" in error.why


@pytest.mark.parametrize(
    ("mode", "kind"),
    [("unauthorized", "unauthorized"), ("html_login", "html"), ("success_false", "unauthorized"), ("down", "server")],
)
async def test_each_way_to_refuse_has_its_own_name(sandbox: RunningSandbox, mode: str, kind: str) -> None:
    sandbox.matillion(mode=mode)
    assert (await refusal_of(client_of(sandbox))).kind == kind


async def test_a_slow_instance_is_given_up_in_time(sandbox: RunningSandbox) -> None:
    sandbox.matillion(mode="slow", delay=30.0)
    began = time.monotonic()
    error = await refusal_of(client_of(sandbox, timeout=0.3))
    assert error.kind == "timeout"
    assert time.monotonic() - began < 5


async def test_nobody_there_is_unreachable() -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))  # bound, not listening: refused
        target = MatillionTarget(f"http://127.0.0.1:{taken.getsockname()[1]}", user="u")
        error = await refusal_of(MatillionClient(target, Secret(PASSWORD)))
    assert error.kind == "unreachable"
    assert error.offline


@pytest.mark.parametrize("address", ["http://matillion.example.com", "http://10.0.0.8", "http://localhost:9"])
async def test_a_password_never_leaves_over_http(address: str) -> None:
    error = await refusal_of(MatillionClient(MatillionTarget(address, user="u"), Secret(PASSWORD)))
    assert error.kind == "unsafe"
    assert error.what == "Nothing was sent to Matillion."


@pytest.mark.parametrize(
    "address", ["", "ftp://x", "matillion.example.com", "https://u:p@host", "https://h:99999", "https://[x"]
)
async def test_an_unusable_address_is_a_setting_to_mend(address: str) -> None:
    assert (await refusal_of(MatillionClient(MatillionTarget(address), None))).kind == "settings"


# --- a server of our own, for what no stand-in does --------------------------------------------------------------


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
    async with (
        raw_server(http(body)) as raw,
        MatillionClient(MatillionTarget(f"http://127.0.0.1:{raw.port}"), None) as client,
    ):
        assert await client.oauth_entries() == names


async def test_only_get_is_sent_and_the_password_only_as_basic(sandbox: RunningSandbox) -> None:
    async with raw_server(http(b"[]")) as raw:
        target = MatillionTarget(f"http://127.0.0.1:{raw.port}", user="u")
        async with MatillionClient(target, Secret(PASSWORD)) as client:
            await client.test()
            await client.oauth_entries()
            await client.task_runs("g", "p", 1_800_000_000)
    assert [request.split(b" ")[0] for request in raw.got] == [b"GET"] * 3
    assert all(PASSWORD.encode() not in request for request in raw.got)
    assert all(b"authorization: basic " in request.lower() for request in raw.got)


@pytest.mark.parametrize(
    ("answer", "kind"),
    [
        (http(b"", b"302 Found\r\nLocation: http://127.0.0.1:1/login"), "redirected"),
        (http(b"{"), "unreadable"),
        (http(b"[" * 100_000), "unreadable"),
        (http(b"<html>proxy</html>", b"200 OK\r\nContent-Type: text/plain"), "html"),
        (http(b"denied", b"403 Forbidden"), "unauthorized"),
        (http(b"[" + b'"x",' * 1_500_000 + b'"x"]'), "unreadable"),
        (http(b'{"success":false,"msg":"Nope"}'), "refused"),
        (b"not http at all\r\n\r\n", "unreachable"),
        (b"", "unreachable"),
    ],
    ids=["redirect", "cut off", "deep", "page", "403", "huge", "refused", "noise", "silence"],
)  # fmt: skip
async def test_no_answer_breaks_the_client(answer: bytes, kind: str) -> None:
    async with raw_server(answer) as raw:
        target = MatillionTarget(f"http://127.0.0.1:{raw.port}", user="u")
        assert (await refusal_of(MatillionClient(target, Secret(PASSWORD)))).kind == kind


# --- https with a certificate nobody signed ----------------------------------------------------------------------


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


async def test_a_self_signed_certificate_is_refused_and_its_fingerprint_told(
    secure: RunningSandbox, certificate: Certificate
) -> None:
    error = await refusal_of(client_of(secure))
    assert error.kind == "tls"
    assert error.fingerprint == certificate[2]
    assert certificate[2] in error.next_step


async def test_a_ca_file_or_the_pinned_fingerprint_lets_it_in(secure: RunningSandbox, certificate: Certificate) -> None:
    spaced = ":".join(certificate[2][i : i + 2] for i in range(0, 64, 2)).upper()
    pinned = [client_of(secure, fingerprint=text) for text in (certificate[2], f"SHA256:{spaced}")]
    for client in (client_of(secure, ca_file=str(certificate[0])), *pinned):
        async with client:
            assert "ig_prod" in await client.oauth_entries()


async def test_a_pinned_certificate_may_be_made_out_to_another_name(
    make_sandbox: MakeSandbox, make_certificate: Callable[[str], Certificate]
) -> None:
    file, key, fingerprint = make_certificate("10.9.8.7")
    elsewhere = make_sandbox(tls=(str(file), str(key)))
    async with client_of(elsewhere, fingerprint=fingerprint) as client:
        await client.test()


async def test_another_certificate_than_the_pinned_one_gets_nothing(
    certificate: Certificate, make_certificate: Callable[[str], Certificate]
) -> None:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(*make_certificate("127.0.0.1")[:2])
    async with raw_server(http(b"[]"), context) as raw:
        target = MatillionTarget(f"https://127.0.0.1:{raw.port}", user="u", fingerprint=certificate[2])
        error = await refusal_of(MatillionClient(target, Secret(PASSWORD)))
    assert error.kind == "pin"
    assert raw.got == []


async def test_an_unusable_ca_file_or_fingerprint_is_named(secure: RunningSandbox, tmp_path: Path) -> None:
    empty = tmp_path / "empty.pem"
    empty.write_text("nothing")
    files = [client_of(secure, ca_file=str(file)) for file in (empty, tmp_path / "gone.pem")]
    for client in (*files, client_of(secure, fingerprint="abc")):
        assert (await refusal_of(client)).kind == "settings"


def test_a_fingerprint_is_read_however_it_is_written() -> None:
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
