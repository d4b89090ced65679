"""`igauth watch`, `schedule`, `doctor`, `secrets`, `guide` and the hooks."""

import json
import os
import shutil
import stat
import subprocess
import sys
from pathlib import Path

import pytest

from tests.commands.running import ROOT, UNREACHABLE, Person, inside, outside, without_terminal
from tui.commands.timer_text import MARK, Plan, cron_line, service_unit, timer_unit, with_line, without_line
from tui.services.automation import DAY, Automation
from tui.vault.errors import FileProblem, SecretsProblem, SecretsUnavailable
from tui.vault.permissions import FileReport
from tui.wording.vault import file_report, vault_error

PLAN = Plan(("/opt/my tools/igauth", "-x"), 3, 7, {"IGAUTH_ACTOR": "timer", "IGAUTH_HOME": "/srv/a b/100%"})


# --- watch ------------------------------------------------------------------------------------------------------


_FAST = """
import sys, tui.commands.watch
from tui.cli import run
tui.commands.watch.LEAST = 1
sys.exit(run(["watch", "--every", "1s"]))
"""


def _watch(**environ: str) -> subprocess.Popen[str]:
    """Start a watch whose rounds follow one another faster than a person may ask for."""
    return subprocess.Popen(
        [sys.executable, "-c", _FAST],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        cwd=ROOT,
        env={**os.environ, **environ},
    )


def test_watch_extends_due_tokens_and_ends_on_sigterm(person: Person) -> None:
    person.take_in("user_due", "user_long")
    process = _watch()
    assert process.stdout is not None
    first = process.stdout.readline()
    assert "user_due: Extended by" in first
    assert "user_due is now valid (before: due)" in process.stdout.readline()
    person.sandbox.revoke("user_long", "password_changed")
    assert "user_long is now invalid (before: valid)" in process.stdout.readline()
    process.terminate()
    _, err = process.communicate(timeout=20)
    assert process.returncode == 143
    assert "Traceback" not in err
    events = inside("history", "--token", "user_due", "--json").json["events"]
    assert (events[0]["action"], events[0]["actor"]) == ("extend", "timer")


def test_watch_goes_on_when_facebook_cannot_be_asked(person: Person) -> None:
    person.take_in("user_due")
    process = _watch(IGAUTH_GRAPH_URL=UNREACHABLE)
    assert process.stderr is not None
    told = [process.stderr.readline() for _ in range(3)]
    assert ["could not ask" in line for line in told] == [False, True, True]
    assert "still, after 2 rounds: could not ask about user_due" in told[2], "the same trouble is said once"
    assert process.poll() is None
    process.terminate()
    process.communicate(timeout=20)


def test_a_lasting_problem_is_reported_at_growing_intervals() -> None:
    from tui.commands.watch import Repeats

    problems, written = Repeats(), list[str]()
    for _ in range(9):
        problems.report("away", written.append, "igauth: ")
        problems.report("away", written.append, "igauth: ")
        problems.next_round()
    assert written == ["igauth: away", *(f"still, after {count} rounds: away" for count in (2, 4, 8))]
    problems.next_round()
    problems.report("away", written.append, "igauth: ")
    assert written[-1] == "igauth: away"


def test_watch_refuses_to_ask_all_the_time(person: Person) -> None:
    done = inside("watch", "--every", "59s")
    assert (done.status, done.out) == (64, "")
    assert "--every must be 1m or more" in done.err


# --- hooks ------------------------------------------------------------------------------------------------------


def _with_hook(home: Path, event: str, command: list[str]) -> None:
    file = home / "config.toml"
    file.write_text(f"{file.read_text()}\n[hooks]\n{event} = {command!r}\n".replace("'", '"'))


def test_a_hook_gets_facts_in_its_environment_and_never_the_token(
    person: Person, own_home: Path, tmp_path: Path
) -> None:
    seen = tmp_path / "seen"
    person.take_in("user_due")
    _with_hook(own_home, "extended", ["sh", "-c", f"env > {seen}"])
    assert inside("refresh", "user_due").status == 0
    text = seen.read_text()
    assert "IGAUTH_EVENT=extended" in text
    assert "IGAUTH_TOKEN_NAME=user_due" in text
    assert person.value("user_due") not in text
    assert inside("token", "user_due").out.strip() not in text


def test_a_hook_that_fails_or_is_missing_is_reported(person: Person, own_home: Path) -> None:
    person.take_in("user_expired")
    _with_hook(own_home, "expired", ["false"])
    done = inside("refresh", "user_expired", "--json")
    assert done.status == 1
    assert "hook expired ended with status 1" in done.err
    assert done.json["results"]


def test_the_timer_tells_once_of_each_token_that_has_died(person: Person, own_home: Path, tmp_path: Path) -> None:
    seen = tmp_path / "seen"
    person.take_in("user_long", "user_data_access")
    _with_hook(own_home, "expired", ["sh", "-c", f"echo $IGAUTH_TOKEN_NAME $IGAUTH_STATE $IGAUTH_REASON >> {seen}"])
    inside("refresh", "--due")
    assert seen.read_text() == "user_data_access invalid data_access\n"
    person.sandbox.revoke("user_long", "password_changed")
    for _ in range(2):
        inside("status", "--check")
        inside("refresh", "--due")
    assert seen.read_text() == "user_data_access invalid data_access\nuser_long invalid 190/460\n"


# --- schedule ---------------------------------------------------------------------------------------------------


def test_schedule_without_a_command_prints_help_and_exits_64() -> None:
    done = inside("schedule")
    assert (done.status, done.out) == (64, "")
    first, *lines = done.err.splitlines()
    assert first == "Usage: igauth schedule [OPTIONS] COMMAND [ARGS]..."
    for verb in ("install", "remove", "show"):
        assert any(line.startswith(f"  {verb} ") for line in lines)
    assert lines[-1] == "igauth: a command is needed: install, remove, show."
    assert "See:" not in done.err


@pytest.mark.skipif(not shutil.which("systemd-analyze"), reason="systemd-analyze is not installed")
def test_systemd_accepts_the_units(tmp_path: Path) -> None:
    tool = tmp_path / "my tools" / "igauth"
    tool.parent.mkdir()
    tool.write_text("#!/bin/sh\n")
    tool.chmod(0o755)
    plan = Plan((str(tool),), 3, 7, {"IGAUTH_HOME": "/srv/a b/100%$x", "IGAUTH_ACTOR": "timer"})
    (tmp_path / "igauth.service").write_text(service_unit(plan))
    (tmp_path / "igauth.timer").write_text(timer_unit(plan))
    units = [str(tmp_path / name) for name in ("igauth.service", "igauth.timer")]
    done = subprocess.run(["systemd-analyze", "verify", *units], capture_output=True, text=True, check=False)
    assert "igauth" not in done.stderr, done.stderr


def test_the_units_have_environment_time_and_condition() -> None:
    text = service_unit(PLAN)
    assert 'Environment="IGAUTH_HOME=/srv/a b/100%%"' in text
    assert "Environment=IGAUTH_ACTOR=timer" in text
    assert 'ExecCondition="/opt/my tools/igauth" -x due --unchecked 20h' in text
    assert 'ExecStart="/opt/my tools/igauth" -x refresh --due' in text
    assert "OnCalendar=*-*-* 03:07:00" in timer_unit(PLAN)


def test_the_crontab_keeps_every_other_line() -> None:
    others = "MAILTO=me\n# mine\n5 4 * * * true\n"
    once = with_line(others, cron_line(PLAN))
    assert with_line(once, cron_line(PLAN)) == once
    assert once.startswith(others)
    assert once.count(MARK) == 1
    assert without_line(once) == others
    assert "100\\%" in once


def test_the_crontab_line_runs(tmp_path: Path) -> None:
    tool = tmp_path / "a tool"
    tool.write_text(f'#!/bin/sh\necho "$IGAUTH_ACTOR $*" >> "{tmp_path}/ran"\n')
    tool.chmod(0o755)
    line = cron_line(Plan((str(tool),), 3, 7, {"IGAUTH_ACTOR": "timer"}))
    command = line.removesuffix(MARK).split(" ", 5)[5]
    subprocess.run(["sh", "-c", command], check=True)
    assert (tmp_path / "ran").read_text().splitlines() == [
        "timer due --unchecked 20h",
        "timer status --check",
        "timer refresh --due",
    ]
    assert "2>&1" not in line.split("&&")[0], "what keeps it from looking must reach cron's mail"


def _fake_tools(folder: Path, monkeypatch: pytest.MonkeyPatch, **scripts: str) -> None:
    folder.mkdir()
    for name, script in scripts.items():
        (folder / name).write_text(f"#!/bin/sh\n{script}\n")
        (folder / name).chmod(0o755)
    monkeypatch.setenv("PATH", f"{folder}:{os.environ['PATH']}")


def test_install_writes_the_units_and_enables_the_timer(
    own_home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    _fake_tools(tmp_path / "bin", monkeypatch, systemctl=f'echo "$*" >> {tmp_path}/calls')
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "config"))
    refused = inside("schedule", "install")
    assert (refused.status, refused.out.count("[Service]")) == (64, 1)
    assert not (tmp_path / "config").exists()
    done = inside("schedule", "install", "--yes")
    assert done.status == 0, done.err
    units = tmp_path / "config" / "systemd" / "user"
    assert f"Environment=IGAUTH_HOME={own_home}" in (units / "igauth.service").read_text()
    assert "--user enable --now igauth.timer" in (tmp_path / "calls").read_text()
    assert "Last run: not yet" in inside("schedule", "show").err
    assert inside("schedule", "remove", "--yes").status == 0
    assert list(units.iterdir()) == []
    assert "No timer is installed." in inside("schedule", "show").err


def test_install_falls_back_to_cron(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    table = tmp_path / "table"
    table.write_text("5 4 * * * true\n")
    script = f'if [ "$1" = -l ]; then cat {table}; else cat > {table}.new; mv {table}.new {table}; fi'
    _fake_tools(tmp_path / "bin", monkeypatch, systemctl="exit 1", crontab=script)
    assert inside("schedule", "install", "--yes").status == 0
    assert MARK in table.read_text()
    assert inside("schedule", "remove", "--yes").status == 0
    assert table.read_text() == "5 4 * * * true\n"


def test_a_run_of_the_timer_is_stored(person: Person, monkeypatch: pytest.MonkeyPatch) -> None:
    person.take_in("user_long")
    assert inside("schedule", "show", "--with", "cron").err.strip() == "No timer is installed."
    from tui.services.root import open_services

    services = open_services(os.environ, "command")
    services.timer.note_installed()
    services.vault.close()
    monkeypatch.setenv("IGAUTH_ACTOR", "timer")
    done = inside("due")
    assert (done.status, done.out, done.err) == (1, "", ""), "cron would mail it every day"
    assert "Last run: 20" in inside("schedule", "show", "--with", "cron").err


def test_a_timer_without_access_fails_instead_of_being_skipped(
    person: Person, own_home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    person.take_in("user_long")
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


# --- doctor and secrets -----------------------------------------------------------------------------------------


def test_doctor_exits_0_without_problems(person: Person) -> None:
    done = inside("doctor", "--json")
    assert done.status == 0, done.out
    findings = done.json["findings"]
    assert done.json["schema"] == 1
    checks = {finding["check"] for finding in findings}
    assert {"paths", "permissions", "vault", "secrets", "network", "clock", "trust", "terminal"} <= checks
    assert person.sandbox.world.app_secret not in done.out


def test_doctor_names_each_host_and_each_count_once(person: Person) -> None:
    person.take_in("user_long")
    done = inside("doctor")
    assert f"Not Meta's own hosts: {person.sandbox.graph_url}\n" in done.out
    assert "Integrity: OK, 1 token, journal" in done.out


@pytest.mark.parametrize(
    ("text", "message"), [("[profiles.acme\n", "line 1, column"), ('bell = "yes"\n', "bell must be true or false")]
)
def test_doctor_reports_a_bad_configuration_and_checks_the_rest(
    person: Person, own_home: Path, text: str, message: str
) -> None:
    (own_home / "config.toml").write_text(text)
    done = inside("doctor", "--json")
    assert done.status == 1
    (failure,) = [finding for finding in done.json["findings"] if finding["level"] == "failure"]
    assert failure["check"] == "configuration"
    assert message in failure["text"]
    assert failure["cure"]
    checks = {finding["check"] for finding in done.json["findings"]}
    assert {"paths", "permissions", "vault", "secrets", "network", "trust", "terminal"} <= checks
    assert inside("doctor").status == 1
    assert (own_home / "config.toml").read_text() == text


def test_doctor_reports_an_unusable_home_and_checks_the_rest(
    person: Person, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "file").write_text("")
    monkeypatch.setenv("IGAUTH_HOME", str(tmp_path / "file" / "home"))
    done = inside("doctor", "--json")
    assert done.status == 1
    failures = [finding for finding in done.json["findings"] if finding["level"] == "failure"]
    assert {failure["check"] for failure in failures} <= {"paths", "configuration"}
    assert "is not a folder" in failures[0]["text"]
    assert {"network", "trust", "terminal"} <= {finding["check"] for finding in done.json["findings"]}


def test_doctor_reports_a_flawed_app_id_only_as_flawed(person: Person, own_home: Path) -> None:
    file = own_home / "config.toml"
    file.write_text(file.read_text().replace(f'"{person.sandbox.world.app_id}"', "12"))
    rows = [row for row in inside("doctor", "--json").json["findings"] if row["check"] == "profiles"]
    assert [row["level"] for row in rows] == ["warning"]


def test_doctor_exits_1_for_an_unreachable_host(person: Person) -> None:
    person.point_at(UNREACHABLE)
    done = inside("doctor", "--json")
    assert done.status == 1
    (failure,) = [finding for finding in done.json["findings"] if finding["level"] == "failure"]
    assert failure["check"] == "network"
    assert failure["cure"]


def test_doctor_fixes_files_open_to_others(person: Person, own_home: Path) -> None:
    database = own_home / "igauth.db"
    database.chmod(0o644)
    own_home.chmod(0o755)
    done = inside("doctor")
    assert done.status == 1
    assert file_report(FileReport(database, 0o644, 0, FileProblem.OPEN_TO_OTHERS)).what in done.out
    assert stat.S_IMODE(database.stat().st_mode) == 0o644
    assert inside("doctor", "--fix").status == 0
    assert stat.S_IMODE(database.stat().st_mode) == 0o600
    assert stat.S_IMODE(own_home.stat().st_mode) == 0o700


def test_doctor_warns_of_a_wrong_clock(person: Person) -> None:
    person.sandbox.clock.advance(3600)
    done = inside("doctor", "--json")
    (clock,) = [finding for finding in done.json["findings"] if finding["check"] == "clock"]
    assert clock["level"] == "warning"
    assert "behind the server's" in clock["text"]
    assert done.status == 0


@pytest.mark.parametrize(
    ("keyring", "cure"),
    [
        ("keyring.backends.null.Keyring", "Encrypt them with a passphrase: igauth secrets --move-to sealed"),
        ("tests.commands.file_keyring.Keyring", "Use the keyring: igauth secrets --move-to keyring"),
    ],
)
def test_doctor_names_a_better_secret_store(person: Person, tmp_path: Path, keyring: str, cure: str) -> None:
    assert inside("secrets", "--json").json["backend"] == "database"
    environ = {"PYTHON_KEYRING_BACKEND": keyring, "KEYRING_FILE": str(tmp_path / "keyring.json")}
    findings = json.loads(outside("doctor", "--json", environ=environ).out)["findings"]
    (found,) = [finding for finding in findings if finding["check"] == "secrets"]
    assert (found["level"], found["cure"]) == ("warning", cure)
    place = cure.rpartition(" ")[2]
    assert outside("secrets", "--move-to", place, stdin=b"correct horse\n", environ=environ).status == 0
    findings = json.loads(outside("doctor", "--json", environ=environ).out)["findings"]
    assert ("ok", None) in [(row["level"], row["cure"]) for row in findings if row["check"] == "secrets"]


def test_secrets_says_where_they_are_and_moving_to_nowhere_loses_nothing(person: Person) -> None:
    person.take_in("user_long")
    assert inside("secrets", "--json").json["backend"] == "database"
    done = inside("secrets", "--move-to", "keyring")
    if done.status != 0:
        assert "keyring" in done.err
    assert inside("token", "user_long").out.strip() == person.value("user_long")


def test_secrets_can_be_sealed_and_a_units_credentials_open_them(person: Person, tmp_path: Path) -> None:
    person.take_in("user_long")
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


def test_guide_prints_the_checklist_in_three_forms_without_secrets(person: Person) -> None:
    for option in ((), ("--markdown",), ("--json",)):
        done = inside("guide", *option)
        assert done.status == 0, done.err
        assert "Business" in done.out
        assert person.sandbox.world.app_secret not in done.out
    report = inside("guide", "--json").json
    assert report["schema"] == 1
    assert [step["id"] for step in report["steps"]] == ["P1", "P2", *map(str, range(1, 13))]


def test_guide_check_proves_what_can_be_proven(person: Person) -> None:
    person.take_in("user_long")
    report_before = inside("guide", "--json").json
    done = inside("guide", "--check", "--json")
    assert done.status == 0, done.err
    assert done.json["counts"]["proven"] > report_before["counts"]["proven"]
