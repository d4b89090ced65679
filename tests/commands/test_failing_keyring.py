"""A keyring that fails in the middle of the work: nothing is lost, and every word about it is true."""

from pathlib import Path

import pytest

from tests.commands.running import Done, outside
from tui.sandbox import RunningSandbox
from tui.wording.vault import displaced_line


class _Shell:
    """Commands in processes of their own, with a keyring that may be in trouble."""

    def __init__(self, environ: dict[str, str]) -> None:
        self._environ = environ

    def __call__(self, *arguments: str, trouble: str = "", stdin: str = "") -> Done:
        return outside(*arguments, stdin=stdin.encode(), environ={**self._environ, "KEYRING_TROUBLE": trouble})


@pytest.fixture
def shell(sandbox: RunningSandbox, tmp_path: Path) -> _Shell:
    """A home whose App Secret and token are in the keyring."""
    run = _Shell(
        {
            "IGAUTH_GRAPH_URL": sandbox.graph_url,
            "IGAUTH_DIALOG_URL": sandbox.dialog_url,
            "PYTHON_KEYRING_BACKEND": "tests.commands.file_keyring.Keyring",
            "KEYRING_FILE": str(tmp_path / "keyring.json"),
        }
    )
    added = run("add", "acme", "--app-id", sandbox.world.app_id, stdin=sandbox.world.app_secret)
    assert added.status == 0, added.err
    imported = run("import", "user_due", "--profile", "acme", stdin=sandbox.world.token("user_due").value)
    assert imported.status == 0, imported.err
    assert run("secrets", "--json").json["backend"] == "keyring"
    return run


def test_a_token_the_keyring_refuses_is_stored_and_moved_back(shell: _Shell, own_home: Path) -> None:
    done = shell("refresh", "user_due", trouble="refuse set")
    assert done.status == 0, done.err
    assert "Extended by" in done.out
    assert "It moves back when the keyring answers." in done.err
    assert displaced_line(1) in shell("secrets").out
    assert shell("secrets", "--json").json["displaced"] == displaced_line(1)
    assert any("1 secret" in finding["text"] for finding in shell("doctor", "--json").json["findings"])
    value = shell("token", "user_due").out.strip()
    assert value.encode() in b"".join(file.read_bytes() for file in own_home.glob("igauth.db*"))
    assert shell("refresh", "user_due").status == 0
    assert shell("secrets", "--json").json["displaced"] is None
    assert shell("token", "user_due").out.strip() == value
    assert value.encode() not in b"".join(file.read_bytes() for file in own_home.glob("igauth.db*"))


def test_a_locked_keyring_is_not_taken_for_wrong_credentials(shell: _Shell) -> None:
    done = shell("refresh", "--all", "--json", trouble="refuse get")
    assert done.status == 3
    (result,) = done.json["results"]
    assert (result["result"], result["reason"]) == ("could_not_ask", "store")
    assert "keyring" in done.err
    assert "App Secret" not in done.err
    (finding,) = [found for found in shell("doctor", "--json", trouble="refuse get").json["findings"]
                  if found["level"] == "failure"]  # fmt: skip
    assert finding["check"] == "secrets"
    assert "keyring" in finding["text"]
