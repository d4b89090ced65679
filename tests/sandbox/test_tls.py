"""The sandbox behind a self-signed certificate, as a Matillion instance often stands."""

from __future__ import annotations

import shutil
import ssl
import subprocess
from collections.abc import Callable
from pathlib import Path

import httpx
import pytest

from tui.sandbox import RunningSandbox

pytestmark = pytest.mark.skipif(not shutil.which("openssl"), reason="no openssl on this machine to make a certificate")


@pytest.fixture
def certificate(tmp_path: Path) -> tuple[str, str]:
    """A fresh certificate for 127.0.0.1 and its key."""
    cert, key = str(tmp_path / "cert.pem"), str(tmp_path / "key.pem")
    made = "req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -days 2 -subj /CN=127.0.0.1"
    command = ["openssl", *made.split(), "-addext", "subjectAltName=IP:127.0.0.1", "-keyout", key, "-out", cert]
    subprocess.run(command, check=True, capture_output=True)
    return cert, key


def test_https_is_refused_until_the_certificate_is_trusted(
    make_sandbox: Callable[..., RunningSandbox], certificate: tuple[str, str]
) -> None:
    sandbox = make_sandbox(tls=certificate)
    world = sandbox.world
    address = f"{sandbox.matillion_url}/rest/v1/oauth"
    assert address.startswith("https://127.0.0.1:")
    with pytest.raises(httpx.ConnectError, match="CERTIFICATE_VERIFY_FAILED"):
        httpx.get(address, trust_env=False)
    trusted = ssl.create_default_context(cafile=certificate[0])
    auth = (world.matillion_user, world.matillion_password)
    assert httpx.get(address, auth=auth, verify=trusted, trust_env=False).json()[0] == "ig_prod"
