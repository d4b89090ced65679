"""A session bus of a test's own, and what provides a keyring on it. Real programs; a test without them is skipped."""

import os
import shutil
import subprocess
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
_CONFIGURATION = """
<busconfig><type>session</type><listen>unix:dir={folder}</listen><auth>EXTERNAL</auth>
<policy context="default">
<allow send_destination="*" eavesdrop="true"/><allow eavesdrop="true"/><allow own="*"/></policy>
</busconfig>
"""


@contextmanager
def session_bus(folder: Path) -> Iterator[str]:
    """Run a session bus that starts no service by itself; give its address."""
    need("dbus-daemon")
    file = folder / "bus.conf"
    file.write_text(_CONFIGURATION.format(folder=folder))
    with _running(["dbus-daemon", f"--config-file={file}", "--nofork", "--print-address=1"], {}) as address:
        yield address


@contextmanager
def secret_service(address: str, mode: str) -> Iterator[None]:
    """Run the service of `tests.keyrings.service` on a bus."""
    environ = {"DBUS_SESSION_BUS_ADDRESS": address}
    with _running([sys.executable, "-m", "tests.keyrings.service", mode], environ):
        yield


def gnome_keyring(address: str, home: Path, password: str) -> None:
    """Start gnome-keyring on a bus, with the keyring of a home, unlocked with this password; it ends with the bus."""
    need("gnome-keyring-daemon")
    home.mkdir(exist_ok=True)
    environ = {"HOME": str(home), "DBUS_SESSION_BUS_ADDRESS": address, "PATH": os.environ["PATH"]}
    program = ["gnome-keyring-daemon", "--replace", "--unlock", "--components=secrets"]
    subprocess.run(program, input=password.encode(), env=environ, check=True, capture_output=True, timeout=60)


def need(program: str) -> None:
    """Skip the test where a program is not installed."""
    if shutil.which(program) is None:
        pytest.skip(f"{program} is not installed")


@contextmanager
def _running(command: Sequence[str], environ: dict[str, str]) -> Iterator[str]:
    """Run a program and give the first line it prints, which says that it is ready."""
    with subprocess.Popen(
        command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True, cwd=ROOT, env={**os.environ, **environ}
    ) as process:
        try:
            assert process.stdout is not None
            yield process.stdout.readline().strip()
        finally:
            process.kill()
