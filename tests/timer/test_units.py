"""The systemd units: their text, read back and judged by systemd itself where it is installed."""

import shutil
import subprocess
from dataclasses import replace
from pathlib import Path

import pytest

from tui.timer import units
from tui.timer.credential import Handover, handover, version_of
from tui.timer.errors import TimerError, TimerProblem
from tui.timer.plan import Plan

PLAN = Plan(("/opt/my tools/igauth", "-x"), Path("/srv/a b/100%$x/timer.env"), {}, 7, home_id="0a1b2c3d")
SEALED = replace(PLAN, credential=Path("/srv/a%b/igauth-passphrase.cred"))


def test_the_units_name_one_command_and_no_variable() -> None:
    text = units.service_unit(PLAN, None)
    assert 'ExecStart="/opt/my tools/igauth" -x keep --environment "/srv/a b/100%%$$x/timer.env"\n' in text
    assert "Environment=" not in text
    assert "Credential" not in text
    assert "OnCalendar=*-*-* 03:07:00\n" in units.timer_unit(PLAN)
    assert set(units.units(PLAN, None)) == {"igauth-0a1b2c3d.service", "igauth-0a1b2c3d.timer"}
    assert set(units.units(replace(PLAN, home_id=""), None)) == {"igauth.service", "igauth.timer"}


def test_the_command_is_read_back_from_a_unit() -> None:
    for program in ("/opt/igauth", "/opt/my tools/100%/ig'auth", "/opt/$x/igauth"):
        plan = replace(PLAN, program=(program,))
        assert units.words_of(units.service_unit(plan, None)) == list(plan.words)
    old = "[Service]\nExecCondition=/x due\nExecStart=-/y status\nExecStart=/y refresh\n"
    assert units.words_of(old) == ["/y", "status"]
    assert units.words_of("") == []


@pytest.mark.skipif(not shutil.which("systemd-analyze"), reason="systemd-analyze is not installed")
@pytest.mark.parametrize("way", [None, *Handover])
def test_systemd_accepts_the_units(way: Handover | None, tmp_path: Path) -> None:
    tool = tmp_path / "my $tools 100%" / "igauth"
    tool.parent.mkdir()
    tool.write_text("#!/bin/sh\n")
    tool.chmod(0o755)
    plan = replace(SEALED, program=(str(tool),))
    for name, text in units.units(plan, way).items():
        (tmp_path / name).write_text(text)
    files = [str(tmp_path / name) for name in units.units(plan, way)]
    done = subprocess.run(["systemd-analyze", "verify", *files], capture_output=True, text=True, check=False)
    assert "igauth" not in done.stderr, done.stderr


def test_the_passphrase_gets_in_as_that_systemd_can() -> None:
    assert "LoadCredentialEncrypted=igauth-passphrase:/srv/a%%b/igauth-passphrase.cred\n" in units.service_unit(
        SEALED, Handover.LOAD
    )
    text = units.service_unit(SEALED, Handover.DECRYPT)
    assert "LoadCredential" not in text
    assert "RuntimeDirectory=igauth-0a1b2c3d-secret\nRuntimeDirectoryMode=0700\n" in text
    assert "Environment=CREDENTIALS_DIRECTORY=%t/igauth-0a1b2c3d-secret\n" in text
    assert text.index("ExecStartPre=systemd-creds decrypt --user --name=igauth-passphrase") < text.index("ExecStart=")


@pytest.mark.parametrize(
    ("text", "version"),
    [
        ("systemd 257 (257.13-1~deb13u1)\n+PAM +AUDIT\n", 257),
        ("systemd 262\n", 262),
        ("systemd 258~rc1 (x)\n", 258),
        ("Zuul\nsystemd 239 (239-82.el8)\n", 239),
        ("", None),
    ],
)
def test_the_version_of_systemd_is_read(text: str, version: int | None) -> None:
    assert version_of(text) == version


def test_a_systemd_below_256_cannot_hand_over_a_passphrase() -> None:
    assert [handover(version) for version in (256, 257, 258, 262)] == [
        Handover.DECRYPT,
        Handover.DECRYPT,
        Handover.LOAD,
        Handover.LOAD,
    ]
    for version in (None, 0, 255):
        with pytest.raises(TimerError) as caught:
            handover(version)
        assert caught.value.problem is TimerProblem.SYSTEMD_TOO_OLD


def test_a_trial_runs_the_same_text_and_asks_nobody() -> None:
    trial = units.trial_unit(SEALED, "igauth-trial", Handover.DECRYPT, Path("/run/user/1/x%.output"))
    assert 'keep --environment "/srv/a b/100%%$$x/timer.env" --dry-run\n' in trial
    assert "StandardError=file:/run/user/1/x%%.output\n" in trial
    assert "CREDENTIALS_DIRECTORY=%t/igauth-trial-secret\n" in trial


@pytest.mark.parametrize("name", ["a\nb", "a\udce9b"])
def test_a_path_that_no_unit_can_hold_is_refused(name: str) -> None:
    with pytest.raises(TimerError) as caught:
        units.units(replace(PLAN, environment_file=Path("/srv", name)), None)
    assert caught.value.problem is TimerProblem.PATH_UNUSABLE
