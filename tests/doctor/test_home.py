"""What the home lies on is said where that is not simply a disk of this machine."""

import os
from pathlib import Path

import pytest

from tests.doctor.reports import codes
from tui.services.doctor.home import home_findings
from tui.settings import Home
from tui.vault import mounts
from tui.vault.mounts import Mount, mount_of

OK, WARNING = "ok", "warning"


def mount_table(folder: Path, kind: str, options: str = "rw") -> Path:
    """Write a table in which the folder's device is mounted with this type and these options."""
    device = folder.stat().st_dev
    table = folder / "mountinfo"
    table.write_text(
        "29 1 999:77 / / rw,relatime shared:1 - ext4 /dev/x rw\n"
        f"36 29 {os.major(device)}:{os.minor(device)} / /home rw,noatime shared:7 - {kind} server:/x rw,{options}\n"
    )
    return table


@pytest.mark.parametrize(
    ("kind", "options", "expected"),
    [
        ("ext4", "rw", []),
        ("nfs4", "vers=4.2,local_lock=none", [(OK, "network_file_system")]),
        ("cifs", "vers=3.1.1", [(OK, "network_file_system")]),
        ("nfs", "local_lock=all", [(WARNING, "locks_stay_here")]),
        ("nfs", "nolock", [(WARNING, "locks_stay_here")]),
        ("cifs", "nobrl", [(WARNING, "locks_stay_here")]),
        ("fuse.sshfs", "user_id=0", [(WARNING, "locks_stay_here")]),
        ("tmpfs", "size=1g", [(WARNING, "in_memory")]),
        ("overlay", "lowerdir=/a", [(WARNING, "in_a_layer")]),
    ],
)
def test_the_file_system_of_the_home_is_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, kind: str, options: str, expected: list[tuple[str, str]]
) -> None:
    table = mount_table(tmp_path, kind, options)
    monkeypatch.setattr(mounts, "mount_of", lambda folder: mount_of(folder, table))
    home = Home(tmp_path / "home", tmp_path / "home", tmp_path / "home" / "log")  # not there yet
    found = [one for one in home_findings(home, fix=False) if one.facts.get("kind")]
    assert codes(found) == expected


def test_the_options_of_mount_and_file_system_count(tmp_path: Path) -> None:
    mount = mount_of(tmp_path, mount_table(tmp_path, "nfs", "nolock"))
    assert mount == Mount("nfs", frozenset({"rw", "noatime", "nolock"}))
    assert mount_of(tmp_path, tmp_path / "missing") == Mount()
