#!/usr/bin/env bash
# GNU screen 4.9.0 (Debian's screen 4.9.0-4), Python 3.11: while a program has the mouse on, screen holds back a lone escape.
#
# Input: in screen, a program puts its terminal into raw mode and switches on one mouse mode (`CSI ? n h`). The person
# presses escape, waits, then presses x. Seen by the program:
#     mode on                    after escape    after x
#     none                       ESC at 0.3 s    x
#     1006 alone (SGR format)    ESC at 0.3 s    x
#     9, 1000, 1002 or 1003      nothing, ever   ESC and x in one read
# So a program reads Alt+x where escape and x were pressed, and a dialog that escape should close stays open.
# `maptimeout` in .screenrc sets the 0.3 s; it changes nothing once the mouse is on. Terminal libraries that switch on
# mouse tracking by default have it. What helps: leave the mouse off where STY is set; escape twice gives two escapes.
# It needs a Debian or Ubuntu machine whose package source has that version.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
apt-get download -q screen=4.9.0-4 >/dev/null
dpkg-deb -x screen_*.deb package
cat > reader.py <<'PYTHON'
import os
import sys
import tty

tty.setraw(0)
for mode in sys.argv[2:]:
    os.write(1, b"\x1b[?%sh" % mode.encode())
with open(sys.argv[1], "wb", buffering=0) as log:
    log.write(b"ready\n")
    while (data := os.read(0, 100)) != b"q":
        log.write(data.hex().encode() + b"\n")
PYTHON
python3 - <<'PYTHON'
import fcntl
import os
import pty
import subprocess
import sys
import termios
import threading
import time
from pathlib import Path


def reads(*modes: str, maptimeout: str = "") -> tuple[list[str], list[str]]:
    """Return what was read 2 s after escape, and after x."""
    home = Path("-".join(["home", *modes, maptimeout]))
    (home / "sockets").mkdir(parents=True, mode=0o700)
    (home / "sockets").chmod(0o700)
    log = home / "log"
    (home / "rc").write_text(f"startup_message off\nautodetach off\n{maptimeout}\n")
    person, line = pty.openpty()
    process = subprocess.Popen(
        ["package/usr/bin/screen", "-c", str(home / "rc"), sys.executable, "reader.py", str(log), *modes],
        stdin=line, stdout=line, stderr=line, start_new_session=True,
        env={"TERM": "xterm-256color", "PATH": os.environ["PATH"], "SCREENDIR": str((home / "sockets").resolve())},
        preexec_fn=lambda: fcntl.ioctl(0, termios.TIOCSCTTY, 0),
    )
    threading.Thread(target=lambda: [None for _ in iter(lambda: os.read(person, 9999), b"")], daemon=True).start()
    while not log.exists():
        time.sleep(0.1)
    time.sleep(1)
    seen = []
    for key in (b"\x1b", b"x"):
        os.write(person, key)
        time.sleep(2)
        seen.append(log.read_text().split()[1:])
    os.write(person, b"q")
    time.sleep(0.5)
    process.kill()
    return seen[0], seen[1]


for modes in ((), ("1006",)):
    assert reads(*modes) == (["1b"], ["1b", "78"]), modes
for mode in ("9", "1000", "1002", "1003"):
    assert reads(mode) == ([], ["1b78"]), mode
assert reads("1000", maptimeout="maptimeout 50") == ([], ["1b78"])
print("as described")
PYTHON
