"""An address that cannot be one is refused before anything of the Matillion settings is stored."""

import os
from pathlib import Path

import pytest

from tui.matillion.errors import MatillionError, Problem
from tui.redact import Secret
from tui.services import open_services
from tui.settings import MatillionTarget, Profile


def test_a_bad_address_stores_neither_settings_nor_password(own_home: Path) -> None:
    services = open_services(os.environ, "tui")
    services.profile_store.save(Profile("acme", "1234567890123456"))
    before = (own_home / "config.toml").read_text()
    with pytest.raises(MatillionError) as refused:
        services.matillion.save("acme", MatillionTarget("foo", "user"), Secret("words"))
    assert refused.value.failure.problem is Problem.ADDRESS_WITHOUT_SCHEME
    assert (own_home / "config.toml").read_text() == before
    assert services.vault.profile_secrets.get("matillion_password", "acme") is None
    services.vault.close()
