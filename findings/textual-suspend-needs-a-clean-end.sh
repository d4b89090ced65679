#!/usr/bin/env bash
# Textual 8.2.8, Python 3.11: after an exception inside `with app.suspend():` the app never gets its terminal back.
#
# Input: on a pseudo-terminal, an app leaves the full screen twice, as its documentation shows it, and goes on:
#                                               full screen entered again    resume signal published
#     the block ends                            yes                          yes
#     the block raises, caught outside of it    no                           no
# `except` around the `with` looks right and is: the error is handled, timers and messages go on, `app.is_running` is
# True. But the terminal shows the shell's screen with its echo on, and keys do not reach the app any more. The same
# holds where the task is canceled in the block, as a worker is whose screen is closed.
# What helps: catch everything *inside* the block, let it end, and raise again after it.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install -q --disable-pip-version-check textual==8.2.8
cat > "$folder/app.py" <<'PYTHON'
import sys
from pathlib import Path

from textual.app import App


class Leaving(App):
    resumed = 0

    def on_mount(self) -> None:
        self.app_resume_signal.subscribe(self, self.count, immediate=True)
        self.run_worker(self.leave())

    def count(self, _app: App) -> None:
        self.resumed += 1

    async def leave(self) -> None:
        try:
            with self.suspend():
                if sys.argv[1] == "raises":
                    raise FileNotFoundError("no such editor")
        except FileNotFoundError:
            pass
        Path(sys.argv[2]).write_text(f"{self.is_running} {self.resumed}")
        self.exit()


Leaving().run()
PYTHON
"$folder/venv/bin/python" - "$folder" <<'PYTHON'
import os
import pty
import sys
from pathlib import Path

folder = Path(sys.argv[1])
ENTER, LEAVE = b"\x1b[?1049h", b"\x1b[?1049l"


def seen(how: str) -> tuple[str, int]:
    said = folder / how
    child, terminal = pty.fork()
    if child == 0:
        os.environ["TERM"] = "xterm-256color"
        python = str(folder / "venv/bin/python")
        os.execv(python, [python, str(folder / "app.py"), how, str(said)])
    written = b""
    try:
        while block := os.read(terminal, 65536):
            written += block
    except OSError:
        pass  # the terminal is closed
    os.waitpid(child, 0)
    assert LEAVE in written, written
    return said.read_text(), written.count(ENTER)


ends, raises = seen("ends"), seen("raises")
print("ends:  ", *ends)
print("raises:", *raises)
assert ends == ("True 1", 2), ends
assert raises == ("True 0", 1), raises
PYTHON
echo "as described"
