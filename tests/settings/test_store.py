"""`SettingsStore`: each change is made in place, under a lock, on what the file holds at that moment."""

import os
import stat
import tomllib
from dataclasses import replace
from pathlib import Path

import pytest
import tomli_w
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.commands.running import start
from tui.file_lock import exclusive
from tui.settings import Home, MatillionTarget, Problem, Profile, SettingsError, SettingsStore

WRITTEN_BY_HAND = """\
# igauth on the build server
window_days = 10      # two weeks are too early here
favorite_color = "green"

# production
[profiles.acme]
app_id = 1234567890123456    # digits without quotes
team = "insights"
# from Manage OAuth
callback_url = "https://etl.example.com/cb"

# staging
[profiles."acme.stage"]
app_id = '2234567890123456'

[hooks]
due = ["notify", "--due"]  # mail
"""


@pytest.fixture
def home(own_home: Path) -> Home:
    """A home with a configuration that a person wrote."""
    own_home.mkdir()
    (own_home / "config.toml").write_text(WRITTEN_BY_HAND)
    return Home(own_home, own_home, own_home / "log")


def added_lines(home: Home) -> list[str]:
    """Return the lines that were added; every line written by hand must still be there, in its order."""
    lines = iter(home.config_file.read_text().splitlines())
    added = []
    for line in WRITTEN_BY_HAND.splitlines():
        while (now := next(lines)) != line:
            added.append(now)
    return [line for line in [*added, *lines] if line]


def test_choosing_a_theme_keeps_comments_and_order(home: Home) -> None:
    store = SettingsStore(home, {})
    store.set_preference("theme", "igauth-light")
    assert added_lines(home) == ['theme = "igauth-light"']
    assert store.settings.theme == "igauth-light"


def test_a_changed_profile_keeps_comments_and_unknown_keys(home: Home) -> None:
    store = SettingsStore(home, {})
    acme = store.settings.profiles[0]
    store.save_profile(replace(acme, app_name="Acme", matillion=MatillionTarget("https://etl.example.com")))
    assert added_lines(home) == [
        'app_name = "Acme"',
        "[profiles.acme.matillion]",
        'base_url = "https://etl.example.com"',
    ]
    assert [profile.app_name for profile in store.settings.profiles] == ["Acme", ""]


def test_a_comment_before_the_next_table_stays_before_it(home: Home) -> None:
    store = SettingsStore(home, {})
    store.save_profile(replace(store.settings.profiles[0], app_name="Acme"))
    lines = home.config_file.read_text().splitlines()
    assert lines[lines.index("# staging") + 1] == '[profiles."acme.stage"]'


def test_a_renamed_profile_goes_on_being_delivered(home: Home) -> None:
    added = '# to the warehouse\n[[deliver]]\nprofile = "acme"\ncommand = ["put"]\n'
    home.config_file.write_text(WRITTEN_BY_HAND + added + '[[deliver]]\nprofile = "other"\ncommand = ["put"]\n')
    store = SettingsStore(home, {})
    store.save_profile(replace(store.settings.profiles[0], name="prod"), rename_from="acme")
    assert [destination.profile for destination in store.settings.deliver] == ["prod", "other"]
    assert "# to the warehouse" in home.config_file.read_text()


def test_a_renamed_profile_keeps_its_place_and_its_comments(home: Home) -> None:
    store = SettingsStore(home, {})
    store.set_preference("default_profile", "acme")
    store.save_profile(replace(store.settings.profiles[0], name="prod"), rename_from="acme")
    assert [profile.name for profile in store.settings.profiles] == ["prod", "acme.stage"]
    assert store.settings.default_profile == "prod"
    text = home.config_file.read_text()
    assert "app_id = 1234567890123456    # digits without quotes" in text
    assert 'team = "insights"\n# from Manage OAuth\n' in text


def test_a_removed_profile_leaves_the_others(home: Home) -> None:
    store = SettingsStore(home, {})
    store.delete_profile("acme")
    assert [profile.name for profile in store.settings.profiles] == ["acme.stage"]
    assert 'due = ["notify", "--due"]  # mail' in home.config_file.read_text()


@pytest.mark.parametrize(
    "arranged",
    [
        'profiles.acme.app_id = "1234567890123456"\nprofiles.acme.app_name = "Acme"\n[hooks]\ndue = ["x"]\n',
        '[profiles.acme]\napp_id = "1234567890123456"\napp_name = "Acme"\n[hooks]\ndue = ["x"]\n[profiles.b]\n',
        'profiles = {acme = {app_id = "1234567890123456", app_name = "Acme"}}\nhooks.due = ["x"]\n',
    ],
    ids=["dotted keys", "tables apart", "inline tables"],
)
def test_an_added_profile_changes_no_other_one(own_home: Path, arranged: str) -> None:
    own_home.mkdir()
    (own_home / "config.toml").write_text(arranged)
    store = SettingsStore(Home(own_home, own_home, own_home), {})
    before = store.settings
    store.save_profile(Profile("new", "2234567890123456", matillion=MatillionTarget("https://etl.example.com")))
    assert store.settings.hooks == before.hooks
    assert store.settings.profiles == (*before.profiles, store.settings.profiles[-1])
    assert store.settings.profiles[-1].matillion == MatillionTarget("https://etl.example.com")


def test_a_change_made_elsewhere_meanwhile_is_kept(home: Home) -> None:
    first, second = SettingsStore(home, {}), SettingsStore(home, {})
    profile = first.settings.profiles[0]
    first.save_profile(replace(profile, app_name="Acme"))
    second.save_profile(replace(profile, pkce=False))
    changed = second.settings.profiles[0]
    assert (changed.app_name, changed.pkce) == ("Acme", False)


def test_a_new_file_is_private_and_a_link_stays_a_link(own_home: Path, tmp_path: Path) -> None:
    own_home.mkdir()
    (own_home / "config.toml").symlink_to(tmp_path / "dotfiles" / "config.toml")
    store = SettingsStore(Home(own_home, own_home, own_home), {})
    store.save_profile(Profile("acme", "1234567890123456"))
    assert (own_home / "config.toml").is_symlink()
    assert stat.S_IMODE((tmp_path / "dotfiles" / "config.toml").stat().st_mode) == 0o600
    assert store.settings.profiles == (Profile("acme", "1234567890123456"),)


def test_a_file_that_is_not_toml_is_left_alone(home: Home) -> None:
    store = SettingsStore(home, {})
    home.config_file.write_text("window_days = \n")
    with pytest.raises(SettingsError) as caught:
        store.set_preference("theme", "x")
    assert caught.value.problem is Problem.SYNTAX
    assert home.config_file.read_text() == "window_days = \n"


def test_a_change_waits_for_the_lock_and_then_gives_up(home: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tui.settings.store._WAIT", 0.1)
    store = SettingsStore(home, {})
    (home.data_folder / "locks").mkdir()
    with exclusive(home.data_folder / "locks" / "config.toml", 1), pytest.raises(SettingsError) as caught:
        store.set_preference("theme", "x")
    assert caught.value.problem is Problem.LOCKED
    assert home.config_file.read_text() == WRITTEN_BY_HAND


def test_four_adds_at_once_lose_no_profile(own_home: Path) -> None:
    for attempt in range(4):
        names = [f"acme-{attempt}-{number}" for number in range(4)]
        running = [
            start("add", name, "--app-id", "1234567890123456", stdin="0123456789abcdef0123456789abcdef")
            for name in names
        ]
        for process in running:
            assert process.wait(60) == 0, process.stderr.read() if process.stderr else ""
        table = tomllib.loads((own_home / "config.toml").read_text())
        assert set(names) <= set(table["profiles"])


_TEXTS = st.text(st.characters(exclude_categories=("Cs", "Cc")), max_size=12)
_NAMES = st.from_regex(r"[A-Za-z0-9._-]{1,8}", fullmatch=True)
_VALUES = st.recursive(
    st.booleans() | st.integers(-99, 99) | _TEXTS,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(_TEXTS, inner, max_size=3),
    max_leaves=8,
)


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    unknown=st.dictionaries(_TEXTS.map(lambda text: f"x{text}"), _VALUES, max_size=4),
    names=st.lists(_NAMES, unique=True, min_size=1, max_size=3),
    app_name=_TEXTS,
)
def test_any_file_keeps_what_is_unknown(
    tmp_path: Path, unknown: dict[str, object], names: list[str], app_name: str
) -> None:
    home = Home(tmp_path, tmp_path, tmp_path)
    home.config_file.write_text(tomli_w.dumps({**unknown, "profiles": {name: {**unknown} for name in names}}))
    store = SettingsStore(home, {})
    store.save_profile(replace(store.settings.profiles[0], app_name=app_name, window_days=3))
    store.save_profile(replace(store.settings.profiles[0], name="renamed_profile"), rename_from=names[0])
    table = tomllib.loads(home.config_file.read_text())
    assert {key: table[key] for key in unknown} == unknown
    expected = {"window_days": 3, **({"app_name": app_name} if app_name else {})}
    assert table["profiles"]["renamed_profile"] == {**unknown, **expected}
    assert list(table["profiles"]) == ["renamed_profile", *names[1:]]
    assert os.listdir(tmp_path / "locks") == ["config.toml"]
