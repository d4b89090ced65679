#!/usr/bin/env bash
# Textual 8.2.8, Python 3.11: what a terminal answers to a query is typed into the field that has the focus.
#
# Input: on a pseudo-terminal, an app with one Input; the terminal sends whole answers, each in one piece, as they come
# when a program or a multiplexer asked for them, or late, from a program before. Seen as the Input's value:
#     CSI ? 62;22 c            (DA1)                       [?62;22c
#     CSI > 0;136;0 c          (DA2, PuTTY's)              [>0;136;0c
#     DCS > | XTerm(379) ST    (XTVERSION)                 ^P>|XTerm(379)\
#     OSC 11;rgb:ffff/ffff/ffff ST (background)            ^]11;rgb:ffff/ffff/ffff\
#     CSI ? 2026;2 $ y         (DECRQM, which Textual asks itself)  nothing
# Textual knows the answers to its own queries alone; of any other sequence it drops the escape, or types ^ for it, and
# takes the rest for typed characters.
# What helps: a driver whose parser is given such answers apart from the keys.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install -q --disable-pip-version-check textual==8.2.8
cat > "$folder/app.py" <<'PYTHON'
import sys
from pathlib import Path

from textual.app import App, ComposeResult
from textual.widgets import Input


class Asked(App):
    def compose(self) -> ComposeResult:
        yield Input()

    def on_ready(self) -> None:
        Path(sys.argv[1]).with_suffix(".ready").touch()

    def on_input_changed(self, event: Input.Changed) -> None:
        if event.value.endswith("!"):
            Path(sys.argv[1]).write_text(event.value)
            self.exit()


Asked().run()
PYTHON
"$folder/venv/bin/python" - "$folder" <<'PYTHON'
import os
import pty
import sys
import threading
import time
from pathlib import Path

folder = Path(sys.argv[1])
ANSWERS = {
    "\x1b[?62;22c": "[?62;22c",
    "\x1b[>0;136;0c": "[>0;136;0c",
    "\x1bP>|XTerm(379)\x1b\\": "^P>|XTerm(379)\\",
    "\x1b]11;rgb:ffff/ffff/ffff\x1b\\": "^]11;rgb:ffff/ffff/ffff\\",
    "\x1b[?2026;2$y": "",
}


def drain(terminal: int) -> None:
    try:
        while os.read(terminal, 65536):
            pass
    except OSError:
        pass  # the terminal is closed


def typed(number: int, answer: str) -> str:
    said = folder / f"said{number}.txt"
    python = str(folder / "venv/bin/python")
    child, terminal = pty.fork()
    if child == 0:
        os.environ["TERM"] = "xterm-256color"
        os.execv(python, [python, str(folder / "app.py"), str(said)])
    threading.Thread(target=drain, args=(terminal,), daemon=True).start()
    while not said.with_suffix(".ready").exists():
        time.sleep(0.05)
    time.sleep(0.5)
    os.write(terminal, answer.encode())
    time.sleep(0.5)  # Textual gives up on a sequence after 0.1 s
    os.write(terminal, b"!")
    os.waitpid(child, 0)
    return said.read_text().removesuffix("!")


for number, (answer, expected) in enumerate(ANSWERS.items()):
    found = typed(number, answer)
    print(f"{answer!r:40} {found!r}")
    assert found == expected, (answer, found)
PYTHON
echo "as described"
