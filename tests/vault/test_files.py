"""Modes, owners, links, and nothing left behind of what was deleted."""

import errno
import os
import stat
import subprocess
import sys
from pathlib import Path

import pytest

from tests.vault.making import NOW, add, extend, make_vault
from tui.redact import Secret
from tui.vault.database import open_database
from tui.vault.errors import FileProblem, NotOurs, ReadOnly, VaultError
from tui.vault.mounts import network_file_system

_UNDER_UMASK = """
import os, sys
from pathlib import Path
os.umask(int(sys.argv[2], 8))
from tests.vault.making import add, make_vault
vault = make_vault(Path(sys.argv[1]))
add(vault)
with vault.tokens.refresh_lock("main"):
    for path in sorted(Path(sys.argv[1]).rglob("*")):
        print(oct(path.stat().st_mode & 0o777), "folder" if path.is_dir() else "file", path.name)
"""


@pytest.mark.parametrize("umask", ["000", "022", "277"])
def test_files_are_0600_in_0700_whatever_the_umask(tmp_path: Path, umask: str) -> None:
    (tmp_path / "base").mkdir()
    run = subprocess.run(
        [sys.executable, "-c", _UNDER_UMASK, str(tmp_path / "base"), umask], capture_output=True, text=True, check=True
    )
    lines = run.stdout.splitlines()
    assert {line.split()[2] for line in lines} >= {"igauth.db", "igauth.db-wal", "igauth.db-shm", "main.lock"}
    for line in lines:
        mode, kind, name = line.split()
        assert mode == ("0o700" if kind == "folder" else "0o600"), name


def test_a_folder_that_exists_is_never_made_again(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    make_vault(tmp_path).close()

    def refused(path: Path, *_: object, **__: object) -> None:  # NFS, where the folder above takes no writing
        raise PermissionError(errno.EACCES, os.strerror(errno.EACCES), str(path))

    monkeypatch.setattr(Path, "mkdir", refused)
    make_vault(tmp_path).close()


@pytest.mark.parametrize("name", ["igauth.db", "igauth.db-wal", "igauth.db-shm", "igauth.db-journal", "igauth.db.use"])
def test_a_planted_link_is_not_followed(tmp_path: Path, name: str) -> None:
    target = tmp_path / "precious"
    target.write_text("not a vault")
    (tmp_path / "home").mkdir(mode=0o700)
    (tmp_path / "home" / name).symlink_to(target)
    with pytest.raises(NotOurs) as caught:
        make_vault(tmp_path)
    assert (caught.value.path, caught.value.problem) == (tmp_path / "home" / name, FileProblem.SYMBOLIC_LINK)
    assert target.read_text() == "not a vault"


def test_a_planted_link_in_the_place_of_a_lock_is_not_followed(tmp_path: Path) -> None:
    vault = make_vault(tmp_path)
    target = tmp_path / "precious"
    target.write_text("keep")
    locks = tmp_path / "home" / "locks"
    locks.mkdir(mode=0o700)
    (locks / "main.lock").symlink_to(target)
    with pytest.raises(NotOurs), vault.tokens.refresh_lock("main", wait=0):
        pass
    assert target.read_text() == "keep"


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can give files away")
def test_files_of_another_user_are_refused(tmp_path: Path) -> None:
    make_vault(tmp_path).close()
    os.chown(tmp_path / "home" / "igauth.db", 12345, -1)
    with pytest.raises(NotOurs, match=FileProblem.OTHER_OWNER):
        make_vault(tmp_path)
    os.chown(tmp_path / "home" / "igauth.db", 0, -1)
    os.chown(tmp_path / "home", 12345, -1)
    with pytest.raises(NotOurs, match=FileProblem.OTHER_OWNER):
        make_vault(tmp_path)


def test_a_deleted_value_is_in_no_file_any_more(tmp_path: Path) -> None:
    canary, other = "EAAcanary-to-be-forgotten-0123456789", "EAAkept-0123456789"
    vault = make_vault(tmp_path)
    add(vault, "gone", canary)
    add(vault, "kept", other)
    found = _bytes_below(tmp_path)
    assert canary.encode() in found
    vault.tokens.delete("gone")
    assert canary.encode() not in _bytes_below(tmp_path)
    assert other.encode() in _bytes_below(tmp_path)


def test_a_value_beyond_the_last_three_is_in_no_file_any_more(tmp_path: Path) -> None:
    vault = make_vault(tmp_path)
    add(vault, "main", "EAAcanary-of-the-first-version")
    for number in range(3):
        extend(vault, "main", f"EAAversion-{number}")
    assert b"EAAcanary-of-the-first-version" not in _bytes_below(tmp_path)


def test_a_forgotten_app_secret_is_in_no_file_any_more(tmp_path: Path) -> None:
    vault = make_vault(tmp_path)
    vault.profile_secrets.set("app_secret", "work", Secret("5ec7e7" * 5))
    vault.profile_secrets.forget("app_secret", "work")
    assert b"5ec7e7" * 5 not in _bytes_below(tmp_path)


def test_a_folder_that_cannot_be_created_is_reported(tmp_path: Path) -> None:
    (tmp_path / "home").write_text("a file where the folder should be")
    with pytest.raises(VaultError, match="home"):
        make_vault(tmp_path)


def test_a_read_only_home_is_reported_with_its_path(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    make_vault(tmp_path).close()
    home = tmp_path / "home"
    real = os.access

    def read_only(path: object, mode: int) -> bool:
        return real(str(path), mode) and not (mode & os.W_OK and str(path).startswith(str(home)))

    monkeypatch.setattr(os, "access", read_only)  # root may write anywhere, so that modes alone prove nothing
    with pytest.raises(ReadOnly, match=str(home)):
        make_vault(tmp_path)


@pytest.mark.parametrize(("kind", "journal"), [("nfs4", "delete"), ("lustre", "delete"), ("", "wal")])
def test_a_network_file_system_gets_no_write_ahead_log(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, kind: str, journal: str
) -> None:
    monkeypatch.setattr("tui.vault.database.network_file_system", lambda _: kind)
    database = open_database(tmp_path / "home" / "igauth.db")
    database.write("INSERT INTO meta VALUES ('a', 'b')")
    assert database.journal == journal
    assert (tmp_path / "home" / "igauth.db-wal").exists() == (journal == "wal")
    database.close()
    monkeypatch.setattr("tui.vault.database.network_file_system", lambda _: "nfs")
    again = open_database(tmp_path / "home" / "igauth.db")
    assert again.journal == "delete"
    assert again.row("SELECT value FROM meta WHERE key = 'a'") == ("b",)


def mount_table(folder: Path, kind: str) -> Path:
    """Write a table in which the folder's device, and another one, are mounted."""
    device = folder.stat().st_dev
    table = folder / "mountinfo"
    table.write_text(
        "29 1 999:77 / / rw,relatime shared:1 - lustre server:/ rw\n"
        f"36 29 {os.major(device)}:{os.minor(device)} / /home/a\\040b rw shared:7 master:1 - {kind} server:/x rw,a=1\n"
    )
    return table


@pytest.mark.parametrize(("kind", "found"), [("nfs4", "nfs4"), ("fuse.sshfs", "fuse.sshfs"), ("tmpfs", "")])
def test_the_file_system_is_that_of_the_folders_device(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, kind: str, found: str
) -> None:
    monkeypatch.setattr(os, "major", lambda _device: 0)  # no disk of this machine
    assert network_file_system(tmp_path, mount_table(tmp_path, kind)) == found
    assert network_file_system(tmp_path, tmp_path / "missing") == ""
    assert network_file_system(tmp_path / "gone", mount_table(tmp_path, kind)) == ""


def test_the_mount_table_is_not_read_for_a_local_disk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    system = tmp_path / "sys"
    monkeypatch.setattr(os, "major", lambda _device: 8)
    table = mount_table(tmp_path, "gfs2")
    assert network_file_system(tmp_path, table, str(system)) == ""
    (system / "fs" / "gfs2").mkdir(parents=True)
    assert network_file_system(tmp_path, table, str(system)) == "gfs2"


@pytest.mark.skipif(sys.platform != "linux", reason="other systems have no such table")
def test_the_real_mount_table_can_be_read(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tui.vault.mounts.NETWORK", frozenset({"proc"}))
    assert network_file_system(Path("/proc")) == "proc"


def test_opening_loads_neither_keyring_nor_http_nor_textual(tmp_path: Path) -> None:
    make_vault(tmp_path).close()
    program = (
        "import sys; from pathlib import Path; from tui.vault.vault import open_vault\n"
        f"vault = open_vault(Path({str(tmp_path / 'home' / 'igauth.db')!r}), lambda: {NOW})\n"
        "vault.tokens.tokens(); vault.secrets.choice; vault.notices; vault.close()\n"
        "heavy = {'keyring', 'httpx', 'textual', 'cryptography', 'asyncio'} & set(sys.modules)\n"
        "sys.exit(str(heavy) if heavy else 0)"
    )
    subprocess.run([sys.executable, "-c", program], check=True, cwd=Path(__file__).parents[2])


def _bytes_below(folder: Path) -> bytes:
    return b"".join(path.read_bytes() for path in folder.rglob("*") if stat.S_ISREG(path.lstat().st_mode))
