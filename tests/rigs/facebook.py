"""The sandbox for a rig: `python facebook.py FOLDER [--behind-proxy]`, until SIGTERM.

Writes FOLDER/facts.json, as `igauth sandbox --json` prints it. With --behind-proxy the sandbox speaks TLS as
`graph.rig.test`, a name that only the proxy in the same process knows: each CONNECT is a line in FOLDER/proxied, and
needs the user `rig` and PASSWORD. `facts.json` then has `proxy_url`; FOLDER/ca.pem is the certificate to trust.
"""

import asyncio
import base64
import datetime
import json
import signal
import sys
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from tui.sandbox import RunningSandbox, start_sandbox

HOST = "graph.rig.test"
PASSWORD = "p%40ss%24word"
"""As it stands in the proxy's address: `p@ss$word`."""


def certificate(folder: Path) -> tuple[str, str]:
    """Write a certificate of its own for HOST, and its key; return both paths."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, HOST)])
    now = datetime.datetime.now(datetime.UTC)
    made = (
        x509.CertificateBuilder(name, name, key.public_key(), x509.random_serial_number())
        .not_valid_before(now - datetime.timedelta(days=1))
        .not_valid_after(now + datetime.timedelta(days=30))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName(HOST)]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    public, private = folder / "ca.pem", folder / "key.pem"
    public.write_bytes(made.public_bytes(serialization.Encoding.PEM))
    private.write_bytes(
        key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    )
    return str(public), str(private)


class Proxy:
    """Takes CONNECT to HOST from those who know the password, and counts."""

    def __init__(self, port: int, log: Path) -> None:
        self._port, self._log = port, log

    async def serve(self) -> str:
        """Start to listen; return the address with user and password."""
        server = await asyncio.start_server(self._take, "127.0.0.1", 0)
        return f"http://rig:{PASSWORD}@127.0.0.1:{server.sockets[0].getsockname()[1]}"

    async def _take(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        request = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1")
        line = request.split("\r\n", 1)[0]
        password = base64.b64encode(b"rig:p@ss$word").decode()
        if not line.startswith(f"CONNECT {HOST}:443 "):
            writer.write(b"HTTP/1.1 502 Bad Gateway\r\nContent-Length: 0\r\n\r\n")
        elif f"Basic {password}" not in request:
            writer.write(b"HTTP/1.1 407 Proxy Authentication Required\r\nContent-Length: 0\r\n\r\n")
        else:
            with self._log.open("a") as log:
                log.write(line + "\n")
            behind_reader, behind = await asyncio.open_connection("127.0.0.1", self._port)
            writer.write(b"HTTP/1.1 200 Connection established\r\n\r\n")
            await asyncio.gather(_copy(reader, behind), _copy(behind_reader, writer), return_exceptions=True)
        writer.close()


async def _copy(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    try:
        while data := await reader.read(65_536):
            writer.write(data)
            await writer.drain()
    finally:
        writer.close()


async def serve(folder: Path, *, behind_proxy: bool) -> None:
    """Serve until SIGTERM."""
    ended = asyncio.Event()
    asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, ended.set)
    sandbox: RunningSandbox = start_sandbox(control=True, tls=certificate(folder) if behind_proxy else None)
    facts = sandbox.describe()
    if behind_proxy:
        facts["proxy_url"] = await Proxy(sandbox.port, folder / "proxied").serve()
        facts["graph_url"] = f"https://{HOST}"
    (folder / "facts.new").write_text(json.dumps(facts))
    (folder / "facts.new").rename(folder / "facts.json")
    await ended.wait()
    sandbox.stop()


if __name__ == "__main__":
    asyncio.run(serve(Path(sys.argv[1]), behind_proxy="--behind-proxy" in sys.argv))
