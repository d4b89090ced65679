"""Which certificates to trust over https: the system's, those of a CA file, or one by its fingerprint.

Self-signed instances are normal (matillion.md section 3.1). A pinned certificate is compared before anything
secret is sent, and is then the only one that the connection accepts.
"""

import asyncio
import hashlib
import hmac
import re
import ssl
from contextlib import closing
from pathlib import Path

from tui.matillion.errors import Failure, MatillionError, Problem


def normal_fingerprint(text: str) -> str:
    """Return a SHA-256 fingerprint as 64 lower-case hex digits, from any usual notation; empty for other text."""
    digits = re.sub(r"^(?:sha-?256)\s*(?:fingerprint)?\s*[:=]\s*|[\s:]", "", text.strip(), flags=re.IGNORECASE).lower()
    return digits if re.fullmatch(r"[0-9a-f]{64}", digits) else ""


async def presented_certificate(host: str, port: int, timeout: float) -> bytes:
    """Return the certificate (DER) that the server presents; nothing is sent. Raises OSError, ValueError.

    In no thread: with a server that is silent, igauth could not end before its time is up.
    """
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.check_hostname = False
    context.verify_mode = ssl.CERT_NONE  # only read here; the connection that carries the password is verified
    async with asyncio.timeout(timeout):
        _, writer = await asyncio.open_connection(host, port, ssl=context, server_hostname=host)
    with closing(writer):
        certificate: bytes = writer.get_extra_info("ssl_object").getpeercert(True)
    return certificate


def fingerprint_of(certificate: bytes) -> str:
    """Return the sha256 fingerprint of a DER certificate, 64 hex digits."""
    return hashlib.sha256(certificate).hexdigest()


def context_with_file(ca_file: str) -> ssl.SSLContext:
    """Return a context that trusts only the certificates of a PEM file. Raises MatillionError."""
    try:
        return ssl.create_default_context(cafile=str(Path(ca_file).expanduser()))
    except (OSError, RuntimeError, ValueError) as error:  # RuntimeError: no such ~user; ValueError: a NUL
        said = (
            "not a PEM certificate" if isinstance(error, ssl.SSLError) else getattr(error, "strerror", "") or str(error)
        )
        raise MatillionError(Failure(Problem.BAD_CA_FILE, file=ca_file, said=said)) from None


async def context_with_pin(host: str, port: int, pin: str, timeout: float) -> ssl.SSLContext:
    """Return a context that accepts exactly the certificate with this fingerprint. Raises MatillionError, OSError."""
    wanted = normal_fingerprint(pin)
    if not wanted:
        raise MatillionError(Failure(Problem.BAD_FINGERPRINT))
    certificate = await presented_certificate(host, port, timeout)
    shown = fingerprint_of(certificate)
    if not hmac.compare_digest(shown, wanted):
        raise MatillionError(Failure(Problem.OTHER_CERTIFICATE, fingerprint=shown))
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.check_hostname = False  # the certificate is known, whatever name it was issued for
    context.verify_flags |= ssl.VERIFY_X509_PARTIAL_CHAIN
    context.load_verify_locations(cadata=ssl.DER_cert_to_PEM_cert(certificate))
    return context


def system_context() -> ssl.SSLContext:
    """Return a context that trusts what this machine trusts."""
    import truststore

    return truststore.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
