"""Stands between a terminal and a program and writes down both directions: `terminals_tap.py FOLDER COMMAND [WORD...]`.

FOLDER/out has what the program wrote, FOLDER/in what the terminal sent, FOLDER/size columns and rows.
It needs no package, since it runs at the far end of each line.
"""

import fcntl
import os
import pty
import select
import signal
import struct
import sys
import termios
import tty
from pathlib import Path

_BLOCK = 65536


def _copy_size(folder: Path, line: int) -> None:
    size = fcntl.ioctl(0, termios.TIOCGWINSZ, bytes(8))
    fcntl.ioctl(line, termios.TIOCSWINSZ, size)
    rows, columns, _, _ = struct.unpack("4H", size)
    (folder / "size").write_text(f"{columns} {rows}")


def _write(target: int, data: bytes) -> None:
    while data:
        data = data[os.write(target, data) :]


def _pass_on(line: int, sent: int, written: int) -> None:
    """Copy until one side ends; a hangup of the terminal ends this program, and with it the line behind it."""
    while True:
        ready, _, _ = select.select([0, line], [], [])
        for source, target, log in ((0, line, sent), (line, 1, written)):
            if source not in ready:
                continue
            try:
                data = os.read(source, _BLOCK)
            except OSError:
                return
            if not data:
                return
            os.write(log, data)  # before it is passed on: what waits for the screen finds it here
            _write(target, data)


def main() -> None:
    """Run the command in a pseudo-terminal of its own."""
    folder = Path(sys.argv[1])
    command = sys.argv[2:]
    sent, written = (os.open(folder / name, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600) for name in ("in", "out"))
    process, line = pty.fork()
    if process == 0:
        os.execvp(command[0], command)
    _copy_size(folder, line)
    signal.signal(signal.SIGWINCH, lambda *_: _copy_size(folder, line))
    before = termios.tcgetattr(0)
    tty.setraw(0)
    try:
        _pass_on(line, sent, written)
    finally:
        termios.tcsetattr(0, termios.TCSANOW, before)
        (folder / "ended").touch()


if __name__ == "__main__":
    main()
