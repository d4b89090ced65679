"""Tells network file systems from local ones: SQLite's WAL needs all its users on one machine."""

import os
import re
from pathlib import Path

NETWORK = frozenset(
    {
        *("nfs", "nfs4", "cifs", "smb3", "smbfs", "smb2", "afs", "ncpfs", "coda", "9p", "virtiofs", "vboxsf", "prl_fs"),
        *("gpfs", "lustre", "beegfs", "glusterfs", "ceph", "orangefs", "pvfs2", "ocfs2", "gfs2", "davfs", "acfs"),
        *("fuse.sshfs", "fuse.glusterfs", "fuse.ceph", "fuse.s3fs", "fuse.rclone", "fuse.davfs2", "fuse.gcsfuse"),
    }
)
"""Types of file systems that several machines may use at once, as Linux names them in /proc/self/mounts."""

_SHARED_DISKS = ("fs/gfs2", "fs/ocfs2", "module/oracleacfs", "module/mmfs26")
"""What /sys shows while the kernel knows a file system that several machines have on one disk."""

_MOUNTS = Path("/proc/self/mounts")


def file_system(folder: Path, table: str) -> str:
    """Return the type of the file system that the folder lies on, such as `ext4`, in a table of mounts; else empty."""
    place = str(folder.resolve())
    best, kind = -1, ""
    for line in table.splitlines():
        fields = line.split(" ")
        if len(fields) < 3:
            continue
        point = _unescaped(fields[1])
        inside = place == point or place.startswith(point.rstrip("/") + "/")
        if inside and len(point) >= best:  # of two on one point, the later covers the earlier
            best, kind = len(point), fields[2]
    return kind


def network_file_system(folder: Path, mounts: Path = _MOUNTS, system: str = "/sys") -> str:
    """Return the type of a network file system the folder lies on; empty where it is local.

    Every start asks, and the mount table of a busy server has thousands of lines: it is read only where the folder
    does not lie on a disk of this machine, or that disk may be another's too.
    """
    if _lies_on_own_disk(folder, system):
        return ""
    try:
        table = mounts.read_text(encoding="utf-8", errors="surrogateescape")
        kind = "" if NETWORK.isdisjoint(table.split()) else file_system(folder, table)
    except OSError:
        return ""
    return kind if kind in NETWORK else ""


def _lies_on_own_disk(folder: Path, system: str) -> bool:
    try:
        device = os.stat(folder).st_dev
    except OSError:
        return False
    if not os.access(f"{system}/dev/block/{os.major(device)}:{os.minor(device)}", os.F_OK):
        return False
    return not any(os.access(f"{system}/{sign}", os.F_OK) for sign in _SHARED_DISKS)


def _unescaped(point: str) -> str:
    return re.sub(r"\\(\d{3})", lambda code: chr(int(code[1], 8)), point)
