#!/bin/sh
# boot.sh TREE CGROUP: becomes process 1 of TREE in namespaces of its own. Started by machine_boot.
set -e
if [ "${1:-}" != inside ]; then
    echo $$ >"$2/cgroup.procs"
    exec unshare --pid --mount --cgroup --uts --ipc --fork --kill-child --propagation private sh "$0" inside "$1"
fi
hostname "$(basename "$2")"
mount --bind "$2" "$2"
cd "$2"
mount -t proc proc proc
mount -t sysfs -o ro sysfs sys
mount -t cgroup2 cgroup2 sys/fs/cgroup
for folder in dev run tmp; do mount -t tmpfs tmpfs $folder; done
chmod 1777 tmp
for node in null:3 zero:5 full:7 random:8 urandom:9; do mknod -m 666 "dev/${node%:*}" c 1 "${node#*:}"; done
mknod -m 666 dev/tty c 5 0
mkdir dev/pts dev/shm
mount -t tmpfs tmpfs dev/shm
mount -t devpts -o newinstance,ptmxmode=666 devpts dev/pts
ln -s pts/ptmx dev/ptmx
ln -s /proc/self/fd dev/fd
for stream in stdin:0 stdout:1 stderr:2; do ln -s "fd/${stream#*:}" "dev/${stream%:*}"; done
pivot_root . mnt
umount -l /mnt
exec env -i container=igauth-rig PATH=/usr/sbin:/usr/bin:/sbin:/bin TERM=dumb /lib/systemd/systemd --log-target=console
