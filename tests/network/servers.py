"""Small servers on loopback for what stands between igauth and Facebook: proxies, portals, and peers that misbehave.

`with served(connect_proxy({"graph.test:443": sandbox.port})) as proxy:` serves in a thread while the block runs, for
tests of this process and of others. As loopback never goes through a proxy, a test of proxies asks for a name that
only the proxy knows: `proxied_environment` gives the variables, `Authority` the certificate.
"""

import asyncio
import base64
import contextlib
import datetime
import re
import socket
import ssl
import threading
from collections.abc import Awaitable, Callable, Iterator, Mapping
from dataclasses import dataclass, field
from email.utils import format_datetime
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

GRAPH = "graph.test"
"""A name that no resolver knows."""


@dataclass
class Server:
    """One that runs. `seen` has each request's head as it came, or for SOCKS its target; `logins` what was given."""

    port: int = 0
    scheme: str = "http"
    connections: int = 0
    seen: list[str] = field(default_factory=list)
    logins: list[str] = field(default_factory=list)

    @property
    def address(self) -> str:
        """Host and port."""
        return f"127.0.0.1:{self.port}"

    @property
    def url(self) -> str:
        """Its address as a URL."""
        return f"{self.scheme}://{self.address}"

    @property
    def everything(self) -> str:
        """All that was seen, to look for secrets."""
        return "\n".join([*self.seen, *self.logins])


_HANDSHAKE = b"\x16"
"""How TLS begins, where a request was expected."""

Talk = Callable[[Server, asyncio.StreamReader, asyncio.StreamWriter], Awaitable[None]]
"""What a server does with one connection, which is closed afterwards."""


@contextlib.contextmanager
def served(talk: Talk, *, tls: ssl.SSLContext | None = None) -> Iterator[Server]:
    """Serve on a free port of 127.0.0.1, in a thread, while the block runs."""
    server = Server(scheme="https" if tls else "http")
    listening, loop = threading.Event(), asyncio.new_event_loop()
    loop.set_exception_handler(lambda *_: None)  # peers that break off are the purpose
    ended = asyncio.Event()

    async def connected(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        server.connections += 1
        with contextlib.suppress(OSError, EOFError, asyncio.LimitOverrunError):
            await talk(server, reader, writer)
            await writer.drain()
        writer.close()

    async def serve() -> None:
        running = await asyncio.start_server(connected, "127.0.0.1", 0, ssl=tls)
        server.port = running.sockets[0].getsockname()[1]
        listening.set()
        await ended.wait()
        running.close()
        connections = asyncio.all_tasks() - {asyncio.current_task()}
        for task in connections:
            task.cancel()
        await asyncio.gather(*connections, return_exceptions=True)

    thread = threading.Thread(target=loop.run_until_complete, args=(serve(),), daemon=True)
    thread.start()
    assert listening.wait(10), "the server does not listen"
    try:
        yield server
    finally:
        loop.call_soon_threadsafe(ended.set)
        thread.join(10)
        loop.close()


@contextlib.contextmanager
def unanswered_connections() -> Iterator[str]:
    """Yield the address of a listener whose queue is full: a connection is neither opened nor refused."""
    with contextlib.ExitStack() as stack:
        listener = stack.enter_context(socket.socket())
        listener.bind(("127.0.0.1", 0))
        listener.listen(0)
        for _ in range(3):
            waiting = stack.enter_context(socket.socket())
            waiting.setblocking(False)
            waiting.connect_ex(listener.getsockname())
        yield f"127.0.0.1:{listener.getsockname()[1]}"


# --- proxies ------------------------------------------------------------------------------------------------------


def connect_proxy(names: Mapping[str, int], *, login: str = "") -> Talk:
    """Open tunnels by CONNECT to ports of this machine: `names` has them by "host:port", all others get 502.

    `login` ("user:password") is asked for by 407.
    """
    wanted = base64.b64encode(login.encode()).decode()

    async def talk(server: Server, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        head = await _head(server, reader, writer)
        method, target = head.split()[:2]
        if login and f"Basic {wanted}" not in head:
            writer.write(http(407, b"", {"Proxy-Authenticate": 'Basic realm="test"'}))
        elif method != "CONNECT" or target not in names:
            writer.write(http(502, b"<html>no such host", {"Content-Type": "text/html"}))
        else:
            writer.write(b"HTTP/1.1 200 Connection established\r\n\r\n")
            await _tunnel(reader, writer, names[target])

    return talk


def socks_proxy(names: Mapping[str, int], *, login: str = "", refusal: int = 0) -> Talk:
    """Connect by SOCKS 5 to ports of this machine, as `connect_proxy`; `refusal` is the reply code to every request."""

    async def talk(server: Server, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        _version, count = await reader.readexactly(2)
        offered = await reader.readexactly(count)
        method = 2 if login else 0
        writer.write(bytes([5, method if method in offered else 0xFF]))
        if method not in offered:
            return
        if login:
            await reader.readexactly(1)
            given = [(await reader.readexactly((await reader.readexactly(1))[0])).decode() for _ in range(2)]
            server.logins.append(":".join(given))
            writer.write(bytes([1, ":".join(given) != login]))
            if ":".join(given) != login:
                return
        _version, _command, _reserved, kind = await reader.readexactly(4)
        if kind == 3:
            host = (await reader.readexactly((await reader.readexactly(1))[0])).decode()
        else:
            address = await reader.readexactly(4 if kind == 1 else 16)
            host = socket.inet_ntop(socket.AF_INET if kind == 1 else socket.AF_INET6, address)
        target = f"{host}:{int.from_bytes(await reader.readexactly(2))}"
        server.seen.append(target)
        reply = refusal or (0 if target in names else 4)  # 4: host unreachable
        writer.write(bytes([5, reply, 0, 1, 0, 0, 0, 0, 0, 0]))
        if not reply:
            await _tunnel(reader, writer, names[target])

    return talk


def answering_connect(status: int, body: bytes = b"", headers: Mapping[str, str] | None = None) -> Talk:
    """Answer CONNECT with this status; with 200 and a body it is a web server that takes itself for no proxy."""
    return answering(status, body, headers)


def page_then_silent() -> Talk:
    """Answer CONNECT with a page, as a web server does, and wait for the next request."""

    async def talk(server: Server, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await _head(server, reader, writer)
        writer.write(http(200, LOGIN_PAGE, {"Content-Type": "text/html"}))
        await silent()(server, reader, writer)

    return talk


def opening_then_silent() -> Talk:
    """Open the tunnel to nobody: the client's bytes are taken and never answered."""

    async def talk(server: Server, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await _head(server, reader, writer)
        writer.write(b"HTTP/1.1 200 Connection established\r\n\r\n")
        await silent()(server, reader, writer)

    return talk


def opening_then_cutting() -> Talk:
    """Open the tunnel and end it at the client's first bytes."""

    async def talk(server: Server, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await _head(server, reader, writer)
        writer.write(b"HTTP/1.1 200 Connection established\r\n\r\n")
        await reader.read(1)

    return talk


# --- portals, and peers that misbehave ----------------------------------------------------------------------------

LOGIN_PAGE = b"<!DOCTYPE html><html><head><title>Wi-Fi login</title></head><body><form>Room number</form></body></html>"


def portal() -> Talk:
    """Answer everything with a login page and status 200."""
    return answering(200, LOGIN_PAGE, {"Content-Type": "text/html; charset=utf-8"})


def redirecting_portal(location: str = "http://login.portal.test/?next=graph") -> Talk:
    """Send everybody to a login page."""
    return answering(302, b"", {"Location": location})


def foreign_json(status: int = 200) -> Talk:
    """Answer as some other service in JSON would."""
    return answering(
        status, b'{"status": "up", "service": "inventory", "items": []}', {"Content-Type": "application/json"}
    )


def silent() -> Talk:
    """Take the connection and whatever comes, and never answer; with TLS the handshake is answered."""

    async def talk(server: Server, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        while await reader.read(65_536):
            pass

    return talk


def greeting(line: bytes = b"SSH-2.0-OpenSSH_9.2p1\r\n") -> Talk:
    """Speak first, as servers of other protocols do, and end the connection at the client's first bytes."""

    async def talk(server: Server, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(line)
        await reader.read(1)

    return talk


def cutting(*, reset: bool = False) -> Talk:
    """End the connection at the client's first bytes: without TLS on this side that cuts a client's handshake."""

    async def talk(server: Server, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.read(1)
        if reset:
            writer.transport.abort()

    return talk


def answering_at_once(data: bytes) -> Talk:
    """Answer a client's first bytes with these, whatever it said, and end the connection."""

    async def talk(server: Server, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.read(65_536)
        writer.write(data)

    return talk


def slow(talk: Talk, seconds: float) -> Talk:
    """Wait before the connection is answered."""

    async def later(server: Server, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await asyncio.sleep(seconds)
        await talk(server, reader, writer)

    return later


def answering(status: int, body: bytes = b"{}", headers: Mapping[str, str] | None = None) -> Talk:
    """Answer every request alike."""

    async def talk(server: Server, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        head = await _head(server, reader, writer)
        await reader.readexactly(_length(head))
        writer.write(http(status, body, headers or {}))

    return talk


def changing_headers(port: int, headers: Mapping[str, str]) -> Talk:
    """Pass every request on to a port of this machine, and give its answer these headers instead of its own."""
    names = {name.lower() for name in headers} | {"connection"}

    async def talk(server: Server, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        head = await _head(server, reader, writer)
        body = await reader.readexactly(_length(head))
        asked = [line for line in head.split("\r\n") if not line.lower().startswith("connection:")]
        behind_reader, behind = await asyncio.open_connection("127.0.0.1", port)
        behind.write("\r\n".join([*asked, "Connection: close"]).encode("latin-1") + b"\r\n\r\n" + body)
        answer = await behind_reader.read()
        behind.close()
        answered, _, content = answer.partition(b"\r\n\r\n")
        lines = [line for line in answered.decode("latin-1").split("\r\n") if line.split(":")[0].lower() not in names]
        lines += [*(f"{name}: {value}" for name, value in headers.items()), "Connection: close"]
        writer.write("\r\n".join(lines).encode("latin-1") + b"\r\n\r\n" + content)

    return talk


def passing(port: int) -> Talk:
    """Pass every byte on to a port of this machine and back: with `tls` it gives a plain server a certificate."""

    async def talk(server: Server, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await _tunnel(reader, writer, port)

    return talk


def date_header(ahead: float) -> dict[str, str]:
    """Return a Date header that is `ahead` seconds ahead of this machine's clock."""
    moment = datetime.datetime.now(datetime.UTC) + datetime.timedelta(seconds=ahead)
    return {"Date": format_datetime(moment, usegmt=True)}


def http(status: int, body: bytes, headers: Mapping[str, str]) -> bytes:
    """Return an answer that ends the connection."""
    lines = [f"HTTP/1.1 {status} X", f"Content-Length: {len(body)}", "Connection: close"]
    return "\r\n".join([*lines, *(f"{k}: {v}" for k, v in headers.items())]).encode("latin-1") + b"\r\n\r\n" + body


async def _head(server: Server, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> str:
    first = await reader.readexactly(1)
    if first == _HANDSHAKE:
        writer.write(http(400, b"", {}))
        raise EOFError
    head = (first + await reader.readuntil(b"\r\n\r\n")).decode("latin-1").removesuffix("\r\n\r\n")
    server.seen.append(head)
    server.logins += [base64.b64decode(given).decode() for given in re.findall(r"Authorization: Basic (\S+)", head)]
    return head


def _length(head: str) -> int:
    sizes = [line.split(":")[1] for line in head.split("\r\n") if line.lower().startswith("content-length:")]
    return int(sizes[0]) if sizes else 0


async def _tunnel(reader: asyncio.StreamReader, writer: asyncio.StreamWriter, port: int) -> None:
    behind_reader, behind = await asyncio.open_connection("127.0.0.1", port)
    try:
        await asyncio.gather(_copy(reader, behind), _copy(behind_reader, writer))
    finally:
        behind.close()


async def _copy(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    while data := await reader.read(65_536):
        writer.write(data)
        await writer.drain()
    writer.close()


# --- certificates -------------------------------------------------------------------------------------------------


class Authority:
    """A certificate authority of a test, in a folder; `file` is what a client trusts."""

    def __init__(self, folder: Path, name: str = "igauth tests") -> None:
        folder.mkdir(parents=True, exist_ok=True)
        self._folder = folder
        self._key = ec.generate_private_key(ec.SECP256R1())
        self._name = _named(name)
        now = datetime.datetime.now(datetime.UTC)
        made = (
            x509.CertificateBuilder(self._name, self._name, self._key.public_key(), x509.random_serial_number())
            .not_valid_before(now - datetime.timedelta(days=400))
            .not_valid_after(now + datetime.timedelta(days=400))
            .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
            .add_extension(_SIGNS, critical=True)
            .add_extension(x509.SubjectKeyIdentifier.from_public_key(self._key.public_key()), critical=False)
            .sign(self._key, hashes.SHA256())
        )
        self._identifier = made.extensions.get_extension_for_class(x509.SubjectKeyIdentifier).value
        self.file = folder / "ca.pem"
        self.file.write_bytes(made.public_bytes(serialization.Encoding.PEM))

    def certificate(self, host: str = GRAPH, *, expired: bool = False) -> tuple[str, str]:
        """Write a certificate for a name and its key; return both paths."""
        key = ec.generate_private_key(ec.SECP256R1())
        until = datetime.datetime.now(datetime.UTC) + datetime.timedelta(days=-1 if expired else 30)
        made = (
            x509.CertificateBuilder(self._name, _named(host), key.public_key(), x509.random_serial_number())
            .not_valid_before(until - datetime.timedelta(days=60))
            .not_valid_after(until)
            .add_extension(x509.SubjectAlternativeName([x509.DNSName(host)]), critical=False)
            .add_extension(x509.ExtendedKeyUsage([ExtendedKeyUsageOID.SERVER_AUTH]), critical=False)
            .add_extension(
                x509.AuthorityKeyIdentifier.from_issuer_subject_key_identifier(self._identifier), critical=False
            )
            .sign(self._key, hashes.SHA256())
        )
        stem = f"{host}-expired" if expired else host
        public, private = self._folder / f"{stem}.pem", self._folder / f"{stem}.key"
        public.write_bytes(made.public_bytes(serialization.Encoding.PEM))
        plain = serialization.NoEncryption()
        private.write_bytes(key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, plain))
        return str(public), str(private)

    def context(self, host: str = GRAPH, *, expired: bool = False) -> ssl.SSLContext:
        """Return what `served(tls=...)` takes, with such a certificate."""
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(*self.certificate(host, expired=expired))
        return context


def proxied_environment(proxy: str, authority: Authority, host: str = GRAPH) -> dict[str, str]:
    """Return the variables by which igauth asks `https://host` through a proxy and trusts the test's certificates."""
    return {"HTTPS_PROXY": proxy, "SSL_CERT_FILE": str(authority.file), "IGAUTH_GRAPH_URL": f"https://{host}"}


def _named(name: str) -> x509.Name:
    return x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])


_SIGNS = x509.KeyUsage(
    key_cert_sign=True,
    crl_sign=True,
    digital_signature=True,
    content_commitment=False,
    key_encipherment=False,
    data_encipherment=False,
    key_agreement=False,
    encipher_only=False,
    decipher_only=False,
)
