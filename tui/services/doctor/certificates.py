"""The certificate variables: which of them count, and whether what they name can be used."""

import os
import re
import stat
from collections.abc import Iterator, Mapping

from tui.services.doctor.findings import Code, Finding, found

READ = ("SSL_CERT_FILE", "SSL_CERT_DIR")
NOT_READ = ("REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE")
"""What other programs read; igauth does not."""
_HASHED = re.compile(r"[0-9a-fA-F]{8}\.[0-9]+")
"""Name under which OpenSSL looks for a certificate in a folder."""
_LARGEST = 1 << 26


def certificate_findings(environ: Mapping[str, str]) -> Iterator[Finding]:
    """Return which certificates are trusted, and what is wrong with the variables. The system's store needs none."""
    if file := environ.get("SSL_CERT_FILE"):
        yield _file("SSL_CERT_FILE", file)
    for folder in filter(None, environ.get("SSL_CERT_DIR", "").split(os.pathsep)):
        yield _folder("SSL_CERT_DIR", folder)
    is_set = any(environ.get(name) for name in READ)
    if not is_set:
        yield found("trust", "ok", Code.SYSTEM_STORE)
    for name in NOT_READ:
        if value := environ.get(name):
            yield found("trust", "ok" if is_set else "warning", Code.CA_NOT_READ, variable=name, path=value)


def _file(variable: str, path: str) -> Finding:
    import ssl

    facts = {"variable": variable, "path": path}
    try:
        seen = os.stat(path)
        if not stat.S_ISREG(seen.st_mode) or seen.st_size > _LARGEST:
            return Finding("trust", "failure", Code.CA_NOT_A_FILE, facts)
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
        context.load_verify_locations(cafile=path)
    except ssl.SSLError:
        return Finding("trust", "failure", Code.CA_EMPTY, facts)
    except (OSError, ValueError) as error:
        return _unusable(facts, error)
    return Finding("trust", "ok", Code.CA_FILE, {**facts, "certificates": context.cert_store_stats()["x509"]})


def _folder(variable: str, path: str) -> Finding:
    facts = {"variable": variable, "path": path}
    try:
        names = os.listdir(path)
    except NotADirectoryError:
        return Finding("trust", "failure", Code.CA_NOT_A_FOLDER, facts)
    except (OSError, ValueError) as error:
        return _unusable(facts, error)
    count = sum(bool(_HASHED.fullmatch(name)) for name in names)
    if not count:
        return Finding("trust", "failure", Code.CA_FOLDER_EMPTY, facts)
    return Finding("trust", "ok", Code.CA_FOLDER, {**facts, "certificates": count})


def _unusable(facts: Mapping[str, str], error: Exception) -> Finding:
    if isinstance(error, FileNotFoundError):
        return Finding("trust", "failure", Code.CA_MISSING, facts)
    detail = getattr(error, "strerror", None) or str(error)
    return Finding("trust", "failure", Code.CA_UNREADABLE, {**facts, "detail": detail})
