"""What every process of igauth is like once it runs: no core file, not to be read by others, its files its own."""

import os
import resource
import stat
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.commands.running import ROOT, inside, outside
from tests.screens.driving import seed
from tests.terminals import PseudoTerminal
from tui.sandbox import RunningSandbox
from tui.services import open_services

IGAUTH = [sys.executable, "-m", "tui"]


def _no_core_files(pid: int) -> bool:
    limits = Path(f"/proc/{pid}/limits").read_text()
    (line,) = [line for line in limits.splitlines() if line.startswith("Max core file size")]
    return line.split()[4:6] == ["0", "0"]


def _is_dumpable(pid: int) -> bool:
    """The files in /proc of a process that may not be dumped belong to root; as root only the kernel's word counts."""
    return "CoreDumping" in Path(f"/proc/{pid}/status").read_text() and _owner(pid) != 0


def _owner(pid: int) -> int:
    return Path(f"/proc/{pid}/environ").stat().st_uid


@pytest.fixture
def seeded(facebook: RunningSandbox, own_home: Path) -> RunningSandbox:
    """A home with two tokens."""
    services = open_services(os.environ, "tui", throw_away=True)
    seed(services, facebook, ("user_due", "user_long"))
    services.vault.close()
    return facebook


@pytest.mark.parametrize("command", [[], ["demo"]], ids=["igauth", "demo"])
def test_the_full_screen_view_can_leave_no_core_file(command: list[str], seeded: RunningSandbox) -> None:
    hard = resource.getrlimit(resource.RLIMIT_CORE)[1]
    if hard == 0:
        pytest.skip("core files are forbidden here already")
    with PseudoTerminal(
        ["sh", "-c", 'ulimit -S -c unlimited; exec "$0" "$@"', *IGAUTH, *command], os.environ, cwd=ROOT
    ) as terminal:
        terminal.wait_for("q quit")
        assert _no_core_files(terminal.process.pid)
        terminal.send("q")
        assert terminal.wait_exit() == 0


def test_a_long_command_with_secrets_leaves_no_core_file(seeded: RunningSandbox) -> None:
    hard = resource.getrlimit(resource.RLIMIT_CORE)[1]
    if hard == 0:
        pytest.skip("core files are forbidden here already")
    process = subprocess.Popen(
        [*IGAUTH, "watch"],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        cwd=ROOT,
        preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_CORE, (hard, hard)),
    )
    try:
        assert process.stderr is not None
        assert process.stderr.readline()
        assert _no_core_files(process.pid)
    finally:
        process.terminate()
        process.communicate(timeout=30)


def test_every_file_of_a_session_is_private_under_umask_000(
    facebook: RunningSandbox, own_home: Path, tmp_path: Path
) -> None:
    """Configuration, vault, locks, crash reports, exports, backups: from the first byte."""
    world = facebook.world
    before = os.umask(0)
    try:
        run: list[Callable[[], object]] = [
            lambda: outside("add", "acme", "--app-id", world.app_id, stdin=world.app_secret.encode()),
            lambda: outside("import", "user_due", "--profile", "acme", stdin=world.token("user_due").value.encode()),
            lambda: outside("refresh", "--all"),
            lambda: outside("status", "--format", "openmetrics", "--output", str(tmp_path / "out" / "igauth.prom")),
            lambda: outside("history", "--json"),
        ]
        (tmp_path / "out").mkdir()
        for step in run:
            step()
        with PseudoTerminal(
            [sys.executable, "-m", "tests.promises.crashing", "handler"], os.environ, cwd=ROOT
        ) as terminal:
            terminal.wait_for("user_due")
            terminal.send("?")
            terminal.wait_exit()
    finally:
        os.umask(before)
    seen = {path.name: path for path in own_home.rglob("*")}
    assert {"config.toml", "igauth.db"} <= set(seen)
    assert any(name.startswith("crash-") for name in seen), "no report was made, so this proves less than it says"
    for path in (own_home, *seen.values()):
        mode = stat.S_IMODE(path.stat().st_mode)
        assert mode == (0o700 if path.is_dir() else 0o600), f"{path} is {mode:04o}"
    done = inside("doctor", "--json")
    assert not [line for line in done.json["findings"] if line["check"] == "permissions" and line["level"] == "failure"]
