"""Tells network file systems from local ones: SQLite's WAL needs all its users on one machine."""

import os
from pathlib import Path

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


def network_file_system(folder: Path, mounts: Path = _MOUNTS, system: str = "/sys") -> str:
    """Return the type of a network file system the folder lies on, such as `nfs4`; empty where it is local.

    Every start asks, and the mount table of a busy server has thousands of lines: it is read only where the folder
    does not lie on a disk of this machine, or that disk may be another's too.
    """
    try:
        device = os.stat(folder).st_dev
        is_disk = os.major(device) != 0
        if is_disk and not any(os.access(f"{system}/{sign}", os.F_OK) for sign in _SHARED_DISKS):
            return ""
        number = f" {os.major(device)}:{os.minor(device)} "
        lines = mounts.read_text(encoding="utf-8", errors="surrogateescape").splitlines()
    except OSError:
        return ""
    kinds = {line.rpartition(" - ")[2].partition(" ")[0] for line in lines if number in line}
    return next(iter(kinds & NETWORK), "")
