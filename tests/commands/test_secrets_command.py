"""`igauth secrets`: where secrets are kept, and moving them."""

import json
import os
from pathlib import Path

from tests.commands.running import Person, inside, outside, without_terminal
from tui.services import open_services
from tui.vault.errors import SecretsProblem, SecretsUnavailable
from tui.vault.sealed import KEY_ENTRY
from tui.wording.vault import vault_error


def test_a_failed_move_of_secrets_loses_nothing(person: Person) -> None:
    person.import_tokens("user_long")
    assert inside("secrets", "--json").json["backend"] == "database"
    done = inside("secrets", "--move-to", "keyring")
    if done.status != 0:
        assert "keyring" in done.err
    assert inside("token", "user_long").out.strip() == person.value("user_long")


def test_secrets_can_be_sealed_and_a_units_credentials_open_them(person: Person, tmp_path: Path) -> None:
    person.import_tokens("user_long")
    folder = tmp_path / "credentials"
    folder.mkdir()
    (folder / "igauth-passphrase").write_text("correct horse\n")
    sealed_by = {"CREDENTIALS_DIRECTORY": str(folder)}
    assert outside("secrets", "--move-to", "sealed", environ=sealed_by).status == 0
    assert outside("token", "user_long", environ=sealed_by).out.strip() == person.value("user_long")
    closed = without_terminal("token", "user_long", stdin="a line that is not the passphrase\n")
    assert (closed.returncode, closed.stdout) == (1, "")
    assert vault_error(SecretsUnavailable(SecretsProblem.NO_PASSPHRASE)).what in closed.stderr
    assert inside("status").status == 0


def test_a_passphrase_is_sealed_at_full_cost(person: Person) -> None:
    assert outside("secrets", "--move-to", "sealed", stdin=b"several plain words").status == 0
    vault = open_services(os.environ, "command").vault
    sealed = json.loads(vault.meta.get(KEY_ENTRY) or "{}")
    vault.close()
    assert (sealed["n"], sealed["r"], sealed["p"]) == (2**17, 8, 1)
