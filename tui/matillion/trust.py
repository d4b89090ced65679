"""Which certificates to trust over https: the system's, those of a CA file, or one by its fingerprint.

Self-signed instances are normal (matillion.md section 3.1). A pinned certificate is compared before anything
secret is sent, and is then the only one that the connection accepts.
"""

import asyncio
import hashlib
import hmac
import os
import re
import ssl
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from tui.matillion.errors import Failure, MatillionError, Problem
from tui.network.client import open_client
from tui.network.failures import Journey, Stage
from tui.regular_file import open_regular


def normal_fingerprint(text: str) -> str:
    """Return a SHA-256 fingerprint as 64 lower-case hex digits, from any usual notation; empty for other text."""
    digits = re.sub(r"^(?:sha-?256)\s*(?:fingerprint)?\s*[:=]\s*|[\s:]", "", text.strip(), flags=re.IGNORECASE).lower()
    return digits if re.fullmatch(r"[0-9a-f]{64}", digits) else ""


class _Presented(Exception):
    """Ends a connection as soon as the certificate is known."""

    def __init__(self, certificate: bytes) -> None:
        super().__init__()
        self.certificate = certificate


async def presented_certificate(address: str, journey: Journey, timeout: float) -> bytes:
    """Return the certificate (DER) that the server at `address` presents; nothing is sent.

    Takes the proxy that a call would take. Raises UnusableProxy and what the HTTP client raises; `timeout` in seconds.
    """
    import httpx

    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.check_hostname = False
    context.verify_mode = ssl.CERT_NONE  # only read here; the connection that carries the password is verified
    opened = open_client(address, context, timeout=httpx.Timeout(timeout))
    journey.route = opened.route

    async def trace(event: str, info: Mapping[str, Any]) -> None:
        await journey.trace(event, info)
        if journey.stage is Stage.SECURING and event.endswith("start_tls.complete"):
            stream = info["return_value"]
            certificate = stream.get_extra_info("ssl_object").getpeercert(True)
            await stream.aclose()
            raise _Presented(certificate)

    try:
        async with asyncio.timeout(timeout), opened.client:
            await opened.client.get(address, extensions={"trace": trace})
    except _Presented as found:
        return found.certificate
    raise ValueError("no certificate was presented")


def fingerprint_of(certificate: bytes) -> str:
    """Return the sha256 fingerprint of a DER certificate, 64 hex digits."""
    return hashlib.sha256(certificate).hexdigest()


def context_with_file(ca_file: str) -> ssl.SSLContext:
    """Return a context that trusts only the certificates of a PEM file. Raises MatillionError."""
    try:
        path = Path(ca_file).expanduser()
        os.close(open_regular(path))  # a pipe would wait
        return ssl.create_default_context(cafile=str(path))
    except (OSError, RuntimeError, ValueError) as error:  # RuntimeError: no such ~user; ValueError: a NUL
        said = (
            "not a PEM certificate" if isinstance(error, ssl.SSLError) else getattr(error, "strerror", "") or str(error)
        )
        raise MatillionError(Failure(Problem.BAD_CA_FILE, file=ca_file, said=said)) from None


async def context_with_pin(address: str, pin: str, journey: Journey, timeout: float) -> ssl.SSLContext:
    """Return a context that accepts exactly the certificate with this fingerprint.

    Raises MatillionError, and what `presented_certificate` raises.
    """
    wanted = normal_fingerprint(pin)
    if not wanted:
        raise MatillionError(Failure(Problem.BAD_FINGERPRINT))
    certificate = await presented_certificate(address, journey, timeout)
    shown = fingerprint_of(certificate)
    if not hmac.compare_digest(shown, wanted):
        raise MatillionError(Failure(Problem.OTHER_CERTIFICATE, fingerprint=shown))
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.check_hostname = False  # the certificate is known, whatever name it was issued for
    context.verify_flags |= ssl.VERIFY_X509_PARTIAL_CHAIN
    context.load_verify_locations(cadata=ssl.DER_cert_to_PEM_cert(certificate))
    return context
