"""What is found of the system's cron."""

from pathlib import Path

import pytest

from tui.timer.cron import daemon_runs

GENERATOR = "usr/lib/systemd/system-generators/systemd-crontab-generator"


@pytest.mark.parametrize(
    ("programs", "runs"),
    [
        (("systemd", "bash"), False),
        (("systemd", "cron"), True),
        (("init", "sh", "crond"), True),
        (("tini", "croney"), False),
        ((), None),
    ],
)
def test_a_cron_daemon_is_looked_for_among_the_processes(
    programs: tuple[str, ...], runs: bool | None, tmp_path: Path
) -> None:
    (tmp_path / "proc" / "sys").mkdir(parents=True)
    for number, program in enumerate(programs, start=1):
        (tmp_path / "proc" / str(number)).mkdir()
        (tmp_path / "proc" / str(number) / "comm").write_text(f"{program}\n")
    (tmp_path / "proc" / "77").mkdir()  # a process that has just ended
    assert daemon_runs(tmp_path) is runs


def test_systemd_cron_has_no_daemon(tmp_path: Path) -> None:
    (tmp_path / GENERATOR).parent.mkdir(parents=True)
    (tmp_path / GENERATOR).touch()
    assert daemon_runs(tmp_path) is True
