"""igauth's own QR codes on real terminals under Xvfb, read from screenshots by zbar, OpenCV, zxing-cpp and quirc.

Run with a Python that has opencv-python-headless, zxing-cpp, pyzbar, pyquirc, numpy and Pillow; IGAUTH names the
igauth to run, SHOTS a folder that keeps the pictures. Arguments: the terminals to look at (default: all).
"""

import fcntl
import json
import os
import pty
import select
import signal
import subprocess
import sys
import tempfile
import termios
import time
import tty
import warnings
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from importlib import import_module
from itertools import product
from pathlib import Path
from typing import Any, NamedTuple

IGAUTH = os.environ.get("IGAUTH", "igauth")
SIZES = ((80, 24), (120, 40))
_PATIENCE = 25.0
"""Seconds until a picture that is not read counts as one that cannot be."""

_QTERMINAL = """[General]
colorScheme={scheme}
TerminalMargin=0
HideTabBarWithOneTab=true
MenuVisible=false
fontFamily=DejaVu Sans Mono
fontSize=10
AskOnExit=false
"""


class Look(NamedTuple):
    """A terminal's ground and size."""

    is_light: bool
    columns: int
    rows: int

    @property
    def colors(self) -> tuple[str, str]:
        """Ink and ground."""
        return ("black", "white") if self.is_light else ("white", "black")

    def __str__(self) -> str:
        return f"{'light' if self.is_light else 'dark'} {self.columns}x{self.rows}"


Command = list[str]
Starter = Callable[[Look, Command, Path], tuple[Command, dict[str, str]]]


def _xterm(look: Look, command: Command, _: Path) -> tuple[Command, dict[str, str]]:
    ink, ground = look.colors
    font = ["-fa", "DejaVu Sans Mono", "-fs", "10"]
    return ["xterm", *font, "-geometry", f"{look.columns}x{look.rows}", "-fg", ink, "-bg", ground, "-e", *command], {}


def _kitty(look: Look, command: Command, _: Path) -> tuple[Command, dict[str, str]]:
    ink, ground = ("#000000", "#ffffff") if look.is_light else ("#ffffff", "#000000")
    options = {
        "foreground": ink,
        "background": ground,
        "remember_window_size": "no",
        "initial_window_width": f"{look.columns}c",
        "initial_window_height": f"{look.rows}c",
        "window_padding_width": "0",
        "update_check_interval": "0",
    }
    set_options = [word for name, value in options.items() for word in ("-o", f"{name}={value}")]
    return ["kitty", "--config", "NONE", *set_options, *command], {}


def _st(look: Look, command: Command, _: Path) -> tuple[Command, dict[str, str]]:
    return ["st", "-g", f"{look.columns}x{look.rows}", "-e", *command], {}


def _qterminal(look: Look, command: Command, home: Path) -> tuple[Command, dict[str, str]]:
    folder = home / f"qterminal-{look}".replace(" ", "-")
    (folder / "qterminal.org").mkdir(parents=True, exist_ok=True)
    scheme = "BlackOnWhite" if look.is_light else "WhiteOnBlack"
    (folder / "qterminal.org" / "qterminal.ini").write_text(_QTERMINAL.format(scheme=scheme))
    pixels = f"{look.columns * 8 + 40}x{look.rows * 17 + 80}"  # at least as many cells
    return ["qterminal", "--geometry", pixels, "-e", " ".join(command)], {"XDG_CONFIG_HOME": str(folder)}


TERMINALS: dict[str, Starter] = {"xterm": _xterm, "kitty": _kitty, "st": _st, "qterminal": _qterminal}
"""st has no option for its colors: it is as shipped both times."""

SURFACES: dict[str, tuple[Command, Sequence[tuple[str, str]]]] = {
    "guide": ([IGAUTH, "demo"], (("tick", "g"),)),
    "login": (
        [IGAUTH, "demo"],
        (("tick", "3"), ("life", "L"), ("Name", "\r"), ("enter the code", "\x07")),
    ),
    "command": ([IGAUTH, "login", "--qr"], ()),
    "plain": ([IGAUTH, "--plain"], (("choices", "L\r"), ("Name", "new\r"), ("Address the browser", "g\r"))),
}
"""What is run, and what is typed once a text was shown."""


def main(names: Sequence[str]) -> int:
    """Look at every terminal on both grounds, in both sizes, on every surface; return the exit status."""
    unread = 0
    with tempfile.TemporaryDirectory() as folder, _display() as display, _home(Path(folder)) as home:
        environ = {**_usual(), **home, "DISPLAY": display, "XDG_RUNTIME_DIR": folder}
        for name, is_light, (columns, rows) in product(names or TERMINALS, (False, True), SIZES):
            for surface in SURFACES:
                look = Look(is_light, columns, rows)
                seen = _look(name, look, surface, environ, Path(folder))
                texts = {text for text in seen.values() if text}
                failed = [decoder for decoder, text in seen.items() if not text]
                is_fine = not failed and len(texts) == 1
                unread += not is_fine
                said = f"{len(texts.pop())} bytes" if is_fine else f"FAILED: {', '.join(failed) or texts}"
                print(f"{name:10} {look!s:13} {surface:8} {said}", flush=True)
    print("All as it should be" if not unread else f"FAILED: {unread}")
    return int(bool(unread))


def _usual() -> dict[str, str]:
    kept = {name: value for name, value in os.environ.items() if name not in ("NO_COLOR", "COLORTERM", "TERM", "TMUX")}
    return {**kept, "LANG": "C.UTF-8", "LC_ALL": "C.UTF-8", "LIBGL_ALWAYS_SOFTWARE": "1"}


@contextmanager
def _display() -> Iterator[str]:
    """Start an X server on a free display."""
    reader, writer = os.pipe()
    options = ["-screen", "0", "1600x1000x24", "-nolisten", "tcp", "-noreset", "-displayfd", str(writer)]
    server = subprocess.Popen(["Xvfb", *options], pass_fds=[writer], stderr=subprocess.DEVNULL)
    os.close(writer)
    try:
        with os.fdopen(reader) as answer:
            yield f":{answer.readline().strip()}"
    finally:
        server.terminate()
        server.wait()


@contextmanager
def _home(folder: Path) -> Iterator[dict[str, str]]:
    """Start a sandbox, and make a home with a profile of its app; yield the variables that lead there."""
    sandbox = subprocess.Popen(
        [IGAUTH, "sandbox", "--json"], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True
    )
    try:
        assert sandbox.stdout is not None
        facts = json.loads(sandbox.stdout.readline())
        variables = {
            "IGAUTH_HOME": str(folder / "home"),
            "IGAUTH_GRAPH_URL": facts["graph_url"],
            "IGAUTH_DIALOG_URL": facts["dialog_url"],
        }
        add = [IGAUTH, "add", "acme", "--app-id", facts["app_id"], "--callback", facts["redirect_uri"]]
        secret = facts["app_secret"]
        subprocess.run(add, input=secret, text=True, check=True, capture_output=True, env={**os.environ, **variables})
        yield variables
    finally:
        sandbox.terminate()
        sandbox.wait()


def _look(name: str, look: Look, surface: str, environ: Mapping[str, str], folder: Path) -> dict[str, str]:
    """Return what each decoder reads of a surface in a terminal, once all read it, or when patience ends."""
    pilot = [sys.executable, str(Path(__file__).resolve()), "--pilot", surface]
    command, more = TERMINALS[name](look, pilot, folder)
    quiet = subprocess.DEVNULL
    shown = subprocess.Popen(command, env={**environ, **more}, stdout=quiet, stderr=quiet, start_new_session=True)
    end = time.monotonic() + _PATIENCE
    seen: dict[str, str] = {}
    picture: Any = None
    try:
        while time.monotonic() < end and not (seen and all(seen.values())):
            time.sleep(0.5)
            picture = import_module("PIL.ImageGrab").grab(xdisplay=environ["DISPLAY"]).convert("L")
            seen = _decoded(picture)
        return seen
    finally:
        os.killpg(shown.pid, 15)
        shown.wait()
        if shots := os.environ.get("SHOTS"):
            picture.save(Path(shots) / f"{name}-{look}-{surface}.png".replace(" ", "-"))


def _decoded(picture: Any) -> dict[str, str]:
    """Return what each decoder reads; empty where it reads nothing."""
    cv2, zbar, zxing, quirc = (import_module(name) for name in ("cv2", "pyzbar.pyzbar", "zxingcpp", "quirc"))
    pixels = import_module("numpy").array(picture)
    with warnings.catch_warnings(action="ignore"):
        codes = [code[1] if isinstance(code, tuple) else code for code in quirc.decode(picture)]
    found = {
        "zbar": [code.data.decode() for code in zbar.decode(picture)],
        "OpenCV": [_by_opencv(cv2, reader, pixels) for reader in (cv2.QRCodeDetector(), cv2.QRCodeDetectorAruco())],
        "zxing-cpp": [code.text for code in zxing.read_barcodes(pixels)],
        "quirc": [code.payload.decode() for code in codes],
    }
    return {name: next(filter(None, texts), "") for name, texts in found.items()}


def _by_opencv(cv2: Any, reader: Any, pixels: Any) -> str:
    try:
        return str(reader.detectAndDecode(pixels)[0])
    except cv2.error:  # what it took for a code has no area
        return ""


def pilot(surface: str) -> int:
    """Run a surface in this terminal, and type what belongs to it; everything else passes both ways."""
    command, steps = SURFACES[surface]
    child, line = pty.fork()
    if not child:
        time.sleep(1)  # some terminals take their size once they have started
        os.execvp(command[0], command)

    def take_size(*_: object) -> None:
        fcntl.ioctl(line, termios.TIOCSWINSZ, fcntl.ioctl(0, termios.TIOCGWINSZ, b"\0" * 8))

    signal.signal(signal.SIGWINCH, take_size)
    take_size()
    tty.setraw(0)
    waiting, heard = [*steps], ""
    while True:
        readable, _, _ = select.select([0, line], [], [])
        if 0 in readable:
            os.write(line, os.read(0, 65536))
        if line in readable:
            try:
                data = os.read(line, 65536)
            except OSError:
                return os.waitpid(child, 0)[1]
            os.write(1, data)
            heard += data.decode(errors="replace")
            if waiting and waiting[0][0] in heard:
                time.sleep(0.5)  # a key typed while the next screen is being made may be lost
                heard = ""
                os.write(line, waiting.pop(0)[1].encode())


if __name__ == "__main__":
    arguments = sys.argv[1:]
    sys.exit(pilot(arguments[1]) if arguments[:1] == ["--pilot"] else main(arguments))
