"""Every command, on its good way and on each bad one, with logs at their loudest: no secret in any byte it produced."""

import os
import subprocess
import sys
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import pytest

from tests.commands.running import ROOT, TIMEOUT
from tests.promises.canaries import nothing
from tests.promises.conftest import canaries_of
from tests.promises.watching import ProcessWatch
from tui.sandbox import RunningSandbox

HOOK = ["sh", "-c", 'env > "$IGAUTH_HOME/hook-$$.txt"; cat /proc/$$/cmdline >> "$IGAUTH_HOME/hook-$$.txt"']


class Loud:
    """Runs commands as processes of their own and keeps every byte they produce."""

    def __init__(self, home: Path, folder: Path) -> None:
        self.home = home
        self.log = folder / "everything.log"
        self.bytes: dict[str, bytes] = {}
        self.statuses: dict[str, int] = {}
        self._number = 0

    def run(self, *arguments: str, stdin: str | None = None, is_asked_for: bool = False) -> bytes:
        """Run one command, watch its processes, keep what it wrote; `is_asked_for`: stdout is the secret itself."""
        process = subprocess.Popen(
            [sys.executable, "-m", "tests.promises.verbose", str(self.log), *self._logged(arguments)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            cwd=ROOT,
            env={**os.environ, "TEXTUAL_LOG": str(self.home.parent / "textual.log"), "HTTPX_LOG_LEVEL": "trace"},
        )
        with ProcessWatch(process.pid) as watch:
            out, err = process.communicate((stdin or "").encode(), timeout=TIMEOUT)
        self._keep(arguments, process.returncode, b"" if is_asked_for else out, err, watch)
        return out

    def _logged(self, arguments: tuple[str, ...]) -> tuple[str, ...]:
        return ("--log", str(self.home / "igauth.log"), "--verbose", *arguments)

    def _keep(self, arguments: tuple[str, ...], status: int, out: bytes, err: bytes, watch: ProcessWatch) -> None:
        self._number += 1
        label = f"{self._number} igauth {' '.join(arguments)}"
        self.statuses[label] = status
        self.bytes[f"stdout of {label}"] = out
        self.bytes[f"stderr of {label}"] = err
        for data, what in watch.seen.items():
            self.bytes[f"{what} of {label}"] = data
        assert watch.looks, "the processes were not looked at"

    def log_in(self, facebook: RunningSandbox, *, wrong_state: bool = False) -> dict[str, str]:
        """`igauth login --paste` to its end; returns what may not be found afterwards."""
        arguments = ("login", "--paste", "--name", "wrong" if wrong_state else "fresh")
        process = subprocess.Popen(
            [sys.executable, "-m", "tests.promises.verbose", str(self.log), *self._logged(arguments)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            cwd=ROOT,
        )
        with ProcessWatch(process.pid) as watch:
            assert process.stdout is not None
            link = process.stdout.readline().decode().strip()
            fields = parse_qs(urlsplit(link).query)
            redirect, state = fields["redirect_uri"][0], fields["state"][0]
            code = facebook.issue_code(redirect_uri=redirect)
            sent = "0" * len(state) if wrong_state else state
            answer = f"{redirect}?code={code}&state={sent}"
            out, err = process.communicate(answer.encode() + b"\n", timeout=TIMEOUT)
        self._keep(arguments, process.returncode, out, err, watch)
        # the link itself was asked for; code and redirected address are not shown
        return {f"code of {arguments[-1]}": code, f"redirected address of {arguments[-1]}": answer}


@pytest.fixture
def loud(own_home: Path, facebook: RunningSandbox, tmp_path: Path) -> Loud:
    """A home with hooks, a port of its own, and nothing in it yet."""
    import socket

    import tomli_w

    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = int(probe.getsockname()[1])
    own_home.mkdir(mode=0o700)
    hooks = {"extended": HOOK, "due": HOOK, "expired": HOOK}
    (own_home / "config.toml").write_text(tomli_w.dumps({"login_port": port, "hooks": hooks}))
    return Loud(own_home, tmp_path)


def test_no_command_leaks_a_secret_whatever_comes_of_it(loud: Loud, facebook: RunningSandbox) -> None:
    world = facebook.world
    wrong = {
        "secret typed wrong": "f00dfeedf00dfeedf00dfeedf00dfe11",
        "token typed wrong": "EAABwrongTokenOf0123456789ZD",
    }

    # the good way
    loud.run("add", "acme", "--app-id", world.app_id, "--verify", stdin=world.app_secret)
    for name in ("user_due", "user_expired", "user_long"):
        loud.run("import", name, "--profile", "acme", stdin=world.token(name).value)
    more = loud.log_in(facebook)
    for form in ("--json", "--nagios", "--openmetrics"):
        loud.run("status", form)
    loud.run("status", "--check")
    loud.run("refresh", "user_due", "--json")
    loud.run("refresh", "--all")
    loud.run("history", "--json")
    loud.run("history", "--verify")
    loud.run("secrets", "--json")
    loud.run("doctor", "--json")
    loud.run("guide", "--check")
    loud.run("guide", "--json")
    loud.run("due")
    value = loud.run("token", "user_long", is_asked_for=True).decode().removesuffix("\n")
    assert facebook.state.token_named(value).kind == "user"
    loud.run("check", "app_secret", stdin=world.app_secret + " ")

    # each bad way
    more |= loud.log_in(facebook, wrong_state=True)
    loud.run("add", "other", "--app-id", world.app_id, "--verify", stdin=wrong["secret typed wrong"])
    loud.run("add", "other", "--app-id", world.app_id, stdin=world.app_secret + "\u00a0")
    loud.run("import", "bad", "--profile", "acme", stdin=wrong["token typed wrong"])
    loud.run("import", "user_long", "--profile", "acme", stdin=world.token("user_never").value)
    loud.run("import", "foreign", "--profile", "acme", stdin=facebook.state.token_named("northwind_long").value)
    never = world.token("user_never").value
    loud.run("import", "flawed", "--profile", "acme", stdin=f"{never[:20]}\n{never[20:]}")
    for kind in ("server_error", "throttle", "html", "redirect", "truncated", "reset", "not_json", "code_3"):
        facebook.fault(kind, times=None)
        loud.run("refresh", "user_long", "--json")
        facebook.clear_faults()
    facebook.extension("drop_after_issuing", 1)
    loud.run("refresh", "user_long")
    facebook.revoke("user_long", "invalidated")
    loud.run("refresh", "--all", "--json")
    facebook.change_secret("ab" * 16)
    loud.run("status", "--check", "--json")
    facebook.stop()
    loud.run("status", "--check")
    loud.run("doctor")
    (loud.home / "igauth.db").write_bytes(b"no database" * 400)
    loud.run("status", "--json")

    canaries = canaries_of(facebook, wrong | more)
    found = [leak for place, data in loud.bytes.items() for leak in canaries.found_in(data, place)]
    found += canaries.found_under(loud.home)
    found += canaries.found_in(loud.log.read_bytes(), "the log at DEBUG")
    assert b"DEBUG" in loud.log.read_bytes(), "the log was silent, so this test would prove nothing"
    igauth_log = (loud.home / "igauth.log").read_text()
    for event in ("GET", "POST", "debug_token", "oauth/access_token", "opened", "refresh user_due: extended"):
        assert event in igauth_log, f"{event} was not logged, so this test would prove nothing"
    assert list(loud.home.glob("hook-*.txt")), "no hook ran, so this test would prove nothing"
    assert set(loud.statuses.values()) >= {0, 1, 2, 3}, loud.statuses
    print(f"{len(loud.statuses)} commands, {canaries.searched} bytes searched")
    nothing(found)
