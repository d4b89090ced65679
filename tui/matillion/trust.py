"""Whom to believe over https: the system's trust store, a CA file, or one certificate by its fingerprint.

Self-signed instances are normal (matillion.md section 3.1). A pinned certificate is compared before anything
secret is sent, and then stands as the only certificate the connection accepts.
"""

import asyncio
import hashlib
import hmac
import re
import ssl
from pathlib import Path

from tui.matillion.errors import MatillionError


def normal_fingerprint(text: str) -> str:
    """Return a sha256 fingerprint as 64 lower-case hex digits, from any usual way to write it; else ''."""
    digits = re.sub(r"^(?:sha-?256)\s*(?:fingerprint)?\s*[:=]\s*|[\s:]", "", text.strip(), flags=re.IGNORECASE).lower()
    return digits if re.fullmatch(r"[0-9a-f]{64}", digits) else ""


async def presented_certificate(host: str, port: int, timeout: float) -> bytes:
    """Return the certificate (DER) the server shows; nothing is sent to it. Raises OSError, TimeoutError."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.check_hostname = False
    context.verify_mode = ssl.CERT_NONE  # only looked at; whoever gets the password is verified on its own connection
    async with asyncio.timeout(timeout):
        _, writer = await asyncio.open_connection(host, port, ssl=context, server_hostname=host)
        try:
            transport = writer.get_extra_info("ssl_object")
            der = transport.getpeercert(binary_form=True) if transport is not None else None
        finally:
            writer.close()
    if not der:
        raise OSError("the server showed no certificate")
    return bytes(der)


def fingerprint_of(certificate: bytes) -> str:
    """Return the sha256 fingerprint of a DER certificate, 64 hex digits."""
    return hashlib.sha256(certificate).hexdigest()


def context_with_file(ca_file: str) -> ssl.SSLContext:
    """Return a context that believes only the certificates of a PEM file. Raises MatillionError."""
    try:
        return ssl.create_default_context(cafile=str(Path(ca_file).expanduser()))
    except (OSError, ssl.SSLError) as error:
        raise MatillionError(
            "settings",
            f"The CA file {ca_file} cannot be used.",
            f"{'It is not a PEM certificate' if isinstance(error, ssl.SSLError) else error.strerror or 'It fails'}.",
            "you",
            "Give a PEM file that holds the certificate Matillion shows, or that of who signed it.",
        ) from None


async def context_with_pin(host: str, port: int, pin: str, timeout: float) -> ssl.SSLContext:
    """Return a context that accepts exactly the certificate with this fingerprint. Raises MatillionError, OSError."""
    wanted = normal_fingerprint(pin)
    if not wanted:
        raise MatillionError(
            "settings",
            "The pinned fingerprint cannot be read.",
            "It must be a SHA-256 fingerprint: 64 hex digits, with or without colons.",
            "you",
            "Correct it in the profile's Matillion settings.",
        )
    certificate = await presented_certificate(host, port, timeout)
    shown = fingerprint_of(certificate)
    if not hmac.compare_digest(shown, wanted):
        raise MatillionError(
            "pin",
            "Matillion shows another certificate than the pinned one; nothing was sent.",
            f"Its SHA-256 fingerprint is {shown}. It was renewed, or someone stands between.",
            "you, with the Matillion admin",
            "Ask the admin for the new fingerprint; pin it only if it is the same.",
            fingerprint=shown,
        )
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.check_hostname = False  # the certificate itself is known, whatever name it was made for
    context.verify_flags |= ssl.VERIFY_X509_PARTIAL_CHAIN
    context.load_verify_locations(cadata=ssl.DER_cert_to_PEM_cert(certificate))
    return context


def system_context() -> ssl.SSLContext:
    """Return a context that believes what this machine believes."""
    import truststore

    return truststore.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
