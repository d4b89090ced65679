"""A config.toml that others can change: each command says what it ignores, no hook runs, doctor and keep fail."""

import os
from pathlib import Path

import pytest

from tests.commands.running import Person, inside
from tui.services import open_services
from tui.settings.home import find_home
from tui.settings.reading import load_settings
from tui.tokens.automation import RunFailure, RunProblem, TimerKind
from tui.wording.settings import ignored_keys


@pytest.fixture
def exposed(person: Person, own_home: Path, tmp_path: Path) -> Person:
    """Somebody with an expired token and a hook, whose configuration others can change."""
    person.import_tokens("user_expired")
    file = own_home / "config.toml"
    file.write_text(f'{file.read_text()}\n[hooks]\nexpired = ["touch", "{tmp_path / "ran"}"]\n')
    file.chmod(0o664)
    return person


def test_every_command_names_what_it_ignores(exposed: Person, own_home: Path) -> None:
    for arguments in (("status",), ("refresh", "--all"), ("keep",), ("token", "user_expired"), ("history",)):
        done = inside(*arguments)
        assert f"chmod go-w {own_home / 'config.toml'}" in done.err, arguments
        assert "hooks.expired" in done.err
        assert "chmod" not in done.out


def test_no_hook_runs_until_the_file_is_private(exposed: Person, own_home: Path, tmp_path: Path) -> None:
    assert (inside("keep").status, (tmp_path / "ran").exists()) == (3, False)
    (own_home / "config.toml").chmod(0o644)
    assert (inside("keep").status, (tmp_path / "ran").exists()) == (1, True)


def test_the_outcome_of_a_run_names_the_ignored_keys(exposed: Person) -> None:
    services = open_services(os.environ, "timer")
    services.timer.note_installed(TimerKind.CRON)
    inside("keep")
    timer = services.timer.read()
    services.vault.close()
    assert timer is not None
    assert timer.run is not None
    assert RunFailure(RunProblem.SETTINGS, ("hooks.expired",), "ignored_keys") in timer.run.failures


def test_doctor_fails_for_it(exposed: Person) -> None:
    done = inside("doctor", "--json")
    ignored = load_settings(find_home(os.environ), {}).ignored
    assert ignored is not None
    wanted = ignored_keys(ignored)
    found = [one for one in done.json["findings"] if one["text"] == wanted.what]
    assert (done.status, [(one["check"], one["level"], one["cure"]) for one in found]) == (
        1,
        [("configuration", "failure", wanted.hint)],
    )


def test_a_file_of_another_user_ends_each_command(exposed: Person, own_home: Path) -> None:
    if os.getuid() != 0:
        pytest.skip("only root can give a file away")
    os.chown(own_home / "config.toml", 54321, -1)
    for arguments in (("status",), ("keep",), ("token", "user_expired")):
        done = inside(*arguments)
        assert (done.status, done.out) == (64, "")
        assert "chown" in done.err
    assert inside("doctor").status == 1
