"""Kills `igauth refresh --all` again and again, lets the old tokens end, and counts what is used of what was issued.

`python -m tests.rigs.kills [KILLS]` (default: 500). 30 tokens; the server delays its answers, and now and then fails
or throttles, between an exchange and the inspection that proves its token too. Afterwards each current value ends as
Facebook ends a session. A token is lost where the database holds a value for it that still works and igauth asks for
a new login instead. Exit status 1 then.
"""

import random
import subprocess
import sys
import time
from pathlib import Path
from tempfile import TemporaryDirectory

from tests.bench.homes import PROFILE, environment, igauth
from tests.bench.refreshing import slow_crowd, store
from tui.sandbox import RunningSandbox
from tui.tokens.errors import NoValue
from tui.vault.vault import Vault, open_vault

TOKENS = 30
LONGEST = 4.0
"""Seconds after which a run is killed at the latest; a whole one takes longer than that."""
APART = 300
"""Seconds of Facebook's clock between two runs: each extension gains more than a minute."""
FAULTS = ("server_error", "drop", "transient_190", "throttle")
PAUSE = 2 * 3_600
"""Seconds after which Facebook's throttling is over."""


def kill_runs(home: Path, sandbox: RunningSandbox, kills: int) -> None:
    """Start a refresh of every token and kill it, `kills` times."""
    env = {**environment(home), "IGAUTH_GRAPH_URL": sandbox.graph_url, "IGAUTH_DIALOG_URL": sandbox.dialog_url}
    chance = random.Random(20)
    for number in range(kills):
        sandbox.clear_faults()
        sandbox.fault("delay", times=None, seconds=chance.choice((0.01, 0.05)))
        fault = chance.choice(FAULTS) if number % 3 == 0 else ""
        if fault:
            sandbox.fault(fault, path="debug_token", times=chance.randrange(1, 9))
        sandbox.state.clock.advance(PAUSE if fault == "throttle" else APART)
        child = subprocess.Popen(
            igauth("refresh", "--all"), env=env, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
        )
        try:
            child.wait(chance.uniform(0.3, LONGEST))
        except subprocess.TimeoutExpired:
            child.kill()
            child.wait()


def working(vault: Vault, sandbox: RunningSandbox) -> dict[str, list[str]]:
    """Return the fingerprints of the values that work, by token."""
    found: dict[str, list[str]] = {}
    for name in vault.tokens.names():
        for version in vault.tokens.versions(name):
            try:
                value = vault.tokens.value_of(version.id).reveal()
            except NoValue:
                continue
            record = sandbox.state.tokens[value]
            if sandbox.state.state_word(record) in ("valid", "due"):
                found.setdefault(name, []).append(version.fingerprint)
    return found


def main(kills: int) -> int:
    """Print the figures; return the exit status."""
    with TemporaryDirectory(prefix="igauth-kills-") as folder, slow_crowd(Path(folder), TOKENS) as sandbox:
        home = Path(folder) / "home"
        store(home, sandbox)
        seeded = len(sandbox.state.tokens)
        kill_runs(home, sandbox, kills)
        sandbox.clear_faults()
        vault = open_vault(home / "igauth.db", time.time, throw_away=True)
        kept = {one.fingerprint for name in vault.tokens.names() for one in vault.tokens.versions(name)}
        waiting = {one.token for one in vault.tokens.candidates()}
        for name in waiting:
            sandbox.state.tokens[vault.tokens.value(name).reveal()].flaw = "invalidated"
        before = working(vault, sandbox)
        vault.close()
        env = {**environment(home), "IGAUTH_GRAPH_URL": sandbox.graph_url, "IGAUTH_DIALOG_URL": sandbox.dialog_url}
        subprocess.run(igauth("status", "--check"), env=env, stdout=subprocess.DEVNULL, check=False)
        vault = open_vault(home / "igauth.db", time.time, throw_away=True)
        used = {name for name, prints in before.items() if vault.tokens.token(name).fingerprint in prints}
        vault.close()
    lost = sorted(set(before) - used)
    print(f"{kills} kills of {TOKENS} tokens of profile {PROFILE}")
    print(f"issued {len(sandbox.state.tokens) - seeded}, kept {len(kept)}; {len(waiting)} tokens with candidates")
    print(f"after the current values ended: {len(before)} tokens with a value that works, {len(used)} of them used")
    print(f"FAILED: {', '.join(lost)}" if lost else "All as it should be")
    return int(bool(lost))


if __name__ == "__main__":
    sys.exit(main(int(sys.argv[1]) if len(sys.argv) > 1 else 500))
