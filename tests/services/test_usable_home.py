"""A home that cannot be used is reported with its name and the obstacle, by read-only commands too."""

import os
from pathlib import Path

import pytest

from tests.commands.running import inside
from tui.services.usable_home import require_usable
from tui.settings import Problem, SettingsError, find_home

LOOKS = [
    ("status",),
    ("status", "--json"),
    ("schedule", "show", "--with", "cron"),
    ("guide", "--brief"),
    ("history",),
    ("due",),
]


def without_rights(monkeypatch: pytest.MonkeyPatch, place: Path, *rights: int) -> None:
    """Take rights to `place` away: root may do everything, so that modes alone prove nothing."""
    real = os.access

    def access(path: object, mode: int) -> bool:
        return real(str(path), mode) and not (str(path) == str(place) and any(mode & right for right in rights))

    monkeypatch.setattr(os, "access", access)


def is_refused(home: Path, problem: Problem, place: Path) -> None:
    with pytest.raises(SettingsError) as caught:
        require_usable(find_home({"IGAUTH_HOME": str(home)}))
    assert (caught.value.problem, caught.value.path, caught.value.key) == (problem, home, str(place))


@pytest.mark.parametrize("command", LOOKS, ids=" ".join)
def test_a_home_that_cannot_be_made_exits_64(
    command: tuple[str, ...], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("IGAUTH_HOME", str(tmp_path / "read-only" / "home"))
    (tmp_path / "read-only").mkdir()
    without_rights(monkeypatch, tmp_path / "read-only", os.W_OK)
    done = inside(*command)
    assert (done.status, done.out) == (64, "")
    assert f"{tmp_path / 'read-only'} cannot be written" in done.err
    assert "set IGAUTH_HOME" in done.err
    assert "No token" not in done.err


def test_a_monitor_gets_its_line_without_a_home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "file").write_text("")
    monkeypatch.setenv("IGAUTH_HOME", str(tmp_path / "file"))
    done = inside("status", "--format", "nagios")
    assert done.status == 3
    assert done.out.startswith("IGAUTH UNKNOWN - ")
    assert len(done.out.splitlines()) == 1
    assert str(tmp_path / "file") in done.out


def test_a_home_below_a_file_names_the_file(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    is_refused(tmp_path / "file" / "home" / "deeper", Problem.HOME_NOT_A_FOLDER, tmp_path / "file")
    is_refused(tmp_path / "file", Problem.HOME_NOT_A_FOLDER, tmp_path / "file")


def test_a_home_that_may_not_be_read_says_so(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    without_rights(monkeypatch, tmp_path, os.R_OK, os.X_OK)
    is_refused(tmp_path, Problem.HOME_UNREADABLE, tmp_path)
    is_refused(tmp_path / "home", Problem.HOME_UNREADABLE, tmp_path)


def test_a_home_below_a_folder_that_may_not_be_entered_says_so(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(path: object, **_: object) -> os.stat_result:
        raise PermissionError(13, "Permission denied", str(path))

    monkeypatch.setattr(os, "stat", refuse)
    home = tmp_path / "locked" / "home"
    is_refused(home, Problem.HOME_UNREADABLE, home)


def test_an_empty_home_that_cannot_be_written_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    without_rights(monkeypatch, tmp_path, os.W_OK)
    is_refused(tmp_path, Problem.HOME_UNWRITABLE, tmp_path)
    (tmp_path / "igauth.db").touch()
    require_usable(find_home({"IGAUTH_HOME": str(tmp_path)}))  # the vault reports what is wrong


def test_a_link_to_nothing_is_no_home(tmp_path: Path) -> None:
    (tmp_path / "home").symlink_to(tmp_path / "gone")
    is_refused(tmp_path / "home", Problem.HOME_BROKEN_LINK, tmp_path / "home")


@pytest.mark.skipif(not Path("/proc/self").exists(), reason="there is no /proc here")
def test_a_home_in_a_pseudo_file_system_is_refused() -> None:
    is_refused(Path("/proc/igauth/home"), Problem.HOME_UNWRITABLE, Path("/proc"))


def test_a_home_that_can_be_made_is_fine_and_stays_unmade(tmp_path: Path) -> None:
    require_usable(find_home({"IGAUTH_HOME": str(tmp_path / "some" / "where")}))
    assert list(tmp_path.iterdir()) == []
