"""The timer's variables: what is kept of a person's environment, and that the private file gives it back unchanged."""

import os
import stat
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.commands.running import inside
from tui.settings import Home, find_home
from tui.timer import environment
from tui.timer.errors import TimerError, TimerProblem
from tui.vault.errors import FileProblem, NotOurs

HOME = Home(Path("/srv/h"), Path("/srv/h"), Path("/srv/h/log"))
VALUES = st.binary(max_size=30).filter(lambda data: b"\n" not in data and b"\0" not in data).map(os.fsdecode)


def _needed(**environ: str) -> dict[str, str]:
    return environment.needed(environ, HOME, "/home/me", 1000)


def test_proxies_in_both_cases_certificates_and_path_are_kept() -> None:
    environ = {
        "http_proxy": "http://me:secret@proxy:1",
        "HTTPS_PROXY": "http://proxy:2",
        "all_proxy": "socks5://proxy:3",
        "NO_PROXY": "localhost",
        "SSL_CERT_FILE": "/etc/ca.pem",
        "SSL_CERT_DIR": "/etc/ca",
        "IGAUTH_GRAPH_URL": "https://graph.example",
        "PATH": "/opt/bin:/usr/bin",
        "XDG_DATA_HOME": "/srv/data",
    }
    kept = _needed(**environ, EDITOR="vi", HOME="/home/me")
    assert kept == {"IGAUTH_ACTOR": "timer", **environ}


def test_a_portable_home_is_kept_as_an_absolute_path() -> None:
    kept = _needed(IGAUTH_HOME="h", XDG_DATA_HOME="/elsewhere")
    assert kept == {"IGAUTH_ACTOR": "timer", "IGAUTH_HOME": "/srv/h"}


def test_another_home_folder_than_the_accounts_is_kept() -> None:
    assert _needed(HOME="/tmp/other")["HOME"] == "/tmp/other"
    assert "HOME" not in _needed(HOME="/home/me")


def test_only_the_user_bus_that_outlasts_a_login_is_kept() -> None:
    kept = _needed(DBUS_SESSION_BUS_ADDRESS="unix:path=/run/user/1000/bus,guid=4f")
    assert kept["DBUS_SESSION_BUS_ADDRESS"] == "unix:path=/run/user/1000/bus"
    assert kept["XDG_RUNTIME_DIR"] == "/run/user/1000"
    for address in ("unix:path=/tmp/dbus-Xy,guid=4f", "unix:abstract=/tmp/dbus", "unix:path=/run/user/1/bus"):
        assert set(_needed(DBUS_SESSION_BUS_ADDRESS=address, XDG_RUNTIME_DIR="/run/user/1000")) == {"IGAUTH_ACTOR"}


def test_a_line_break_in_a_value_is_refused_by_its_name() -> None:
    with pytest.raises(TimerError) as caught:
        _needed(https_proxy="http://proxy\nIGAUTH_GRAPH_URL=https://elsewhere")
    assert (caught.value.problem, caught.value.detail) == (TimerProblem.VARIABLE_UNUSABLE, "https_proxy")


@given(st.dictionaries(st.sampled_from(environment.COMPARED), VALUES))
def test_the_file_gives_every_value_back_unchanged(variables: dict[str, str]) -> None:
    import tempfile

    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / environment.FILE
        environment.write(path, variables)
        assert environment.read(path) == variables
        assert stat.S_IMODE(path.stat().st_mode) == 0o600


def test_a_file_that_others_can_read_or_replace_is_refused(tmp_path: Path) -> None:
    path = tmp_path / environment.FILE
    environment.write(path, {"IGAUTH_HOME": "/srv/h"})
    path.chmod(0o604)
    with pytest.raises(NotOurs) as caught:
        environment.read(path)
    assert caught.value.problem is FileProblem.OPEN_TO_OTHERS
    path.chmod(0o600)
    (tmp_path / "link").symlink_to(path)
    with pytest.raises((NotOurs, TimerError)):
        environment.read(tmp_path / "link")
    os.mkfifo(tmp_path / "pipe", 0o600)
    with pytest.raises(NotOurs):
        environment.read(tmp_path / "pipe")
    with pytest.raises(TimerError) as missing:
        environment.read(tmp_path / "missing")
    assert missing.value.problem is TimerProblem.ENVIRONMENT_UNREADABLE


def test_keep_reads_the_file_and_says_what_is_wrong_with_it(
    own_home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("IGAUTH_HOME")
    path, home = tmp_path / "timer.env", tmp_path / "a home with 100%"
    environment.write(path, {"IGAUTH_HOME": str(home), "IGAUTH_ACTOR": "timer"})
    monkeypatch.setenv("IGAUTH_ACTOR", "")  # what keep sets is undone after the test
    monkeypatch.setenv("IGAUTH_HOME", str(own_home))
    inside("keep", "--environment", str(path))
    assert (find_home(os.environ).database.exists(), str(find_home(os.environ).data_folder)) == (True, str(home))
    path.chmod(0o644)
    done = inside("keep", "--environment", str(path))
    assert done.status == 1
    assert f"chmod go= {path}" in done.err
    assert inside("keep", "--environment", str(tmp_path / "missing")).status == 1
