"""Where the files are, whatever HOME, XDG_*, IGAUTH_HOME and the current folder are; what is said without a home."""

import os
import pwd
import sys
from pathlib import Path

import pytest

from tests.commands.running import inside
from tui.settings import Home, Problem, SettingsError, find_home
from tui.settings.home import NOWHERE
from tui.wording.settings import settings_error
from tui.wording.surfaces import CommandLine, sentences

only_linux = pytest.mark.skipif(sys.platform == "darwin", reason="other folders on macOS")

COMMANDS = [
    "add acme --app-id 1", "backup FILE", "deliver", "due", "forget t", "guide", "history", "import t --profile acme",
    "keep", "login", "matillion", "refresh --all", "restore /dev/null", "schedule show", "secrets", "status",
    "status --json", "token t",
]  # fmt: skip
WITHOUT_HOME = [
    "--help",
    "--version",
    "manual",
    "completion bash",
    "check --field app_id",
    "sandbox --help",
    "demo --help",
]


@pytest.fixture
def no_account(monkeypatch: pytest.MonkeyPatch) -> None:
    """As in a container with `--user 12345`: no HOME, and no entry for the user."""

    def nobody(user: object) -> pwd.struct_passwd:
        raise KeyError(user)

    monkeypatch.setattr(pwd, "getpwuid", nobody)
    for name in ("HOME", "IGAUTH_HOME", "XDG_CONFIG_HOME", "XDG_DATA_HOME", "XDG_STATE_HOME"):
        monkeypatch.delenv(name, raising=False)


def refused(environ: dict[str, str]) -> SettingsError:
    with pytest.raises(SettingsError) as caught:
        find_home(environ)
    return caught.value


@only_linux
def test_the_usual_folders_are_below_the_home_folder() -> None:
    folders = Home(Path("/h/.config/igauth"), Path("/h/.local/share/igauth"), Path("/h/.local/state/igauth/log"))
    assert find_home({"HOME": "/h"}) == folders
    assert (
        find_home({"HOME": "/h", "XDG_CONFIG_HOME": "", "XDG_DATA_HOME": "relative", "XDG_STATE_HOME": "~/x"})
        == folders
    )


@only_linux
def test_absolute_xdg_folders_need_no_home_folder(no_account: None) -> None:
    places = {"XDG_CONFIG_HOME": "/c", "XDG_DATA_HOME": "/d", "XDG_STATE_HOME": "/s"}
    assert find_home(places) == Home(Path("/c/igauth"), Path("/d/igauth"), Path("/s/igauth/log"))
    assert refused({**places, "XDG_DATA_HOME": "d"}).problem is Problem.NO_HOME


@pytest.mark.parametrize("home", ["", "relative", "."])
def test_a_home_that_is_no_absolute_path_does_not_count(home: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pwd, "getpwuid", lambda _: pwd.struct_passwd(("me", "x", 1, 1, "", "/account", "/bin/sh")))
    assert find_home({"HOME": home}) == find_home({"HOME": "/account"}) == find_home({})
    assert find_home({"HOME": home, "IGAUTH_HOME": "~/x"}).data_folder == Path("/account/x")


@pytest.mark.parametrize(
    "environ", [{}, {"HOME": ""}, {"HOME": "relative"}, {"IGAUTH_HOME": "~"}, {"IGAUTH_HOME": "~/x"}]
)
def test_without_home_and_account_igauth_home_is_needed(environ: dict[str, str], no_account: None) -> None:
    error = refused(environ)
    assert (error.problem, error.detail) == (Problem.NO_HOME, str(os.getuid()))
    assert "set IGAUTH_HOME" in sentences(settings_error(error), CommandLine())


def test_a_tilde_is_the_home_folder_in_igauth_home() -> None:
    assert find_home({"HOME": "/h", "IGAUTH_HOME": "~"}).data_folder == Path("/h")
    assert find_home({"HOME": "/h", "IGAUTH_HOME": "~/a/b"}).data_folder == Path("/h/a/b")
    assert find_home({"HOME": "/h", "IGAUTH_HOME": "~root/a"}).data_folder == Path(pwd.getpwnam("root").pw_dir, "a")
    error = refused({"HOME": "/h", "IGAUTH_HOME": "~no such user/x"})
    assert (error.problem, error.detail) == (Problem.NO_SUCH_USER, "no such user")


def test_a_relative_home_in_a_removed_folder_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "gone").mkdir()
    monkeypatch.chdir(tmp_path / "gone")
    assert find_home({"IGAUTH_HOME": "x"}).data_folder == tmp_path / "gone" / "x"
    (tmp_path / "gone").rmdir()
    assert refused({"IGAUTH_HOME": "x"}).problem is Problem.NO_CURRENT_FOLDER
    assert find_home({"IGAUTH_HOME": "/x"}).data_folder == Path("/x")


@pytest.mark.parametrize("command", COMMANDS)
def test_a_command_without_any_home_exits_64(command: str, no_account: None, tmp_path: Path) -> None:
    done = inside(*command.replace("FILE", str(tmp_path / "b")).split())
    assert (done.status, done.out) == (64, "")
    assert sentences(settings_error(SettingsError(Problem.NO_HOME, detail=str(os.getuid()))), CommandLine()) in done.err


@pytest.mark.parametrize("command", WITHOUT_HOME)
def test_what_needs_no_home_works_without_one(command: str, no_account: None) -> None:
    done = inside(*command.split(), stdin="123456789012345")
    assert (done.status, "HOME" in done.err) == (0, False), done.err


def test_doctor_goes_on_without_any_home(no_account: None, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("IGAUTH_GRAPH_URL", "http://127.0.0.1:9")
    done = inside("doctor", "--json")
    found = {finding["check"]: finding for finding in done.json["findings"]}
    assert (done.status, found["paths"]["level"]) == (1, "failure")
    assert {"network", "terminal"} <= found.keys()
    assert "vault" not in found


def test_nothing_is_where_no_home_is_known() -> None:
    assert not NOWHERE.config_file.exists()
    assert not NOWHERE.database.exists()


@pytest.mark.parametrize("name", [b"\xff\xfe", b"a\nb", b"?#%41\x1b[31m"])
def test_a_home_need_not_be_utf_8_or_one_line(name: bytes, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    home = tmp_path / os.fsdecode(name)
    monkeypatch.setenv("IGAUTH_HOME", str(home))
    monkeypatch.setenv("IGAUTH_GRAPH_URL", "http://127.0.0.1:9")
    added = inside("add", "acme", "--app-id", "123456789012345", stdin=b"a" * 32)
    assert (added.status, (home / "igauth.db").exists()) == (0, True), added.err
    assert [inside(*command.split()).status for command in ("status", "doctor", "guide --brief", "due")] == [3, 1, 0, 1]
