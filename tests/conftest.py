"""What every test stands on: a home of its own, no proxy, and sandboxes that end with the test."""

from __future__ import annotations

import os
import signal
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from hypothesis import settings

from tui import redact
from tui.sandbox import RunningSandbox, start_sandbox
from tui.vault import sealed

# hundreds of tests start the command: each would compile it again, for two seconds
os.environ.pop("PYTHONDONTWRITEBYTECODE", None)
sys.dont_write_bytecode = False

# tests that run with nohup or in the background ignore these, and started commands would inherit that
signal.signal(signal.SIGINT, signal.default_int_handler)
signal.signal(signal.SIGHUP, signal.SIG_DFL)
signal.signal(signal.SIGQUIT, signal.SIG_DFL)

os.umask(0o022)  # a config.toml that others can write is not obeyed whole, and some desktops let a group write

sealed.COST = 2**12  # in this process a passphrase costs little; started commands pay in full

MakeSandbox = Callable[..., RunningSandbox]

settings.register_profile("igauth", deadline=None)
settings.load_profile("igauth")  # a deadline per example fails on a machine that has much else to do

_PROXY = ("http_proxy", "https_proxy", "all_proxy", "no_proxy")


@pytest.fixture(autouse=True)
def own_home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Nobody's real vault and no setting of the machine's reach a test."""
    for name in list(os.environ):
        if name.startswith("IGAUTH_") or name.lower() in _PROXY:
            monkeypatch.delenv(name)
    monkeypatch.delenv("DBUS_SESSION_BUS_ADDRESS", raising=False)
    home = tmp_path / "igauth-home"
    monkeypatch.setenv("IGAUTH_HOME", str(home))
    return home


@pytest.fixture(autouse=True)
def own_secrets() -> Iterator[None]:
    """A secret of one test is not hidden in what another test reads."""
    before = set(redact._known)
    yield
    redact._known.intersection_update(before)


@pytest.fixture
def make_sandbox() -> Iterator[MakeSandbox]:
    """Start sandboxes by world name, as `start_sandbox`; control is on unless said otherwise. All end with the test."""
    running: list[RunningSandbox] = []

    def make(world: object = "default", **options: object) -> RunningSandbox:
        sandbox = start_sandbox(world, **{"control": True, **options})  # type: ignore[arg-type]
        running.append(sandbox)
        return sandbox

    yield make
    for sandbox in running:
        sandbox.stop()


@pytest.fixture
def sandbox(make_sandbox: MakeSandbox) -> RunningSandbox:
    """The default world, with control."""
    return make_sandbox()
