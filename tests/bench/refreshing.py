"""Refreshing many tokens against a sandbox that answers slowly, beside a loop and beside what is possible at all."""

import subprocess
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from urllib.parse import urlsplit

from tests.bench.figures import Figure, Series
from tests.bench.homes import PROFILE, environment, igauth, python
from tests.bench.processes import peak_mib
from tui.redact import Secret
from tui.sandbox import RunningSandbox, start_sandbox
from tui.settings import Settings
from tui.tokens.token import Token
from tui.vault.vault import open_vault

DELAY = 0.1
"""Seconds before each answer."""
_LOOPED = 20
"""Tokens that the loop refreshes; its time for more is a multiple of that."""
_WORLD = """
primary_app = "acme"

[[apps]]
key = "acme"
name = "Acme Insights"

[crowd]
people = {people}
"""


def refreshing(tokens: int) -> list[Figure]:
    """Refresh `tokens` tokens once."""
    with TemporaryDirectory(prefix="igauth-bench-") as folder:
        _, few_mib, _, _ = _refresh(Path(folder) / "few", tokens // 10)
        took, mib, most, calls = _refresh(Path(folder) / "all", tokens)
        looped = _loop(Path(folder), tokens)
    concurrency = Settings().max_concurrency
    possible = Series(f"{calls} calls, {concurrency} at once", (calls * DELAY / concurrency,))
    seconds, peak = Series("igauth", (took,)), Series("peak", (mib,))
    return [
        Figure("refresh", f"{tokens} tokens", "s", seconds, 1.3, possible),
        Figure("refresh", f"{tokens} tokens", "s", seconds, 1 / 8, Series("httpx-oauth in a loop", (looped,))),
        Figure("refresh", "connections at once", "", Series("most", (most,)), concurrency),
        Figure("refresh", f"memory, beside {tokens // 10} tokens", "MiB", peak, 1.3, Series("few", (few_mib,))),
    ]


@contextmanager
def slow_crowd(folder: Path, people: int) -> Iterator[RunningSandbox]:
    """Run a sandbox of that many people whose every answer takes DELAY."""
    folder.mkdir(parents=True, exist_ok=True)
    world = folder / "crowd.toml"
    world.write_text(_WORLD.format(people=people))
    sandbox = start_sandbox(world, control=True)
    try:
        sandbox.fault("delay", times=None, seconds=DELAY)
        yield sandbox
    finally:
        sandbox.stop()


def _refresh(folder: Path, tokens: int) -> tuple[float, float, float, int]:
    """Return seconds, peak MiB, most connections at once, calls."""
    with slow_crowd(folder, tokens) as sandbox:
        home = folder / "home"
        store(home, sandbox)
        env = {**environment(home), "IGAUTH_GRAPH_URL": sandbox.graph_url, "IGAUTH_DIALOG_URL": sandbox.dialog_url}
        began = time.perf_counter()
        child = subprocess.Popen(igauth("refresh", "--all"), env=env, stdout=subprocess.DEVNULL)
        watch = _Watch(child.pid, urlsplit(sandbox.graph_url).port or 0)
        watch.start()
        status = child.wait()
        took = time.perf_counter() - began
        watch.ended.set()
        watch.join()
        if status:
            raise SystemExit(f"igauth refresh --all ended with {status}")
        return took, watch.mib, watch.most, len(sandbox.calls())


def store(home: Path, sandbox: RunningSandbox) -> None:
    """Put every token of the world into a home, never inspected."""
    home.mkdir(mode=0o700)
    config = home / "config.toml"
    config.write_text(f'[profiles.{PROFILE}]\napp_id = "{sandbox.world.app_id}"\n')
    config.chmod(0o600)
    vault = open_vault(home / "igauth.db", time.time, throw_away=True)
    vault.secrets.choose()
    vault.profile_secrets.set("app_secret", PROFILE, Secret(sandbox.world.app_secret))
    with vault.database.transaction():  # one commit: only the setting up is hurried by it
        for seeded in sandbox.state.seeded:
            value = Secret(seeded.value)
            version = vault.tokens.add_issued(seeded.name, PROFILE, value, at=1, origin="import")
            facts = Token(seeded.name, PROFILE, sandbox.world.app_id, obtained_at=1, fingerprint=value.fingerprint())
            vault.tokens.add_token(facts, version)
    vault.close()


def _loop(folder: Path, tokens: int) -> float:
    """Return the seconds that the loop would take for `tokens` tokens."""
    with slow_crowd(folder / "loop", _LOOPED) as sandbox:
        values = "\n".join(seeded.value for seeded in sandbox.state.seeded[:_LOOPED])
        facts = (sandbox.graph_url, sandbox.world.app_id, sandbox.world.app_secret)
        command = python("-m", "tests.bench.floors.loop", *facts)
        began = time.perf_counter()
        subprocess.run(command, env=environment(), input=values, text=True, check=True)
        return (time.perf_counter() - began) * tokens / _LOOPED


class _Watch(threading.Thread):
    """Looks at a process until it has ended: its peak memory, and how many connections to a port there are."""

    def __init__(self, pid: int, port: int) -> None:
        super().__init__(daemon=True)
        self.ended = threading.Event()
        self.mib = 0.0
        self.most = 0.0
        self._pid = pid
        self._port = f":{port:04X}"

    def run(self) -> None:
        """Look twenty times a second."""
        while not self.ended.wait(0.05):
            self.mib = max(self.mib, peak_mib(self._pid))
            lines = [line.split() for line in Path("/proc/net/tcp").read_text().splitlines()[1:]]
            there = [line for line in lines if line[2].endswith(self._port) and line[3] == "01"]
            self.most = max(self.most, len(there))
