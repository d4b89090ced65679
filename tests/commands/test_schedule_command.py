"""`igauth schedule`: what is written for systemd and cron, and what the timer's runs leave."""

import os
import shutil
import subprocess
from dataclasses import replace
from datetime import datetime
from pathlib import Path

import pytest

from tests.commands.running import Person, inside
from tui.commands.timer_text import MARK, Plan, cron_line, service_unit, timer_unit, with_line
from tui.services import open_services
from tui.tokens.automation import DAY, Automation, TimerKind
from tui.wording.automation import NO_TIMER

HOUR = 3_600
PLAN = Plan(("/opt/my tools/igauth", "-x"), 3, 7, {"IGAUTH_ACTOR": "timer", "IGAUTH_HOME": "/srv/a b/100%"})


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
    assert with_line(once, "") == others
    assert "100\\%" in once


def test_a_late_run_does_not_move_the_next_one() -> None:
    first = 10 * DAY
    timer = Automation(DAY, first - 5_000, first=first)
    assert timer.next_run == first
    late, summer_time = first + 15 * HOUR, first + DAY - HOUR
    assert replace(timer, last_run=late).next_run == first + DAY
    assert replace(timer, last_run=late).is_overdue(first + DAY + 7 * HOUR)
    assert replace(timer, last_run=summer_time).next_run == first + 2 * DAY, "it was the run of that day"
    assert replace(timer, last_run=first - DAY).next_run == first, "a run before it was installed again"


def test_install_notes_when_the_first_run_is_due(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    _fake_tools(tmp_path / "bin", monkeypatch, systemctl="exit 1", crontab="cat >/dev/null")
    line = inside("schedule", "install", "--yes").out
    minute, hour = map(int, line.split()[:2])
    services = open_services(os.environ, "command")
    found = services.timer.read()
    services.vault.close()
    assert found is not None
    first = datetime.fromtimestamp(found.next_run)
    assert (first.hour, first.minute) == (hour, minute)
    assert found.since < found.next_run <= found.since + DAY + HOUR


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
    assert "has not run yet" in inside("schedule", "show").err
    assert inside("schedule", "remove", "--yes").status == 0
    assert list(units.iterdir()) == []
    assert NO_TIMER in inside("schedule", "show").err


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
    person.import_tokens("user_long")
    assert NO_TIMER in inside("schedule", "show", "--with", "cron").err
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
