"""A rename leaves the vault and config.toml in step, however the file is arranged."""

import os
from pathlib import Path

import pytest

from tui.redact import Secret
from tui.services import Services, open_services
from tui.settings import SettingsError


@pytest.fixture
def services(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Services:
    """A home whose profiles stand apart in the file."""
    monkeypatch.setenv("IGAUTH_HOME", str(tmp_path))
    text = '[profiles.a]\napp_id = "1234567890"\n[hooks]\ndue = ["x"]\n[profiles.b]\napp_id = "2345678901"\n'
    (tmp_path / "config.toml").write_text(text)
    services = open_services(os.environ, "command", throw_away=True)
    services.vault.profile_secrets.set("app_secret", "a", Secret("0123456789abcdef0123456789abcdef"))
    return services


def test_profiles_that_stand_apart_are_renamed(services: Services) -> None:
    services.profile_store.rename("a", "z")
    assert [profile.name for profile in services.settings.profiles] == ["z", "b"]
    assert services.profile_store.app_secret("z") is not None


def test_an_impossible_new_name_moves_nothing(services: Services) -> None:
    with pytest.raises(SettingsError):
        services.profile_store.rename("a", "bad name!")
    assert services.profile_store.app_secret("a") is not None
