"""Keys that run commands or say where secrets go are obeyed only from a file that nobody else can change."""

import os
from dataclasses import fields
from pathlib import Path

import pytest

from tui.settings import Home, Problem, Settings, SettingsError, SettingsStore, find_home
from tui.settings.reading import load_settings, parse_settings
from tui.settings.schema import Destination, Hooks, MatillionTarget, declared_keys
from tui.wording.settings import ignored_keys, settings_error

TEXT = """\
theme = "nord"
graph_url = "https://graph.example.com"
dialog_url = "https://dialog.example.com"
trusted_hosts = ["x.example.com"]
passphrase_command = ["cat", "p"]
[hooks]
due = ["x"]
[[deliver]]
tokens = ["a"]
command = ["x"]
[profiles.acme]
app_id = "1234567890123456"
[profiles.acme.matillion]
base_url = "https://etl.example.com"
ca_file = "/ca.pem"
fingerprint = "aa"
user = "reader"
"""
KEYS = (
    "graph_url",
    "dialog_url",
    "trusted_hosts",
    "passphrase_command",
    "hooks.due",
    "deliver",
    "profiles.acme.matillion.base_url",
    "profiles.acme.matillion.ca_file",
    "profiles.acme.matillion.fingerprint",
)
STRANGER = 54321


@pytest.fixture
def home() -> Home:
    """Return a home with every guarded kind of key, for its owner alone."""
    home = find_home(os.environ)
    home.config_folder.mkdir(mode=0o700)
    home.config_file.write_text(TEXT)
    home.config_file.chmod(0o600)
    return home


def give_away(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Let a file, link or folder be another user's; all of them, where only root could change one."""
    if os.getuid() == 0:
        os.chown(path, STRANGER, -1, follow_symlinks=False)
    else:
        monkeypatch.setattr(os, "geteuid", lambda: STRANGER)


def test_a_private_file_is_obeyed_whole(home: Home) -> None:
    found = load_settings(home, {})
    assert found == parse_settings(TEXT, home.config_file)
    assert found.ignored is None


@pytest.mark.parametrize("mode", [0o620, 0o602, 0o666])
def test_of_an_exposed_file_only_the_harmless_is_used(home: Home, mode: int) -> None:
    home.config_file.chmod(mode)
    found = load_settings(home, {})
    assert found.ignored is not None
    assert (found.ignored.keys, found.ignored.path, found.ignored.mode) == (KEYS, home.config_file, mode)
    default = Settings()
    assert (found.graph_url, found.dialog_url, found.hooks) == (default.graph_url, default.dialog_url, Hooks())
    assert (found.trusted_hosts, found.passphrase_command, found.deliver) == ((), (), ())
    (profile,) = found.profiles
    assert (profile.app_id, profile.matillion) == ("1234567890123456", MatillionTarget(user="reader"))
    assert found.theme == "nord"
    text = ignored_keys(found.ignored)
    assert f"chmod go-w {home.config_file}" in text.hint
    assert all(key in text.what for key in KEYS)


def test_each_key_that_holds_a_command_is_guarded() -> None:
    """A new key with a command or a host cannot be forgotten: each list of texts is guarded or known to be harmless."""
    harmless = {"scopes", "tokens"}
    for table in (Settings, Hooks, MatillionTarget):
        for declared in declared_keys(table).values():
            is_risky = isinstance(declared.default, tuple) or declared.name.endswith(("_url", "_file", "fingerprint"))
            assert declared.key.is_guarded is (is_risky and declared.name not in harmless), declared.name
    assert {item.name for item in fields(Settings)} >= {"deliver"}
    assert "command" in declared_keys(Destination)


def test_a_file_that_others_can_replace_is_the_same(home: Home) -> None:
    home.config_folder.chmod(0o770)
    found = load_settings(home, {}).ignored
    assert found is not None
    assert (found.path, found.keys) == (home.config_folder, KEYS)
    home.config_folder.chmod(0o1777)  # as /tmp: others can only add files
    assert load_settings(home, {}).ignored is None


def test_a_link_is_judged_by_its_target_and_both_folders(home: Home, tmp_path: Path) -> None:
    folder = tmp_path / "dotfiles"
    folder.mkdir(mode=0o700)
    target = home.config_file.rename(folder / "igauth.toml")
    home.config_file.symlink_to(target)
    assert load_settings(home, {}).ignored is None
    for path, mode in ((target, 0o620), (folder, 0o770), (home.config_folder, 0o770)):
        before = path.stat().st_mode
        path.chmod(mode)
        found = load_settings(home, {}).ignored
        assert found is not None
        assert found.path == path
        path.chmod(before)


def test_a_file_of_another_user_is_not_used(home: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    home.config_file.write_text('theme = "nord"')
    give_away(home.config_file, monkeypatch)
    with pytest.raises(SettingsError) as caught:
        load_settings(home, {})
    assert (caught.value.problem, caught.value.path) == (Problem.OTHER_OWNER, home.config_file)
    hint = settings_error(caught.value).hint
    assert "chown" in hint
    assert f"cp {home.config_file}" in hint


def test_a_file_of_root_is_used(home: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    if os.getuid() != 0:
        pytest.skip("only root can make such a file")
    monkeypatch.setattr(os, "geteuid", lambda: STRANGER)
    assert load_settings(home, {}).ignored is None


def test_a_folder_of_another_user_is_named_with_them(home: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    if os.getuid() != 0:
        pytest.skip("only root can make such a folder")
    give_away(home.config_folder, monkeypatch)
    found = load_settings(home, {}).ignored
    assert found is not None
    assert (found.path, found.owner) == (home.config_folder, f"uid {STRANGER}")
    assert "chown" in ignored_keys(found).hint


def test_without_guarded_keys_nothing_is_ignored(home: Home) -> None:
    home.config_file.write_text('theme = "nord"\n[profiles.acme.matillion]\nuser = "reader"\n')
    home.config_file.chmod(0o666)
    assert load_settings(home, {}).ignored is None


def test_the_environment_is_obeyed_as_ever(home: Home) -> None:
    home.config_file.chmod(0o666)
    url = "https://other.example.com"
    found = load_settings(home, {"IGAUTH_GRAPH_URL": url, "IGAUTH_DIALOG_URL": url})
    assert (found.graph_url, found.dialog_url) == (url, url)
    assert found.ignored is not None
    assert not {"graph_url", "dialog_url"} & {*found.ignored.keys}


def test_a_change_by_igauth_makes_no_foreign_key_obeyed(home: Home) -> None:
    home.config_file.chmod(0o666)
    store = SettingsStore(home, {})
    store.set_preference("theme", "dracula")
    assert (store.settings.theme, store.settings.hooks) == ("dracula", Hooks())
    home.config_file.write_text('theme = "nord"')
    store = SettingsStore(home, {})
    home.config_file.write_text('[hooks]\ndue = ["evil"]')  # by others, meanwhile
    store.set_preference("theme", "dracula")
    assert store.settings.hooks == Hooks()
    assert store.settings.ignored is not None
