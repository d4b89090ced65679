"""Canary secrets through commands that succeed and fail: no byte they leave holds one, in any coding."""

import base64
from pathlib import Path
from urllib.parse import quote

import pytest

from tests.commands.running import UNREACHABLE, Done, outside
from tui.sandbox import RunningSandbox

VAULT = ("igauth.db", "igauth.db-wal", "igauth.db-shm", "igauth.db.spill")
ASKED = (("status", "--check", "--json"), ("refresh", "--all", "--json"), ("doctor", "--json"))


def _forms(value: str) -> list[bytes]:
    """The value raw, percent-encoded, and the part of its base64 that any alignment has."""
    plain = value.encode()
    coded = [base64.b64encode(b"\0" * shift + plain)[4:-4] for shift in range(3)]
    return [plain, quote(value, safe="").encode(), *coded]


def test_commands_leave_no_secret_outside_the_vault(
    sandbox: RunningSandbox, own_home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    world = sandbox.world
    names = ("user_due", "user_expired")
    monkeypatch.setenv("IGAUTH_GRAPH_URL", sandbox.graph_url)
    add = ("add", "acme", "--app-id", world.app_id, "--verify")
    wrong = "0123456789abcdef0123456789abcdef"
    secrets = [world.app_secret, wrong, *(world.token(name).value for name in names)]
    done: list[Done] = [outside(*add, stdin=wrong.encode()), outside(*add, stdin=world.app_secret.encode())]
    done += [outside("import", n, "--profile", "acme", stdin=world.token(n).value.encode()) for n in names]
    for fault in ("truncated", "html"):
        sandbox.fault(fault, times=None)
        done.append(outside("status", "--check", "--json"))
        sandbox.clear_faults()
    sandbox.change_secret("f" * 32)
    done.append(outside("refresh", "--all", "--json"))
    sandbox.change_secret(world.app_secret)
    done += [outside(*command) for command in ASKED]
    secrets.append(outside("token", "user_due").out.strip())
    monkeypatch.setenv("IGAUTH_GRAPH_URL", UNREACHABLE)
    done += [outside(*command) for command in (*ASKED, ("history", "--json"), ("secrets", "--json"))]
    assert {one.status for one in done} >= {0, 1}
    files = [path for path in own_home.rglob("*") if path.is_file() and path.name not in VAULT]
    bytes_left = [(one.out + one.err).encode() for one in done] + [path.read_bytes() for path in files]
    assert files
    for secret in secrets:
        assert len(secret) >= 32
        assert not [form for form in _forms(secret) if any(form in left for left in bytes_left)]
