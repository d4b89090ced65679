"""Tells what a folder lies on: SQLite's WAL needs all its users on one machine, and some disks do not outlive it."""

import os
from pathlib import Path
from typing import NamedTuple

NETWORK = frozenset(
    {
        *("nfs", "nfs4", "cifs", "smb3", "smbfs", "smb2", "afs", "ncpfs", "coda", "9p", "virtiofs", "vboxsf", "prl_fs"),
        *("gpfs", "lustre", "beegfs", "glusterfs", "ceph", "orangefs", "pvfs2", "ocfs2", "gfs2", "davfs", "acfs"),
        *("fuse.sshfs", "fuse.glusterfs", "fuse.ceph", "fuse.s3fs", "fuse.rclone", "fuse.davfs2", "fuse.gcsfuse"),
    }
)
"""Types of file systems that several machines may use at once, as Linux names them in /proc/self/mountinfo."""

_SHARED_DISKS = ("fs/gfs2", "fs/ocfs2", "module/oracleacfs", "module/mmfs26")
"""What /sys shows while the kernel knows a file system that several machines have on one disk."""

_MOUNTS = Path("/proc/self/mountinfo")


class Mount(NamedTuple):
    """What a folder lies on: the type of the file system, such as `nfs4`, and the options it is mounted with."""

    kind: str = ""
    options: frozenset[str] = frozenset()

    @property
    def is_network(self) -> bool:
        """Whether several machines may use it at once."""
        return self.kind in NETWORK

    @property
    def shares_locks(self) -> bool:
        """Whether a lock that one machine takes is seen by the others, as far as type and options tell."""
        return self.kind not in _OWN_LOCKS and not self.options & _OWN_LOCKS_BY_OPTION

    @property
    def is_in_memory(self) -> bool:
        """Whether its files are gone when the machine starts again."""
        return self.kind in ("tmpfs", "ramfs")

    @property
    def is_layer(self) -> bool:
        """Whether changes go to a layer above an image: a container's or a live system's."""
        return self.kind in ("overlay", "aufs", "fuse.fuse-overlayfs")


_OWN_LOCKS = frozenset({"fuse.sshfs", "fuse.s3fs", "fuse.rclone", "fuse.gcsfuse", "fuse.davfs2", "davfs", "vboxsf"})
"""Types whose locks stay on the machine that takes them."""
_OWN_LOCKS_BY_OPTION = frozenset({"nolock", "local_lock=all", "local_lock=posix", "nobrl"})
"""Options of NFS and SMB with which locks stay on the machine that takes them."""


def network_file_system(folder: Path, mounts: Path = _MOUNTS, system: str = "/sys") -> str:
    """Return the type of a network file system the folder lies on, such as `nfs4`; empty where it is local.

    Every start asks, and the mount table of a busy server has thousands of lines: it is read only where the folder
    does not lie on a disk of this machine, or that disk may be another's too.
    """
    try:
        is_disk = os.major(os.stat(folder).st_dev) != 0
    except OSError:
        return ""
    if is_disk and not any(os.access(f"{system}/{sign}", os.F_OK) for sign in _SHARED_DISKS):
        return ""
    mount = mount_of(folder, mounts)
    return mount.kind if mount.is_network else ""


def mount_of(folder: Path, mounts: Path = _MOUNTS) -> Mount:
    """Return what a folder lies on; a mount without a kind where the system does not tell."""
    try:
        device = os.stat(folder).st_dev
        number = f" {os.major(device)}:{os.minor(device)} "
        lines = mounts.read_text(encoding="utf-8", errors="surrogateescape").splitlines()
    except OSError:
        return Mount()
    for line in lines:
        mounted, _, file_system = line.partition(" - ")
        if number in mounted:
            kind, _source, *options = file_system.split(" ")
            return Mount(kind, frozenset(",".join((mounted.split(" ")[5], *options)).split(",")))
    return Mount()
