"""`igauth schedule`: what is written for systemd and cron, and what the timer's runs leave."""

import os
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

import keyring
import pytest

from tests.commands.file_keyring import Keyring
from tests.commands.running import Person, inside
from tui.services import open_services
from tui.timer import cron
from tui.timer.installed import Fault, TimerFault
from tui.tokens.automation import DAY, Automation, TimerKind
from tui.wording.commands import command_text
from tui.wording.schedule import fault_text

HOUR = 3_600


@pytest.fixture(autouse=True)
def cron_daemon(monkeypatch: pytest.MonkeyPatch) -> None:
    """A cron daemon runs, as on a server; most machines for tests have none."""
    monkeypatch.setattr(cron, "daemon_runs", lambda: True)


def test_schedule_without_a_command_prints_help_and_exits_64() -> None:
    done = inside("schedule")
    assert (done.status, done.out) == (64, "")
    first, *lines = done.err.splitlines()
    assert first == "Usage: igauth schedule [OPTIONS] COMMAND [ARGS]..."
    for verb in ("install", "remove", "show"):
        assert any(line.startswith(f"  {verb} ") for line in lines)
    assert lines[-1] == "igauth: a command is needed: install, remove, show."
    assert "See:" not in done.err


SYSTEMCTL = """
echo "$*" >> "{log}"
case "$*" in
  "--version") echo "systemd 252 (252.1)" ;;
  *ActiveState*) printf "ActiveState=active\\nUnitFileState=enabled\\n" ;;
  *" start "*)
    command=$(sed -n 's/^ExecStart=//p' "$XDG_RUNTIME_DIR/systemd/user/$3")
    sh -c "$command" 2>"$XDG_RUNTIME_DIR/${{3%.service}}.output" ;;
esac
"""
"""Stands for systemctl: notes its arguments, and runs a service's command."""
CRONTAB = """
if [ "$1" = -l ]; then
  if [ -e "{table}" ]; then cat "{table}"; else echo "no crontab for me" >&2; exit 1; fi
else cat "$1" > "{table}"; fi
"""
"""Stands for crontab."""


@dataclass(frozen=True)
class Tools:
    """The stand-ins of a test: a log of systemctl's arguments, the crontab and the folder of the units."""

    folder: Path
    log: Path
    table: Path
    units: Path

    def replace(self, name: str, script: str) -> None:
        """Put another stand-in in place of a command."""
        (self.folder / name).write_text(f"#!/bin/sh\n{script.format(log=self.log, table=self.table)}\n")
        (self.folder / name).chmod(0o755)

    def unit(self, suffix: str) -> Path:
        """The one unit with this suffix."""
        (found,) = self.units.glob(f"*.{suffix}")
        return found


@pytest.fixture
def tools(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Tools:
    """Stand-ins for systemctl, loginctl and crontab that come first in PATH."""
    for name in ("bin", "runtime"):
        (tmp_path / name).mkdir()
    monkeypatch.setenv("PATH", f"{tmp_path / 'bin'}:{os.environ['PATH']}")
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "config"))
    monkeypatch.setenv("XDG_RUNTIME_DIR", str(tmp_path / "runtime"))
    made = Tools(tmp_path / "bin", tmp_path / "calls", tmp_path / "table", tmp_path / "config" / "systemd" / "user")
    made.replace("systemctl", SYSTEMCTL)
    made.replace("loginctl", "echo Linger=no")
    made.replace("crontab", CRONTAB)
    return made


def _without_systemd(tools: Tools) -> None:
    tools.replace("systemctl", "exit 1")


def test_install_writes_the_units_and_starts_the_timer(own_home: Path, tools: Tools) -> None:
    refused = inside("schedule", "install")
    assert (refused.status, refused.out.count("[Service]")) == (64, 1)
    assert not tools.units.exists()
    assert not (own_home / "timer.env").exists()
    done = inside("schedule", "install", "--yes")
    assert done.status == 0, done.err
    file = own_home / "timer.env"
    assert f"keep --environment {file}\n" in tools.unit("service").read_text()
    assert f"IGAUTH_HOME={own_home}\n" in file.read_text()
    assert f"--user enable {tools.unit('timer').name}" in tools.log.read_text()
    assert "loginctl enable-linger" in done.err
    assert "has not run yet" in inside("schedule", "show").err
    assert inside("schedule", "remove", "--yes").status == 0
    assert list(tools.units.iterdir()) == []
    assert not file.exists()
    assert "No timer is installed." in inside("schedule", "show").err


def test_runs_without_a_login_do_not_find_a_keyring_open(
    tools: Tools, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("KEYRING_FILE", str(tmp_path / "keyring.json"))
    before = keyring.get_keyring()
    keyring.set_keyring(Keyring())  # type: ignore[no-untyped-call]
    try:
        assert inside("add", "acme", "--app-id", "1234567890123456", stdin="0123456789abcdef" * 2).status == 0
        lingers = {}
        for answer in ("no", "yes"):
            tools.replace("loginctl", f"echo Linger={answer}")
            lingers[answer] = inside("schedule", "install", "--yes").err
        with_cron = inside("schedule", "install", "--with", "cron", "--yes").err
    finally:
        keyring.set_keyring(before)
    words = {
        kind: fault_text(TimerFault(Fault.KEYRING_AFTER_LOGIN, kind)).what
        for kind in (TimerKind.SYSTEMD, TimerKind.CRON)
    }
    assert words[TimerKind.CRON] in with_cron
    assert words[TimerKind.SYSTEMD] in lingers["yes"]
    assert words[TimerKind.SYSTEMD] not in lingers["no"], "there are no runs without a login"


def test_install_falls_back_to_cron(tools: Tools) -> None:
    _without_systemd(tools)
    tools.table.write_bytes(b"5 4 * * * true \xe9\r\n")
    done = inside("schedule", "install", "--yes")
    assert done.status == 0, done.err
    assert tools.table.read_bytes().startswith(b"5 4 * * * true \xe9\r\n")
    assert b" keep --environment " in tools.table.read_bytes()
    assert inside("schedule", "remove", "--yes").status == 0
    assert tools.table.read_bytes() == b"5 4 * * * true \xe9\r\n"


def test_a_crontab_is_made_where_there_is_none(tools: Tools) -> None:
    assert inside("schedule", "install", "--with", "cron", "--yes").status == 0
    assert tools.table.read_bytes().count(b"\n") == 1


@pytest.mark.parametrize(
    "none",
    ["no crontab for me", "bcrontab: Crontab does not exist", "crontab: can't open 'me': No such file or directory"],
)
def test_a_crontab_is_asked_for_in_english(none: str, tools: Tools, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LC_ALL", "de_DE.UTF-8")
    listed = f'[ "$LC_ALL" = C ] && echo "{none}" >&2 || echo "Keine Tabelle" >&2; exit 1'
    tools.replace("crontab", f'if [ "$1" = -l ]; then {listed}; fi; cat "$1" > {{table}}')
    assert inside("schedule", "install", "--with", "cron", "--yes").status == 0
    assert tools.table.exists()


def test_a_crontab_that_cannot_be_read_is_not_replaced(tools: Tools) -> None:
    tools.replace("crontab", 'if [ "$1" = -l ]; then echo "You are not allowed to use this" >&2; exit 1; fi; > {table}')
    for verb in ("install", "remove"):
        done = inside("schedule", verb, "--with", "cron", "--yes")
        assert done.status != 0
        assert not tools.table.exists()
    assert "You are not allowed" in inside("schedule", "install", "--with", "cron", "--yes").err


def test_a_crontab_that_is_not_listed_exactly_is_left_alone(tools: Tools) -> None:
    assert inside("schedule", "install", "--with", "cron", "--yes").status == 0
    changed = b"5 4 * * * true\\r\n" + tools.table.read_bytes()
    tools.table.write_bytes(changed)
    assert inside("schedule", "remove", "--yes").status == 64
    assert tools.table.read_bytes() == changed
    tools.table.write_bytes(b"5 4 * * * tr -d '\\r' <a\n")
    assert inside("schedule", "install", "--with", "cron", "--yes").status == 0
    assert tools.table.read_bytes().startswith(b"5 4 * * * tr -d '\\r' <a\n")


def test_a_crontab_that_is_refused_leaves_nothing_behind(own_home: Path, tools: Tools) -> None:
    tools.replace(
        "crontab", 'if [ "$1" = -l ]; then echo "no crontab for me" >&2; exit 1; fi; echo bad day >&2; exit 111'
    )
    done = inside("schedule", "install", "--with", "cron", "--yes")
    assert (done.status, "bad day" in done.err) == (64, True)
    assert not (own_home / "timer.env").exists()
    assert "No timer is installed." in inside("schedule", "show", "--with", "cron").err


def test_remove_writes_nothing_where_nothing_of_ours_is(tools: Tools) -> None:
    tools.table.write_bytes(b"# igauth schedule\n1 2 * * * /other/igauth keep # igauth schedule 00000000\n")
    before = tools.table.stat()
    done = inside("schedule", "remove", "--yes")
    assert done.status == 1
    after = tools.table.stat()
    assert (before.st_ino, before.st_mtime_ns) == (after.st_ino, after.st_mtime_ns)
    assert not tools.log.exists()


def test_remove_takes_both_kinds_and_says_which(tools: Tools) -> None:
    from tui.services.scheduling import Scheduling
    from tui.timer import cron

    assert inside("schedule", "install", "--with", "systemd", "--yes").status == 0
    services = open_services(os.environ, "command")
    cron.install(Scheduling(services, os.environ).plan())
    done = inside("schedule", "remove", "--yes")
    assert done.status == 0
    assert "systemd timer and crontab line" in done.err
    assert (list(tools.units.iterdir()), tools.table.read_bytes()) == ([], b"")


@pytest.mark.parametrize("kind", [TimerKind.LOOP, TimerKind.OTHER])
def test_remove_forgets_runs_that_were_not_installed(kind: TimerKind, tools: Tools) -> None:
    services = open_services(os.environ, "command")
    services.timer.note_installed(kind)
    done = inside("schedule", "remove", "--yes")
    assert (done.status, services.timer.read()) == (0, None), done.err
    assert command_text("schedule", "forgotten") in done.err
    assert inside("schedule", "remove", "--yes").status == 1


def test_installing_one_kind_removes_the_other(tools: Tools) -> None:
    assert inside("schedule", "install", "--with", "cron", "--yes").status == 0
    done = inside("schedule", "install", "--with", "systemd", "--yes")
    assert (done.status, tools.table.read_bytes()) == (0, b"")
    assert "crontab line" in done.err
    assert inside("schedule", "install", "--with", "cron", "--yes").status == 0
    assert list(tools.units.iterdir()) == []


def test_a_timer_is_known_where_the_other_one_stays(tools: Tools) -> None:
    assert inside("schedule", "install", "--with", "cron", "--yes").status == 0
    tools.replace("crontab", 'if [ "$1" = -l ]; then cat {table}; else echo no >&2; exit 1; fi')
    done = inside("schedule", "install", "--with", "systemd", "--yes")
    assert done.status != 0
    known = open_services(os.environ, "command").timer.read()
    assert known is not None
    assert (known.kind, tools.unit("timer").exists()) == (TimerKind.SYSTEMD, True)


def test_installing_again_keeps_the_kind(tools: Tools) -> None:
    for options in (["--with", "cron"], []):
        assert inside("schedule", "install", *options, "--yes").status == 0
    assert tools.table.read_bytes().count(b"\n") == 1
    assert not tools.units.exists()


def test_two_homes_have_two_timers(
    own_home: Path, tools: Tools, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for kind in ("systemd", "cron"):
        for home in (own_home, tmp_path / "second"):
            monkeypatch.setenv("IGAUTH_HOME", str(home))
            assert inside("schedule", "install", "--with", kind, "--yes").status == 0
        counted = len(list(tools.units.glob("*.timer"))), tools.table.exists() and tools.table.read_bytes().count(b"\n")
        assert counted == ((2, False) if kind == "systemd" else (0, 2))
    assert inside("schedule", "remove", "--yes").status == 0
    assert f"{own_home}/timer.env".encode() in tools.table.read_bytes()


@pytest.mark.parametrize("kind", ["systemd", "cron"])
def test_a_trial_that_fails_installs_nothing(
    kind: str, person: Person, own_home: Path, tools: Tools, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The secrets are in a keyring that this terminal reaches, and a run in the timer's environment does not."""
    person.import_tokens("user_long")
    monkeypatch.setattr("tui.services.scheduling.program", lambda: (str(tools.folder / "igauth"),))
    tools.replace("igauth", 'echo "$*" >> {log}; echo "igauth: The keyring is locked." >&2; exit 3')
    done = inside("schedule", "install", "--with", kind, "--yes")
    assert done.status == 1
    assert "The keyring is locked." in done.err
    assert f"keep --environment {own_home}/timer.env --dry-run" in tools.log.read_text()
    assert not (own_home / "timer.env").exists()
    assert not tools.table.exists()
    assert not list(tools.units.glob("*")) if tools.units.exists() else True
    assert list((tools.units.parents[2] / "runtime" / "systemd" / "user").glob("*") if kind == "systemd" else []) == []
    assert "No timer is installed." in inside("schedule", "show", "--with", "cron").err


def test_the_trial_under_cron_has_crons_environment(
    tools: Tools, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("tui.services.scheduling.program", lambda: (str(tools.folder / "igauth"),))
    monkeypatch.setenv("https_proxy", "http://me:hunter2@proxy:3128")
    tools.replace("igauth", "env > {log}.env; pwd >> {log}.env; tty >> {log}.env; true")
    assert inside("schedule", "install", "--with", "cron", "--yes").status == 0
    lines = (tmp_path / "calls.env").read_text().splitlines()
    names = {line.partition("=")[0] for line in lines if "=" in line} - {"PWD", "_", "SHLVL", "OLDPWD"}
    assert names == {"HOME", "LOGNAME", "SHELL", "PATH"}
    assert "PATH=/usr/bin:/bin" in lines
    assert lines[-2:] == [str(Path(f"~{os.environ.get('USER', '')}").expanduser()), "not a tty"]
    assert b"hunter2" not in tools.table.read_bytes()


def test_a_real_run_is_proven_with_the_installed_program(person: Person, tools: Tools) -> None:
    person.import_tokens("user_long")
    for kind in ("cron", "systemd"):
        done = inside("schedule", "install", "--with", kind, "--yes")
        assert done.status == 0, done.err
        assert inside("schedule", "show", "--with", kind).err.count("igauth:") == (kind == "systemd")


def test_the_old_form_of_this_home_is_replaced_and_anothers_left(own_home: Path, tools: Tools) -> None:
    old = "1 3 * * * IGAUTH_ACTOR=timer IGAUTH_HOME={} /x/igauth due >/dev/null && {{ true; }} # igauth schedule\n"
    other = old.format("/srv/other")
    tools.table.write_text(other + old.format(own_home))
    tools.units.mkdir(parents=True)
    for suffix in ("service", "timer"):
        text = f'[Service]\nEnvironment="IGAUTH_HOME={own_home}"\nExecCondition=/x/igauth due\n'
        (tools.units / f"igauth.{suffix}").write_text(text)
    assert inside("schedule", "install", "--with", "systemd", "--yes").status == 0
    assert tools.table.read_text() == other
    assert {path.name for path in tools.units.iterdir()} == {tools.unit("timer").name, tools.unit("service").name}
    assert tools.unit("timer").name != "igauth.timer"


def test_show_names_each_difference(own_home: Path, tools: Tools, monkeypatch: pytest.MonkeyPatch) -> None:
    assert inside("schedule", "install", "--with", "cron", "--yes").status == 0
    assert "igauth:" not in inside("schedule", "show", "--with", "cron").err
    monkeypatch.setenv("https_proxy", "http://proxy:1")
    assert "https_proxy" in inside("schedule", "show", "--with", "cron").err
    monkeypatch.setattr("tui.services.scheduling.program", lambda: ("/moved/igauth",))
    line = tools.table.read_bytes()
    assert "another igauth" in inside("schedule", "show", "--with", "cron").err
    (own_home / "timer.env").unlink()
    assert f"{own_home}/timer.env" in inside("schedule", "show", "--with", "cron").err.splitlines()[-1]
    tools.table.write_bytes(line.replace(b"/igauth keep", b"/gone keep"))
    assert "/gone" in inside("schedule", "show", "--with", "cron").err
    tools.table.write_bytes(b"")
    assert "not there any more" in inside("schedule", "show", "--with", "cron").err
    assert "not there any more" in inside("doctor").out


def test_variables_that_the_timer_lacks_are_named(tools: Tools, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SSL_CERT_FILE", "/etc/one.pem")
    monkeypatch.delenv("SSL_CERT_DIR", raising=False)
    assert inside("schedule", "install", "--with", "cron", "--yes").status == 0
    monkeypatch.setenv("SSL_CERT_FILE", "/etc/two.pem")
    for name in ("HTTPS_PROXY", "SSL_CERT_DIR", "PYTHON_KEYRING_BACKEND"):
        monkeypatch.setenv(name, "keyring.backends.null.Keyring")
    rows = {row["code"]: row for row in inside("doctor", "--json").json["findings"] if row["check"] == "timer"}
    assert all(name in rows["environment_lacks"]["text"] for name in ("HTTPS_PROXY", "SSL_CERT_DIR", "KEYRING_BACKEND"))
    assert rows["environment_lacks"]["level"] == "warning"
    assert "SSL_CERT_FILE" in rows["other_environment"]["text"]
    assert "HTTPS_PROXY" not in rows["other_environment"]["text"]


@pytest.mark.parametrize("kind", ["systemd", "cron"])
def test_a_home_that_moved_is_noticed_and_its_old_timer_removed(
    kind: str, own_home: Path, tools: Tools, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert inside("schedule", "install", "--with", kind, "--yes").status == 0
    own_home.rename(tmp_path / "moved")
    monkeypatch.setenv("IGAUTH_HOME", str(tmp_path / "moved"))
    for verb in ("show", "install"):
        done = inside("schedule", verb, "--with", kind, *(["--yes"] if verb == "install" else []))
        assert (f"names {own_home}," in done.err) == (verb == "show")
    if kind == "systemd":
        assert f"{tmp_path}/moved/timer.env" in tools.unit("service").read_text()
    else:
        assert tools.table.read_bytes().count(b"\n") == 1
        assert f"{tmp_path}/moved/timer.env".encode() in tools.table.read_bytes()


def test_a_stopped_timer_is_a_failure_in_doctor(tools: Tools) -> None:
    assert inside("schedule", "install", "--with", "systemd", "--yes").status == 0
    assert "failure  timer" not in inside("doctor").out
    tools.replace("systemctl", "printf 'ActiveState=active\\nUnitFileState=disabled\\n'")
    assert "failure  timer" in inside("doctor").out


def test_a_late_run_does_not_move_the_next_one() -> None:
    first = 10 * DAY
    timer = Automation(DAY, first - 5_000, first=first)
    assert timer.next_run == first
    late, summer_time = first + 15 * HOUR, first + DAY - HOUR
    assert timer._replace(last_run=late).next_run == first + DAY
    assert timer._replace(last_run=late).is_overdue(first + DAY + 7 * HOUR)
    assert timer._replace(last_run=summer_time).next_run == first + 2 * DAY, "it was the run of that day"
    assert timer._replace(last_run=first - DAY).next_run == first, "a run before it was installed again"


def test_install_notes_when_the_first_run_is_due(tools: Tools) -> None:
    line = inside("schedule", "install", "--with", "cron", "--yes").out
    minute, hour = map(int, line.split()[:2])
    services = open_services(os.environ, "command")
    found = services.timer.read()
    services.vault.close()
    assert found is not None
    first = datetime.fromtimestamp(found.next_run)
    assert (first.hour, first.minute) == (hour, minute)
    assert found.since < found.next_run <= found.since + DAY + HOUR


def test_a_run_of_the_timer_is_stored(person: Person, monkeypatch: pytest.MonkeyPatch) -> None:
    person.import_tokens("user_long")
    assert "No timer is installed." in inside("schedule", "show", "--with", "cron").err

    services = open_services(os.environ, "command")
    services.timer.note_installed(TimerKind.CRON)
    services.vault.close()
    monkeypatch.setenv("IGAUTH_ACTOR", "timer")
    done = inside("due")
    assert (done.status, done.out, done.err) == (1, "", ""), "cron would mail it every day"
    assert "Last run: began 20" in inside("schedule", "show", "--with", "cron").err


def test_a_timer_without_access_fails_instead_of_being_skipped(
    person: Person, own_home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    person.import_tokens("user_long")
    database = own_home / "igauth.db"
    database.rename(own_home / "elsewhere.db")
    database.symlink_to(own_home / "elsewhere.db")
    done = inside("due")
    assert (done.status, done.out) == (3, "")
    assert "symbolic link" in done.err
    (own_home / "config.toml").write_text("x = = 1\n")
    assert inside("due").status == 64
    monkeypatch.setenv("IGAUTH_ACTOR", "timer")
    done = inside("due")
    assert done.status == 255, "systemd skips the unit in silence with any other"
    assert "line 1" in done.err


def test_a_run_that_did_not_happen_is_overdue_after_its_grace() -> None:
    found = Automation(every=DAY, since=1000)
    assert not found.is_overdue(1000 + DAY)
    assert found.is_overdue(1000 + 2 * DAY)
    assert not Automation(DAY, 1000, last_run=1000 + 2 * DAY).is_overdue(1000 + 2 * DAY)


def test_show_says_where_no_cron_daemon_runs(
    tools: Tools, person: Person, own_home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    fault = fault_text(TimerFault(Fault.NO_DAEMON, TimerKind.CRON)).what
    done = inside("schedule", "install", "--with", "cron", "--yes")
    assert (done.status, fault in done.err) == (0, False)
    for runs in (None, True, False):
        monkeypatch.setattr(cron, "daemon_runs", lambda runs=runs: runs)
        assert (fault in inside("schedule", "show", "--with", "cron").err) == (runs is False), "None: unknown"
