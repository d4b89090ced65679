"""A person's desk: a display of its own with a clipboard and hands, on which a terminal can be opened."""

import os
import shlex
import socket
import subprocess
import tempfile
import time
import urllib.request
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path

from tests.rigs.terminals_kinds import TERMINALS, jupyter

STEP = 0.1
PATIENCE = 40.0
"""Seconds that a program may take to be there; the machine may have other work."""

_PAGE = 10
"""Seconds until a page has its terminal: nothing tells when."""

_FOREIGN = (
    *("TMUX", "STY", "SSH_", "INSIDE_EMACS", "WAYLAND", "DBUS_", "VTE_", "COLORTERM", "TERM", "WINDOWID"),
    *("KITTY_", "DISPLAY", "XAUTHORITY", "XDG_"),
)
"""Variables of the terminal that the rig itself runs in, by how they begin."""


def clean_environment() -> dict[str, str]:
    """Return this process's environment without what its own terminal put there."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith(_FOREIGN)}
    return {**kept, "LANG": "C.UTF-8", "LC_ALL": "C.UTF-8", "SHELL": "/bin/bash", "TERM": "xterm"}


def wait_for(condition: Callable[[], object], what: str, patience: float = PATIENCE) -> None:
    """Return once `condition()` holds; TimeoutError with `what` otherwise."""
    end = time.monotonic() + patience
    while not condition():
        if time.monotonic() > end:
            raise TimeoutError(f"not within {patience:g} s: {what}")
        time.sleep(STEP)


def free_port() -> int:
    """Return a port of 127.0.0.1 that nothing listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


class Desk:
    """A display with a clipboard; `environ` leads to it."""

    def __init__(self, environ: Mapping[str, str], folder: Path, *, is_wayland: bool) -> None:
        self.environ = dict(environ)
        self.folder = folder
        self._is_wayland = is_wayland
        self._hands_environ = {**environ, "DISPLAY": environ["RIG_DISPLAY"]}

    def clipboard(self, selection: str = "clipboard") -> str:
        """Return what the clipboard holds, empty where nothing."""
        if self._is_wayland:
            if selection == "primary":
                return ""
            command = ["wl-paste", "--no-newline"]
        else:
            command = ["xclip", "-selection", selection, "-o"]
        with suppress(subprocess.TimeoutExpired):
            done = subprocess.run(command, env=self.environ, capture_output=True, timeout=5, check=False)
            self._give_focus_back()
            return done.stdout.decode(errors="replace") if done.returncode == 0 else ""
        return "(no answer)"

    def fill(self, text: str) -> None:
        """Put `text` into the clipboard, as a program of the person does; into the selection as well."""
        commands = (
            [["wl-copy"]] if self._is_wayland else [["xclip", "-selection", to] for to in ("clipboard", "primary")]
        )
        for command in commands:
            subprocess.run(
                command,
                env=self.environ,
                input=text.encode(),
                stdout=subprocess.DEVNULL,
                stderr=subprocess.DEVNULL,
                timeout=10,
                check=True,
            )
        self._give_focus_back()

    def press(self, *keys: str) -> None:
        """Press each of `keys`, named as xdotool names them."""
        for key in keys:
            self._hands("key", "--clearmodifiers", key)
            time.sleep(STEP)

    def type(self, text: str) -> None:
        """Type `text` at a person's speed."""
        self._hands("type", "--delay", "60", text)

    def picture(self, name: str) -> Path:
        """Return the file with a picture of the whole display."""
        path = self.folder / f"{name}.png"
        subprocess.run(
            ["import", "-window", "root", str(path)], env=self._hands_environ, capture_output=True, check=True
        )
        return path

    def focus(self) -> None:
        """Give the terminal the keyboard: its window, and its place on a page."""
        wait_for(self._windows, "a window")
        for window in self._windows():
            with suppress(subprocess.SubprocessError):
                self._hands("windowactivate", "--sync", window, timeout=5)
        self._hands("mousemove", "550", "500", "click", "1")
        time.sleep(1)
        self._hands("mousemove", "1090", "750")

    def _windows(self) -> list[str]:
        with suppress(subprocess.SubprocessError):  # so it ends where there is none, or one of them has just gone
            return self._hands("search", "--onlyvisible", "--name", ".+").split()
        return []

    def _give_focus_back(self) -> None:
        if self._is_wayland:  # its helpers take the focus for a moment: weston gives the clipboard to that window alone
            time.sleep(1)

    def _hands(self, *words: str, timeout: float = 60) -> str:
        done = subprocess.run(
            ["xdotool", *words], env=self._hands_environ, capture_output=True, text=True, timeout=timeout, check=True
        )
        return done.stdout


@contextmanager
def open_desk(kind: str) -> Iterator[Desk]:
    """Open an X display, for `wayland` with weston on it."""
    with tempfile.TemporaryDirectory(prefix="igauth-desk-") as name:
        folder = Path(name)
        (folder / "home").mkdir()
        environ = clean_environment() | {"HOME": str(folder / "home"), "XDG_RUNTIME_DIR": name}
        reading, writing = os.pipe()
        display = subprocess.Popen(
            ["Xvfb", "-displayfd", str(writing), "-screen", "0", "1100x760x24", "-nolisten", "tcp"],
            pass_fds=(writing,),
            stderr=subprocess.DEVNULL,
        )
        os.close(writing)
        with os.fdopen(reading) as answer:
            number = f":{answer.readline().strip()}"
        environ |= {"RIG_DISPLAY": number, "DISPLAY": number}
        started = [
            display,
            subprocess.Popen(["openbox"], env=environ, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL),
        ]
        try:
            if kind == "wayland":
                started.append(_weston(environ, folder))
                environ |= {"WAYLAND_DISPLAY": "rig"}
                del environ["DISPLAY"]
            yield Desk(environ, folder, is_wayland=kind == "wayland")
        finally:
            for process in reversed(started):
                end(process)


def _is_managed(environ: Mapping[str, str]) -> bool:
    return (
        subprocess.run(["xdotool", "get_num_desktops"], env=environ, capture_output=True, check=False).returncode == 0
    )


def _weston(environ: Mapping[str, str], folder: Path) -> "subprocess.Popen[bytes]":
    (folder / "weston.ini").write_text("[core]\nidle-time=0\n[shell]\npanel-position=none\nlocking=false\n")
    command = ["weston", "--backend=x11-backend.so", "--socket=rig", "--width=1000", "--height=700"]
    with (folder / "weston.log").open("wb") as log:
        weston = subprocess.Popen([*command, f"--config={folder / 'weston.ini'}"], env=environ, stdout=log, stderr=log)
    wait_for((folder / "rig").exists, "weston's socket")
    return weston


@contextmanager
def open_terminal(name: str, desk: Desk, run: Sequence[str], folder: Path) -> Iterator[None]:
    """Open a terminal that runs `run`."""
    kind = TERMINALS[name]
    file = folder / "run.sh"
    # the window outlives the line, as it does after logging out of ssh
    file.write_text(f"#!/bin/sh\n{shlex.join(run)}\nexec sleep 1000\n")
    file.chmod(0o755)
    port = free_port()
    facts = {"file": str(file), "port": port, "jupyter": jupyter(), "user": "root", "group": "root"}
    started = []
    with (folder / "terminal.log").open("wb") as log:

        def start(command: Sequence[str], **environ: str) -> None:
            started.append(
                subprocess.Popen(
                    command,
                    env={**desk.environ, **environ},
                    stdin=subprocess.DEVNULL,
                    stdout=log,
                    stderr=log,
                    start_new_session=True,
                )
            )

        try:
            shell = {"SHELL": str(file)} if name == "cockpit" else {}
            start(shlex.split(kind.command.format(**facts)), **shell)
            if kind.page:
                page = kind.page.format(**facts)
                wait_for(lambda: _answers(port), "the page's server")
                if name == "jupyter":
                    _make_jupyter_terminal(page)
                start(_browser(page, folder))
                time.sleep(_PAGE)
            yield
        finally:
            for process in reversed(started):
                end(process)


def _browser(page: str, folder: Path) -> list[str]:
    return [
        "chromium",
        "--no-sandbox",
        "--no-first-run",
        "--disable-gpu",
        "--window-size=1000,700",
        "--window-position=0,0",
        f"--user-data-dir={folder / 'browser'}",
        page,
    ]


def _make_jupyter_terminal(page: str) -> None:
    request = urllib.request.Request(f"{page.rsplit('/', 2)[0]}/api/terminals", method="POST")
    urllib.request.urlopen(request, timeout=PATIENCE).close()


def end(process: "subprocess.Popen[bytes]") -> None:
    """End a process and, where it leads a session, all of that."""
    with suppress(ProcessLookupError, PermissionError):
        if os.getpgid(process.pid) == process.pid:
            os.killpg(process.pid, 15)
        else:
            process.terminate()
    with suppress(subprocess.TimeoutExpired):
        process.wait(timeout=5)
        return
    process.kill()
    process.wait()


def _answers(port: int) -> bool:
    with suppress(OSError), socket.create_connection(("127.0.0.1", port), timeout=1):
        return True
    return False
